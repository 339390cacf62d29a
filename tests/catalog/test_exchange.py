"""Services leave and enter as files; the shipped catalogue is whole, bilingual and loads in bulk."""

import pytest

from neike.catalog import actions, exchange, queries, service_file
from neike.catalog.choices import SERVICE_ICONS, Priority, StandardState
from neike.catalog.models import Service
from neike.catalog.service_file import ServiceFile, ServiceFileError
from neike.kernel.texts import LocalizedText
from neike.kernel.ui.icons import icon_names
from neike.org.models import Department
from tests import make
from tests.make import catalog
from tests.make.org import NOW, calendar

SEED_DEPARTMENTS = ("admin", "finance", "hr", "it", "legal", "procurement")
# department, first response and resolution in working minutes, as the research lists them
PROMISED = {
    "it-account-access": (60, 450),
    "it-password-reset": (15, 60),
    "it-new-laptop": (120, 2250),
    "hr-onboarding": (120, 1350),
    "hr-payroll-question": (120, 900),
    "finance-invoice": (120, 450),
    "finance-contract-payment": (240, 1350),
    "admin-repair": (30, 450),
    "admin-seal": (60, 240),
    "legal-contract-special": (240, 3150),
    "legal-trademark": (450, 4500),
    "procurement-urgent": (60, 900),
    "procurement-supplier-onboarding": (450, 4500),
}


def _texts(one: ServiceFile) -> list[LocalizedText]:
    texts = [one.name, one.summary, one.standard.promise, *one.standard.quality]
    texts += [step.title for step in one.standard.steps]
    for field in one.form:
        texts.append(LocalizedText.from_json(field["label"]))
        texts += [LocalizedText.from_json(field["help"])] if "help" in field else []
        texts += [LocalizedText.from_json(choice["label"]) for choice in field.get("choices", [])]
    return texts


def test_the_shipped_catalogue_covers_six_departments():
    counts = dict.fromkeys(SEED_DEPARTMENTS, 0)
    for one in exchange.seed_files():
        counts[one.department] += 1

    assert counts == {"admin": 9, "finance": 7, "hr": 9, "it": 9, "legal": 7, "procurement": 7}


@pytest.mark.parametrize("one", exchange.seed_files(), ids=lambda one: one.key)
def test_every_shipped_service_is_whole_and_in_both_languages(one):
    assert one.key.startswith(f"{one.department}-")
    assert 2 <= len(one.form) <= 10
    assert 2 <= len(one.standard.quality) <= 3
    assert one.standard.steps
    assert one.keywords
    assert set(one.standard.targets) >= {
        "acceptance",
        "first_response",
        "leg_delivery",
        "end_to_end",
    }
    for text in _texts(one):
        assert set(text.texts) == {"zh-hans", "en"}, text
        assert any("\u4e00" <= letter <= "\u9fff" for letter in text.texts["zh-hans"]) or (
            text.texts["zh-hans"] == text.texts["en"]  # a proper name such as Excel
        ), text
        assert not any("\u4e00" <= letter <= "\u9fff" for letter in text.texts["en"]), text


@pytest.mark.parametrize(("key", "minutes"), PROMISED.items())
def test_shipped_promises_are_those_of_the_research(key, minutes):
    (one,) = [one for one in exchange.seed_files() if one.key == key]
    targets = one.standard.targets

    assert (targets["first_response"][""], targets["end_to_end"][""]) == minutes
    assert targets["end_to_end"]["1"] < targets["end_to_end"]["2"] < targets["end_to_end"][""]
    assert targets["end_to_end"]["4"] > targets["end_to_end"][""]


def test_the_confidential_services_are_the_delicate_ones():
    assert {one.key for one in exchange.seed_files() if one.confidential} == {
        "hr-payroll-question",
        "hr-resignation",
        "legal-advice",
        "legal-dispute",
    }


def test_every_icon_of_a_service_is_in_the_sprite():
    assert set(SERVICE_ICONS) <= icon_names()


@pytest.fixture
def six(db) -> dict[str, Department]:
    return {key: make.department() for key in SEED_DEPARTMENTS}


def test_the_seed_loads_whole_and_a_second_run_makes_nothing(six):
    hours = calendar()

    made = exchange.load_seed(six, calendar=hours, now=NOW)
    again = exchange.load_seed(six, calendar=hours, now=NOW)

    assert (len(made), again) == (48, [])
    assert queries.services_visible_to(make.person(), NOW.date()).count() == 48
    laptop = queries.service_by_key("it-new-laptop")
    assert laptop is not None
    assert laptop.standard is not None
    assert laptop.standard.state == StandardState.PUBLISHED
    assert queries.promise(laptop.standard, Priority.NORMAL)["end_to_end"] == 2250 * 60


def test_loading_the_seed_costs_few_statements(six, django_assert_max_num_queries):
    hours = calendar()
    exchange.seed_files()

    # the record and the event of a service cost five; everything else is in bulk
    with django_assert_max_num_queries(20 + 5 * 48):
        exchange.load_seed(six, calendar=hours, now=NOW)


def test_steps_of_departments_that_are_not_there_are_left_out(db):
    exchange.load_seed({"hr": make.department()}, calendar=calendar(), now=NOW)

    onboarding = queries.service_by_key("hr-onboarding")
    assert onboarding is not None
    assert onboarding.standard is not None
    assert onboarding.standard.steps.count() == 2


@pytest.mark.django_db
def test_a_service_goes_out_and_comes_in_with_the_same_digest():
    department = make.department()
    service = catalog.service(
        department, audience={"departments": [str(department.public_id)]}, keywords=["a", "b"]
    )
    out = exchange.export_service(service)

    back = exchange.import_service(
        service_file.write(out), file="it.yaml", calendar=calendar(), by=None, now=NOW
    )

    back = Service.objects.select_related("department", "form", "standard").get(pk=back.pk)
    assert service_file.digest(exchange.export_service(back)) == service_file.digest(out)
    assert back.standards.count() == 1


@pytest.mark.django_db
def test_a_new_file_makes_a_draft_and_a_changed_promise_a_new_draft_version():
    department = make.department()
    first = service_file.write(exchange.seed_files()[0]).replace(
        "department: admin", f"department: {department.code}"
    )

    made = exchange.import_service(first, file="a", calendar=calendar(), by=None, now=NOW)
    draft = made.standards.get()
    actions.publish_standard(standard=draft, by=None, now=NOW)
    exchange.import_service(
        first.replace("any: 450", "any: 400"), file="a", calendar=calendar(), by=None, now=NOW
    )

    assert [one.state for one in made.standards.order_by("version")] == ["published", "draft"]


@pytest.mark.django_db
def test_a_file_that_names_an_unknown_department_is_refused_and_nothing_is_stored():
    text = service_file.write(exchange.seed_files()[0])

    with pytest.raises(ServiceFileError, match=r"a\.yaml: department: .*admin"):
        exchange.import_service(text, file="a.yaml", calendar=calendar(), by=None, now=NOW)

    assert not Service.objects.exists()


def test_a_loaded_seed_goes_out_as_the_file_it_came_from(six):
    exchange.load_seed(six, calendar=calendar(), now=NOW)
    codes = {department.code: key for key, department in six.items()}

    for one in exchange.seed_files():
        service = Service.objects.select_related("department", "form", "standard").get(key=one.key)
        text = service_file.write(exchange.export_service(service))
        for code, key in codes.items():
            text = text.replace(f"department: {code}\n", f"department: {key}\n")

        assert text == service_file.write(one)
