"""Every command is killed at every operation it does on the outside, and finished afterwards.

The commit and the undo at every one always; the others at some, unless all is asked for.
"""

import pytest
from tests.torture.crashing import Crashes
from tests.torture.extent import IS_WHOLE, step
from tests.torture.steps import COMMANDS, Steps

ALWAYS_WHOLE = ("commit", "undo")


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_killed_anywhere_is_done_or_not_begun_and_can_be_finished(
    steps: Steps, name: str
) -> None:
    every = 1 if name in ALWAYS_WHOLE else step(23)
    kills = Crashes(steps=steps, name=name, repeats_always=IS_WHOLE).everywhere(step=every)
    _world, _state, undisturbed = steps.after(name)
    assert kills == len(range(0, len(undisturbed.seen), every))
