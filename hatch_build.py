"""Hatch build hook: makes the front-end assets and compiles the 中文 catalogues before they are packed."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import polib
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class AssetBuildHook(BuildHookInterface):
    """Calls frontend/build_assets.py, which returns at once when nothing changed."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build stale assets below the project's root; called by hatchling."""
        del version, build_data
        script = Path(self.root) / "frontend/build_assets.py"
        spec = importlib.util.spec_from_file_location("neike_build_assets", script)
        if spec is None or spec.loader is None:
            raise RuntimeError(f"{script} is missing")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        module.build(Path(self.root), say=self.app.display_info)
        _compile_catalogues(Path(self.root) / "src")


def _compile_catalogues(source: Path) -> None:
    """Write the .mo beside every .po that is newer."""
    for file in source.rglob("*.po"):
        target = file.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < file.stat().st_mtime:
            polib.pofile(str(file)).save_as_mofile(str(target))
