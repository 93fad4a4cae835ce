"""What pages load besides themselves: one stylesheet, htmx, our own script.

Each has an address that changes with its content, so browsers keep it for ever. Nothing comes from
elsewhere, and nothing third-party is in this repository: htmx is read from django-htmx; what
passkeys need from django-allauth, and only pages that speak of passkeys load it.
"""

import gzip
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

HERE = Path(__file__).parent
HTMX = "static/django_htmx/htmx-2.min.js"
PASSKEYS = (
    "mfa/static/mfa/js/webauthn-json.js",
    "mfa/static/mfa/js/webauthn.js",
    "account/static/account/js/onload.js",
)
"""What of django-allauth's scripts passkeys need, each building on those before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    name: str
    kind: str
    content: bytes
    packed: bytes
    """The same by gzip."""
    digest: str


def _asset(name: str, kind: str, content: bytes) -> Asset:
    digest = sha256(content).hexdigest()[:16]
    packed = gzip.compress(content, mtime=0)
    return Asset(name=name, kind=kind, content=content, packed=packed, digest=digest)


def _style() -> bytes:
    """The sheets in the order of their names, which is that of their layers."""
    return b"\n".join(sheet.read_bytes() for sheet in sorted((HERE / "look").glob("*.css")))


def _passkeys() -> bytes:
    theirs = [files("allauth").joinpath(each).read_bytes() for each in PASSKEYS]
    # Theirs end without semicolons, and would run into each other.
    return b"\n;\n".join([*theirs, (HERE / "script" / "passkeys.js").read_bytes()])


ASSETS = {
    each.name: each
    for each in (
        _asset("style.css", "text/css; charset=utf-8", _style()),
        _asset("htmx.js", "text/javascript; charset=utf-8",
               files("django_htmx").joinpath(HTMX).read_bytes()),
        _asset("legato.js", "text/javascript; charset=utf-8",
               (HERE / "script" / "legato.js").read_bytes()),
        _asset("passkeys.js", "text/javascript; charset=utf-8", _passkeys()),
    )
}  # fmt: skip
