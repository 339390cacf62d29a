"""What the people of the demo company write."""

from datetime import UTC, date, datetime

import pytest

from neike.catalog import exchange
from neike.desk.demo.pace import Pace
from neike.desk.demo.slots import SLOTS
from neike.desk.demo.texts import CHINESE, ENGLISH, offers
from neike.kernel.demo import Company


def test_every_shipped_service_is_asked_for():
    shipped = {file.key for file in exchange.seed_files()}

    assert {offer.key for offer in offers().values() if offer.key} == shipped


@pytest.mark.parametrize("name", list(offers()))
def test_every_service_is_asked_for_in_several_ways_and_both_languages(name):
    words = offers()[name].words

    assert len(words[CHINESE].titles) >= 5
    assert len(words[ENGLISH].titles) >= 1
    for said in words.values():
        assert all((said.facts, said.ask, said.answer, said.done))


def test_every_blank_has_a_word_in_both_languages():
    assert all(zh and en for words in SLOTS.values() for zh, en in words)


def test_information_technology_improves_and_procurement_does_not():
    company = Company(today=date(2026, 5, 20), now=datetime(2026, 5, 20, tzinfo=UTC))
    pace = Pace(company)
    first, last = date(2025, 5, 15), date(2026, 5, 15)

    assert pace.kept("it", last) - pace.kept("it", first) > 0.1
    assert abs(pace.kept("procurement", last) - pace.kept("procurement", first)) < 0.02


def test_the_history_is_four_whole_quarters_and_the_present_one():
    company = Company(today=date(2026, 5, 20), now=datetime(2026, 5, 20, tzinfo=UTC))

    assert (company.begins, company.halfway) == (date(2025, 4, 1), date(2025, 10, 1))
    assert company.until == datetime(2026, 5, 19, 16, tzinfo=UTC)
