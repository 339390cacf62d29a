"""The map shows what is declared beside what was seen, and gives away nothing of what it does not show."""

import csv
import io
from types import SimpleNamespace
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from neike.insights import jobs
from neike.insights.choices import MapState
from neike.kernel.jobs.storage import StoredJob
from neike.org.choices import Role
from neike.relations import actions as relation_actions
from neike.relations.choices import Origin, RelationKind, RelationState
from neike.relations.models import ServiceRelation
from tests.make import maps as make
from tests.make import org, relations
from tests.make.org import NOW

pytestmark = pytest.mark.django_db
PERIOD = "2026-Q1"


@pytest.fixture
def house():
    """Five departments; the first serves the others in every way there is."""
    root = org.department("House")
    it, hr, sales, law, ops = (
        org.department(name, parent=root) for name in ("IT", "HR", "Sales", "Law", "Ops")
    )
    head = relations.lead(root)
    for customer in (hr, law):
        relation_actions.declare(
            provider=it, customer=customer, kind=RelationKind.SUPPORT, by=head, now=NOW
        )
    make.seen(it, hr, 40)  # aligned
    make.seen(ops, sales, 30)  # hidden
    make.seen(it, ops, 31, people=(2, 9))  # nobody may know
    make.seen(hr, sales, 3)  # seen, below the threshold
    make.counted()
    return {"it": it, "hr": hr, "sales": sales, "law": law, "ops": ops, "head": head}


@pytest.fixture
def anybody(house):
    return org.person("Anybody", department=house["hr"])


def address(name="map", **conditions):
    asked = {"period": PERIOD, **conditions}
    return f"{reverse(f'insights:{name}')}?{urlencode(asked)}"


def pairs(response):
    """Return {(provider, customer): (state, legs)} of a page of the map."""
    read = response.context["read"]
    return {
        (read.name(each.provider), read.name(each.customer)): (each.state, each.legs)
        for each in read.edges
    }


def test_the_map_shows_aligned_hidden_paper_and_seen_edges_and_no_other(house, anybody, client_for):
    shown = pairs(client_for(anybody).get(address()))

    assert shown == {
        ("IT", "HR"): (MapState.ALIGNED, 40),
        ("Ops", "Sales"): (MapState.HIDDEN, 30),
        ("IT", "Law"): (MapState.PAPER, None),
        ("HR", "Sales"): (MapState.SEEN, 3),
    }


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ({"state": "hidden"}, {("Ops", "Sales")}),
        ({"state": "declared"}, {("IT", "HR"), ("IT", "Law")}),
        ({"kind": "support"}, {("IT", "HR"), ("IT", "Law")}),
        ({"kind": "next_step"}, set()),
        ({"state": "nonsense", "steps": "99"}, None),
    ],
)
def test_conditions_narrow_the_map_and_nonsense_does_not(
    house, anybody, client_for, conditions, expected
):
    client = client_for(anybody)

    shown = set(pairs(client.get(address(**conditions))))

    assert shown == (set(pairs(client.get(address()))) if expected is None else expected)


def test_a_department_and_below_keeps_what_it_gives_and_receives(house, anybody, client_for):
    within = str(house["sales"].public_id)

    shown = set(pairs(client_for(anybody).get(address(within=within))))

    assert shown == {("Ops", "Sales"), ("HR", "Sales")}


def test_the_chain_of_a_department_leads_up_and_down_step_by_step(house, anybody, client_for):
    client, hr = client_for(anybody), str(house["hr"].public_id)

    assert set(pairs(client.get(address(focus=hr, steps=1)))) == {("IT", "HR"), ("HR", "Sales")}
    read = client.get(address(focus=hr)).context["read"]
    x = {read.name(node): place[0] for node, place in read.places.items()}
    assert x["IT"] < x["HR"] < x["Sales"]


def test_another_quarter_shows_that_quarter_with_its_organisation(house, anybody, client_for):
    make.seen(house["law"], house["hr"], 0, before=12, people_before=(3, 3))

    response = client_for(anybody).get(address(period="2025-Q4"))

    assert pairs(response) == {("Law", "HR"): (MapState.SEEN, 12)}
    assert response.context["read"].organisation.on.isoformat() == "2025-12-31"


@pytest.mark.parametrize(
    "conditions", [{"within": "0"}, {"focus": "x"}, {"period": "2026-Q9"}, {"period": "9999-Q4"}]
)
def test_an_address_of_nothing_is_absent(house, anybody, client_for, conditions):
    assert client_for(anybody).get(address(**conditions)).status_code == 404


def test_nobody_reads_the_map_without_signing_in(house, client):
    for name in ("map", "map_matrix", "map_compare", "map_csv", "map_svg", "map_fresh"):
        assert client.get(address(name)).status_code == 302


def test_the_matrix_holds_the_same_numbers(house, anybody, client_for):
    response = client_for(anybody).get(address("map_matrix"))

    shown = response.context["matrix"]
    cells = {
        (head.name, above.name): cell.text
        for head, line in shown.lines
        for above, cell in zip(shown.heads, line, strict=True)
        if cell
    }
    assert cells == {
        ("IT", "HR"): "40",
        ("Ops", "Sales"): "30",
        ("IT", "Law"): "",
        ("HR", "Sales"): "3",
    }


@pytest.mark.parametrize("name", ["map", "map_matrix", "map_compare", "map_csv", "map_svg"])
@pytest.mark.parametrize("measure", ["volume", "kept", "satisfaction", "gap"])
def test_a_page_costs_the_same_at_any_size(house, anybody, client_for, name, measure):
    client = client_for(anybody)
    client.get(address(name, measure=measure))

    few = queries_of(client, address(name, measure=measure))
    for _ in range(3):
        more = org.department(), org.department()
        make.seen(*more, 20)
        relations.confirmed()
    client.get(address(name, measure=measure))  # the chart of the day is read anew once

    assert queries_of(client, address(name, measure=measure)) == few


def queries_of(client, url):
    with CaptureQueriesContext(connection) as caught:
        assert client.get(url).status_code == 200
    return len(caught)


# exports


def rows_of(response):
    text = response.content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def test_the_csv_holds_what_the_page_shows(house, anybody, client_for):
    client = client_for(anybody)
    client.cookies["neike_language"] = "en"

    head, *rows = rows_of(client.get(address("map_csv")))

    assert head[:2] == ["Provider", "Customer"]
    assert [(row[0], row[1], row[4], row[5]) for row in rows] == [
        ("IT", "HR", "40", "40"),
        ("Ops", "Sales", "30", "30"),
        ("HR", "Sales", "3", "3"),
        ("IT", "Law", "", ""),
    ]


def test_no_cell_of_the_csv_is_a_formula(anybody, house, client_for):
    evil = org.department('=HYPERLINK("http://example.com")')
    make.seen(evil, house["hr"], 50)

    rows = rows_of(client_for(anybody).get(address("map_csv")))

    assert '\'=HYPERLINK("http://example.com")' in rows[1]
    assert not any(cell[:1] in "=+-@" for row in rows for cell in row if cell)


def test_the_svg_is_well_formed_and_draws_every_edge_and_department(house, anybody, client_for):
    evil = org.department("<script>alert(1)</script> & Co\x01")
    make.seen(evil, house["hr"], 50)

    response = client_for(anybody).get(address("map_svg"))

    drawing = ET.fromstring(response.content)  # noqa: S314 - our own output
    space = "{http://www.w3.org/2000/svg}"
    assert response["Content-Type"].startswith("image/svg+xml")
    assert len(drawing.findall(f"{space}circle")) == 6
    assert len(drawing.findall(f"{space}g")) == 5
    assert not list(drawing.iter(f"{space}script"))


@pytest.mark.parametrize("measure", ["volume", "kept"])
def test_the_matrix_is_drawn_with_the_cells_and_the_legend_of_the_page(
    house, anybody, client_for, measure
):
    evil = org.department("<script>alert(1)</script> & Co\x01")
    make.seen(evil, house["hr"], 50)
    client = client_for(anybody)
    page = client.get(address("map_matrix", measure=measure)).context

    response = client.get(address("map_matrix_svg", measure=measure))

    drawing = ET.fromstring(response.content)  # noqa: S314 - our own output
    space = "{http://www.w3.org/2000/svg}"
    cells = {
        (cell.findtext(f"{space}title"), cell.findtext(f"{space}text"))
        for cell in drawing.findall(f"{space}g")
    }
    assert cells == {
        (each.words_with_ends, f"{each.text} {each.mark}".strip()) for each in named_cells(page)
    }
    legend = [line.text for line in drawing.findall(f"{space}text") if line.text]
    for entry in (*page["legend"], *page["lines"]):
        assert f"{entry.mark} {entry.words} ({entry.count})".strip() in legend
    assert not list(drawing.iter(f"{space}script"))


def named_cells(page):
    """Return the cells of a page of the matrix, each with its two names as a drawing writes them."""
    shown = page["matrix"]
    for head, line in shown.lines:
        for column, cell in zip(shown.heads, line, strict=True):
            if cell:
                names = [end.name.replace("\x01", "") for end in (head, column)]
                words = f"{names[0]} → {names[1]}：{cell.words}"
                yield SimpleNamespace(text=cell.text, mark=cell.mark, words_with_ends=words)


def test_the_matrix_is_drawn_in_the_readers_language(house, anybody, client_for):
    client = client_for(anybody)
    text = client.get(
        address("map_matrix_svg"), headers={"accept-language": "zh-hans"}
    ).content.decode()

    assert "行为提供方" in text
    assert "Rows serve" not in text


def test_a_pair_on_the_map_leads_to_its_relation_and_no_other_does(house, anybody, client_for):
    ends = {name: str(each.public_id) for name, each in house.items() if name != "head"}
    relation = ServiceRelation.objects.get(
        provider_department=house["it"].pk, customer_department=house["law"]
    )
    relation_actions.propose(
        provider=house["it"],
        customer=house["ops"],
        kind=RelationKind.SUPPORT,
        origin=Origin.OBSERVED,
        by=None,
        now=NOW,
    )
    client = client_for(anybody)

    found = client.get(address("map_relation", provider=ends["it"], customer=ends["law"]))
    assert (found.status_code, found["Location"]) == (302, relation.path)
    # work by two people: that the relation was proposed is nobody's business here
    for pair in (("it", "ops"), ("ops", "sales"), ("sales", "it")):
        asked = address("map_relation", provider=ends[pair[0]], customer=ends[pair[1]])
        assert client.get(asked).status_code == 404
    assert client.get(address("map_relation")).status_code == 404


# comparing and proposing


def compared(client, **conditions):
    return client.get(address("map_compare", **conditions))


def test_the_comparison_says_coverage_and_precision_with_what_went_into_them(
    house, anybody, client_for
):
    found = compared(client_for(anybody)).context["found"]

    # 40 of 73 hand-overs that may be shown are declared; one of two declarations has work
    assert (found.declared_volume, found.volume, found.with_work, found.declared) == (40, 73, 1, 2)
    assert found.coverage == pytest.approx(40 / 73)
    assert found.precision == 0.5


def test_the_example_of_the_formulas(client_for):
    root = org.department("House")
    a, b, c, d, e = (org.department(name, parent=root) for name in "ABCDE")
    head = relations.lead(root)
    for customer, legs in ((b, 60), (c, 60), (d, 60), (e, 0)):
        relation_actions.declare(
            provider=a, customer=customer, kind=RelationKind.SUPPORT, by=head, now=NOW
        )
        if legs:
            make.seen(a, customer, legs)
    make.seen(b, c, 60)

    found = compared(client_for(head)).context["found"]

    # three of four declared relations carry 180 of 240 hand-overs: 75 % and 75 %, one hidden, one paper
    assert (found.coverage, found.precision) == (0.75, 0.75)
    assert [one.pair for one in found.hidden] == [(b.pk, c.pk)]
    assert [one.pair for one in found.paper] == [(a.pk, e.pk)]


def test_work_of_too_few_people_on_a_declared_relation_is_work_but_no_number(
    house, anybody, client_for
):
    make.seen(house["it"], house["law"], 17, people=(1, 1))

    page = compared(client_for(anybody))

    assert page.context["found"].paper == ()
    assert page.context["found"].precision == 1
    assert "17" not in client_for(anybody).get(address("map_csv")).content.decode()


def propose(client, provider, customer):
    return client.post(
        address("map_propose"),
        {"provider": str(provider.public_id), "customer": str(customer.public_id)},
    )


def test_a_head_turns_a_hidden_edge_into_a_proposal_to_both_sides_once(house, client_for):
    client = client_for(house["head"])

    first = propose(client, house["ops"], house["sales"])
    again = propose(client, house["ops"], house["sales"])

    relation = ServiceRelation.objects.get(customer_department=house["sales"])
    assert (relation.origin, relation.state) == (Origin.OBSERVED, RelationState.PROPOSED)
    assert first.status_code == 302
    assert again["Location"] == relation.path


def test_a_hidden_edge_of_passed_on_work_is_proposed_as_the_next_step(house, client_for):
    press = org.department("Press")
    make.seen(house["law"], press, 20, handovers=15)
    officer = org.person()
    org.grant(officer, Role.QUALITY_OFFICER)

    propose(client_for(officer), house["law"], press)

    relation = ServiceRelation.objects.get(provider_department=house["law"])
    assert relation.kind == RelationKind.NEXT_STEP


def test_who_leads_neither_end_proposes_nothing(house, anybody, client_for):
    assert propose(client_for(anybody), house["ops"], house["sales"]).status_code == 403
    assert not ServiceRelation.objects.filter(customer_department=house["sales"]).exists()


def test_an_edge_that_may_not_be_shown_is_absent_for_a_proposal_too(house, client_for):
    client = client_for(house["head"])

    unseen = propose(client, house["it"], house["ops"])
    nothing = propose(client, house["ops"], house["it"])

    assert (unseen.status_code, nothing.status_code) == (404, 404)


def test_counting_anew_is_asked_for_by_heads_and_officers_alone(house, anybody, client_for):
    assert client_for(anybody).post(address("map_recount")).status_code == 403
    assert not StoredJob.objects.filter(task_path=jobs.observe.name).exists()

    answer = client_for(house["head"]).post(address("map_recount"))
    client_for(house["head"]).post(address("map_recount"))

    assert answer.status_code == 302
    assert StoredJob.objects.filter(task_path=jobs.observe.name).count() == 1
    waiting = client_for(house["head"]).get(answer["Location"])
    assert waiting.context["polls"] is True


def test_figures_of_the_network_can_be_recounted_on_the_page(house, anybody, client_for):
    context = compared(client_for(anybody)).context

    # Sales receives 33: 30 from Ops, 3 from HR
    into = {row["name"]: (row["provider"], round(row["value"], 4)) for row in context["into"]}
    out = {row["name"]: (row["customer"], round(row["value"], 4)) for row in context["out"]}
    assert into == {"HR": ("IT", 1.0), "Sales": ("Ops", round(30 / 33, 4))}
    assert out == {"IT": ("HR", 1.0), "HR": ("Sales", 1.0), "Ops": ("Sales", 1.0)}
    assert context["network_n"] == 73
