"""Gaps steer a conversation. What judges people or departments must not be able to read them."""

import ast
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2] / "src" / "neike"
READERS = {"relations", "insights"}
GAPS = "neike.engines.gaps"


def imported(path):
    """Return the full names a file imports: modules, and names from modules."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{each.name}" for each in node.names)}
    return found


def test_only_relations_and_insights_read_gaps():
    readers = {
        path.relative_to(SOURCE).parts[0]
        for path in SOURCE.rglob("*.py")
        if GAPS in imported(path) and path != SOURCE / "engines" / "gaps.py"
    }

    assert "relations" in readers
    assert readers <= READERS


def test_the_pages_of_needs_are_read_by_relations_alone():
    """What computes gaps from stored answers stands in `need_pages`; nothing else may borrow it."""
    borrowers = {
        path.relative_to(SOURCE).parts[0]
        for path in SOURCE.rglob("*.py")
        if any("relations.queries.need_pages" in name for name in imported(path))
    }

    assert borrowers == {"relations"}
