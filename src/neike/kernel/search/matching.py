"""Terms in the language of each database. Tokens hold letters and digits only, so nothing needs escaping."""

from neike.kernel.search.tokens import Term


def for_sqlite(terms: list[Term], *, any_of: bool) -> str:
    """Return an FTS5 expression: phrases and prefixes, all of them or any."""
    parts = [f'"{" ".join(term.tokens)}"' + ("*" if term.is_prefix else "") for term in terms]
    return (" OR " if any_of else " AND ").join(parts)


def for_postgresql(terms: list[Term], *, any_of: bool) -> str:
    """Return a tsquery expression: phrases and prefixes, all of them or any."""
    parts = [
        f"'{term.tokens[0]}':*"
        if term.is_prefix
        else "(" + " <-> ".join(f"'{token}'" for token in term.tokens) + ")"
        for term in terms
    ]
    return (" | " if any_of else " & ").join(parts)
