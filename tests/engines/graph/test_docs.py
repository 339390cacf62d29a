"""What the reference page prints is what the engines compute, in both languages."""

import re
from pathlib import Path

import pytest

from neike.engines.gaps import Advice, diagnose
from neike.engines.graph import Edge, compare, network
from neike.engines.kano import TABLE, KanoClass, summarise

DOCS = Path(__file__).parents[3] / "docs"
CLASSES = {"相符": "aligned", "隐性": "hidden", "纸面": "paper"}
ADVICE = {
    "保持": "keep",
    "补能力": "capacity",
    "谈一谈": "talk",
    "先谈再做": "talk first",
    "尚不清楚": "unknown",
}
pytestmark = pytest.mark.parametrize("language", ["en", "zh"])


def page(language):
    return (DOCS / language / "reference" / "relations-map.md").read_text(encoding="utf-8")


def table(language, number):
    """The body rows of a table of the page, counted from 0."""
    tables = re.findall(r"(?:^\|.*\n)+", page(language), re.MULTILINE)
    lines = tables[number].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def test_the_worked_example_is_computed_so(language):
    rows = table(language, 1)
    number = {
        name: index for index, name in enumerate(sorted({n for row in rows for n in row[:2]}))
    }
    declared = [(number[row[0]], number[row[1]]) for row in rows if row[2] in {"yes", "是"}]
    observed = [
        Edge(number[row[0]], number[row[1]], int(row[3]), *map(int, row[4].split(", ")))
        for row in rows
        if row[4] != "–"
    ]

    found = compare(declared, observed)

    assert len(rows) == 5
    for provider, customer, _, volume, _, expected, name in rows:
        (edge,) = [
            edge
            for edge in getattr(found, CLASSES.get(name, name))
            if edge.pair == (number[provider], number[customer])
        ]
        assert (edge.volume, edge.expected) == (int(volume), float(expected))
    assert (found.coverage, found.precision) == (0.75, 0.75)


def percent(share):
    return "–" if share is None else f"{share:.0%}".replace("%", " %")


def test_the_figures_of_departments_are_computed_so(language):
    rows = table(language, 3)
    it, hr, sales, shop = range(4)
    volumes = [(it, hr, 30), (it, sales, 10), (hr, it, 20), (sales, shop, 15)]

    nodes = network(Edge(*volume, 3, 3) for volume in volumes).nodes

    assert [row[1:] for row in rows] == [
        [
            percent(figures.out_dependence),
            percent(figures.in_dependence),
            percent(figures.betweenness),
            percent(figures.reciprocity),
        ]
        for figures in nodes.values()
    ]


def answers(mean):
    """Two answers with this mean, or none."""
    return [] if mean == "–" else [int(float(mean) + 0.5), int(float(mean))]


def printed(gap):
    return "–" if gap is None else f"{gap:.1f}".replace("-", "−")


def test_every_printed_advice_is_computed_so(language):
    rows = table(language, 4)

    assert len(rows) == 7
    for perception, expectation, guess, service, understanding, advice in rows:
        found = diagnose(
            perceptions=answers(perception),
            expectations=answers(expectation),
            guesses=answers(guess),
        )
        assert [printed(found.service), printed(found.understanding)] == [service, understanding]
        assert found.advice == Advice(ADVICE.get(advice, advice).replace(" ", "_"))


def test_the_printed_kano_table_is_the_one_in_force(language):
    assert ["".join(row[1:]) for row in table(language, 5)] == list(TABLE)


def test_the_printed_kano_example_is_computed_so(language):
    pairs = {"A": (1, 3), "O": (1, 5), "M": (3, 5), "I": (3, 3), "R": (5, 1), "Q": (1, 1)}
    counts = re.findall(
        r"(\d) (?:个 )?([AOMIRQ])\b",
        re.search(r"^(?:Example|例)[:：].*", page(language), re.MULTILINE)[0],
    )

    found = summarise(pairs[letter] for count, letter in counts for _ in range(int(count)))

    assert len(counts) == 6
    assert found.kano_class is KanoClass.MUST_BE
    assert (f"{found.better:.2f}", f"{found.worse:.2f}") == ("0.50", "-0.64")
