"""The languages of the names on a page, looked up by the names' people and records."""

from collections.abc import Collection

from django.db import connection

from legato.web.tongues import tag_of

# A record without a language of its own speaks its account's.
NAMES = """
SELECT name, array[language, country] FROM people_person WHERE name = ANY (%(people)s)
UNION ALL
SELECT r.name, array[r.language, a.language, r.country, a.country]
FROM books_record r LEFT JOIN books_record a ON a.id = r.account_id WHERE r.id = ANY (%(records)s)
UNION ALL
SELECT a.name, array[a.language, a.country]
FROM books_record r JOIN books_record a ON a.id = r.account_id WHERE r.id = ANY (%(records)s)
"""


def tongues(*, people: Collection[str] = (), records: Collection[int] = ()) -> dict[str, str]:
    """HTML's ``lang`` by name: of these people, and of these records and their accounts.

    A name that two of them bear in different languages is left out, as is one nobody can tell.
    """
    with connection.cursor() as cursor:
        cursor.execute(NAMES, {"people": list(people), "records": list(records)})
        rows = cursor.fetchall()
    found: dict[str, set[str]] = {}
    for name, known in rows:
        found.setdefault(name, set()).add(tag_of(name, known=filter(None, known)))
    return {name: tags.pop() for name, tags in found.items() if len(tags) == 1 and tags != {""}}
