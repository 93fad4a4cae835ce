"""The import of opportunities against a bare COPY of the same file: ratio, speed and memory.

``python benchmarks/imports.py 100000 1000000`` makes the files (seeded), a server of its own, and
prints one line per size. The floor is COPY into a plain typed table with its primary key.
"""

import argparse
import csv
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import psycopg

REPS, ACCOUNTS, PRODUCTS = 200, 20_000, 40
STAGES = (("Won", 40), ("Lost", 30), ("Engaging", 20), ("Prospecting", 10))
FLOOR = """
CREATE TABLE floor (
    opportunity_id text PRIMARY KEY, sales_agent text, product text, account text,
    deal_stage text, engage_date date, close_date date, close_value numeric(18, 2)
)
"""


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("sizes", nargs="*", type=int, default=[100_000, 1_000_000])
    arguments.add_argument("--rounds", type=int, default=1)
    chosen = arguments.parse_args()
    print(f"{'rows':>10} {'floor s':>8} {'ours s':>8} {'ratio':>6} {'rows/s':>9} {'peak MB':>8}")
    for size in chosen.sizes:
        for _ in range(chosen.rounds):
            print(measure(size), flush=True)


def measure(size: int) -> str:
    """One line of the table, on a new server."""
    with tempfile.TemporaryDirectory(prefix="legato-bench-") as scratch:
        files = Path(scratch, "files")
        write_company(files, size=size)
        environment = os.environ | {"LEGATO_HOME": str(Path(scratch, "home"))}
        try:
            address = run(environment, "db", "url", "--owner", "--json")[0]["url"]
            floor = copy_bare(str(address), files / "opportunities.csv")
            began = time.perf_counter()
            answer, peak = run(environment, "import", str(files), "--json")
            ours = time.perf_counter() - began
        finally:
            run(environment, "db", "stop", "--json")
    new = answer["counts"]["opportunity"]["new"]
    assert new == size, answer["counts"]
    return (
        f"{size:>10,} {floor:>8.2f} {ours:>8.2f} {ours / floor:>6.1f} {size / ours:>9,.0f}"
        f" {peak:>8.0f}"
    )


def run(environment: dict[str, str], *arguments: str) -> tuple[dict[str, Any], float]:
    """The command's answer, and the most memory that any child has taken so far, in MB."""
    done = subprocess.run(
        [sys.executable, "-m", "legato", *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=True,
    )
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return json.loads(done.stdout), peak


def copy_bare(address: str, file: Path) -> float:
    """Seconds of a COPY of the file into a table with a primary key."""
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(FLOOR)
        began = time.perf_counter()
        with (
            connection.cursor() as cursor,
            file.open("rb") as stream,
            cursor.copy("COPY floor FROM STDIN (FORMAT csv, HEADER)") as copy,
        ):
            while block := stream.read(1 << 20):
                copy.write(block)
        seconds = time.perf_counter() - began
        connection.execute("DROP TABLE floor")
    return seconds


def write_company(folder: Path, *, size: int) -> None:
    """People, accounts, products and ``size`` opportunities, the same for the same size."""
    chance = random.Random(size)
    folder.mkdir()
    reps = [f"Rep {number}" for number in range(REPS)]
    accounts = [f"Account {number}" for number in range(ACCOUNTS)]
    products = [f"Product {number}" for number in range(PRODUCTS)]
    write(
        folder / "people.csv",
        ("sales_agent", "manager", "regional_office"),
        ((rep, f"Manager {at % 20}", "Central") for at, rep in enumerate(reps)),
    )
    write(folder / "accounts.csv", ("account", "sector"), ((a, "retail") for a in accounts))
    write(
        folder / "products.csv",
        ("product", "series", "sales_price"),
        ((product, "GTX", 100 + at) for at, product in enumerate(products)),
    )
    write(
        folder / "opportunities.csv",
        (
            "opportunity_id",
            "sales_agent",
            "product",
            "account",
            "deal_stage",
            "engage_date",
            "close_date",
            "close_value",
        ),
        (opportunity(at, chance, reps, accounts, products) for at in range(size)),
    )


def opportunity(
    at: int, chance: random.Random, reps: list[str], accounts: list[str], products: list[str]
) -> tuple[object, ...]:
    """A row like those of a real export: closed ones have a date and a value."""
    stage = chance.choices([name for name, _ in STAGES], [weight for _, weight in STAGES])[0]
    engaged = date(2024, 1, 1) + timedelta(days=chance.randrange(700))
    is_closed = stage in ("Won", "Lost")
    value = chance.randrange(50, 30_000) if stage == "Won" else 0
    return (
        f"{at * 2_654_435_761 % 2**32:08X}",
        chance.choice(reps),
        chance.choice(products),
        chance.choice(accounts),
        stage,
        "" if stage == "Prospecting" else engaged,
        engaged + timedelta(days=chance.randrange(1, 120)) if is_closed else "",
        value if is_closed else "",
    )


def write(path: Path, headers: tuple[str, ...], rows: object) -> None:
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(headers)
        writer.writerows(rows)  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
