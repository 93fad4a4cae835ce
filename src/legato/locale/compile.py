"""Compiles the catalogues people translate into those programs read, beside them.

Run when Legato is installed and before its tests; only what is out of date is made again.
"""

import os
from pathlib import Path

import polib

LOCALE = Path(__file__).parent


def compile_catalogues(*, folder: Path = LOCALE) -> list[Path]:
    """Makes every ``.mo`` that is older than its ``.po``; returns those made."""
    return [
        _compile(source) for source in sorted(folder.glob("*/LC_MESSAGES/*.po")) if _old(source)
    ]


def _old(source: Path) -> bool:
    made = source.with_suffix(".mo")
    return not made.exists() or made.stat().st_mtime < source.stat().st_mtime


def _compile(source: Path) -> Path:
    made = source.with_suffix(".mo")
    half = made.with_suffix(f".mo.{os.getpid()}")
    polib.pofile(str(source)).save_as_mofile(str(half))
    return half.replace(made)


if __name__ == "__main__":
    compile_catalogues()
