"""The pages and the API of knowledge."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from neike.desk import actions
from neike.desk.choices import ArticleState
from neike.desk.models import Article, ArticleDay, ArticleVote, SearchMiss, SearchTrace, TicketDraft
from neike.kernel.texts import LocalizedText
from tests.make import articles as make
from tests.make import desk, org

pytestmark = pytest.mark.django_db


@pytest.fixture
def it():
    return desk.company()


def text_of(response):
    return response.content.decode()


def page(client_for, person, name, *args, **query):
    return client_for(person).get(reverse(f"desk:{name}", args=args), query)


def form(article=None, **fields):
    """Return what the editor posts."""
    given = {"title_zh": "新的标题", "title_en": "New title", "body_zh": "正文", "body_en": "Text"}
    if article is not None:
        given["version"] = article.version
    return given | fields


# who gets which page


def test_each_page_of_an_article_is_absent_for_who_may_not_read_it(it, client_for):
    article = make.article(it.it, audience=(it.finance,))
    client = client_for(it.anna)
    for name in ("article", "article_edit", "article_history"):
        assert client.get(reverse(f"desk:{name}", args=[article.key])).status_code == 404
    for name in (
        "article_vote",
        "article_state",
        "article_review",
        "article_restore",
        "article_edit",
    ):
        assert client.post(reverse(f"desk:{name}", args=[article.key]), {}).status_code == 404
    for_service = reverse("desk:article_solved", args=[it.service.key, article.key])
    assert client.post(for_service).status_code == 404


def test_a_reader_gets_no_page_of_writers(it, client_for):
    article = make.article(it.it)
    assert page(client_for, it.anna, "article", article.key).status_code == 200
    for name in ("article_edit", "article_history"):
        assert page(client_for, it.anna, name, article.key).status_code == 404


def test_somebody_who_writes_for_no_department_stays_outside_the_writers_door(it, client_for):
    outsider = org.person("Otto")
    for name in ("article_new", "articles_manage", "search_misses"):
        assert page(client_for, outsider, name).status_code in {403, 404}


def test_the_way_in_shows_what_one_may_read_and_nothing_else(it, client_for):
    secret = LocalizedText.of(en="Secret of finance")
    make.article(it.it, title=LocalizedText.of(en="For everybody"))
    make.article(it.it, title=secret, audience=(it.finance,))

    shown = text_of(page(client_for, it.anna, "knowledge"))

    assert "For everybody" in shown
    assert "Secret" not in shown


def test_lists_cost_the_same_at_any_length(it, client_for):
    def costs():
        found = {}
        for person, address in (
            (it.anna, reverse("desk:knowledge")),
            (it.anna, reverse("desk:knowledge") + "?q=printer&typed=1"),
            (it.ivan, reverse("desk:articles_manage")),
            (it.anna, "/api/v1/articles"),
        ):
            client = client_for(person)
            client.get(address)
            with CaptureQueriesContext(connection) as made:
                assert client.get(address).status_code == 200
            found[address] = len(made)
        return found

    def write():
        article = make.article(it.it, owner=it.ivan, audience=(it.hr,))
        actions.count_view(article=article, now=timezone.now())

    write()
    one = costs()
    write()
    write()

    assert costs() == one
    assert max(one.values()) < 30


def test_a_confidential_service_is_not_named_to_those_it_is_not_offered_to(it, client_for):
    hidden = desk.service(it.finance, calendar=it.calendar)
    hidden.audience = {"departments": [str(it.finance.public_id)]}
    hidden.save()
    article = make.article(it.it, services=(hidden, it.service))

    shown = text_of(page(client_for, it.anna, "article", article.key))

    assert str(it.service.name) in shown
    assert str(hidden.name) not in shown
    api = client_for(it.anna).get(f"/api/v1/articles/{article.key}").json()
    assert api["services"] == [it.service.key]


def test_the_page_says_which_language_is_shown_instead(it, client_for):
    article = make.article(
        it.it, title=LocalizedText.of(zh="只有中文"), body=LocalizedText.of(zh="正文")
    )
    client = client_for(it.anna)
    client.cookies["django_language"] = "en"
    shown = text_of(client.get(article.path, headers={"Accept-Language": "en"}))

    assert "只有中文" in shown


def test_markdown_is_drawn_and_html_of_people_is_text(it, client_for):
    body = LocalizedText.of(en="**bold** <script>alert(1)</script>")
    article = make.article(it.it, body=body, title=LocalizedText.of(en="T"))
    shown = text_of(page(client_for, it.anna, "article", article.key))

    assert "<strong>bold</strong>" in shown
    assert "<script>alert" not in shown


# writing


def test_writing_publishing_and_changing(it, client_for):
    client = client_for(it.ivan)
    made = client.post(
        reverse("desk:article_new"),
        form(department=str(it.it.public_id), services=[it.service.key]),
    )
    article = Article.objects.get()
    assert (made.url, article.state, article.key) == (article.path, "draft", "new-title")
    client.post(reverse("desk:article_state", args=[article.key]), {"do": "published"})
    changed = client.post(
        reverse("desk:article_edit", args=[article.key]),
        form(article, body_en="Other", note="Clearer", audience=[str(it.hr.public_id)]),
    )
    article.refresh_from_db()

    assert changed.status_code == 302
    assert (article.state, article.version, article.body.texts["en"]) == ("published", 2, "Other")
    assert list(article.audience.all()) == [it.hr]
    assert list(article.services.all()) == []


def test_a_missing_title_comes_back_with_all_that_was_typed(it, client_for):
    sent = form(department=str(it.it.public_id), title_zh="", title_en="", body_en="Long text")
    answer = client_for(it.ivan).post(reverse("desk:article_new"), sent)

    assert answer.status_code == 422
    assert "Long text" in text_of(answer)
    assert not Article.objects.exists()


def test_a_department_one_does_not_write_for_is_no_choice(it, client_for):
    answer = client_for(it.ivan).post(
        reverse("desk:article_new"), form(department=str(it.hr.public_id))
    )

    assert answer.status_code == 422
    assert not Article.objects.exists()


def test_who_was_overtaken_sees_what_changed_and_keeps_their_text(it, client_for):
    article = make.article(it.it)
    stale = form(article, body_en="Mine")
    actions.change_article(
        article=article,
        content=make.content(body=LocalizedText.of(en="Theirs")),
        version=1,
        by=it.ines,
        now=timezone.now(),
    )
    client, address = client_for(it.ivan), reverse("desk:article_edit", args=[article.key])
    answer = client.post(address, stale)

    assert answer.status_code == 409
    assert "Mine" in text_of(answer)
    assert "Theirs" in text_of(answer)
    assert client.post(address, stale | {"version": 2}).status_code == 302


def test_the_preview_draws_what_is_typed(it, client_for):
    answer = client_for(it.ivan).post(
        reverse("desk:article_preview"), form(language="en", body_en="**now**")
    )

    assert "<strong>now</strong>" in text_of(answer)


def test_versions_are_compared_and_restored(it, client_for):
    article = make.article(it.it)
    before = article.body.texts["en"]
    content = make.content(title=article.title, body=LocalizedText.of(en="Ask the robot"))
    actions.change_article(
        article=article, content=content, version=1, by=it.ivan, now=timezone.now()
    )
    shown = text_of(page(client_for, it.ivan, "article_history", article.key))
    assert before in shown
    assert "Ask the robot" in shown

    restore = reverse("desk:article_restore", args=[article.key])
    client_for(it.ivan).post(restore, {"number": "1", "version": "2"})
    article.refresh_from_db()

    assert (article.version, article.body.texts["en"]) == (3, before)


@pytest.mark.parametrize("query", [{"since": "x", "to": "99"}, {"since": "2", "to": "1"}, {}])
def test_any_two_numbers_compare_to_something(it, client_for, query):
    article = make.article(it.it)

    assert page(client_for, it.ivan, "article_history", article.key, **query).status_code == 200


# reading


def test_opening_counts_and_a_vote_is_kept_without_a_name_on_the_page(it, client_for):
    article = make.article(it.it, by=it.ivan)
    client = client_for(it.anna)
    client.get(article.path)
    answer = client.post(
        reverse("desk:article_vote", args=[article.key]),
        {"helpful": "no", "reason": "The tray is on the left", "version": 1},
    )
    shown = text_of(page(client_for, it.ivan, "article", article.key))

    assert answer.status_code == 302
    assert ArticleDay.objects.get().views == 2
    assert "The tray is on the left" in shown
    assert "Anna" not in shown
    assert "The tray is on the left" not in text_of(
        page(client_for, it.fang, "article", article.key)
    )


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"helpful": "maybe", "version": 1}, 422),
        ({"helpful": "yes", "version": "x"}, 422),
        ({"helpful": "yes", "version": 9}, 409),
        ({"helpful": "yes", "version": 1, "reason": "x" * 501}, 422),
    ],
)
def test_a_vote_that_cannot_be_kept_changes_nothing(it, client_for, sent, status):
    article = make.article(it.it)
    answer = client_for(it.anna).post(reverse("desk:article_vote", args=[article.key]), sent)

    assert answer.status_code == status
    assert not ArticleVote.objects.exists()


def test_a_search_leaves_a_trace_and_opening_its_result_ends_it(it, client_for):
    article = make.article(it.it)
    client = client_for(it.anna)
    client.get(
        reverse("desk:knowledge"), {"q": "printer", "typed": "1"}, headers={"HX-Request": "true"}
    )
    assert not SearchTrace.objects.exists()
    shown = client.get(reverse("desk:knowledge"), {"q": "printer"})
    assert f"{article.path}?q=printer" in text_of(shown)
    client.get(article.path, {"q": "printer"})

    assert SearchTrace.objects.values("found", "opened").get() == {"found": True, "opened": True}


def test_what_three_people_missed_is_offered_to_write(it, client_for):
    for person in (it.anna, it.fang, it.fei):
        client_for(person).get(reverse("portal:search"), {"q": "投影仪 借用"})
    shown = text_of(page(client_for, it.ivan, "search_misses"))

    assert SearchMiss.objects.get().without_result == 3
    assert "投影仪 借用" in shown
    editor = page(client_for, it.ivan, "article_new", q="投影仪 借用")
    assert editor.context["form"]["title_zh"].value() == "投影仪 借用"


def test_one_box_finds_articles_within_rights(it, client_for):
    make.article(it.it, title=LocalizedText.of(en="Printer for all"))
    make.article(it.it, title=LocalizedText.of(en="Printer of finance"), audience=(it.finance,))
    for name in ("search", "suggest"):
        address = reverse(f"portal:{name}")
        assert "of finance" not in text_of(client_for(it.anna).get(address, {"q": "printer"}))
        assert "of finance" in text_of(client_for(it.fang).get(address, {"q": "printer"})).replace(
            "<mark>Printer</mark> of", "of"
        )


def test_the_page_of_a_service_shows_what_is_written_about_it(it, client_for):
    make.article(it.it, title=LocalizedText.of(en="Open one"), services=(it.service,))
    make.article(
        it.it, title=LocalizedText.of(en="Closed one"), services=(it.service,), internal=True
    )
    shown = text_of(client_for(it.anna).get(reverse("catalog:service", args=[it.service.key])))

    assert "Open one" in shown
    assert "Closed one" not in shown


# beside requests


def test_typing_a_request_brings_articles_the_requester_may_read(it, client_for):
    make.article(it.it, title=LocalizedText.of(en="Toner for the printer"))
    make.article(it.it, title=LocalizedText.of(en="Toner secrets printer"), internal=True)
    answer = client_for(it.anna).post(
        reverse("desk:draft", args=[it.service.key]),
        {"title": "The printer wants toner", "client_key": "k"},
        headers={"HX-Request": "true"},
    )

    assert "Toner for the printer" in text_of(answer)
    assert "secrets" not in text_of(answer)


def test_this_solved_it_forgets_the_draft_and_counts(it, client_for):
    article = make.article(it.it)
    client = client_for(it.anna)
    client.post(
        reverse("desk:draft", args=[it.service.key]), {"title": "Printer", "client_key": "k"}
    )
    assert TicketDraft.objects.exists()
    answer = client.post(reverse("desk:article_solved", args=[it.service.key, article.key]))

    assert answer.url == article.path
    assert not TicketDraft.objects.exists()
    assert ArticleDay.objects.get().solved == 1


def test_those_who_serve_see_articles_and_insert_only_what_the_requester_may_open(it, client_for):
    ticket = it.submit(title="Printer without paper")
    open_one = make.article(it.it)
    closed_one = make.article(it.it, internal=True)
    shown = text_of(page(client_for, it.ivan, "ticket_articles", ticket.number))

    assert f"({'http://testserver'}{open_one.path})" in shown
    assert closed_one.path in shown
    assert f"testserver{closed_one.path})" not in shown
    assert open_one.path not in text_of(page(client_for, it.anna, "ticket_articles", ticket.number))
    assert page(client_for, it.fang, "ticket_articles", ticket.number).status_code == 404


def test_an_article_is_drafted_from_a_solved_request(it, client_for):
    leg = it.accepted(title="Anna cannot print")
    ticket = leg.ticket
    ticket.refresh_from_db()
    actions.resolve(
        ticket=ticket, by=it.ivan, note="Use tray two", version=ticket.version, now=desk.MONDAY
    )
    editor = page(client_for, it.ivan, "article_new", **{"from": str(ticket)})
    typed = {
        name: editor.context["form"][name].value() or ""
        for name in ("title_en", "body_en", "source", "department", "title_zh", "body_zh")
    }
    assert "Use tray two" in typed["body_en"]
    assert "Anna" not in typed["title_en"]
    made = client_for(it.ivan).post(reverse("desk:article_new"), typed)

    assert made.status_code == 302
    article = Article.objects.get()
    assert (article.source, article.state) == (ticket, ArticleState.DRAFT)
    assert page(client_for, it.anna, "article_new", **{"from": str(ticket)}).status_code == 403


def test_nobody_drafts_from_what_they_may_not_read(it, client_for):
    ticket = it.submit()

    assert page(client_for, it.fang, "article_new", **{"from": str(ticket)}).status_code == 404


# API


def api(client, method, path, body=None):
    answer = getattr(client, method)(
        f"/api/v1/articles{path}",
        *([json.dumps(body)] if body is not None else []),
        **({"content_type": "application/json"} if body is not None else {}),
    )
    return answer.status_code, (answer.json() if answer.content else None)


def test_programs_write_publish_read_and_vote(it, client_for):
    writer, reader = client_for(it.ivan), client_for(it.anna)
    said = {"title": {"en": "Printer"}, "body": {"en": "Tray"}}
    status, made = api(writer, "post", "", said | {"department": str(it.it.public_id)})
    assert (status, made["state"], made["version"]) == (201, "draft", 1)
    assert api(reader, "get", "/printer")[0] == 404
    assert api(writer, "post", "/printer/state", {"state": "published"})[0] == 200
    status, shown = api(reader, "get", "/printer")
    assert (status, shown["title"], "views" in shown) == (200, {"en": "Printer"}, False)
    vote = {"helpful": True, "version": 1}
    assert api(reader, "post", "/printer/vote", vote)[0] == 204
    assert api(writer, "post", "/printer/vote", vote)[0] == 403
    changed = {"title": {"en": "Printer"}, "body": {"en": "Other"}, "version": 1}
    assert api(writer, "put", "/printer", changed)[1]["version"] == 2
    assert api(writer, "put", "/printer", changed)[0] == 409
    assert api(reader, "put", "/printer", changed | {"version": 2})[0] == 403
    assert api(reader, "get", "")[1]["items"][0]["helpful"] == 1


def test_programs_get_only_what_their_person_may_read(it, client_for):
    make.article(it.it, audience=(it.finance,), key="secret")
    reader = client_for(it.anna)

    assert api(reader, "get", "")[1]["items"] == []
    assert api(reader, "get", "?q=printer")[1]["items"] == []
    assert api(reader, "get", "/secret")[0] == 404
    assert api(reader, "post", "/secret/vote", {"helpful": True, "version": 1})[0] == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": {}},
        {"title": {"en": "x" * 161}},
        {"title": {"en": "a"}, "services": ["nothing-there"]},
        {
            "title": {"en": "a"},
            "audience": {"departments": ["019ab3c2-0000-7000-8000-000000000000"]},
        },
        {"title": {"en": "a"}, "key": "Not A Key"},
        {"title": {"en": "a"}, "more": 1},
        {"title": {"en": "a\x00"}},
    ],
)
def test_what_makes_no_article_is_refused(it, client_for, wrong):
    status, _answer = api(
        client_for(it.ivan), "post", "", wrong | {"department": str(it.it.public_id)}
    )

    assert status == 422
    assert not Article.objects.exists()
