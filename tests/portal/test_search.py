"""Search: everything one may see, and never a trace of anything else."""

import pytest
from django.conf import settings
from django.urls import reverse

from neike.catalog.models import FormVersion
from neike.desk import actions
from neike.desk.choices import Visibility
from neike.kernel import search
from neike.kernel.search import EVERYONE, SearchDocument
from tests.make import desk as make
from tests.make import org

pytestmark = pytest.mark.django_db
CANARY = "canarywort"


@pytest.fixture
def look(client_for):
    """Search as a person, in English unless told otherwise."""

    def search_as(person, text, language="en", page="search", **more):
        client = client_for(person)
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        return client.get(reverse(f"portal:{page}"), {"q": text, **more})

    return search_as


def kinds(response):
    return [group["kind"] for group in response.context["groups"]]


def lines(response, kind):
    found = [group["lines"] for group in response.context["groups"] if group["kind"] == kind]
    return [str(line.title) for line in found[0]] if found else []


def test_a_word_finds_services_requests_people_and_departments(look):
    it = make.company()
    org.person("Finance Fan", department=it.hr)
    ticket = it.submit(title="Finance report")
    search.build_anew()

    response = look(it.anna, "finance")

    assert kinds(response) == ["services", "requests", "people", "departments"]
    assert lines(response, "requests") == [f"{ticket} <mark>Finance</mark> report"]
    assert lines(response, "departments") == ["<mark>Finance</mark>"]
    assert kinds(look(it.anna, "finance", **{"in": "people"})) == ["people"]


def test_chinese_and_pinyin_find_too(look):
    it = make.company()
    org.person("李雷", department=it.hr)
    it.submit(title="会议室的投影打不开")
    search.build_anew()

    assert len(lines(look(it.anna, "投影"), "requests")) == 1
    assert len(lines(look(it.anna, "我的投影打不开"), "requests")) == 1
    assert lines(look(it.anna, "lilei"), "people") == ["李雷"]
    assert lines(look(it.anna, "服务", language="zh-hans"), "services")


def test_a_number_leads_to_the_request_only_for_whom_may_read_it(look):
    it = make.company()
    ticket = it.submit()

    for text in (f"R-{ticket.number}", f"r{ticket.number}", f" r - {ticket.number} "):
        assert look(it.anna, text)["Location"] == ticket.path
    hidden, absent = look(it.fang, str(ticket)), look(it.fang, "R-999999")
    assert (hidden.status_code, absent.status_code) == (200, 200)
    assert kinds(hidden) == kinds(absent) == []


def test_a_hidden_request_leaves_no_trace_in_results_counts_or_suggestions(look):
    it = make.company()
    actions.submit(
        service=it.service,
        by=it.anna,
        answers={},
        title=f"Salary {CANARY}",
        confidential=True,
        now=make.MONDAY,
    )
    search.build_anew()

    for page in ("search", "suggest"):
        assert lines(look(it.anna, CANARY, page=page), "requests")
        assert lines(look(it.it_head, CANARY, page=page), "requests")
        for outsider in (it.fang, it.ines, it.hr_head):
            response = look(outsider, CANARY, page=page)
            assert kinds(response) == []
            assert "Salary" not in response.content.decode()


def test_a_stale_index_shows_and_counts_nothing_that_is_hidden_now(look):
    it = make.company()
    ticket = it.submit(title=CANARY)
    search.index(
        SearchDocument(
            kind="desk.ticket",
            object_id=str(ticket.pk),
            url=ticket.path,
            title=CANARY,
            scopes=frozenset({EVERYONE}),
            changed_at=make.MONDAY,
        )
    )

    response = look(it.fang, CANARY)

    assert kinds(response) == []
    assert [tab["count"] for tab in response.context["tabs"]] == ["", "0", "0", "0", "0", "0", "0"]


def test_internal_words_are_not_in_the_index(look):
    it = make.company()
    leg = it.accepted()
    actions.post_message(
        ticket=leg.ticket, by=it.ivan, body=CANARY, visibility=Visibility.INTERNAL, now=make.MONDAY
    )
    search.build_anew()

    assert kinds(look(it.anna, CANARY)) == []
    assert kinds(look(it.ivan, CANARY)) == []


def test_a_service_for_others_is_not_found(look):
    it = make.company()
    it.service.audience = {"departments": [str(it.finance.public_id)]}
    it.service.save()
    search.build_anew()

    name = it.service.name.in_language("en")

    assert name not in "".join(lines(look(it.anna, name), "services")).replace(
        "<mark>", ""
    ).replace("</mark>", "")


def test_what_was_found_is_escaped(look):
    it = make.company()
    it.submit(title="<script>alert(1)</script> mouse")
    search.build_anew()

    page = look(it.anna, "script mouse").content.decode()

    assert "<script>alert" not in page
    assert "&lt;<mark>script</mark>&gt;" in page


@pytest.mark.parametrize(
    "text", ["", "   ", "\x00", "%", "'\"*()", "a" * 5000, "OR AND NOT", "R-" + "9" * 30]
)
def test_odd_texts_find_nothing_and_break_nothing(look, text):
    it = make.company()
    search.build_anew()

    for page in ("search", "suggest"):
        assert look(it.anna, text, page=page).status_code == 200


def test_many_results_are_capped_and_say_so(look):
    it = make.company()
    for number in range(52):
        it.submit(title=f"Mouse {number}")
    search.build_anew()

    response = look(it.anna, "mouse", **{"in": "requests"})

    assert len(lines(response, "requests")) == 50
    assert "50+" in response.content.decode()


def test_codes_in_answers_are_neither_found_nor_shown(look):
    it = make.company()
    fields = [
        {"key": "what", "type": "text", "label": {"source": "en", "en": "What"}},
        {"key": "who", "type": "person", "label": {"source": "en", "en": "Who"}},
    ]
    it.service.form = FormVersion.objects.create(
        service=it.service, version=2, fields=fields, created_at=make.MONDAY
    )
    it.service.save()
    it.submit(title="Mouse", answers={"what": "wireless", "who": str(it.ivan.public_id)})
    search.build_anew()

    group = look(it.anna, "mouse").context["groups"][0]

    assert str(group["lines"][0].excerpt) == "wireless"
    assert kinds(look(it.anna, str(it.ivan.public_id)[-12:])) == []
