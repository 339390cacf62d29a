"""The catalogue's pages: what everybody reads, and what owners write."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from neike.catalog import actions, exchange, queries, service_file
from neike.catalog.choices import ServiceState
from neike.catalog.models import Service
from neike.org.choices import Role
from neike.org.models import RoleGrant
from tests import make
from tests.make import catalog
from tests.make.org import EPOCH, NOW, calendar

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner():
    """Somebody who owns all services."""
    person = make.person(language="en")
    RoleGrant.objects.create(person=person, role=Role.SERVICE_OWNER, valid_from=EPOCH)
    return person


@pytest.fixture
def reader():
    return make.person(language="en", department=make.department())


def _queries(client, address) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


@pytest.mark.parametrize("name", ["catalog:browse", "catalog:manage"])
def test_a_list_costs_the_same_at_any_length(client_for, owner, name):
    client = client_for(owner)
    catalog.service()
    client.get(reverse(name))  # what is read once per process
    with_one = _queries(client, reverse(name))
    for _ in range(2):
        catalog.service()
    client.get(reverse(name))  # reads the organisation with the new departments

    assert _queries(client, reverse(name)) == with_one


def test_browsing_shows_every_service_with_its_promise(client_for, reader):
    services = [catalog.service() for _ in range(3)]

    shown = client_for(reader).get(reverse("catalog:browse")).content.decode()

    assert all(str(service.name) in shown for service in services)
    assert "first answer within 1 h, done within 1 working day" in shown


def test_a_search_answers_scripts_with_the_results_alone(client_for, reader):
    catalog.service(name=catalog.text("Laptop", "电脑"))

    page = client_for(reader).get(
        reverse("catalog:browse"), {"q": "laptop"}, headers={"HX-Request": "true"}
    )

    assert "Laptop" in page.content.decode()
    assert "<html" not in page.content.decode()


def test_the_public_page_shows_the_whole_promise(client_for, reader):
    exchange.load_seed(
        {
            "hr": make.department("HR"),
            "it": make.department("IT"),
            "admin": make.department("Admin"),
        },
        calendar=calendar(),
        now=NOW,
    )

    page = client_for(reader).get(reverse("catalog:service", args=["hr-onboarding"]))

    shown = page.content.decode()
    for words in (
        "Onboarding kit",
        "first answer within 2 h, done within 3 working days",
        "Prepare laptop, accounts and permissions",
        "then passes on",
        "The newcomer gives every detail only once",
        "Monday–Friday 09:00–12:00, 13:30–18:00",
        "the clock for the result pauses",
        "The first version.",
    ):
        assert words in shown, words


def test_the_public_page_is_there_in_chinese(client_for):
    exchange.load_seed({"it": make.department("IT")}, calendar=calendar(), now=NOW)
    person = make.person(language="zh-hans")

    shown = (
        client_for(person)
        .get(reverse("catalog:service", args=["it-password-reset"]))
        .content.decode()
    )

    assert "重置密码" in shown
    assert "15 分钟内回应，1 小时内让您重新登录。" in shown


def test_a_service_that_is_not_offered_to_me_is_not_there(client_for, reader):
    hidden = catalog.service(audience={"departments": [str(make.department().public_id)]})
    draft = catalog.draft_service()
    client = client_for(reader)

    for key in (hidden.key, draft.key, "no-such-service"):
        assert client.get(reverse("catalog:service", args=[key])).status_code == 404


def test_an_editor_sees_the_draft_page(client_for, owner):
    draft = catalog.draft_service()

    page = client_for(owner).get(reverse("catalog:service", args=[draft.key]))

    assert "Only its editors see it" in page.content.decode()


def test_people_are_suggested_by_what_is_typed(client_for, reader):
    person = make.person("Han Meimei")

    page = client_for(reader).get(
        reverse("catalog:people"), {"field": "form-who", "form-who": "meimei"}
    )

    assert f"Han Meimei ({person.employee_no})" in page.content.decode()


OWNERS_PAGES = ("catalog:edit", "catalog:form", "catalog:standard")


@pytest.mark.parametrize("name", OWNERS_PAGES)
def test_owners_pages_open_for_owners_and_are_not_there_for_others(client_for, owner, reader, name):
    service = catalog.service()
    stranger = make.person(language="en")
    catalog.service(owner=stranger)

    assert client_for(owner).get(reverse(name, args=[service.key])).status_code == 200
    assert client_for(stranger).get(reverse(name, args=[service.key])).status_code == 404
    assert client_for(reader).get(reverse(name, args=[service.key])).status_code == 403


def _posted(page) -> dict[str, str]:
    """Return what a browser would send for the page's forms."""
    form = page.context["form"]
    values = {field.html_name: field.value() for field in form}
    return {name: value for name, value in values.items() if value not in (None, False, [])}


def test_an_owner_writes_a_service_from_nothing_to_published(client_for, owner):
    department = make.department()
    catalog.any_calendar()
    client = client_for(owner)

    client.post(
        reverse("catalog:new"),
        {
            "department": str(department.public_id),
            "key": "it-laptop",
            "name_zh": "领用电脑",
            "name_en": "New laptop",
            "icon": "device",
            "order": "10",
            "keywords": "电脑，laptop",
        },
    )
    client.post(
        reverse("catalog:form", args=["it-laptop"]),
        {
            "do": "publish",
            "fields-TOTAL_FORMS": "1",
            "fields-INITIAL_FORMS": "0",
            "fields-0-key": "model",
            "fields-0-type": "choice",
            "fields-0-label_zh": "机型",
            "fields-0-label_en": "Model",
            "fields-0-choices": "light | 轻薄 | Light\nstrong | 高性能 | Strong",
            "fields-0-ORDER": "1",
        },
    )
    standard = _posted(client.get(reverse("catalog:standard", args=["it-laptop"])))
    standard |= {
        "do": "save",
        "calendar": str(catalog.any_calendar().pk),
        "default_priority": "3",
        "target-first_response-any": "1h",
        "target-end_to_end-any": "2 天",
        "target-end_to_end-1": "4h 30m",
        "quality": "好用 | Works well",
    }
    client.post(reverse("catalog:standard", args=["it-laptop"]), standard)
    plan = {
        "do": "save",
        "steps_join": "all",
        "plan-TOTAL_FORMS": "1",
        "plan-INITIAL_FORMS": "0",
        "plan-0-kind": "leg",
        "plan-0-title_zh": "安装",
        "plan-0-department": str(department.public_id),
        "plan-0-mode": "relay",
        "plan-0-time": "1d",
        "plan-0-ORDER": "1",
    }
    client.post(reverse("catalog:plan", args=["it-laptop"]), plan)
    client.post(reverse("catalog:standard_state", args=["it-laptop"]), {"do": "publish"})
    client.post(reverse("catalog:state", args=["it-laptop"]), {"do": "publish"})

    service = Service.objects.get(key="it-laptop")
    assert service.state == ServiceState.PUBLISHED
    assert service.keywords == ["电脑", "laptop"]
    assert service.standard is not None
    assert queries.promises(service.standard)["1"] == {"first_response": 3600, "end_to_end": 16200}
    assert queries.promise(service.standard, "3")["end_to_end"] == 2 * 27000
    (step,) = service.standard.steps.all()
    assert step.seconds == 27000


def test_wrong_times_come_back_with_what_was_typed(client_for, owner):
    service = catalog.service()
    client = client_for(owner)
    sent = _posted(client.get(reverse("catalog:standard", args=[service.key])))

    page = client.post(
        reverse("catalog:standard", args=[service.key]),
        {
            **sent,
            "do": "save",
            "target-first_response-any": "soon",
            "target-end_to_end-any": "0h",
        },
    )

    shown = page.content.decode()
    assert page.status_code == 422
    assert "“soon” is no working time" in shown
    assert "must be more than zero" in shown
    assert service.standards.count() == 1


def test_a_stale_save_of_the_texts_is_refused(client_for, owner):
    service = catalog.service()
    client = client_for(owner)
    sent = _posted(client.get(reverse("catalog:edit", args=[service.key])))
    actions.update_service(service=service, by=None, now=NOW, order=7)

    page = client.post(reverse("catalog:edit", args=[service.key]), {**sent, "name_en": "Late"})

    assert page.status_code == 422
    assert "Somebody changed this service" in page.content.decode()


def _rows(client, service, do, **changes):
    page = client.get(reverse("catalog:form", args=[service.key]))
    sent = {"fields-TOTAL_FORMS": "2", "fields-INITIAL_FORMS": "2", "do": do}
    for row in page.context["rows"].forms:
        for field in row:
            value = field.value()
            if value not in (None, False, "", []):
                sent[field.html_name] = "on" if value is True else str(value)
    return client.post(reverse("catalog:form", args=[service.key]), {**sent, **changes})


@pytest.fixture
def two_fields(owner):
    service = catalog.service()
    label = {"source": "en", "en": "Second"}
    fields = [*catalog.FORM, {"key": "second", "type": "text", "label": label, "max_length": 7}]
    actions.publish_form(service=service, fields=fields, by=None, now=NOW)
    return service


def _keys(page):
    return [row["key"].value() for _number, row in page.context["ordered"]]


def test_fields_are_moved_added_and_removed_without_being_stored(client_for, owner, two_fields):
    client = client_for(owner)

    assert _keys(_rows(client, two_fields, "down-0")) == ["second", "details"]
    assert _keys(_rows(client, two_fields, "up-1")) == ["second", "details"]
    assert _keys(_rows(client, two_fields, "up-0")) == ["details", "second"]
    assert _keys(_rows(client, two_fields, "remove-0")) == ["second"]
    assert _keys(_rows(client, two_fields, "add")) == ["details", "second", None]
    assert two_fields.forms.count() == 2


def test_putting_a_form_into_use_keeps_what_the_table_does_not_show(client_for, owner, two_fields):
    _rows(client_for(owner), two_fields, "publish", **{"fields-1-label_en": "Renamed"})

    two_fields.refresh_from_db()
    assert two_fields.form is not None
    assert two_fields.form.version == 3
    assert two_fields.form.fields[1]["max_length"] == 7
    assert two_fields.form.fields[1]["label"]["en"] == "Renamed"


def test_a_form_that_cannot_work_is_refused_naming_the_field(client_for, owner, two_fields):
    page = _rows(client_for(owner), two_fields, "publish", **{"fields-1-type": "choice"})

    assert page.status_code == 422
    assert "“Second” (second): " in page.content.decode()
    assert two_fields.forms.count() == 2


def test_a_service_goes_out_as_a_file_and_a_bad_file_is_refused_by_name(client_for, owner):
    service = catalog.service()
    client = client_for(owner)

    text = client.get(reverse("catalog:export", args=[service.key])).content.decode()
    answer = client.post(
        reverse("catalog:import"),
        {"file": SimpleUploadedFile("bad.yaml", b"key: [")},
        follow=True,
    )

    assert service_file.read(text, file="x").key == service.key
    assert "bad.yaml: " in answer.content.decode()


@pytest.mark.parametrize("name", ["new", "import", "manage"])
def test_the_owners_door_is_closed_to_everybody_else(client_for, reader, name):
    assert client_for(reader).get(reverse(f"catalog:{name}")).status_code in (403, 405)
