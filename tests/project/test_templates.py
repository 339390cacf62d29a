"""Every template compiles."""

from pathlib import Path

import pytest
from django.template.loader import get_template

SOURCE = Path(__file__).resolve().parents[2] / "src" / "neike"
TEMPLATES = sorted(
    str(file.relative_to(folder))
    for folder in SOURCE.rglob("templates")
    for file in folder.rglob("*.*")
)


@pytest.mark.parametrize("name", TEMPLATES)
def test_template_compiles(name):
    get_template(name)
