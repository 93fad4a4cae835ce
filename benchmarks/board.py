"""The board at work: a plan of 500 accounts computed anew after a weight changed, and its page.

``python -m benchmarks.board``: twenty times in turn through the pages as a browser asks for them,
beside the view that only asks the database for ``SELECT 1``.
"""

import time
from collections.abc import Callable
from decimal import Decimal
from statistics import median

from benchmarks.measuring import seconds, throw_away_database

ACCOUNTS, RECEIVERS, ROUNDS = 500, 15, 20
FIT = {"tie": 400, "territory": 150, "industry": 100, "product": 100, "family": 100}


def main() -> None:
    with throw_away_database():
        from django.conf import settings
        from tests import example
        from tests.pages import open_case, reader

        settings.ALLOWED_HOSTS = ["*"]
        cast = example.company()
        for number in range(RECEIVERS):
            example.person(
                name=f"Receiver {number}", manager=cast.mei, team="East", capacity=Decimal(150)
            )
        for number in range(ACCOUNTS):
            held = example.record(owner=cast.olga, name=f"Customer {number}")
            example.record(
                owner=cast.olga, kind="opportunity", account=held.pk, value=Decimal(500 + number),
                depth=("late", "middle", "early")[number % 3],
            )  # fmt: skip
        mei, case = reader(cast.mei), open_case(cast)
        at = [mei.post(f"/cases/{case}/plan/")["Location"]]

        def again(round_number: int) -> None:
            sent = {f"weight-{part}": points for part, points in FIT.items()}
            answer = mei.post(f"{at[0]}again/", {**sent, "weight-language": 10 * round_number})
            assert answer.status_code == 303, answer.content
            at[0] = answer["Location"]

        told("computed anew", again)
        told("the board", lambda _round: mei.get(at[0]))
        told("SELECT 1", lambda _round: mei.get("/health/"))


def told(what: str, work: Callable[[int], object]) -> None:
    """Wall clock, and the seconds this process itself was at work: others use the machine."""
    begun = time.process_time()
    took = sorted(seconds(lambda number=number: work(number)) for number in range(ROUNDS))  # type: ignore[misc]
    own = (time.process_time() - begun) / ROUNDS
    print(
        f"{what:>16} quickest {took[0]:6.3f} s, median {median(took):6.3f} s,"
        f" 19 of 20 within {took[-2]:6.3f} s; own {own:6.3f} s",
        flush=True,
    )


if __name__ == "__main__":
    main()
