"""Knowledge articles: who reads them by which way, versions, votes, use, vain searches, drafts from requests."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.urls import reverse

from neike.catalog.events import ServiceChanged
from neike.catalog.models import Service
from neike.desk import actions, jobs, policies, queries
from neike.desk.choices import ArticleState, Visibility
from neike.desk.models import (
    Article,
    ArticleDay,
    ArticleVersion,
    ArticleVote,
    SearchMiss,
    SearchSalt,
    SearchTrace,
)
from neike.desk.queries import articles
from neike.desk.queries.article_index import narrowed
from neike.desk.queries.article_source import material_of
from neike.desk.receivers.articles import forget_reasons_of_votes, keep_articles_about_it_findable
from neike.kernel import attachments, search
from neike.kernel.attachments.models import Attachment
from neike.kernel.audit.models import AuditEntry
from neike.kernel.notices.models import Notice
from neike.kernel.registries import MY_DAY
from neike.kernel.texts import LocalizedText
from neike.org import queries as org_queries
from neike.org.choices import Role
from neike.org.events import PersonErased
from tests.make import articles as make
from tests.make import desk, org

pytestmark = pytest.mark.django_db
NOW = desk.MONDAY


@pytest.fixture
def it():
    """Return the company with two departments more: a team below HR, and one beside all."""
    company = desk.company()
    team = org.department("Payroll", parent=company.hr)
    return SimpleNamespace(
        **vars(company), team=team, paul=org.person("Paul", department=team), company=company
    )


def standing(person, now=NOW):
    return policies.standing(person, now=now)


WORDS = "Printer without paper"


def ways(person, article, now=NOW):
    """Return by which ways a person reaches an article: every list, count, search and suggestion there is."""
    who = standing(person)
    found = queries.search_articles(person, str(article.title), now=now)
    raw = search.search_for(person, article.title.texts["en"], now=now, kinds=["desk.article"])
    return {
        "queryset": article in queries.articles_visible_to(who),
        "policy": bool(policies.may_read_article(who, article)),
        "search": article in found.articles,
        "search count": found.count > 0,
        "index": raw.count > 0,
        "suggestion": article in queries.articles_like(who, article.title.texts["en"]),
        "recent": article in articles.recent(who),
        "by department": article in articles.by_department(who).get(article.department_id, ()),
        "file": attachment_readable(person, article),
    }


def attachment_readable(person, article):
    owner = Attachment(owner_type="desk.article", owner_id=article.pk)
    return bool(attachments.may_read(person, owner))


EVERY = dict.fromkeys(
    [
        "queryset",
        "policy",
        "search",
        "search count",
        "index",
        "suggestion",
        "recent",
        "by department",
        "file",
    ],
    True,
)
NONE = dict.fromkeys(EVERY, False)


# who reads


def test_an_article_for_everybody_is_reached_by_every_way(it):
    article = make.article(it.it)

    assert ways(it.anna, article) == EVERY


def test_an_article_for_a_department_reaches_those_below_it_and_nobody_else_by_any_way(it):
    article = make.article(it.it, audience=(it.hr,))

    assert ways(it.paul, article) == ways(it.anna, article) == EVERY
    assert ways(it.fang, article) == NONE
    assert ways(it.ivan, article) == EVERY  # it is theirs


def test_an_internal_article_is_only_for_those_who_write_it(it):
    article = make.article(it.it, internal=True)

    assert ways(it.ivan, article) == EVERY
    assert ways(it.anna, article) == NONE


@pytest.mark.parametrize("state", [ArticleState.DRAFT, ArticleState.RETIRED])
def test_what_is_not_published_shows_to_its_writers_on_its_page_only(it, state):
    article = make.article(it.it, state=state)

    assert ways(it.anna, article) == NONE
    assert {way for way, open_ in ways(it.ivan, article).items() if open_} == {
        "queryset",
        "policy",
        "file",
    }


def test_an_article_about_a_confidential_service_obeys_the_services_audience(it):
    secret = desk.service(it.it, calendar=it.calendar, confidential=True)
    secret.audience = {"departments": [str(it.finance.public_id)]}
    secret.save()
    article = make.article(it.it, services=(secret,))

    assert ways(it.fang, article) == EVERY
    assert ways(it.anna, article) == NONE


def test_two_limits_must_both_be_met(it):
    secret = desk.service(it.it, calendar=it.calendar, confidential=True)
    secret.audience = {"departments": [str(it.hr.public_id)]}
    secret.save()
    article = make.article(it.it, services=(secret,), audience=(it.team, it.finance))

    assert ways(it.paul, article) == EVERY
    assert ways(it.anna, article) == NONE
    assert ways(it.fang, article) == NONE


def test_narrowing_keeps_the_lower_of_two_departments(it):
    chart = org_queries.chart(on=NOW.date())
    hr, team, finance = (str(each.public_id) for each in (it.hr, it.team, it.finance))

    assert narrowed([frozenset({hr}), frozenset({team, finance})], chart) == {team}


def test_another_audience_takes_the_article_out_of_searches_at_once(it):
    article = make.article(it.it)
    actions.change_article(
        article=article,
        content=make.content(audience=(it.finance,)),
        version=None,
        by=it.ivan,
        now=NOW,
    )
    make.indexed(article)
    article.refresh_from_db()

    assert ways(it.anna, article) == NONE
    assert ways(it.fang, article) == EVERY


def test_a_service_that_becomes_confidential_takes_its_articles_along(it):
    article = make.article(it.it, services=(it.service,))
    Service.objects.filter(pk=it.service.pk).update(
        confidential=True, audience={"departments": [str(it.finance.public_id)]}
    )
    keep_articles_about_it_findable(ServiceChanged(service_id=it.service.pk), now=NOW)

    assert ways(it.anna, article) == NONE
    assert ways(it.fang, article) == EVERY


def test_an_index_built_anew_says_the_same(it):
    other = LocalizedText.of(zh="投影仪黑屏", en="Projector stays dark")
    shared = make.article(it.it)
    limited = make.article(it.it, audience=(it.finance,), title=other)
    search.empty()
    search.build_anew()

    assert ways(it.anna, shared) == EVERY
    assert ways(it.anna, limited) == NONE


def test_somebody_who_changes_departments_reads_what_the_new_one_may(it):
    article = make.article(it.it, audience=(it.finance,))
    it.anna.placements.all().delete()
    org.placement(it.anna, it.finance)

    assert ways(it.anna, article) == EVERY


@pytest.mark.parametrize(
    "text",
    ["缺纸", "打印", "print", "PRINTER pap", "纸盒"],
    ids=["pair", "pair of title", "prefix", "two prefixes", "body"],
)
def test_chinese_pairs_and_english_prefixes_are_found(it, text):
    article = make.article(it.it)

    assert queries.search_articles(it.anna, text, now=NOW).articles == [article]


def test_counts_never_tell_of_what_one_may_not_read(it):
    make.article(it.it)
    for _each in range(3):
        make.article(it.it, audience=(it.finance,))

    assert queries.search_articles(it.anna, "printer", now=NOW).count_text == "1"
    assert queries.search_articles(it.fang, "printer", now=NOW).count_text == "4"


# who writes


def test_members_leads_and_service_owners_of_the_department_write_and_nobody_else(it):
    owner = org.person("Olga", department=it.finance)
    it.service.owner = owner
    it.service.save()
    granted = org.person("Gero", department=it.hr)
    org.grant(granted, Role.SERVICE_OWNER, department=it.it)
    for person in (it.ivan, it.it_head, owner, granted):
        assert policies.may_write_for(standing(person), it.it.pk)
    for person in (it.anna, it.fang, org.administrator(department=it.hr)):
        assert not policies.may_write_for(standing(person), it.it.pk)


def test_who_may_not_write_is_refused_by_every_action(it):
    article = make.article(it.it)
    tries = [
        lambda: actions.create_article(
            department=it.it, content=make.content(), by=it.anna, now=NOW
        ),
        lambda: actions.change_article(
            article=article, content=make.content(), version=1, by=it.anna, now=NOW
        ),
        lambda: actions.restore_version(article=article, number=1, version=1, by=it.anna, now=NOW),
        lambda: actions.set_article_state(
            article=article, state=ArticleState.RETIRED, by=it.anna, now=NOW
        ),
        lambda: actions.reviewed(article=article, next_on=None, by=it.anna, now=NOW),
    ]
    for attempt in tries:
        with pytest.raises(PermissionDenied):
            attempt()


def test_a_service_one_is_not_offered_cannot_be_linked(it):
    hidden = desk.service(it.finance, calendar=it.calendar)
    hidden.audience = {"departments": [str(it.hr.public_id)]}
    hidden.save()

    with pytest.raises(actions.ArticleRefusedError) as refused:
        actions.create_article(
            department=it.it, content=make.content(services=(hidden,)), by=it.ivan, now=NOW
        )

    assert refused.value.field == "services"


# keys and versions


def test_an_article_gets_a_key_from_its_english_title_and_a_number_when_it_is_taken(it):
    title = LocalizedText.of(zh="打印", en="How to print?")
    keys = [make.article(it.it, title=title).key for _each in range(2)]

    assert keys == ["how-to-print", "how-to-print-2"]


@pytest.mark.parametrize("key", ["new", "Has Blank", "-dash", "x" * 65])
def test_a_key_that_is_no_address_is_refused(it, key):
    with pytest.raises(actions.ArticleRefusedError) as refused:
        make.article(it.it, key=key)

    assert refused.value.field == "key"


def test_a_taken_key_is_refused_and_nothing_is_kept(it):
    make.article(it.it, key="printer")
    with pytest.raises(actions.ArticleRefusedError), transaction.atomic():
        make.article(it.it, key="printer")

    assert Article.objects.count() == 1


def test_a_changed_text_is_a_new_version_and_other_changes_are_not(it):
    first = make.content()
    article = actions.create_article(department=it.it, content=first, by=it.ivan, now=NOW)
    actions.change_article(
        article=article,
        content=make.content(title=first.title, body=first.body, internal=True),
        version=1,
        by=it.ivan,
        now=NOW,
    )
    changed = actions.change_article(
        article=article, content=make.content(note="Clearer"), version=1, by=it.ines, now=NOW
    )

    rows = changed.versions.order_by("version").values_list("version", "by", "note")
    assert list(rows) == [(1, it.ivan.pk, ""), (2, it.ines.pk, "Clearer")]


def test_a_stale_save_is_refused_and_changes_nothing(it):
    article = make.article(it.it)
    actions.change_article(article=article, content=make.content(), version=1, by=it.ivan, now=NOW)
    with pytest.raises(actions.ArticleChangedError) as refused:
        actions.change_article(
            article=article, content=make.content(), version=1, by=it.ines, now=NOW
        )

    assert refused.value.article.version == 2
    assert article.versions.count() == 2


def test_a_former_version_comes_back_as_a_new_one(it):
    article = make.article(it.it)
    first = article.title
    actions.change_article(article=article, content=make.content(), version=1, by=it.ivan, now=NOW)
    restored = actions.restore_version(article=article, number=1, version=2, by=it.ivan, now=NOW)

    assert (restored.version, restored.title) == (3, first)
    assert restored.versions.get(version=3).restored == 1


def test_versions_cannot_be_changed_or_deleted(it):
    article = make.article(it.it)
    for attempt in (
        lambda: ArticleVersion.objects.filter(article=article).update(note="other"),
        lambda: ArticleVersion.objects.filter(article=article).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt()


def test_nothing_empty_is_published(it):
    article = make.article(it.it, state=ArticleState.DRAFT, body=LocalizedText())
    with pytest.raises(actions.ArticleRefusedError):
        actions.set_article_state(
            article=article, state=ArticleState.PUBLISHED, by=it.ivan, now=NOW
        )


def test_every_change_is_on_record(it):
    article = make.article(it.it, by=it.ivan)
    actions.change_article(
        article=article, content=make.content(audience=(it.hr,)), version=1, by=it.ivan, now=NOW
    )
    actions.set_article_state(article=article, state=ArticleState.RETIRED, by=it.ivan, now=NOW)

    actions_ = AuditEntry.objects.filter(subject_type="desk.article").order_by("pk")
    assert list(actions_.values_list("action", flat=True)) == [
        "desk.article_created",
        "desk.article_published",
        "desk.article_changed",
        "desk.article_retired",
    ]


def test_a_file_waits_until_the_article_is_kept(it, client_for):
    kept = attachments.attach(
        owner=None, upload=SimpleUploadedFile("note.txt", b"hello"), by=it.ivan, now=NOW
    )
    article = actions.create_article(
        department=it.it, content=make.content(), by=it.ivan, now=NOW, files=[kept.public_id]
    )
    address = reverse("attachments:download", args=[kept.public_id])

    assert client_for(it.anna).get(address).status_code == 404
    actions.set_article_state(article=article, state=ArticleState.PUBLISHED, by=it.ivan, now=NOW)
    answer = client_for(it.anna).get(address)
    assert answer.status_code == 200
    answer.close()


# votes and use


def test_one_vote_per_person_and_version(it):
    article = make.article(it.it, by=it.ivan)
    for person, helpful in ((it.anna, False), (it.anna, True), (it.fang, False)):
        actions.vote(article=article, helpful=helpful, reason="", version=1, by=person, now=NOW)
    article.refresh_from_db()

    assert (article.helpful, article.unhelpful) == (1, 1)
    assert ArticleVote.objects.count() == 2


def test_nobody_votes_on_what_they_wrote_or_may_not_read_or_on_an_old_version(it):
    article = make.article(it.it, by=it.ivan, audience=(it.hr,))
    for person in (it.ivan, it.fang):
        with pytest.raises(PermissionDenied):
            actions.vote(article=article, helpful=True, reason="", version=1, by=person, now=NOW)
    with pytest.raises(actions.ArticleChangedError):
        actions.vote(article=article, helpful=True, reason="", version=7, by=it.anna, now=NOW)


def test_reasons_leave_with_the_person_who_is_erased_and_the_vote_stays(it):
    article = make.article(it.it)
    actions.vote(
        article=article, helpful=True, reason="Thanks, Anna", version=1, by=it.anna, now=NOW
    )
    forget_reasons_of_votes(PersonErased(person_id=it.anna.pk), now=NOW)
    article.refresh_from_db()

    assert (ArticleVote.objects.get().reason, article.helpful) == ("", 1)


def test_views_are_counted_by_day_without_persons(it):
    article = make.article(it.it)
    for hours in (0, 1, 24):
        actions.count_view(article=article, now=NOW + timedelta(hours=hours))

    rows = ArticleDay.objects.order_by("day").values_list("views", flat=True)
    assert list(rows) == [2, 1]
    assert "person" not in {field.name for field in ArticleDay._meta.get_fields()}


def test_an_article_that_solved_it_counts_and_the_draft_is_gone(it):
    article = make.article(it.it)
    actions.save_draft(service=it.service, by=it.anna, title="Printer", answers={}, now=NOW)
    actions.solved_by_article(article=article, service=it.service, by=it.anna, now=NOW)

    assert queries.draft_of(standing(it.anna), it.service) is None
    assert articles.usage_of([article.pk], today=NOW.date())[article.pk].solved == 1


# vain searches


def in_vain(text, people, *, now=NOW, found=False):
    for person in people:
        actions.record_search(text=text, found=found, by=person, now=now)


def test_a_text_is_seen_only_when_three_people_missed_it(it):
    in_vain("Projector ", [it.anna, it.fang, it.anna, it.anna])
    assert not SearchMiss.objects.exists()

    in_vain("  projector", [it.fei])
    assert SearchMiss.objects.values("text", "without_result", "without_click").get() == {
        "text": "projector",
        "without_result": 3,
        "without_click": 0,
    }


def test_until_then_neither_the_text_nor_the_person_is_stored(it):
    in_vain("salary of Ivan", [it.anna, it.fang])

    stored = " ".join(str(value) for row in SearchTrace.objects.values() for value in row.values())
    assert "salary" not in stored
    assert not {"person", "person_id", "text"} & {f.name for f in SearchTrace._meta.get_fields()}


def test_the_secret_of_a_week_is_thrown_away_with_its_traces_when_the_week_is_over(it):
    in_vain("projector", [it.anna, it.fang])
    jobs.forget_searches(now=NOW + timedelta(days=7))
    in_vain("projector", [it.fei], now=NOW + timedelta(days=7))

    assert SearchSalt.objects.count() == 1
    assert not SearchMiss.objects.exists()


def test_results_nobody_opened_count_after_a_while_and_opened_ones_never(it):
    in_vain("printer", [it.anna, it.fang, it.fei], found=True)
    actions.record_opening(text="Printer", by=it.fei, now=NOW)
    later = NOW + timedelta(minutes=11)
    in_vain("printer", [it.ines], found=True, now=later)
    assert not SearchMiss.objects.exists()

    in_vain("printer", [it.ivan], found=True, now=later + timedelta(minutes=11))
    assert SearchMiss.objects.get().without_click == 3


def test_a_person_counts_once_a_week_for_a_text(it):
    in_vain("projector", [it.anna, it.fang, it.fei] * 3)

    assert SearchMiss.objects.get().without_result == 3


@pytest.mark.parametrize("text", ["", " a ", "x" * 81, "\x00"])
def test_texts_that_say_nothing_or_too_much_leave_no_trace(it, text):
    in_vain(text, [it.anna])

    assert not SearchTrace.objects.exists()


def test_misses_of_a_year_ago_are_forgotten(it):
    in_vain("projector", [it.anna, it.fang, it.fei])
    actions.forget_searches(now=NOW + timedelta(days=367))

    assert not SearchMiss.objects.exists()


# reviews


def test_a_due_review_is_told_once_to_who_looks_after_it_and_stands_on_my_day(it):
    article = make.article(it.it, owner=it.ivan, review_on=date(2026, 3, 1))
    for _night in range(2):
        jobs.remind_of_reviews(now=NOW)
    source = MY_DAY.get("desk.article_reviews")

    assert list(Notice.objects.values_list("person", "url")) == [(it.ivan.pk, article.path)]
    assert [item.url for item in source.items(it.ivan, NOW)] == [article.path]
    assert list(source.items(it.ines, NOW)) == []


def test_the_lead_is_told_where_nobody_looks_after_it_any_more(it):
    make.article(it.it, owner=it.anna, review_on=date(2026, 3, 1))
    jobs.remind_of_reviews(now=NOW)

    assert list(Notice.objects.values_list("person", flat=True)) == [it.it_head.pk]


def test_looked_at_means_the_next_day_to_come(it):
    article = make.article(it.it, owner=it.ivan, review_on=date(2026, 3, 1))
    with pytest.raises(actions.ArticleRefusedError):
        actions.reviewed(article=article, next_on=date(2026, 3, 2), by=it.ivan, now=NOW)
    actions.reviewed(article=article, next_on=date(2026, 9, 1), by=it.ivan, now=NOW)

    assert not articles.to_review(standing(it.ivan)).exists()


# drafted from a request


def solved(it, **more):
    leg = it.company.accepted(title="Anna cannot print", **more)
    ticket = leg.ticket
    actions.post_message(
        ticket=ticket, by=it.anna, body="Printer 6B says no paper. Call 138 0013 8000", now=NOW
    )
    actions.post_message(
        ticket=ticket,
        by=it.ivan,
        body="INTERNAL: the tray is broken",
        now=NOW,
        visibility=Visibility.INTERNAL,
    )
    actions.post_message(ticket=ticket, by=it.ivan, body="Anna, use tray 2. Regards, Ivan", now=NOW)
    ticket.refresh_from_db()
    return actions.resolve(
        ticket=ticket, by=it.ivan, note="Use tray two; Fang knows", version=ticket.version, now=NOW
    )


def test_a_draft_from_a_request_holds_question_and_public_answer_without_people(it):
    ticket = solved(it)
    found = material_of(standing(it.ivan), ticket, stand_in="[x]")

    assert found.title == "[x] cannot print"
    assert found.question == "Printer 6B says no paper. Call [x]"
    assert found.answer == "[x], use tray 2. Regards, [x]\n\nUse tray two; Fang knows"
    assert found.removed == ("name", "number")
    assert found.flagged == ("Fang",)


def test_no_draft_from_confidential_open_or_foreign_requests(it):
    ticket = solved(it)
    who = standing(it.ivan)
    ticket.confidential = True
    assert not policies.may_draft_from(who, ticket)
    ticket.confidential = False
    assert policies.may_draft_from(who, ticket)
    assert not policies.may_draft_from(standing(it.anna), ticket)
    assert not policies.may_draft_from(who, it.company.submit(title="open"))


# numbers of queries


@pytest.mark.parametrize("length", [1, 3])
def test_suggestions_cost_the_same_at_any_length(it, django_assert_max_num_queries, length):
    for _each in range(length):
        make.article(it.it)
    who = standing(it.anna)
    assert who.writes_for is not None
    assert who.closed_services is not None
    assert who.surroundings

    with django_assert_max_num_queries(2):
        assert len(queries.articles_like(who, WORDS)) == length
