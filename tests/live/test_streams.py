"""What changes at one server process is told at another, to those who may know, and to nobody else."""

import http.client
import time

import pytest

from tests.live.house import Ear


@pytest.fixture(scope="module")
def one(house):
    return house.open()


@pytest.fixture(scope="module")
def other(house):
    return house.open()


@pytest.fixture
def ears(house):
    opened = []

    def open_(server, name, *topics, **more):
        ear = Ear(server, house.order("session", name), *topics, **more)
        opened.append(ear)
        return ear

    yield open_
    for ear in opened:
        ear.close()


def test_every_process_tells_what_any_other_has_written(house, one, other, ears):
    ticket = house.order("submit")
    topic, queue = f"ticket:{ticket['pk']}", f"queue:{house.about['queue']}"
    listening = [
        (ears(one, "anna", topic), topic),
        (ears(other, "anna", topic), topic),
        (ears(other, "ivan", queue), queue),
        (ears(one, "ivan", "me"), "me"),
    ]
    assert all(ear.first()["streams"] for ear, _topic in listening)

    house.order("accept", ticket["pk"], "ivan")

    assert [topic for ear, topic in listening if not ear.hears(topic)] == []


def test_what_is_hidden_is_as_silent_as_what_does_not_exist(house, one, ears):
    ticket = house.order("submit")
    hidden = ears(one, "fang", f"ticket:{ticket['pk']}", f"notes:{ticket['pk']}")
    foreign = ears(
        one, "fang", f"queue:{house.about['queue']}", f"person:{house.about['people']['ivan']}"
    )
    absent = ears(one, "fang", "ticket:999999999", "nonsense", "ticket:x", "session:0", "person:")
    known = ears(one, "ivan", f"ticket:{ticket['pk']}")
    opening = [ear.first() for ear in (hidden, foreign, absent)]
    assert opening == [{"changed": [], "streams": True}] * 3
    known.first()

    house.order("accept", ticket["pk"], "ivan")
    assert known.hears(f"ticket:{ticket['pk']}")

    assert not any(ear.hears("anything", 1.5) for ear in (hidden, foreign, absent))
    assert (hidden.told, foreign.told, absent.told) == ([], [], [])


def test_a_requester_does_not_even_notice_an_internal_note(house, one, ears):
    ticket = house.order("submit")
    agent = ears(one, "ivan", f"notes:{ticket['pk']}")
    agent.first()
    time.sleep(4)  # until the submission itself is no news any more
    requester = ears(one, "anna", f"ticket:{ticket['pk']}", f"notes:{ticket['pk']}", "me")
    assert requester.first()["changed"] == []

    house.order("note", ticket["pk"], "ivan", "between us")

    assert agent.hears(f"notes:{ticket['pk']}")
    assert not requester.hears("anything", 1.5)
    assert requester.told == []


def test_who_comes_back_hears_what_happened_meanwhile(house, one, other, ears):
    ticket = house.order("submit")
    time.sleep(3.5)
    before = int(time.time() * 1000)
    house.order("post", ticket["pk"], "anna", "hello")

    back = ears(other, "ivan", f"notes:{ticket['pk']}", since=before)
    long_away = ears(one, "ivan", f"notes:{ticket['pk']}", since=before - 3_600_000)

    assert back.first()["changed"] == [f"notes:{ticket['pk']}"]
    assert "*" in long_away.first()["changed"]


def test_signing_out_ends_the_connection_at_every_process(house, one, other):
    session = house.order("session", "ines")
    listening = [Ear(one, session, "me"), Ear(other, session, "me")]
    for ear in listening:
        ear.first()

    sign_out(one, session)

    assert all(ear.ends() for ear in listening)
    again = Ear(one, session, "me")
    assert again.response.status == 302
    for ear in (*listening, again):
        ear.close()


def sign_out(server, session):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    token = "a" * 32
    connection.request(
        "POST",
        "/account/logout/",
        f"csrfmiddlewaretoken={token}",
        {
            "Cookie": f"neike_session={session}; neike_csrf={token}",
            "Content-Type": "application/x-www-form-urlencoded",
        },
    )
    assert connection.getresponse().status == 302
    connection.close()


def test_one_person_cannot_take_all_connections(house, one, ears):
    session = house.order("session", "fang")
    opened = [Ear(one, session, "me") for _ in range(14)]
    statuses = [ear.response.status for ear in opened]
    other_person = ears(one, "anna", "me")

    assert statuses.count(200) <= 12
    assert statuses[-1] == 429
    assert other_person.response.status == 200
    for ear in opened:
        ear.close()


def test_pages_are_served_while_many_listen(house, other, ears):
    session = house.order("session", "ivan")
    listening = [
        ears(other, name, "me") for name in ("anna", "ivan", "ines", "fang") for _ in range(10)
    ]
    assert [ear.response.status for ear in listening] == [200] * 40

    connection = http.client.HTTPConnection("127.0.0.1", other.port, timeout=20)
    connection.request("GET", "/queue/", headers={"Cookie": f"neike_session={session}"})

    assert connection.getresponse().status == 200, other.log.read_text()
    connection.close()


def test_headers_keep_caches_and_proxies_away(house, one, ears):
    ear = ears(one, "anna", "me")

    headers = ear.response.headers

    assert headers["Content-Type"] == "text/event-stream"
    assert "no-store" in headers["Cache-Control"]
    assert headers["X-Accel-Buffering"] == "no"


def test_a_server_with_open_connections_stops_at_once(house, ears):
    server = house.open()
    listening = [ears(server, name, "me") for name in ("anna", "ivan")]
    for ear in listening:
        ear.first()

    took = server.stop()

    assert took < 4, server.log.read_text()  # it would wait five seconds for connections that stay
    assert all(ear.ends() for ear in listening)
    assert "Cancel" not in server.log.read_text()
