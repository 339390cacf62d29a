"""The directory and people's pages."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from neike.org.choices import Role
from neike.org.models import Absence, DepartmentLead, Person, Substitution
from neike.org.queries import directory
from tests import make

pytestmark = pytest.mark.django_db
URL = "/people/"


def names(response) -> list[str]:
    return [person.name for person, _posts in response.context["people"]]


@pytest.mark.parametrize(
    "typed",
    ["陈思远", "思远", "chensiyuan", "Chen Siyuan", "siyuan", "csy", "CSY", "e-301", "chen.sy@"],
)
def test_a_colleague_is_found_however_one_knows_them(client_for, typed):
    me = make.person("Ann Other")
    make.person("陈思远", employee_no="E-301", email="chen.sy@example.com")
    make.person("王芳", employee_no="X-1", email="wf@example.com")

    assert names(client_for(me).get(URL, {"q": typed})) == ["陈思远"]


@pytest.mark.parametrize("typed", ["%", "_", "'; drop table", "z\x00", "陈%", "a" * 5000, "zzz"])
def test_nonsense_finds_nobody_and_breaks_nothing(client_for, typed):
    me = make.person("陈思远")

    response = client_for(me).get(URL, {"q": typed})

    assert response.status_code == 200
    assert names(response) == []


def test_people_are_narrowed_to_a_department_and_what_is_below_it(client_for):
    company = make.department()
    it = make.department(parent=company)
    team = make.department(parent=it)
    me = make.person("安", department=company)
    make.person("白", department=it)
    make.person("蔡", department=team)

    assert names(client_for(me).get(URL, {"department": it.code})) == ["白", "蔡"]
    assert names(client_for(me).get(URL, {"department": "no such"})) == ["安", "白", "蔡"]


def test_who_left_and_who_is_no_human_is_not_listed(client_for):
    me = make.person("安")
    make.person("白", left_on="2020-01-01")
    make.person("Robot", kind="service")

    assert names(client_for(me).get(URL)) == ["安"]


def test_pages_follow_one_another_in_order_both_ways(client_for, monkeypatch):
    monkeypatch.setattr(directory, "PAGE", 2)
    me = make.person("安")
    for name in ("白", "蔡", "蔡", "邓"):
        make.person(name)
    client = client_for(me)

    first = client.get(URL)
    second = client.get(first.context["next"])
    third = client.get(second.context["next"])
    back = client.get(third.context["previous"])

    assert [names(page) for page in (first, second, third)] == [["安", "白"], ["蔡", "蔡"], ["邓"]]
    assert (first.context["previous"], third.context["next"]) == ("", "")
    assert names(back) == ["蔡", "蔡"]


@pytest.mark.parametrize(
    "key", ["x", "~", "1~", "99999999999999999999~a", "-1~a", "\uff11~a", "1~\x00"]
)
def test_a_broken_page_key_breaks_nothing(client_for, key):
    assert client_for(make.person()).get(URL, {"after": key}).status_code == 200


def test_the_directory_costs_the_same_at_any_length(client_for, django_assert_max_num_queries):
    client = client_for(make.person("安", department=make.department()))
    client.get(URL)
    with django_assert_max_num_queries(25) as short:
        client.get(URL)
    once = len(short)
    for _ in range(2):
        make.person(department=make.department())
    client.get(URL)  # reads the changed organisation

    with django_assert_max_num_queries(once):
        assert len(names(client.get(URL))) == 3


def test_a_persons_page_says_where_they_are_and_who_stands_in(client_for):
    now = timezone.now()
    company = make.department("公司")
    it = make.department("信息部", parent=company)
    boss = make.person("总监", department=company)
    DepartmentLead.objects.create(department=company, person=boss, valid_from="2020-01-01")
    shown = make.person("陈思远", department=it, phone="8001")
    other = make.person("王芳")
    Absence.objects.create(
        person=shown,
        starts_at=now - timedelta(days=1),
        ends_at=now + timedelta(days=1),
        message="在昆明出差",
    )
    Substitution.objects.create(
        person=shown,
        substitute=other,
        starts_at=now - timedelta(days=1),
        ends_at=now + timedelta(days=1),
    )

    page = client_for(other).get(reverse("org:person", args=[shown.public_id])).content.decode()

    for text in ("陈思远", "chen siyuan", "信息部", "8001", "在昆明出差", "王芳", "总监"):
        assert text in page


def test_who_holds_which_role_is_not_everybodys_business(client_for):
    shown = make.person()
    make.grant(shown, Role.AUDITOR)
    url = reverse("org:person", args=[shown.public_id])

    seen = [
        len(client_for(viewer).get(url).context["roles"])
        for viewer in (make.person(), shown, make.administrator())
    ]

    assert seen == [0, 1, 1]


def test_over_absences_and_substitutions_are_not_shown(client_for):
    now = timezone.now()
    shown, other = make.person(), make.person("王芳")
    Absence.objects.create(
        person=shown, starts_at=now - timedelta(days=2), ends_at=now, message="long over"
    )
    Substitution.objects.create(
        person=shown, substitute=other, starts_at=now - timedelta(days=2), ends_at=now
    )

    page = client_for(make.person()).get(reverse("org:person", args=[shown.public_id]))

    assert "long over" not in page.content.decode()
    assert "王芳" not in page.content.decode()


def test_erased_people_and_service_accounts_are_as_absent_ones(client_for):
    client = client_for(make.person())
    erased = make.person(erased_at=timezone.now())
    robot = make.person(kind="service")

    answers = [
        client.get(reverse("org:person", args=[public_id]))
        for public_id in (erased.public_id, robot.public_id, "018f0000-0000-7000-8000-000000000000")
    ]

    assert {answer.status_code for answer in answers} == {404}


@pytest.mark.parametrize(
    "name", ["add_person", "change_person", "switch_sign_in", "send_password_link"]
)
def test_only_administrators_keep_accounts(client_for, name):
    shown = make.person()
    args = [] if name == "add_person" else [shown.public_id]
    visitors = [make.person()] + [make.person() for _ in range(2)]
    make.grant(visitors[1], Role.AUDITOR)
    make.grant(visitors[2], Role.HR)

    for visitor in visitors:
        assert client_for(visitor).get(reverse(f"org:{name}", args=args)).status_code in (403, 405)
        assert client_for(visitor).post(reverse(f"org:{name}", args=args)).status_code == 403


def test_an_administrator_adds_changes_and_switches_off(client_for):
    client = client_for(make.administrator())
    client.post(
        "/people/new/",
        {"name": "陈思远", "employee_no": "E-9", "email": "C@example.com", "phone": ""},
    )
    made = Person.objects.get(employee_no="E-9")
    assert (made.name_latin, made.email, made.has_usable_password()) == (
        "chen siyuan",
        "c@example.com",
        False,
    )

    client.post(
        reverse("org:change_person", args=[made.public_id]),
        {"name": "陈思源", "employee_no": "E-9", "email": "", "phone": "1", "left_on": ""},
    )
    client.post(reverse("org:switch_sign_in", args=[made.public_id]), {"reason": "long leave"})
    made.refresh_from_db()

    assert (made.name, made.email, made.can_sign_in) == ("陈思源", None, False)


def test_a_taken_number_is_refused_and_nothing_typed_is_lost(client_for):
    make.person(employee_no="E-1x")

    response = client_for(make.administrator()).post(
        "/people/new/", {"name": "陈思远", "employee_no": "e-1X", "email": "", "phone": ""}
    )

    assert response.status_code == 422
    assert "陈思远" in response.content.decode()
    assert not Person.objects.filter(name="陈思远").exists()
