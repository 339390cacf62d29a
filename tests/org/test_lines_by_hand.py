"""To whom somebody reports, set and ended by hand: what is shown before, what is refused, what the profile keeps."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import translation

from neike.kernel.audit.models import AuditEntry
from neike.kernel.outbox.models import OutboxEvent
from neike.kernel.texts import LocalizedText
from neike.org import queries
from neike.org.actions import lines, placements, posts
from neike.org.actions.errors import CycleError, DatesError
from neike.org.models import Placement, ReportingLine
from tests.make import org as make

pytestmark = pytest.mark.django_db
JAN, FEB, MAR, MAY, JULY = (date(2026, month, 1) for month in (1, 2, 3, 5, 7))
BY = {"by": None, "now": make.NOW}


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def today():
    return queries.organisation_day(make.datetime.now(make.UTC))


def report(person, manager, on=FEB):
    return lines.set_line(person=person, manager=manager, on=on, **BY)


def managers(person, *days):
    return [getattr(queries.manager_of(person, on=day), "name", None) for day in days]


def test_a_line_holds_from_its_day_and_the_one_before_until_then():
    chen, li, wang = (make.person(name) for name in ("Chen", "Li", "Wang"))
    report(chen, li)
    report(chen, wang, on=MAY)

    assert managers(chen, JAN, FEB, MAY) == [None, "Li", "Wang"]
    assert report(chen, wang, on=JULY) is None
    assert AuditEntry.objects.filter(action="org.reporting_line_set").count() == 2
    told = OutboxEvent.objects.filter(name="org.reporting_line_changed.v1")
    assert [each.payload for each in told] == [{"person_id": chen.pk}] * 2


def test_after_the_end_of_a_line_the_chart_decides_again():
    department = make.department("A")
    chen, li, head = make.person("Chen", department=department), make.person("Li"), make.person("H")
    posts.set_lead(department=department, person=head, valid_from=JAN, **BY)
    line = report(chen, li)

    lines.end_line(line=line, on=MAY, **BY)

    assert managers(chen, JAN, FEB, MAY) == ["H", "Li", "H"]
    with pytest.raises(DatesError, match="ended already"):
        lines.end_line(line=line, on=MAY, **BY)
    assert AuditEntry.objects.filter(action="org.reporting_line_ended").count() == 1


def test_a_line_to_come_is_taken_back_and_stands_in_the_way_until_then():
    chen, li, wang = (make.person(name) for name in ("Chen", "Li", "Wang"))
    planned = report(chen, li, on=MAY)
    with pytest.raises(DatesError, match="begins on 2026-05-01"):
        report(chen, wang, on=FEB)

    lines.end_line(line=planned, on=FEB, **BY)

    assert not ReportingLine.objects.exists()
    assert report(chen, wang, on=FEB) is not None


def test_a_line_that_is_to_end_never_overlaps_the_next_one():
    chen, li, wang = (make.person(name) for name in ("Chen", "Li", "Wang"))
    lines.end_line(line=report(chen, li), on=JULY, **BY)

    report(chen, wang, on=MAY)

    rows = ReportingLine.objects.order_by("valid_from").values_list("valid_from", "valid_to")
    assert list(rows) == [(FEB, MAY), (MAY, None)]


def test_nobody_reports_to_themselves_over_any_number_of_others():
    chen, li, wang = (make.person(name) for name in ("Chen", "Li", "Wang"))
    report(chen, li)
    report(li, wang)

    for closing in (lambda: report(wang, chen), lambda: report(wang, chen, on=MAY)):
        with pytest.raises(CycleError, match="Wang → Chen → Li → Wang"):
            closing()
    with pytest.raises(CycleError, match="Chen cannot report to themselves"):
        report(chen, chen)
    with translation.override("zh-hans"), pytest.raises(CycleError, match="Wang → Chen → Li"):
        report(wang, chen)


def test_a_circle_that_closes_only_later_is_refused_now():
    chen, li = make.person("Chen"), make.person("Li")
    report(chen, li, on=MAY)

    with pytest.raises(CycleError, match="→"):
        report(li, chen, on=FEB)


def test_a_head_cannot_report_to_somebody_of_their_own_team():
    department = make.department("A")
    chen, head = make.person("Chen", department=department), make.person("Head")
    posts.set_lead(department=department, person=head, valid_from=JAN, **BY)

    with pytest.raises(CycleError, match="Head → Chen → Head"):
        report(head, chen)

    assert not ReportingLine.objects.exists()


def test_who_has_left_reports_to_nobody_and_leads_nobody():
    chen, gone = make.person("Chen"), make.person("Gone", left_on=FEB)

    for pair in ((chen, gone), (gone, chen)):
        with pytest.raises(DatesError, match="Gone has left"):
            report(*pair, on=MAR)


def test_only_administrators_set_lines(client_for):
    chen, li = make.person("Chen"), make.person("Li")
    with pytest.raises(PermissionDenied):
        lines.set_line(person=chen, manager=li, on=FEB, by=li, now=make.NOW)

    response = client_for(li).get(reverse("org:set_line", args=[chen.public_id]))

    assert response.status_code == 403
    assert client_for(li).get(reverse("org:person", args=[chen.public_id])).status_code == 200


@pytest.fixture
def client(client_for):
    client = client_for(make.administrator("Boss"))
    client.cookies["neike_language"] = "en"
    return client


def read(client, name, *args):
    return client.get(reverse(f"org:{name}", args=args)).content.decode()


def agreed(client, address, data):
    """Post a form, agree to what it shows; return the page that asked."""
    shown = client.post(address, data)
    assert shown.status_code == 200, shown.content.decode()
    context = shown.context
    more = {"agreed": context["agreed"], "shown": context["shown"], "seen": context["seen"]}
    assert client.post(address, {**data, **more}).status_code == 302
    return shown.content.decode()


def test_the_page_shows_the_effect_before_it_saves_and_the_profile_keeps_the_history(client):
    chen, li, wang = (make.person(name) for name in ("Chen", "Li", "Wang"))
    lines.set_line(person=li, manager=wang, on=JAN, **BY)
    address = reverse("org:set_line", args=[chen.public_id])
    day = today().isoformat()

    page = agreed(client, address, {"manager": "Li", "day": day})

    assert f"From {day} on Chen reports to Li, until then to nobody." in page
    assert "Above Li stand: Wang." in page
    profile = read(client, "person", chen.public_id)
    assert reverse("org:person", args=[li.public_id]) in profile
    line = ReportingLine.objects.get(person=chen)
    ending = reverse("org:end_line", args=[chen.public_id, line.pk])
    assert ending in profile
    page = agreed(client, ending, {"day": day})
    assert f"From {day} on Chen reports to nobody." in page
    assert not ReportingLine.objects.filter(person=chen).exists()


def test_the_page_refuses_a_circle_in_words_and_what_changes_nothing(client):
    chen, li = make.person("Chen"), make.person("Li")
    report(chen, li)
    day = {"day": today().isoformat()}

    circle = client.post(reverse("org:set_line", args=[li.public_id]), {"manager": "Chen", **day})
    same = client.post(reverse("org:set_line", args=[chen.public_id]), {"manager": "Li", **day})

    assert circle.status_code == same.status_code == 422
    assert "Li → Chen → Li" in circle.content.decode()
    assert "Nothing would change" in same.content.decode()


def test_a_line_of_somebody_else_or_of_nobody_is_not_there(client):
    chen, li = make.person("Chen"), make.person("Li")
    line = report(chen, li)

    for person, pk in ((li, line.pk), (chen, 10**9)):
        address = reverse("org:end_line", args=[person.public_id, pk])
        assert client.get(address).status_code == 404


def test_a_person_with_two_posts_shows_both_with_their_dates(client):
    a, b = make.department("Alpha"), make.department("Beta")
    chen = make.person("Chen", department=a)
    clerk = posts.create_position(
        code="C", department=b, title=LocalizedText.of(zh="Clerk", en="Clerk"), **BY
    )
    placements.place_person(
        person=chen,
        position=clerk,
        is_primary=False,
        valid_from=FEB,
        valid_to=date(2099, 1, 1),
        **BY,
    )

    card = read(client, "person", chen.public_id).partition("Posts over time")[0]

    for words in ("Alpha", "Beta", "Specialist", "Clerk", "concurrent", "1 Feb 2026"):
        assert words in card
    assert "2099" in card


def test_the_same_post_twice_is_refused_with_the_dates_of_the_first(client):
    a = make.department("Alpha")
    chen = make.person("Chen", department=a)
    held = chen.placements.get()

    response = client.post(
        reverse("org:place", args=[a.public_id]),
        {
            "person": chen.employee_no,
            "position": held.position_id,
            "is_concurrent": "on",
            "valid_from": "2026-02-01",
        },
    )

    assert response.status_code == 422
    assert "Chen has this position already, from 2020-01-01 on." in response.content.decode()


def test_a_concurrent_post_that_becomes_the_primary_one_is_held_once():
    a, b = make.department("A"), make.department("B")
    chen = make.person("Chen", department=a)
    clerk = make.placement(make.person(), b).position
    placements.place_person(person=chen, position=clerk, is_primary=False, valid_from=FEB, **BY)

    placements.place_person(person=chen, position=clerk, valid_from=MAY, **BY)

    rows = Placement.objects.filter(person=chen, position=clerk).order_by("valid_from")
    assert [(row.is_primary, row.valid_from, row.valid_to) for row in rows] == [
        (False, FEB, MAY),
        (True, MAY, None),
    ]


def test_the_post_above_is_set_on_the_position_page_and_shown_with_the_department(client):
    a = make.department("Alpha")
    clerk, head = (
        posts.create_position(
            code=code, department=a, title=LocalizedText.of(zh=code, en=code), **BY
        )
        for code in ("CLERK", "HEAD")
    )
    address = reverse("org:change_position", args=[clerk.public_id])
    data = {
        "title_zh": "CLERK",
        "title_en": "CLERK",
        "department": a.code,
        "reports_to": "head",
        "day": today().isoformat(),
        "seen": client.get(address).context["form"].initial["seen"],
    }

    assert client.post(address, {**data, "reports_to": "nowhere"}).status_code == 422
    assert client.post(address, data).status_code == 302

    assert clerk.terms.last().reports_to == head
    assert "reports to HEAD (HEAD)" in read(client, "department", a.public_id)
    assert client.get(address).context["form"].initial["reports_to"] == "HEAD"
