"""Which database Legato speaks to, and as whom: one address for the application, one for the owner.

Computed from the environment alone; no server is started or asked.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from legato.domain.errors import Refused
from legato.postgres.home import home_at, home_path
from legato.postgres.server import OWNER, url_at

APP = "legato_app"
NAME = "legato"
SCHEMES = ("postgres", "postgresql")


class NotPostgreSQL(Refused):
    """An address names another kind of database. Facts: ``setting``, ``scheme``."""

    code = "not_postgresql"


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """One database as two roles. ``home`` is None where the server is somebody else's."""

    app: str
    owner: str
    home: Path | None

    @property
    def single_role(self) -> bool:
        """Whether the application owns its tables, so that append-only rests on triggers alone."""
        return urlsplit(self.app).username == urlsplit(self.owner).username


def addresses(*, env: Mapping[str, str] = os.environ) -> Addresses:
    """``DATABASE_URL`` and ``LEGATO_MIGRATE_URL``, else the embedded server of the home."""
    app = env.get("DATABASE_URL")
    if app:
        owner = env.get("LEGATO_MIGRATE_URL") or app
        return Addresses(app=app, owner=owner, home=None)
    home = home_at(home_path(env=env))
    return Addresses(
        app=url_at(home, role=APP, database=NAME),
        owner=url_at(home, role=OWNER, database=NAME),
        home=home.path,
    )


def only_postgresql(ours: Addresses) -> None:
    """Raises `NotPostgreSQL` where an address names anything else."""
    for setting, url in {"DATABASE_URL": ours.app, "LEGATO_MIGRATE_URL": ours.owner}.items():
        if not is_postgresql(url):
            raise NotPostgreSQL(setting=setting, scheme=urlsplit(url).scheme)


def is_postgresql(url: str) -> bool:
    return urlsplit(url).scheme in SCHEMES


def with_database(url: str, name: str) -> str:
    """The same server and role, another database."""
    return urlsplit(url)._replace(path=f"/{name}").geturl()


def database_of(url: str) -> str:
    """The database an address names; libpq's default is the role's own name."""
    parts = urlsplit(url)
    return parts.path.lstrip("/") or parts.username or ""


def without_password(url: str) -> str:
    """The address as it may be shown to whoever looks over a shoulder."""
    parts = urlsplit(url)
    if parts.password is None:
        return url
    role_and_host = f"{parts.username}@{parts.netloc.rpartition('@')[2]}"
    return parts._replace(netloc=role_and_host).geturl()
