"""Terms in the language of each database. Tokens hold letters and digits only, so nothing needs escaping."""

from collections.abc import Iterable

from neike.kernel.search.tokens import Term


def for_sqlite(
    terms: list[Term], readers: Iterable[str], kinds: Iterable[str], *, any_of: bool
) -> str:
    """Return an FTS5 expression: phrases and prefixes, all of them or any, for one of the readers and kinds."""
    parts = [f'"{" ".join(term.tokens)}"' + ("*" if term.is_prefix else "") for term in terms]
    words = (" OR " if any_of else " AND ").join(parts)
    found = [f"{{title_tokens tokens}} : ({words})"]
    for group in (readers, kinds):
        marks = " OR ".join(f'"{each}"' for each in group)
        if marks:
            found.append(f"readers : ({marks})")
    return " AND ".join(f"({each})" for each in found)


def for_postgresql(terms: list[Term], *, any_of: bool) -> str:
    """Return a tsquery expression: phrases and prefixes, all of them or any."""
    parts = [
        f"'{term.tokens[0]}':*"
        if term.is_prefix
        else "(" + " <-> ".join(f"'{token}'" for token in term.tokens) + ")"
        for term in terms
    ]
    return (" | " if any_of else " & ").join(parts)


def marks_for_postgresql(*groups: Iterable[str]) -> str:
    """Return a tsquery expression: one token of every group that has any."""
    found = [" | ".join(f"'{each}'" for each in group) for group in groups]
    return " & ".join(f"({each})" for each in found if each)
