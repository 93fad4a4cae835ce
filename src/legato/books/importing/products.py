"""Products: a small table, decided here and written in a few statements."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from legato.books.importing import cells, lookups
from legato.books.importing.cells import Decided
from legato.books.importing.parts import Part
from legato.books.importing.persons import staged
from legato.books.importing.references import Things, named_things
from legato.books.models import Product
from legato.domain.names import fold
from legato.domain.values import Problem, tidy
from legato.ledger.models import Entry

Place = tuple[int, int]


@dataclass(slots=True, kw_only=True)
class Products:
    """The products after the import, and what has to be written so that it comes true."""

    source: str
    things: Things = field(default_factory=Things)
    new: dict[int, dict[str, Any]] = field(default_factory=dict)
    changed: dict[int, dict[str, Any]] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    rejected: list[tuple[Place, str]] = field(default_factory=list)
    from_names: list[str] = field(default_factory=list)

    @property
    def writes(self) -> bool:
        return bool(self.new or self.changed)


def plan(parts: Sequence[Part], *, source: str, importing: int, decided: list[Decided]) -> Products:
    """What the product tables change; where no product is known, the names that records give."""
    products = Products(source=source)
    known = {row.key: row for row in Product.objects.filter(source=source)}
    for each in Product.objects.order_by("id"):
        products.things.names[each.pk] = [each.name]
        products.things.prices[each.pk] = each.list_price
    products.things.by_key = {key: row.pk for key, row in known.items()}
    own = [part for part in parts if part.kind == "product"]
    said: dict[str, dict[str, Any]] = {}
    for part in own:
        for place, row in _rows(part, importing=importing, decided=decided):
            _take(products, place, row, known=known, said=said)
    if not own and not products.things.names:
        for key, name in named_things(parts, "product", importing=importing).items():
            _take(products, None, {"key": key, "name": name}, known=known, said=said)
    products.counts["same"] += products.counts["repeats"]
    products.counts["rejected"] = len(products.rejected)
    return products


def write(products: Products, *, entry: Entry) -> None:
    """Writes a plan under ``entry``. Needs its transaction."""
    Product.objects.bulk_create(
        Product(id=pk, source=products.source, entry=entry, **columns)
        for pk, columns in products.new.items()
    )
    for pk, columns in products.changed.items():
        Product.objects.filter(pk=pk).update(entry=entry, **columns)


def _rows(
    part: Part, *, importing: int, decided: list[Decided]
) -> Iterable[tuple[Place, dict[str, Any] | str]]:
    style = "point"
    if "list_price" in part.staged:
        prices = lookups.distinct(["list_price"], importing=importing, file=part.number)
        style = cells.numbers_style(part, "list_price", prices, decided)
    for line, problem, row in staged(part, importing=importing):
        yield (part.number, line), problem or _row(row, style)


def _row(row: dict[str, str], style: str) -> dict[str, Any] | str:
    said: dict[str, Any] = {"name": tidy(row.get("name", "")) or row["key"].strip()}
    said["key"] = row["key"].strip() or fold(said["name"])
    if "series" in row:
        said["series"] = tidy(row["series"])
    if "list_price" in row:
        said["list_price"] = cells.number_of(row["list_price"], style)
    faults = [] if said["key"] else ["name:no_name"]
    if isinstance(price := said.get("list_price"), Problem):
        faults.append(f"list_price:{price.code}")
    return " ".join(faults) or said


def _take(
    products: Products,
    place: Place | None,
    row: dict[str, Any] | str,
    *,
    known: dict[str, Product],
    said: dict[str, dict[str, Any]],
) -> None:
    if isinstance(row, str):
        if place:
            products.rejected.append((place, row))
        return
    if (earlier := said.get(row["key"])) is not None:
        if earlier == row:
            products.counts["repeats"] += 1
        elif place:
            products.rejected.append((place, "name:repeated_differently"))
        return
    said[row["key"]] = row
    if place is None:
        products.from_names.append(row["name"])
    if (present := known.get(row["key"])) is None:
        pk = _next_id()
        products.new[pk] = row
        products.counts["new"] += 1
    else:
        pk = present.pk
        changed = {k: v for k, v in row.items() if getattr(present, k) != v}
        products.changed |= {pk: changed} if changed else {}
        products.counts["changed" if changed else "same"] += 1
    products.things.add(pk, key=row["key"], name=row["name"])
    if "list_price" in row:
        products.things.prices[pk] = row["list_price"]


def _next_id() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('books_product', 'id'))")
        return int(cursor.fetchone()[0])
