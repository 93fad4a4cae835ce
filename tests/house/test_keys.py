"""Whatever is written at the command line can be repeated: every such command takes a key."""

from collections.abc import Iterator

import click
from tests.apps.test_keys import AGAIN

from legato.cli import Commands


def writing(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The commands below that say who acts, and so write."""
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None
            yield from writing(below, (*path, name))
    elif any(each.name == "frame_actor" for each in command.params):
        yield path


def test_every_command_that_writes_takes_a_key() -> None:
    program = Commands("legato")
    for path in writing(program):
        command: click.Command | None = program
        for name in path:
            assert isinstance(command, click.Group)
            command = command.get_command(click.Context(command), name)
        assert command is not None
        assert any("--key" in each.opts for each in command.params), path


def test_every_command_that_writes_is_repeated_in_a_test() -> None:
    assert {" ".join(path) for path in writing(Commands("legato"))} == {
        each.command for each in AGAIN
    }
