"""What the demo company is told to show is what the map finds in it."""

from datetime import UTC, datetime

import pytest
from django.db import connection

from neike.insights.demo import Story, story
from neike.kernel.demo import ZONE
from neike.portal import demo

NOW = datetime(2026, 5, 20, 3, 0, tzinfo=UTC)
SCALE = 0.3
"""The smallest history in which the hidden customer has work enough; rare customers then have none in two quarters."""


def test_a_story_is_as_told_with_the_one_hidden_customer_and_the_one_paper_relation_alone():
    hidden, paper = ("rd", "quality"), ("marketing", "rd")

    assert Story({hidden: 41}, frozenset({paper})).is_as_told
    assert not Story({}, frozenset({paper})).is_as_told
    assert not Story({hidden: 41, ("it", "hr"): 9}, frozenset({paper})).is_as_told
    assert not Story({hidden: 41}, frozenset({paper, ("hr", "office")})).is_as_told


@pytest.mark.django_db
def test_the_map_finds_the_demos_hidden_customer_and_its_relation_on_paper():
    if connection.vendor != "sqlite":
        pytest.skip("the history is the same on every database")
    company = demo.load(
        today=NOW.astimezone(ZONE).date(), now=NOW, progress=lambda _line: None, scale=SCALE
    )

    found = story(company)

    assert set(found.hidden) == {("rd", "quality")}
    assert ("marketing", "rd") in found.paper
    assert len(found.paper) <= 4
