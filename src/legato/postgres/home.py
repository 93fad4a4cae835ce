"""Where an embedded server's files lie, and as which account it runs.

Everything is a function of the home alone, so that an address is known before a server runs.
No directory that exists already is ever opened wider than it was.
"""

import hashlib
import os
import pwd
import re
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

import platformdirs

from legato.domain.errors import Refused

SYSTEM_ROOT = Path("/var/lib")
SHORT_ROOT = Path("/tmp")  # TMPDIR differs between processes, and is long on macOS
LONGEST_SOCKET = 90  # bytes; the kernels allow 103 to 107
UNPRIVILEGED = ("nobody", "daemon", "postgres")


class OutOfReach(Refused):
    """As root the server runs as another account, and none can own its files there.

    Facts: ``path``.
    """

    code = "postgres_files_out_of_reach"


class Spawn(TypedDict, total=False):
    """What `subprocess` needs to run a program as another account."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """One embedded server's places: Legato's home, the server's files, its socket."""

    path: Path
    files: Path
    sockets: Path

    def data(self, major: int) -> Path:
        return self.files / str(major) / "data"

    def clusters(self) -> list[Path]:
        return sorted(self.files.glob("*/data"))


def home_path(*, env: Mapping[str, str] = os.environ) -> Path:
    """``LEGATO_HOME``, else the user's data directory."""
    named = env.get("LEGATO_HOME")
    return Path(named).expanduser().absolute() if named else platformdirs.user_data_path("legato")


def home_at(path: Path) -> Home:
    """The places belonging to a home, which need not exist yet."""
    files = _files(path)
    return Home(path=path, files=files, sockets=_sockets(path, files))


def _files(path: Path) -> Path:
    """Inside the home; as root in /var/lib when no other account can enter the home."""
    inside = path / "postgres"
    elsewhere = SYSTEM_ROOT / f"legato-{_key(path)}"
    if os.geteuid() != 0 or inside.exists():
        return inside
    if elsewhere.exists() or not can_enter(path):
        return elsewhere
    return inside


def _sockets(path: Path, files: Path) -> Path:
    usual = files / "run"
    # Commas separate directories, and libpq reads a leading @ as an abstract name.
    plain = re.fullmatch(r"[\w./+-]+", str(usual), re.ASCII) is not None
    short = len(os.fsencode(usual / ".s.PGSQL.5432")) <= LONGEST_SOCKET
    return usual if plain and short else SHORT_ROOT / f"legato-{_key(path)}"


def _key(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path.resolve())).hexdigest()[:12]


def can_enter(path: Path) -> bool:
    """Whether any account may pass through a directory and all above it.

    What does not exist yet will be made passable by `create`.
    """
    there = [place for place in (path, *path.parents) if place.exists()]
    return all(place.stat().st_mode & stat.S_IXOTH for place in there)


def create(home: Home) -> None:
    """Makes the home, the server's files and its socket directory, the last two for one account.

    What root makes above the server's files can be passed through but not read (0711).
    """
    _make(home.path)
    _make(home.files)
    if home.files.stat().st_uid == 0:
        _give_away(home.files)
    home.sockets.mkdir(mode=0o700, exist_ok=True)
    owner = home.files.stat()
    if os.geteuid() == 0 and not home.sockets.is_symlink():
        os.chown(home.sockets, owner.st_uid, owner.st_gid)
    if home.sockets.is_symlink() or home.sockets.stat().st_uid != owner.st_uid:
        raise OutOfReach(path=str(home.sockets))


def _make(place: Path) -> None:
    """Makes a directory and those missing above it, whatever the umask."""
    if place.exists():
        return
    _make(place.parent)
    place.mkdir(exist_ok=True)
    place.chmod(0o711 if os.geteuid() == 0 else 0o700)


def _give_away(place: Path) -> None:
    """Hands a directory of root's to the first unprivileged account that can own it."""
    for account in _candidates(place.parent.stat().st_uid):
        try:
            os.chown(place, account.pw_uid, account.pw_gid)
        except OSError:
            continue  # In a container an account may exist in name only.
        place.chmod(0o700)
        return
    raise OutOfReach(path=str(place))


def _candidates(neighbour: int) -> Iterator[pwd.struct_passwd]:
    """Whoever owns the home, when root acts in somebody's home; else nobody; else anybody."""
    named = {account.pw_name: account for account in pwd.getpwall() if account.pw_uid != 0}
    yield from (account for account in named.values() if account.pw_uid == neighbour)
    yield from (named[name] for name in UNPRIVILEGED if name in named)
    yield from named.values()


def account_of(home: Home) -> Spawn:
    """How to run a program as the account owning the server's files: ourselves, unless root."""
    owner = home.files.stat()
    if os.geteuid() != 0:
        return {}
    theirs = home.path.stat().st_uid == owner.st_uid
    if not theirs and not can_enter(home.files.parent):
        raise OutOfReach(path=str(home.files))
    return {"user": owner.st_uid, "group": owner.st_gid, "extra_groups": []}
