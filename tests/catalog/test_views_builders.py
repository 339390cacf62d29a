"""A service owner builds the form and the plan of a service from nothing, in the pages."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from neike.catalog import actions, exchange, service_file
from neike.catalog.choices import StandardState
from neike.org.choices import Role
from neike.org.models import RoleGrant
from tests import make
from tests.make import catalog
from tests.make.org import EPOCH, NOW


@pytest.fixture
def owner(db):
    catalog.any_calendar()
    person = make.person("Owner", language="en", department=make.department())
    RoleGrant.objects.create(person=person, role=Role.SERVICE_OWNER, valid_from=EPOCH)
    return person


@pytest.fixture
def service(owner):
    return catalog.draft_service(key="kit")


def post(client, name, service, prefix, rows, do, **more):
    """Send rows as the page does."""
    sent = {f"{prefix}-TOTAL_FORMS": str(len(rows)), f"{prefix}-INITIAL_FORMS": "0", "do": do}
    for number, row in enumerate(rows):
        sent[f"{prefix}-{number}-ORDER"] = str(number + 1)
        sent |= {f"{prefix}-{number}-{key}": value for key, value in row.items()}
    return client.post(reverse(f"catalog:{name}", args=[service.key]), {**sent, **more})


PLACE = {
    "type": "choice",
    "label_zh": "办公方式",
    "label_en": "Place",
    "choices": "office | 公司 | Office\nremote | 远程 | Remote",
    "key": "place",
}
BUDGET = {"type": "money", "label_en": "Budget", "key": "budget", "max": "99.50"}


def test_every_setting_of_a_field_is_stored_and_shown_again(client_for, owner, service):
    client = client_for(owner)
    rows = [
        PLACE,
        BUDGET,
        {
            "type": "text",
            "label_en": "Seat",
            "help_en": "Floor and number",
            "min_length": "2",
            "max_length": "9",
            "default": "A1",
            "required": "on",
            "tests": ["place:office"],
            "over_field": "budget",
            "over": "12.5",
            "tests_join": "any",
        },
        {
            "type": "table",
            "label_en": "Items",
            "columns": "品名 | Item | text*\n数量 | Number | number",
            "max_rows": "4",
        },
    ]

    answer = post(client, "form", service, "fields", rows, "publish")

    service.refresh_from_db()
    assert answer.status_code == 302
    place, budget, seat, items = service.form.fields
    assert place["choices"][0]["key"] == "office"
    assert budget["max"] == 9950
    assert seat["key"] == "q1"
    assert {name: seat[name] for name in ("min_length", "max_length", "default", "required")} == {
        "min_length": 2,
        "max_length": 9,
        "default": "A1",
        "required": True,
    }
    assert seat["show_if"] == {
        "any": [{"field": "place", "is": ["office"]}, {"field": "budget", "over": 1250}]
    }
    assert [each["type"] for each in items["columns"]] == ["text", "number"]
    assert items["columns"][0]["required"] is True
    page = client.get(reverse("catalog:form", args=["kit"]))
    shown = page.context["rows"].forms
    assert shown[1]["max"].value() == "99.50"
    assert shown[2]["tests"].value() == ["place:office"]
    assert shown[2]["over"].value() == "12.50"
    again = post(
        client,
        "form",
        service,
        "fields",
        [{field.name: field.value() for field in row if field.value()} for row in shown],
        "publish",
    )
    assert again.status_code == 302
    assert service.forms.count() == 1  # the same form is no new version


@pytest.mark.parametrize(
    ("key", "said"), [("budget", "this field itself"), ("later", "comes later")]
)
def test_a_condition_on_itself_or_a_later_field_is_refused_by_the_name_of_the_question(
    client_for, owner, service, key, said
):
    rows = [
        {**BUDGET, "over_field": key, "over": "1"},
        {"type": "number", "label_en": "Later", "key": "later"},
    ]

    answer = post(client_for(owner), "form", service, "fields", rows, "publish")

    assert answer.status_code == 422
    assert "“Budget” (budget)" in answer.content.decode()
    assert said in answer.content.decode()


def test_a_field_is_copied_and_one_taken_out_is_put_back(client_for, owner, service):
    client = client_for(owner)

    copied = post(client, "form", service, "fields", [PLACE, BUDGET], "copy-0")
    gone = post(client, "form", service, "fields", [PLACE, BUDGET], "remove-0")
    back = post(client, "form", service, "fields", [{**PLACE, "DELETE": "on"}, BUDGET], "restore-0")

    assert [row["label_en"].value() for _no, row in copied.context["ordered"]] == [
        "Place",
        "Place",
        "Budget",
    ]
    assert "was taken out" in gone.content.decode()
    assert len(gone.context["ordered"]) == 1
    assert len(back.context["ordered"]) == 2


APPROVE = {
    "kind": "approval",
    "title_en": "Approve",
    "key": "approve",
    "automatic": "on",
    "heads": ["own"],
}


def _legs(service):
    other = make.department("IT")
    return {
        "kind": "leg",
        "title_en": "Laptop",
        "key": "it",
        "automatic": "on",
        "department": str(other.public_id),
        "after": ["approve"],
        "time": "4h",
        "mode": "parallel",
    }


def test_a_plan_is_drawn_saved_published_and_shown_to_everybody(client_for, owner, service):
    actions.publish_form(
        service=service,
        fields=[
            {
                "key": "place",
                "type": "choice",
                "label": {"source": "en", "en": "Place"},
                "choices": [{"key": "office", "label": {"source": "en", "en": "Office"}}],
            }
        ],
        by=None,
        now=NOW,
    )
    catalog.published_standard(service)
    actions.publish_service(service=service, by=None, now=NOW)
    client = client_for(owner)
    rows = [
        APPROVE,
        {**_legs(service), "tests": ["place:office"]},
        {
            "kind": "task",
            "title_en": "Welcome",
            "automatic": "on",
            "after": ["it"],
            "checklist": "交接 | Hand over\n介绍 | Introduce",
        },
    ]

    saved = post(client, "plan", service, "plan", rows, "save", steps_join="all")

    assert saved.status_code == 302
    draft = service.standards.get(state=StandardState.DRAFT)
    approve, laptop, welcome = draft.steps.all()
    assert approve.approvers == [{"by": "department_lead"}]
    assert (laptop.after, laptop.show_if) == (["approve"], {"field": "place", "is": ["office"]})
    assert (welcome.key, len(welcome.checklist)) == ("step-1", 2)
    assert actions.content_of(draft).targets == catalog.TARGETS
    client.post(reverse("catalog:standard_state", args=["kit"]), {"do": "publish"})
    page = client.get(reverse("catalog:service", args=["kit"]))
    assert [[step.title for step in column] for column in page.context["plan"].columns] == [
        ["Approve"],
        ["Laptop"],
        ["Welcome"],
    ]
    assert "only if Place is Office" in page.content.decode()


def test_a_new_step_begins_by_itself_unless_one_says_otherwise(client_for, owner, service):
    page = post(client_for(owner), "plan", service, "plan", [APPROVE], "add")

    fresh = page.context["rows"].forms[1]
    assert (fresh["automatic"].value(), fresh["mode"].value(), fresh["quorum"].value()) == (
        True,
        "parallel",
        "all",
    )


def test_a_circle_is_refused_naming_the_steps(client_for, owner, service):
    rows = [{**APPROVE, "after": ["it"]}, _legs(service)]

    answer = post(client_for(owner), "plan", service, "plan", rows, "save")

    assert answer.status_code == 422
    assert "in a circle" in answer.content.decode()
    assert "Laptop" in answer.content.decode()
    assert not service.standards.exists()


def test_saving_the_targets_keeps_the_plan(client_for, owner, service):
    client = client_for(owner)
    post(client, "plan", service, "plan", [APPROVE, _legs(service)], "save", steps_join="any")

    client.post(
        reverse("catalog:standard", args=["kit"]),
        {
            "do": "save",
            "calendar": str(catalog.any_calendar().pk),
            "default_priority": "3",
            "target-end_to_end-any": "2d",
        },
    )

    draft = service.standards.get()
    assert draft.steps_join == "any"
    assert [step.key for step in draft.steps.all()] == ["approve", "it"]
    assert draft.targets.count() == 1


def test_a_form_that_drops_what_the_plan_asks_for_is_refused(client_for, owner, service):
    client = client_for(owner)
    post(client, "form", service, "fields", [PLACE], "publish")
    rows = [APPROVE, {**_legs(service), "tests": ["place:office"]}]
    post(client, "plan", service, "plan", rows, "save", steps_join="all")
    draft = service.standards.get()
    content = actions.content_of(draft)
    actions.draft_standard(
        service=service,
        content=catalog.content(steps=content.steps),
        by=None,
        now=NOW,
    )
    actions.publish_standard(standard=service.standards.get(), by=None, now=NOW)

    answer = post(client, "form", service, "fields", [BUDGET], "publish")

    assert answer.status_code == 422
    assert "“Laptop” does not fit the request form" in answer.content.decode()
    assert service.forms.count() == 1


def test_somebody_without_the_service_finds_no_plan(client_for, owner, service):
    stranger = make.person("Stranger", language="en", department=make.department())

    assert client_for(stranger).get(reverse("catalog:plan", args=["kit"])).status_code in (403, 404)


def test_a_file_is_shown_before_it_changes_anything(client_for, owner, service):
    catalog.published_standard(service)
    service.refresh_from_db()
    text = service_file.write(exchange.export_service(service))
    changed = text.replace("order: 100", "order: 7").replace(
        "standard:",
        "form:\n  - {key: place, type: text, label: {en: Place}}\nstandard:",
    )
    client = client_for(owner)

    shown = client.post(
        reverse("catalog:import"), {"file": SimpleUploadedFile("kit.yaml", changed.encode())}
    )
    service.refresh_from_db()
    stored_meanwhile = (service.order, service.form)
    applied = client.post(
        reverse("catalog:import"),
        {"text": shown.context["text"], "name": "kit.yaml", "do": "apply"},
    )
    again = client.post(
        reverse("catalog:import"), {"file": SimpleUploadedFile("kit.yaml", changed.encode())}
    )

    changes = dict(shown.context["groups"])
    assert [change.name for change in changes["Request form"]] == ["Place"]
    assert [change.details[0].after for change in changes["Texts"]] == ["7"]
    assert stored_meanwhile == (100, None)
    assert applied.status_code == 302
    service.refresh_from_db()
    assert (service.order, service.form.version) == (7, 1)
    assert again.context["changes_nothing"]


def test_a_file_of_a_newer_version_changes_nothing_and_says_so(client_for, owner, service):
    newer = SimpleUploadedFile("kit.yaml", b"format: neike.service/9\ncolour: red")

    answer = client_for(owner).post(reverse("catalog:import"), {"file": newer}, follow=True)

    assert "newer version of Neike" in answer.content.decode()


def test_two_versions_are_compared_in_words(client_for, owner, service):
    client = client_for(owner)
    post(client, "form", service, "fields", [PLACE, BUDGET], "publish")
    changed = {**BUDGET, "max": "200"}
    extra = {"type": "text", "label_en": "Seat", "label_zh": "座位"}
    post(client, "form", service, "fields", [changed, extra], "publish")
    catalog.published_standard(service)
    post(client, "plan", service, "plan", [APPROVE, _legs(service)], "save", steps_join="all")

    page = client.get(reverse("catalog:versions", args=["kit"]))

    changes = {each.name: each.kind for each in page.context["form_changes"]}
    assert changes == {"Budget": "changed", "Seat": "added", "Place": "removed"}
    assert "Owner" in page.content.decode()
    assert "200.00" in page.content.decode()
    steps = [each.name for each in page.context["standard_changes"]]
    assert steps == ["Step “Approve”", "Step “Laptop”"]


def test_an_owner_sees_the_service_as_requesters_will(client_for, owner, service):
    client = client_for(owner)
    empty = client.get(reverse("catalog:preview", args=["kit"]))
    post(client, "form", service, "fields", [PLACE], "publish")
    post(client, "plan", service, "plan", [APPROVE, _legs(service)], "save", steps_join="all")

    page = client.get(reverse("catalog:preview", args=["kit"]))

    assert empty.status_code == 200
    assert "Place" in page.content.decode()
    assert len(page.context["plan"].columns) == 2


def test_whoever_loads_the_preview_of_a_file_anew_chooses_it_again(client_for, owner):
    answer = client_for(owner).get(reverse("catalog:import"))

    assert answer.status_code == 302
    assert answer.url == reverse("catalog:manage")


def test_a_number_of_approvers_that_the_list_does_not_offer_is_kept(client_for, owner, service):
    client = client_for(owner)
    catalog.published_standard(service)
    post(client, "plan", service, "plan", [{**APPROVE, "quorum": "12"}], "save", steps_join="all")

    page = client.get(reverse("catalog:plan", args=["kit"]))

    [(_number, row)] = page.context["ordered"]
    assert ("12", "12") in row.fields["quorum"].choices
