"""The documentation keeps up: both languages have the same pages, every variable and dependency is explained."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ENGLISH, CHINESE = ROOT / "docs" / "en", ROOT / "docs" / "zh"
PAGES = sorted(str(page.relative_to(ENGLISH)) for page in ENGLISH.rglob("*.md"))
VARIABLE = re.compile(r"NEIKE_[A-Z_]+[A-Z]")


def test_both_languages_have_the_same_pages():
    assert sorted(str(page.relative_to(CHINESE)) for page in CHINESE.rglob("*.md")) == PAGES


@pytest.mark.parametrize("page", PAGES)
def test_both_languages_have_the_same_headings(page):
    def levels(text):
        return [line.split(" ")[0] for line in text.splitlines() if line.startswith("#")]

    assert levels((CHINESE / page).read_text()) == levels((ENGLISH / page).read_text())


@pytest.mark.parametrize("folder", [ENGLISH, CHINESE])
def test_every_environment_variable_is_explained(folder):
    settings = ROOT / "src" / "neike" / "config" / "settings.py"
    read = set(VARIABLE.findall(settings.read_text()))

    assert read <= set(VARIABLE.findall((folder / "reference" / "settings.md").read_text()))


@pytest.mark.parametrize("folder", [ENGLISH, CHINESE])
def test_every_dependency_has_its_reason(folder):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    names = {re.split(r"[\[~<>=; ]", line)[0].lower() for line in project["dependencies"]}
    explained = (folder / "dependencies.md").read_text().lower()

    assert {name for name in names if name not in explained} == set()
