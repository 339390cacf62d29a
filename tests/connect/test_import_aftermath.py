"""After an import, search and loop pages know the requests at once; a broken-off import is made whole."""

import pytest

from neike.connect.event_logs import running
from neike.connect.event_logs.mapping import read_map
from neike.desk.models import Ticket
from neike.insights.models import LegFlow, Outcome, ProjectedTicket
from neike.insights.queries.checks import disagreements
from neike.kernel.search.models import SearchEntry
from tests.connect.test_import_log import LOG, MAP
from tests.make.org import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def bring(tmp_path):
    """Run the import of the small log; returns the steps that were heard."""
    (tmp_path / "map.yaml").write_text(MAP)
    (tmp_path / "log.csv").write_text(LOG)

    def run():
        heard = []
        running.run(
            tmp_path / "log.csv",
            read_map(tmp_path / "map.yaml"),
            rejects=tmp_path / "rejects.csv",
            now=NOW,
            progress=lambda step, share: heard.append((step, share)),
        )
        return heard

    return run


def test_imported_requests_are_found_and_counted(bring):
    heard = bring()

    assert list(dict(heard)) == ["reading", "writing", "indexing", "counting"]
    assert [dict(heard)[step] for step in ("writing", "indexing", "counting")] == [1, 1, 1]
    assert set(SearchEntry.objects.values_list("object_id", flat=True)) == {
        str(pk) for pk in Ticket.objects.values_list("pk", flat=True)
    }
    assert ProjectedTicket.objects.count() == 3
    assert LegFlow.objects.count() == 5
    assert disagreements(NOW) == []


def test_a_second_import_neither_indexes_nor_counts_again(bring):
    bring()

    assert not {"indexing", "counting"} & set(dict(bring()))


def test_an_import_that_was_broken_off_is_made_whole(bring):
    bring()
    found = set(SearchEntry.objects.values_list("object_id", "readers"))
    outcomes = Outcome.objects.count()
    SearchEntry.objects.order_by("pk").first().delete()
    last = Ticket.objects.order_by("pk").last().pk
    for model in (ProjectedTicket, Outcome, LegFlow):
        model.objects.filter(ticket=last).delete()

    bring()

    assert set(SearchEntry.objects.values_list("object_id", "readers")) == found
    assert (ProjectedTicket.objects.count(), Outcome.objects.count()) == (3, outcomes)
