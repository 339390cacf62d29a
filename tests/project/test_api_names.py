"""The description of the API names each schema once: two of one name would describe each other's answers."""

from collections import defaultdict
from collections.abc import Iterator

from ninja import Schema

from neike.config.api import api

BASES = {"Sent"}
"""Never described themselves: only what is built on them is."""


def schemas(of: type[Schema] = Schema) -> Iterator[type[Schema]]:
    """Return every schema of ours."""
    for each in of.__subclasses__():
        if each.__module__.startswith("neike."):
            yield each
        yield from schemas(each)


def test_no_two_modules_describe_different_things_by_one_name():
    assert api.get_openapi_schema()["paths"]  # everything is imported
    where = defaultdict(set)
    for each in schemas():
        where[each.__name__].add(each.__module__)

    assert {name: at for name, at in where.items() if len(at) > 1 and name not in BASES} == {}
