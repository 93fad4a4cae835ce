"""Seeds each fault in a copy of the tree and runs the tests that ought to notice: `python -m
tests.faults [WORD…]`, or `make faults`. Exits with 1 where a fault survives or its code moved.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

from tests.faults.seeded import FAULTS, Fault, Moved

ROOT = Path(__file__).parents[2]
COPIED = ("src", "tests", "pyproject.toml")
LEFT_OUT = shutil.ignore_patterns("__pycache__", "*.egg-info")
FAILED = 1
"""pytest's exit code for tests that ran and failed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    fault: str
    where: str
    seconds: float
    caught_by: str | None
    """The first test that failed; None where the fault survived, or was not seeded at all."""
    trouble: str = ""


def main() -> int:
    asked = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    asked.add_argument("words", nargs="*", help="only the faults that say one of these")
    asked.add_argument("--jobs", type=int, default=min(2, os.cpu_count() or 1))
    wanted = asked.parse_args()
    faults = [each for each in FAULTS if _is_meant(each, wanted.words)]
    with tempfile.TemporaryDirectory(prefix="legato-faults-") as folder:
        trees = _trees(Path(folder), wanted.jobs)
        sound = _run(trees, None, sorted({each.caught_by for each in faults}))
        if sound.caught_by or sound.trouble:
            print(f"Without any fault already: {sound.caught_by or sound.trouble}")
            return 1
        with ThreadPoolExecutor(wanted.jobs) as pool:
            outcomes = list(pool.map(lambda each: _tried(trees, each), faults))
    _show(outcomes)
    return 0 if all(each.caught_by for each in outcomes) else 1


def _is_meant(fault: Fault, words: list[str]) -> bool:
    return not words or any(word in f"{fault.what} {fault.where}" for word in words)


def _trees(folder: Path, many: int) -> "SimpleQueue[Path]":
    """So many copies of the tree, each for one run at a time."""
    trees: SimpleQueue[Path] = SimpleQueue()
    for number in range(many):
        tree = folder / str(number)
        tree.mkdir()
        for name in COPIED:
            if (ROOT / name).is_dir():
                shutil.copytree(ROOT / name, tree / name, ignore=LEFT_OUT)
            else:
                shutil.copy(ROOT / name, tree / name)
        trees.put(tree)
    return trees


def _tried(trees: "SimpleQueue[Path]", fault: Fault) -> Outcome:
    outcome = _run(trees, fault, [fault.caught_by])
    state = "caught" if outcome.caught_by else outcome.trouble or "SURVIVED"
    print(f"{state}: {fault.what} ({outcome.seconds:.0f} s)", file=sys.stderr)
    return outcome


def _run(trees: "SimpleQueue[Path]", fault: Fault | None, tests: list[str]) -> Outcome:
    began = time.monotonic()
    tree = trees.get()
    caught_by, trouble = None, ""
    try:
        with _seeded(fault, tree):
            ran = _pytest(tree, tests)
        caught_by = _first_failed(ran.stdout) if ran.returncode == FAILED else None
        if ran.returncode not in (0, FAILED) or (ran.returncode == FAILED and not caught_by):
            trouble = f"could not run: {ran.stdout[-400:]}{ran.stderr[-400:]}"
    except Moved as moved:
        trouble = str(moved)
    finally:
        trees.put(tree)
    return Outcome(
        fault=fault.what if fault else "",
        where=fault.where if fault else "",
        seconds=time.monotonic() - began,
        caught_by=caught_by,
        trouble=trouble,
    )


@contextmanager
def _seeded(fault: Fault | None, tree: Path) -> Iterator[None]:
    """The fault is in the copy until the end."""
    if fault is None:
        yield
        return
    file = tree / fault.where
    right = file.read_text()
    file.write_text(fault.applied(right))
    yield
    file.write_text(right)


def _pytest(tree: Path, tests: list[str]) -> "subprocess.CompletedProcess[str]":
    """Stops at the first failure. No bytecode: a file changes twice within a second."""
    env = os.environ | {"PYTHONPATH": str(tree / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "pytest", "-q", "-x", "--tb=no", "-p", "no:cacheprovider"]
    return subprocess.run(
        [*command, *tests], cwd=tree, env=env, capture_output=True, text=True, check=False
    )


def _first_failed(told: str) -> str | None:
    """A test that could not begin has noticed nothing."""
    lines = [line for line in told.splitlines() if line.startswith("FAILED ")]
    return lines[0].removeprefix("FAILED ").partition(" - ")[0] if lines else None


def _show(outcomes: list[Outcome]) -> None:
    lines = [("Fault", "Where", "Caught by", "Seconds")]
    lines += [
        (each.fault, each.where, each.caught_by or each.trouble or "NOTHING", f"{each.seconds:.0f}")
        for each in outcomes
    ]
    widths = [max(len(line[column]) for line in lines) for column in range(3)]
    for line in lines:
        print("  ".join([*(text.ljust(width) for text, width in zip(line[:3], widths, strict=True)),
                         line[3]]))  # fmt: skip
    caught = sum(each.caught_by is not None for each in outcomes)
    print(f"{caught} of {len(outcomes)} faults are caught.")


if __name__ == "__main__":
    sys.exit(main())
