"""The browser of the tests: Debian's Chromium with fonts for Han characters and kana.

Root installs it where it is missing; whoever may not gets told what to install.
"""

import fcntl
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

PACKAGES = ("chromium", "fonts-noto-cjk")
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-dev-shm-usage",
)  # fmt: skip
FONT = "Noto Sans CJK JP"


def chromium() -> str | None:
    """The program's path, installed if need be and possible; None where it is not to be had."""
    with Path(tempfile.gettempdir(), "legato-chromium.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # Test processes that start at once install once.
        if not _is_there() and os.geteuid() == 0 and shutil.which("apt-get"):
            _install()
        return shutil.which("chromium") if _is_there() else None


def _is_there() -> bool:
    """Whether browser and fonts are there: without the fonts no picture of a page is true."""
    fonts = shutil.which("fc-list")
    if not (shutil.which("chromium") and fonts):
        return False
    listed = subprocess.run([fonts, ":", "family"], capture_output=True, text=True, check=False)
    return FONT in listed.stdout


def _install() -> None:
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update", "-qq"], ["install", "-qq", "-y", *PACKAGES, "fontconfig"]):
        subprocess.run(["apt-get", *command], env=quiet, capture_output=True, check=False)
