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
    """``DATABASE_URL`` and ``LEGATO_MIGRATE_URL``, else the embedded server of the home.

    Raises `NotPostgreSQL`.
    """
    app = env.get("DATABASE_URL")
    if app:
        owner = env.get("LEGATO_MIGRATE_URL") or app
        _postgresql_only(DATABASE_URL=app, LEGATO_MIGRATE_URL=owner)
        return Addresses(app=app, owner=owner, home=None)
    home = home_at(home_path(env=env))
    return Addresses(
        app=url_at(home, role=APP, database=NAME),
        owner=url_at(home, role=OWNER, database=NAME),
        home=home.path,
    )


def _postgresql_only(**given: str) -> None:
    for setting, url in given.items():
        scheme = urlsplit(url).scheme
        if scheme not in SCHEMES:
            raise NotPostgreSQL(setting=setting, scheme=scheme)


def with_database(url: str, name: str) -> str:
    """The same server and role, another database."""
    return urlsplit(url)._replace(path=f"/{name}").geturl()


def database_of(url: str) -> str:
    """The database an address names; libpq's default is the role's own name."""
    parts = urlsplit(url)
    return parts.path.lstrip("/") or parts.username or ""
