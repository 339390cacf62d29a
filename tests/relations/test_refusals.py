"""What cannot be is refused by page and API alike, in the reader's language, and nothing typed is lost."""

from datetime import timedelta

import pytest
from django.conf import settings as django_settings
from django.urls import reverse
from django.utils import timezone, translation

from neike.org.choices import DepartmentState
from neike.org.models import DepartmentVersion
from neike.relations.choices import RelationKind
from neike.relations.models import ServiceRelation
from tests.make import department, person
from tests.make import relations as make

pytestmark = pytest.mark.django_db
NOW = timezone.now()
TODAY = timezone.localdate()
SAID = {
    "same_end": ("are the same", "服务方和客户相同"),
    "end_not_there": ("is not part of the organisation", "不在组织中"),
    "duplicate_relation": ("exists already", "已经存在"),
    "cycle": ("their own boss", "自己的上级"),
    "day": ("begins today or earlier", "不能晚于今天"),
}


@pytest.fixture
def ends():
    with translation.override("en"):
        yield make.two_ends()


@pytest.fixture(params=["en", "zh-hans"])
def language(request):
    return request.param


@pytest.fixture
def client_in(client_for, language):
    """A client of a person who reads this language."""

    def sign_in(by):
        client = client_for(by)
        client.cookies[django_settings.LANGUAGE_COOKIE_NAME] = language
        return client

    return sign_in


def itself(ends):
    return ends.provider, ends.provider, {}


def closed(ends):
    ending = DepartmentVersion.objects.get(department=ends.customer)
    DepartmentVersion.objects.create(
        department=ends.customer,
        valid_from=TODAY - timedelta(days=1),
        name=ending.name,
        parent=ending.parent,
        state=DepartmentState.CLOSED,
    )
    return ends.provider, ends.customer, {}


def known(ends):
    make.confirmed(ends, now=NOW)
    return ends.provider, ends.customer, {}


def to_come(ends):
    return ends.provider, ends.customer, {"valid_from": (TODAY + timedelta(days=9)).isoformat()}


def boss_of_boss(ends):
    one, two, three = ends.provider_lead, ends.customer_lead, person(department=department())
    make.between_people(two, three, kind=RelationKind.TEAM, now=NOW)
    make.between_people(three, one, kind=RelationKind.TEAM, now=NOW)
    return one, two, {"level": "person", "kind": "team"}


CASES = [
    ("same_end", itself),
    ("end_not_there", closed),
    ("duplicate_relation", known),
    ("cycle", boss_of_boss),
    ("day", to_come),
]


@pytest.mark.parametrize(("code", "case"), CASES)
def test_the_page_says_why_and_keeps_what_was_typed(client_in, language, ends, code, case):
    provider, customer, more = case(ends)
    count = ServiceRelation.objects.count()
    of_people = more.get("level") == "person"

    def typed(end):
        return end.employee_no if of_people else str(end.public_id)

    sent = {
        "level": "department",
        "provider": typed(provider),
        "customer": typed(customer),
        "kind": "support",
        "closeness": "3",
        "valid_from": (TODAY - timedelta(days=3)).isoformat(),
        **more,
    }
    if code == "end_not_there":
        sent["valid_from"] = TODAY.isoformat()

    answer = client_in(ends.provider_lead).post(reverse("relations:new"), sent)

    assert answer.status_code == 422
    page = answer.content.decode()
    form = answer.context["form"]
    if code == "end_not_there":  # a closed department is not offered at all
        assert "customer" in form.errors
    else:
        assert SAID[code][language != "en"] in page
    kept = {name: str(form[name].value()) for name in ("provider", "customer", "closeness")}
    assert kept == {name: sent[name] for name in kept}
    assert f'value="{sent["valid_from"]}"' in page
    assert ServiceRelation.objects.count() == count


@pytest.mark.parametrize(("code", "case"), CASES)
def test_the_api_names_the_rule_and_says_it_in_words(client_in, language, ends, code, case):
    provider, customer, more = case(ends)

    answer = client_in(ends.provider_lead).post(
        "/api/v1/relations",
        {
            "provider": str(provider.public_id),
            "customer": str(customer.public_id),
            "kind": "support",
            **more,
        },
        content_type="application/json",
        headers={"Accept-Language": language},
    )

    assert answer.status_code == 422
    refused = answer.json()
    assert refused["code"] == code
    assert SAID[code][language != "en"] in refused["detail"]


ENDED = ("cannot end before it began", "不能早于开始日期")


def test_an_end_before_the_start_is_refused_and_stays_typed(client_in, language, ends):
    relation = make.confirmed(ends, now=NOW)
    early = (TODAY - timedelta(days=400)).isoformat()
    client = client_in(ends.provider_lead)

    page = client.post(
        reverse("relations:end", args=[relation.public_id]),
        {"version": relation.version, "side": "provider", "on": early, "reason": "Long over"},
    )
    program = client.post(
        f"/api/v1/relations/{relation.public_id}/end",
        {"version": relation.version, "on": early, "reason": "Long over"},
        content_type="application/json",
        headers={"Accept-Language": language},
    )

    assert (page.status_code, program.status_code) == (422, 422)
    shown = page.content.decode()
    assert ENDED[language != "en"] in shown
    assert f'value="{early}"' in shown
    assert 'value="Long over"' in shown
    assert ENDED[language != "en"] in program.json()["detail"]


def test_a_wrong_correction_of_the_start_stays_typed_in_its_own_form_only(client_in, ends):
    relation = make.confirmed(ends, now=NOW)
    late = (TODAY + timedelta(days=5)).isoformat()

    page = client_in(ends.provider_lead).post(
        reverse("relations:correct", args=[relation.public_id]),
        {
            "version": relation.version,
            "side": "provider",
            "valid_from": late,
            "reason": "I looked it up",
        },
    )

    assert page.status_code == 422
    shown = page.content.decode()
    assert f'value="{late}"' in shown
    assert shown.count("I looked it up") == 1


def test_what_is_said_of_wrong_types_names_the_place(client_for, ends):
    answer = client_for(ends.provider_lead).post(
        "/api/v1/relations",
        {"provider": 7, "customer": [], "kind": "friend", "closeness": "near", "more": 1},
        content_type="application/json",
    )
    assert answer.status_code == 422
    assert {each["where"][-1] for each in answer.json()["detail"]} == {
        "provider",
        "customer",
        "kind",
        "closeness",
        "more",
    }
