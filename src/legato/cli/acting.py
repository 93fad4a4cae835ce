"""Who acts when nobody is named: the leaver's manager, said aloud."""

from legato.cli.frame import Frame
from legato.cli.language import ours as _
from legato.people.queries import Someone, last_resort, manager_of, people, person


def acting(frame: Frame, *, leaver: int | None) -> Someone:
    """The person of ``--as`` or ``LEGATO_AS``, else the leaver's manager, where nobody leaves the
    person of last resort; who is then named."""
    if frame.actor is not None:
        return person(name=frame.actor)
    manager = last_resort() if leaver is None else manager_of(person=leaver)
    someone = people(ids={manager})[manager]
    frame.say(_("Acting as %(name)s, to whom this falls.") % {"name": someone.name})
    return someone


def named(frame: Frame) -> int | None:
    """The person of ``--as`` or ``LEGATO_AS``, by id; where nobody is named, nobody."""
    return person(name=frame.actor).id if frame.actor else None
