"""Notices reach their person only, once per key, in the reader's language."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from neike.kernel.notices import actions, notify, queries
from neike.kernel.notices.models import Notice
from neike.kernel.texts import LocalizedText
from tests.make import org as make
from tests.make.org import NOW

HELLO = LocalizedText.of(zh="你好", en="Hello")


def _tell(person, title=HELLO, **more) -> Notice:
    notify(person=person, kind="test.hello", url="/somewhere/", title=title, now=NOW, **more)
    return Notice.objects.latest("pk")


def test_a_text_of_the_product_is_kept_in_every_language_with_its_values_filled(db):
    notice = _tell(
        make.person(),
        title=_("Open %(what)s"),
        params={"what": LocalizedText.of(zh="请求", en="the request")},
    )

    with translation.override("en"):
        assert str(notice.title) == "Open the request"
    with translation.override("zh-hans"):
        assert str(notice.title).endswith("请求")


def test_the_same_key_leaves_one_notice_for_each_person(db):
    first, second = make.person(), make.person()
    for person in (first, first, second):
        _tell(person, key="k")
    _tell(first)
    _tell(first)

    assert queries.unread_count(first) == 3
    assert queries.unread_count(second) == 1


@pytest.mark.parametrize(
    "url", ["//evil.example", "https://evil.example", "javascript:x", "", "/\\x"]
)
def test_a_notice_leads_nowhere_else(db, url):
    with pytest.raises(actions.OutsideAddressError):
        notify(person=make.person(), kind="k", url=url, title=HELLO, now=NOW)


def test_opening_a_notice_marks_it_read_and_goes_where_it_leads(client_for):
    person = make.person()
    notice = _tell(person)

    response = client_for(person).post(reverse("notices:open", args=[notice.pk]))

    assert (response.status_code, response["Location"]) == (302, "/somewhere/")
    notice.refresh_from_db()
    assert notice.read_at is not None


def test_a_notice_read_again_keeps_its_first_moment(db):
    person = make.person()
    notice = _tell(person)
    for hours in (1, 2):
        actions.mark_read(person=person, notice_id=notice.pk, now=NOW + timedelta(hours=hours))

    notice.refresh_from_db()
    assert notice.read_at == NOW + timedelta(hours=1)


def test_another_persons_notice_is_absent(client_for):
    notice = _tell(make.person())
    stranger = client_for(make.person())

    assert stranger.post(reverse("notices:open", args=[notice.pk])).status_code == 404
    assert stranger.post(reverse("notices:open", args=[notice.pk + 1])).status_code == 404
    assert list(stranger.get(reverse("notices:list")).context["notices"]) == []
    notice.refresh_from_db()
    assert notice.read_at is None


def test_reading_all_leaves_other_peoples_notices_alone(client_for):
    mine, other = make.person(), make.person()
    for person in (mine, mine, other):
        _tell(person)

    client_for(mine).post(reverse("notices:all_read"))

    assert (queries.unread_count(mine), queries.unread_count(other)) == (0, 1)


def test_looking_at_the_list_changes_nothing(client_for):
    person = make.person()
    _tell(person)

    client_for(person).get(reverse("notices:list"))

    assert queries.unread_count(person) == 1


def test_the_unread_filter_and_the_pages_by_key(client_for):
    person = make.person()
    told = [_tell(person) for _number in range(35)]
    actions.mark_read(person=person, notice_id=told[0].pk, now=NOW)
    client = client_for(person)

    first = client.get(reverse("notices:list"), {"show": "unread"})
    second = client.get(reverse("notices:list") + first.context["older"])

    assert list(first.context["notices"]) == told[:4:-1]
    assert list(second.context["notices"]) == told[4:0:-1]
    assert second.context["older"] == ""


@pytest.mark.parametrize("before", ["x", "-1", "\uff19", "9" * 40, "1;DROP"])
def test_a_nonsense_page_key_shows_the_first_page(client_for, before):
    person = make.person()
    notice = _tell(person)

    response = client_for(person).get(reverse("notices:list"), {"before": before})

    assert list(response.context["notices"]) == [notice]


def test_the_list_costs_the_same_at_any_length(client_for, django_assert_max_num_queries):
    person = make.person()
    client = client_for(person)
    client.get(reverse("notices:list"))
    costs = []
    for _step in range(2):
        _tell(person)
        with django_assert_max_num_queries(30) as captured:
            client.get(reverse("notices:list"))
        costs.append(len(captured))
        _tell(person)

    assert costs[0] == costs[1]


def test_hostile_words_in_a_title_stay_words(client_for):
    person = make.person()
    _tell(person, title=LocalizedText.of(en="<script>alert(1)</script>"))

    page = client_for(person).get(reverse("notices:list")).content.decode()

    assert "<script>alert(1)</script>" not in page
