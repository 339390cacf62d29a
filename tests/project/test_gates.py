"""Every gate is shown to fail on a planted violation, in a copy of the project."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
COPIED = ("src", "tools", "tests", "pyproject.toml", "README.md")

VIOLATIONS = {
    "format": ("src/neike/engines/planted.py", '"""Planted."""\nx  =  1\n'),
    "lint": ("src/neike/engines/planted.py", "import os\n"),
    "imports": (
        "src/neike/org/policies.py",
        '"""Planted."""\n\nfrom neike.desk import models\n',
    ),
    "dependencies": ("src/neike/engines/planted.py", '"""Planted."""\n\nimport pandas\n'),
    "templates": (
        "src/neike/portal/templates/portal/planted.html",
        "<img src=x><button>x</button>",
    ),
    "messages": (
        "src/neike/portal/templates/portal/planted.html",
        '{% translate "Planted and never translated" %}',
    ),
    "types": ("src/neike/engines/planted.py", '"""Planted."""\n\nX: int = "one"\n'),
    "framework": (
        "src/neike/portal/urls.py",
        "from django.urls import path\napp_name = 'portal'\nurlpatterns = [path('x', lambda r: None, name='home')]\n",
    ),
    "migrations": (
        "src/neike/surveys/models.py",
        "from django.db import models\n\n\nclass Planted(models.Model):\n    x = models.TextField()\n",
    ),
}
ENGINE_IMPORTS_DJANGO = (
    "src/neike/engines/planted.py",
    '"""Planted."""\n\nfrom django.utils import timezone\n',
)
UNLISTED_MODULE = ("src/neike/desk/utils.py", '"""Planted."""\n')


@pytest.fixture(scope="module")
def copied_project(tmp_path_factory):
    folder = tmp_path_factory.mktemp("project")
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            ignored = shutil.ignore_patterns("node_modules", "__pycache__", "dist", ".stamp*")
            shutil.copytree(source, folder / name, ignore=ignored)
        else:
            shutil.copy(source, folder / name)
    return folder


def _run_gate(gate: str, folder: Path, tmp_path: Path) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "PYTHONPATH": f"{folder / 'src'}{os.pathsep}{folder}",
        "NEIKE_DATA": str(tmp_path),
        "MYPY_CACHE_DIR": str(ROOT / ".mypy_cache"),
    }
    environment.pop("NEIKE_DATABASE_URL", None)
    command = [sys.executable, "-m", "tools.check", gate]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    ("gate", "file", "content"),
    [
        *((gate, file, content) for gate, (file, content) in VIOLATIONS.items()),
        ("imports", *ENGINE_IMPORTS_DJANGO),
        ("imports", *UNLISTED_MODULE),
    ],
)
def test_gate_fails_on_a_planted_violation(gate, file, content, copied_project, tmp_path):
    planted = copied_project / file
    before = planted.read_text() if planted.exists() else None
    planted.parent.mkdir(parents=True, exist_ok=True)
    planted.write_text(content)
    try:
        done = _run_gate(gate, copied_project, tmp_path)
    finally:
        planted.unlink() if before is None else planted.write_text(before)

    assert done.returncode == 1, done.stdout
    assert f"FAIL {gate}" in done.stdout
