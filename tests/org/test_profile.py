"""One's own profile: choices, absence, who stands in."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from neike.org.models import Absence, Substitution
from neike.org.queries import substitutes_of
from tests import make

pytestmark = pytest.mark.django_db


def local(moment: datetime, zone: str = "Asia/Shanghai") -> str:
    return f"{moment.astimezone(ZoneInfo(zone)):%Y-%m-%dT%H:%M}"


@pytest.fixture
def term():
    now = timezone.now()
    return {
        "starts_at": local(now - timedelta(hours=1), "UTC"),
        "ends_at": local(now + timedelta(days=2), "UTC"),
    }


def test_the_language_is_each_persons_own(client_for):
    one, other = make.person(language="en"), make.person(language="zh-hans")
    assert "Time zone" in client_for(one).get("/profile/").content.decode()

    client_for(one).post(
        "/profile/preferences/", {"language": "zh-hans", "zone": "", "theme": "dark"}
    )

    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.language, one.theme, other.theme) == ("zh-hans", "dark", "system")
    assert "时区" in client_for(one).get("/profile/").content.decode()


def test_the_shells_switch_is_kept_with_the_person(client_for):
    person = make.person(language="zh-hans")
    client = client_for(person)

    client.post("/ui/language", {"language": "en", "next": "/profile/"})
    client.post("/ui/theme", {"theme": "dark", "next": "/profile/"})

    person.refresh_from_db()
    assert (person.language, person.theme) == ("en", "dark")
    assert client_for(person).get("/profile/")["Content-Language"] == "en"


def test_a_visitors_switch_is_kept_in_the_browser(client):
    client.post("/ui/language", {"language": "en", "next": "/account/login/"})
    assert "Sign in" in client.get("/account/login/").content.decode()

    client.post("/ui/language", {"language": "zh-hans", "next": "/account/login/"})
    assert "登录" in client.get("/account/login/").content.decode()


@pytest.mark.parametrize(
    "choice",
    [{"language": "xx"}, {"zone": "Mars/Olympus"}, {"zone": "../../etc/passwd"}, {"theme": "pink"}],
)
def test_an_unknown_choice_is_refused(client_for, choice):
    person = make.person()
    known = {"language": "", "zone": "", "theme": "system"}

    response = client_for(person).post("/profile/preferences/", {**known, **choice})

    person.refresh_from_db()
    assert response.status_code == 422
    assert (person.language, person.zone, person.theme) == ("", "", "system")


def test_times_are_read_and_shown_in_ones_own_zone(client_for):
    person = make.person(zone="America/New_York")
    form = {"starts_at": "2999-01-01T09:00", "ends_at": "2999-01-02T09:00", "message": ""}

    client_for(person).post("/profile/absences/", form)

    stored = Absence.objects.get()
    assert stored.starts_at == datetime(2999, 1, 1, 9, tzinfo=ZoneInfo("America/New_York"))


def test_an_absence_is_announced_shown_and_ended(client_for, term):
    person = make.person(zone="UTC")
    client = client_for(person)
    client.post("/profile/absences/", {**term, "message": "在昆明"})
    absence = Absence.objects.get()
    assert "在昆明" in client.get("/profile/").content.decode()

    client.post(f"/profile/absences/{absence.pk}/end/")

    absence.refresh_from_db()
    assert absence.ends_at <= timezone.now()


def test_reversed_dates_are_refused_and_nothing_typed_is_lost(client_for, term):
    form = {"starts_at": term["ends_at"], "ends_at": term["starts_at"], "message": "在昆明"}

    response = client_for(make.person()).post("/profile/absences/", form)

    assert response.status_code == 422
    assert "在昆明" in response.content.decode()
    assert not Absence.objects.exists()


def test_a_substitute_acts_in_that_time_only(client_for, term):
    person, other = make.person(zone="UTC"), make.person("陈思远")
    client_for(person).post("/profile/substitutes/", {**term, "substitute": "csy", "scope": "work"})
    now = timezone.now()

    assert list(substitutes_of(person, now=now)) == [other]
    assert not substitutes_of(person, now=now + timedelta(days=3)).exists()

    row = Substitution.objects.get()
    client_for(person).post(f"/profile/substitutes/{row.pk}/end/")
    assert not substitutes_of(person, now=timezone.now()).exists()


@pytest.mark.parametrize("who", ["nobody", "oneself", "disabled"])
def test_who_cannot_stand_in_is_refused(client_for, term, who):
    person = make.person("安", zone="UTC")
    make.person("白", can_sign_in=False)
    typed = {"nobody": "zzz", "oneself": "安", "disabled": "白"}[who]

    response = client_for(person).post(
        "/profile/substitutes/", {**term, "substitute": typed, "scope": "both"}
    )

    assert response.status_code == 422
    assert not Substitution.objects.exists()


def test_nobody_touches_anothers_absence_or_substitute(client_for):
    now = timezone.now()
    owner, other = make.person(), make.person()
    absence = Absence.objects.create(person=owner, starts_at=now, ends_at=now + timedelta(days=1))
    row = Substitution.objects.create(
        person=owner, substitute=other, starts_at=now, ends_at=now + timedelta(days=1)
    )
    client = client_for(other)

    assert client.post(f"/profile/absences/{absence.pk}/end/").status_code == 404
    assert client.post(f"/profile/substitutes/{row.pk}/end/").status_code == 404
    assert Absence.objects.get().ends_at == absence.ends_at
