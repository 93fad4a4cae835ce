"""Puts the compiled catalogues into what is installed; only their sources are kept here."""

import runpy
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileCatalogues(BuildHookInterface[Any]):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        script = Path(self.root, "src/legato/locale/compile.py")
        runpy.run_path(str(script))["compile_catalogues"]()
