"""The faults that are seeded on purpose are of the code as it is now, each with tests to notice."""

from pathlib import Path

import pytest
from tests.faults.seeded import FAULTS, Fault

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.what)
def test_a_fault_changes_one_text_of_the_code(fault: Fault) -> None:
    code = (ROOT / fault.where).read_text()
    assert fault.applied(code) != code
    file, _, name = fault.caught_by.partition("::")
    assert f"def {name}" in (ROOT / file).read_text()


def test_no_fault_is_listed_twice() -> None:
    assert len({fault.what for fault in FAULTS}) == len(FAULTS)
