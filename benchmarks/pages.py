"""What pages take on a database of a million records, beside a view that only asks ``SELECT 1``.

``python -m benchmarks.pages``: the whole answer to a GET, as the application makes it: session,
viewer, statements, templates. All in turn, so that the machine's other work falls on each alike.
The floor goes through the same middleware. A page is looked at once before, then `ROUNDS` times;
``first`` is that first look, when nothing is counted yet. The lists are those of the person with
most: a departure's book of 42,750 records, and a rep with 4,800.
"""

import statistics
from collections.abc import Callable
from typing import Any

import psycopg
from benchmarks.filling import DIRECTOR, MANAGER, fill, hire
from benchmarks.measuring import seconds, throw_away_database
from benchmarks.plans import open_case

ROUNDS = 25
REP = 2
PAGES = (
    ("Today", MANAGER, "/"),
    ("a departure", MANAGER, "/cases/1/"),
    ("its book", MANAGER, "/cases/1/book/"),
    ("what burns in it", MANAGER, "/cases/1/book/?due=soon&order=due"),
    ("its hot ones", MANAGER, "/cases/1/book/?heat=hot&kind=account"),
    ("put together by heat", MANAGER, "/cases/1/book/?group=heat"),
    ("page 400 of it", MANAGER, "/cases/1/book/?page=400"),
    ("a name searched in it", MANAGER, "/cases/1/book/?search=ticket+123"),
    ("a chance of 60 % or more", MANAGER, "/cases/1/book/?chance=0&kind=account"),
    ("largest expected loss first", MANAGER, "/cases/1/book/?order=loss"),
    ("with its picture", MANAGER, "/cases/1/book/?picture=yes"),
    ("a rep's own book", REP, "/book/"),
    ("the same by heat", REP, "/book/?order=heat"),
    ("the books of 200 reps", DIRECTOR, "/book/?of=team"),
)


def main() -> None:
    with (
        throw_away_database() as address,
        psycopg.connect(address, autocommit=True) as owner,
    ):
        hire(owner)
        fill(owner, table="books_record")
        owner.execute("VACUUM ANALYZE")
        open_case()
        owner.execute("VACUUM ANALYZE")
        works = {"SELECT 1": _look(MANAGER, "/select-1/")}
        works |= {name: _look(person, path) for name, person, path in PAGES}
        _print(*_measured(works))


def _look(person: int, path: str) -> Callable[[], object]:
    """The work of answering somebody; their session is made before."""
    from django.contrib.auth.models import User
    from django.db import connection
    from django.http import HttpRequest, HttpResponse
    from django.test import Client
    from django.urls import path as address

    from legato import urls

    def select_1(request: HttpRequest) -> HttpResponse:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            return HttpResponse(str(cursor.fetchone()))

    if path == "/select-1/":
        urls.urlpatterns.append(address("select-1/", select_1, name="select_1"))
    user, _made = User.objects.get_or_create(username=f"person-{person}")
    _log_in(person, user.pk)
    client = Client(SERVER_NAME="localhost")
    client.force_login(user)

    def look() -> Any:
        answer = client.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        return answer

    return look


def _log_in(person: int, user: int) -> None:
    from django.db import transaction
    from django.utils import timezone

    from legato.ledger.operations import record
    from legato.people.models import Person

    with transaction.atomic():
        entry = record(
            chain=f"person:{person}", kind="log_in_given", actor=None, at=timezone.now(),
            reason="Measured",
        )  # fmt: skip
        Person.objects.filter(pk=person).update(user=user, entry=entry)


def _measured(
    works: dict[str, Callable[[], object]],
) -> tuple[dict[str, float], dict[str, list[float]]]:
    """The first look at each, and all the later ones, in seconds."""
    first = {name: seconds(work) for name, work in works.items()}
    later: dict[str, list[float]] = {name: [] for name in works}
    for _round in range(ROUNDS):
        for name, work in works.items():
            later[name].append(seconds(work))
    return first, later


def _print(first: dict[str, float], later: dict[str, list[float]]) -> None:
    print("| page | first | middle | longest | floors |\n|---|---|---|---|---|")
    floor = statistics.median(later["SELECT 1"])
    for name, took in later.items():
        middle = statistics.median(took)
        told = (1000 * each for each in (first[name], middle, max(took)))
        cells = " | ".join(f"{each:.0f} ms" for each in told)
        print(f"| {name} | {cells} | {middle / floor:.0f} |")


if __name__ == "__main__":
    main()
