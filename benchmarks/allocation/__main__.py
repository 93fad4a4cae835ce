"""The fair split against its peers: one table a size, every method on the same split in one run.

``python -m benchmarks.allocation --size S M`` (about six minutes); ``--size XL --methods ours``.
Every method runs in a process of its own. The bound is weak duality with our prices, worked out
by the judge. OR-Tools and fairpyx may live in environments of their own, named by ``--python``.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.allocation.worker import LIMITED, METHODS

ROOT = Path(__file__).parents[2]
SIZES = ("S", "M", "M-dense", "L", "XL")
TOLERANCES = {"S": 50}
SLOW = ("cp-sat", "highs-lp", "highs-mip", "fairpyx")
"""Not tried above M unless asked for by name: each needs hours or more memory than there is."""
PATIENCE = 30
"""How many times our processor time the exact solvers get."""
HEAD = (
    f"{'':16} {'CPU s':>8} {'peak MB':>8} {'fit/bound':>10} {'its bound':>10} {'no owner':>9}"
    f" {'cells out':>10} {'value off':>10} {'work off':>9}"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    method: str
    cpu: float
    peak: int
    ratio: float
    """Fit against the bound that our prices prove."""
    said: float
    """The same of the bound that the method claims; 0 where it claims none."""
    orphans: int
    cells_out: float
    worst_value: float
    worst_weight: float

    def __str__(self) -> str:
        said = f"{self.said:.4f}" if self.said else ""
        return (
            f"{self.method:16} {self.cpu:8.2f} {self.peak:8,} {self.ratio:10.4f} {said:>10}"
            f" {self.orphans:9,}"
            f" {self.cells_out:10.1%} {self.worst_value:10.1%} {self.worst_weight:9.1%}"
        )


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--size", nargs="+", choices=SIZES, default=["S", "M"])
    arguments.add_argument("--methods", nargs="+", choices=METHODS)
    arguments.add_argument("--rounds", type=int, default=1, help="how often ours runs")
    arguments.add_argument("--python", nargs="+", default=[], metavar="METHOD=PATH")
    arguments.add_argument("--json", action="store_true")
    chosen = arguments.parse_args()
    pythons = dict(pair.split("=", 1) for pair in chosen.python)
    for size in chosen.size:
        methods = chosen.methods or [
            name for name in METHODS if size in ("S", "M") or name not in SLOW
        ]
        with tempfile.TemporaryDirectory(prefix="legato-bench-") as folder:
            compared = compare(size, methods, Path(folder), pythons, chosen.rounds)
        print(json.dumps(compared) if chosen.json else table(compared), flush=True)


def compare(
    size: str, methods: list[str], folder: Path, pythons: dict[str, str], rounds: int
) -> dict[str, Any]:
    """Everything about one size, ready for JSON."""
    case = folder / "case.npz"
    made = step("make", size, case, TOLERANCES.get(size, 20))
    runs = [solve("ours", case, folder, 0, pythons) for _ in range(max(1, rounds))]
    limit = PATIENCE * runs[0]["cpu"]
    answers = {"ours": runs[0]}
    for method in methods:
        if method not in answers:
            answers[method] = solve(method, case, folder, limit, pythons)
    done = {name: answer for name, answer in answers.items() if "cpu" in answer}
    judged = step("judge", case, *(answer_of(folder, name) for name in ("ours", *done)))
    rows = [
        Row(
            method=name,
            cpu=done[name]["cpu"],
            peak=done[name]["peak"],
            ratio=verdict.pop("fit") / judged["bound"],
            said=done[name]["said"] / judged["bound"],
            **verdict,
        )
        for name, verdict in zip(done, judged["verdicts"], strict=True)
    ]
    return {
        "size": size,
        **made,
        "limit": limit,
        "bound": judged["bound"],
        "rounds": [run["cpu"] for run in runs],
        "what_if": step("ask", case, answer_of(folder, "ours")),
        "rows": [asdict(row) for row in rows],
        "failed": {name: answer["why"] for name, answer in answers.items() if "why" in answer},
    }


def table(compared: dict[str, Any]) -> str:
    spread = ", ".join(f"{cpu:.2f}" for cpu in compared["rounds"])
    what_if = compared["what_if"]
    return "\n".join(
        [
            f"{compared['size']}: {compared['arcs']:,} pairs, {compared['sha256'][:16]};"
            f" ours: {spread} s; exact solvers: {compared['limit']:.0f} s",
            f"what-if: {what_if['median_ms']:.1f} ms, worst {what_if['worst_ms']:.1f} ms,"
            f" {what_if['exact']:.0%} exact; ready in {what_if['ready']:.2f} s",
            HEAD,
            *(str(Row(**row)) for row in compared["rows"]),
            *(f"{name:16} {why}" for name, why in compared["failed"].items()),
            "",
        ]
    )


def solve(
    method: str, case: Path, folder: Path, limit: float, pythons: dict[str, str]
) -> dict[str, Any]:
    python = pythons.get(method, sys.executable)
    try:
        answer = answer_of(folder, method)
        return step("run", method, case, answer, limit if method in LIMITED else 0, python=python)
    except subprocess.CalledProcessError as failed:
        return {"why": failed.stderr.strip().splitlines()[-1]}


def answer_of(folder: Path, method: str) -> Path:
    return folder / f"{method}.npz"


def step(*given: object, python: str = sys.executable) -> dict[str, Any]:
    """What a worker of its own says."""
    done = subprocess.run(
        [python, "-m", "benchmarks.allocation.worker", *map(str, given)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}"},
        capture_output=True,
        text=True,
        check=True,
    )
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


if __name__ == "__main__":
    main()
