"""The three phases of a departure, day by day."""

from datetime import date, timedelta

import pytest

from legato.domain.phases import SETTLING, phases

NOTICE, LAST = date(2026, 3, 2), date(2026, 3, 31)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("last_day", "owned_from", "without"),
    [
        (LAST, None, (LAST + DAY, None)),
        (LAST, LAST + 5 * DAY, (LAST + DAY, LAST + 4 * DAY)),
        (LAST, LAST + 2 * DAY, (LAST + DAY, LAST + DAY)),
        (LAST, LAST + DAY, None),
        (LAST, LAST - 3 * DAY, None),
        (None, None, (None, None)),
        (None, LAST, None),
    ],
)
def test_the_second_phase_is_the_days_between_the_last_one_and_new_owners(
    last_day: date | None,
    owned_from: date | None,
    without: tuple[date | None, date | None] | None,
) -> None:
    _here, found, _settling = phases(begins=NOTICE, last_day=last_day, owned_from=owned_from)
    assert (found and (found.first, found.last)) == without


def test_new_owners_find_their_feet_for_ninety_days_counting_the_first() -> None:
    _here, _without, settling = phases(begins=NOTICE, last_day=LAST, owned_from=LAST)
    assert settling.first == LAST
    assert settling.last == LAST + SETTLING - DAY


def test_who_was_gone_before_anybody_knew_was_here_on_their_last_day() -> None:
    here, _without, settling = phases(begins=LAST, last_day=NOTICE, owned_from=None)
    assert (here.first, here.last) == (NOTICE, NOTICE)
    assert settling.first is None
