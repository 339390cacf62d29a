"""The pages about needs: who sees what, the guess before the expectation, the two gaps, the history."""

from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from neike.relations import actions
from neike.relations.models import NeedGuess, NeedReview
from tests.make import org, relations

pytestmark = pytest.mark.django_db

SECRET = "42.5"
SECRET_AMOUNT = Decimal(SECRET)
WORDS = "We close the books on the third day"
STATED = {
    "statement": WORDS,
    "dimension": "timeliness",
    "importance": "5",
    "expected": "4",
    "measure": "days until the figures are final",
    "amount": SECRET,
    "unit": "hours",
    "review_on": "",
}


@pytest.fixture
def client_for(client_for, settings):
    """A signed-in client that reads English."""

    def sign_in(person):
        client = client_for(person)
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        return client

    return sign_in


@pytest.fixture
def ends():
    return relations.two_ends()


@pytest.fixture
def relation(ends):
    return relations.confirmed(ends)


def content(**fields):
    return actions.NeedContent(**{"statement": WORDS, "importance": 5, "expected": 4, **fields})


@pytest.fixture
def need(ends, relation):
    return actions.state_need(
        relation=relation,
        by=ends.customer_member,
        dimension="timeliness",
        content=content(measure="days to close", amount=SECRET_AMOUNT, unit="hours"),
        now=timezone.now(),
    )


def page(name, thing):
    return reverse(f"relations:{name}", args=[thing.public_id])


def test_the_served_state_a_need_in_their_words(client_for, ends, relation):
    response = client_for(ends.customer_member).post(page("need_new", relation), STATED)

    assert response.status_code == 302
    need = relation.needs.get()
    said = need.versions.get()
    assert (said.statement, said.importance, said.expected, said.unit) == (WORDS, 5, 4, "hours")
    assert WORDS in client_for(ends.customer_lead).get(page("needs", relation)).content.decode()


def test_a_need_without_its_words_comes_back_with_everything_typed(client_for, ends, relation):
    response = client_for(ends.customer_member).post(
        page("need_new", relation), STATED | {"statement": " ", "unit": ""}
    )

    assert response.status_code == 422
    assert "days until the figures are final" in response.content.decode()
    assert not relation.needs.exists()


def test_half_a_measure_is_refused_beside_what_is_missing(client_for, ends, relation):
    response = client_for(ends.customer_member).post(
        page("need_new", relation), STATED | {"unit": ""}
    )

    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["unit"]


def test_the_serving_do_not_state_needs(client_for, ends, relation):
    client = client_for(ends.provider_member)

    assert client.get(page("need_new", relation)).status_code == 403
    assert client.post(page("need_new", relation), STATED).status_code == 403


PAGES = ["need", "need_change", "need_guess", "need_review", "need_feeling"]


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("make", [org.person, org.administrator])
def test_needs_are_absent_for_who_is_of_neither_end(client_for, relation, need, name, make):
    client = client_for(make())

    assert client.get(page(name, need)).status_code == 404
    assert client.get(page("needs", relation)).status_code == 404
    assert client.post(page("need_retire", need), {"version": 1}).status_code == 404
    assert client.post(page("need_show", need), {"version": 1}).status_code == 404


@pytest.mark.parametrize("name", ["need", "needs", "need_guess"])
def test_nothing_tells_the_expectation_before_the_guess(client_for, ends, relation, need, name):
    review(need, ends.customer_lead, 2)
    thing = relation if name == "needs" else need

    html = client_for(ends.provider_member).get(page(name, thing)).content.decode()

    assert WORDS in html
    for telling in (SECRET, "days to close", "4 · very good", "5 · entirely", "−2", "expected 4,"):
        assert telling not in html


def test_who_was_told_the_earlier_version_guesses_the_new_one_anew(client_for, ends, need):
    client = client_for(ends.provider_member)
    client.post(page("need_guess", need), {"expected": 2, "importance": 3, "version": 1})
    assert "4 · very good" in client.get(page("need", need)).content.decode()

    actions.revise_need(
        need=need,
        by=ends.customer_member,
        content=content(expected=5),
        version=1,
        now=timezone.now(),
    )

    html = client.get(page("need", need)).content.decode()
    assert "5 · excellent" not in html
    assert "4 · very good" not in html


def test_after_the_guess_both_gaps_stand_side_by_side(client_for, ends, relation, need):
    review(need, ends.customer_lead, 2)
    client = client_for(ends.provider_member)

    response = client.post(
        page("need_guess", need), {"expected": 3, "importance": 3, "version": 1}, follow=True
    )

    row = response.context["row"]
    assert (row["service"], row["understanding"]) == ("−2.0", "−1.0")
    assert "Talk first" in response.content.decode()
    html = client.get(page("needs", relation)).content.decode()
    assert "−2.0" in html
    assert "small sample" in html
    assert "They never enter a score" in html


def test_the_expectation_is_shown_without_a_guess_on_request_and_that_is_remembered(
    client_for, ends, need
):
    client = client_for(ends.provider_member)

    response = client.post(page("need_show", need), {"version": 1}, follow=True)

    assert "4 · very good" in response.content.decode()
    assert NeedGuess.objects.get().skipped
    assert response.context["row"]["understanding"] == "–"


def test_a_guess_is_read_by_nobody_else_but_counts(client_for, ends, need):
    guess(need, ends.provider_member, 1)

    html = client_for(ends.customer_lead).get(page("need", need)).content.decode()

    assert "Your own guess" not in html
    assert ends.provider_member.name not in html
    assert "−3.0" in html


def test_a_stale_guess_is_refused_and_keeps_what_was_chosen(client_for, ends, need):
    actions.revise_need(
        need=need, by=ends.customer_member, content=content(), version=1, now=timezone.now()
    )

    response = client_for(ends.provider_member).post(
        page("need_guess", need), {"expected": 3, "importance": 3, "version": 1}
    )

    assert response.status_code == 409
    assert not NeedGuess.objects.exists()


def test_the_history_says_what_changed(client_for, ends, need):
    client = client_for(ends.customer_member)

    client.post(
        page("need_change", need),
        {**STATED, "statement": "Figures on day two", "expected": "5", "version": "1"},
    )

    newest, first = client.get(page("need", need)).context["versions"]
    with translation.override("en"):
        changed = {str(label): (before, after) for label, before, after in newest["changes"]}
    assert changed["Wording of the need"] == (WORDS, "Figures on day two")
    assert changed["Expected level"] == ("4 · very good", "5 · excellent")
    assert first["changes"] == []


def test_a_change_of_what_somebody_else_changed_is_refused(client_for, ends, need):
    actions.revise_need(
        need=need, by=ends.customer_member, content=content(), version=1, now=timezone.now()
    )

    response = client_for(ends.customer_member).post(
        page("need_change", need), {**STATED, "version": "1"}
    )

    assert response.status_code == 409
    assert need.versions.count() == 2


def test_a_need_put_aside_stays_readable(client_for, ends, relation, need):
    client = client_for(ends.customer_member)

    client.post(page("need_retire", need), {"version": 1})

    response = client.get(page("needs", relation))
    assert response.context["needs"]["rows"] == []
    assert WORDS in response.content.decode()
    assert client.get(page("need", need)).status_code == 200


def test_a_review_asks_again_half_a_year_later(client_for, ends, need):
    client = client_for(ends.customer_lead)

    client.post(page("need_review", need), {"perceived": "2", "comment": "Twice late in May"})

    response = client.get(page("need", need))
    assert NeedReview.objects.get().perceived == 2
    assert "Twice late in May" in response.content.decode()
    assert (response.context["row"]["page"].next_review - timezone.now().date()).days >= 180


def test_who_serves_does_not_review(client_for, ends, need):
    assert client_for(ends.provider_member).get(page("need_review", need)).status_code == 404


@pytest.mark.parametrize("n", [9, 10])
def test_what_a_need_is_to_people_is_told_from_ten_answers_on(client_for, ends, need, n):
    for _each in range(n):
        actions.answer_kano(
            need=need,
            by=org.person(department=ends.customer),
            functional=2,
            dysfunctional=5,
            now=timezone.now(),
        )

    html = client_for(ends.customer_lead).get(page("need", need)).content.decode()

    assert ("taken for granted</p>" in html) == (n == 10)
    assert ("9 of 10 answers" in html) == (n == 9)
    assert ("−100%" in html) == (n == 10)


def test_the_pair_of_questions_is_answered_once_and_may_be_answered_anew(client_for, ends, need):
    client = client_for(ends.customer_member)
    for functional in (1, 2):
        client.post(page("need_feeling", need), {"functional": functional, "dysfunctional": 5})

    answer = need.kano_answers.get()
    assert (answer.functional, answer.dysfunctional) == (2, 5)


@pytest.mark.parametrize("person", ["provider_member", "customer_member"])
def test_needs_cost_the_same_at_any_number(
    client_for, ends, relation, person, django_assert_max_num_queries
):
    client = client_for(getattr(ends, person))
    counts = []
    for length in (1, 3):
        while relation.needs.count() < length:
            each = actions.state_need(
                relation=relation,
                by=ends.customer_member,
                dimension="quality",
                content=content(statement=f"Need {relation.needs.count()}"),
                now=timezone.now(),
            )
            review(each, ends.customer_lead, 3)
            guess(each, ends.provider_lead, 3)
        client.get(page("needs", relation))
        with django_assert_max_num_queries(40) as asked:
            client.get(page("needs", relation))
        counts.append(len(asked))
    assert counts[0] == counts[1]


def review(need, by, perceived):
    return actions.review_need(need=need, by=by, perceived=perceived, now=timezone.now())


def guess(need, by, expected):
    return actions.guess(
        need=need, by=by, expected=expected, importance=3, version=need.version, now=timezone.now()
    )
