import pytest

from neike.engines.conformance import BadCaseError, clock_dues

CASE = {
    "id": "one",
    "timezone": "America/New_York",
    "week": {"sun": [["01:00", "02:00"]]},
    "holidays": [],
    "extra_workdays": [],
    "start": "2026-11-01T00:00:00-04:00",
    "target_minutes": 90,
    "pauses": [],
}


def dues_of(**changes):
    return clock_dues({"cases": [CASE | changes]})


def test_due_is_written_in_the_zone_of_the_case_with_its_offset():
    assert dues_of() == ([{"id": "one", "due": "2026-11-01T01:30:00-05:00"}], [])


def test_fractional_minutes_are_exact():
    assert dues_of(target_minutes=0.1)[0][0]["due"] == "2026-11-01T01:00:06-04:00"


def test_extra_workdays_may_be_plain_or_have_hours():
    plain = dues_of(
        start="2026-11-02T00:00:00-05:00", target_minutes=30, extra_workdays=["2026-11-03"]
    )
    hours = dues_of(
        start="2026-11-02T00:00:00-05:00",
        target_minutes=30,
        holidays=["2026-11-04"],
        extra_workdays=[
            {"date": "2026-11-03", "hours": []},
            {"date": "2026-11-04", "hours": [["10:00", "10:20"], ["12:00", "13:00"]]},
        ],
    )

    assert plain[0][0]["due"] == "2026-11-03T01:30:00-05:00"
    assert hours[0][0]["due"] == "2026-11-04T12:10:00-05:00"


def test_a_calendar_that_never_opens_gives_null_without_complaint():
    assert dues_of(week={}) == ([{"id": "one", "due": None}], [])
    assert dues_of(week={"mon": []}) == ([{"id": "one", "due": None}], [])


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"timezone": "Mars/Olympus"}, "one: unknown time zone 'Mars/Olympus'"),
        ({"target_minutes": 0}, "one: target must be positive, got 0:00:00"),
        ({"target_minutes": "soon"}, "one: target_minutes 'soon' is not a usable number"),
        ({"target_minutes": None}, "one: target_minutes None is not a number"),
        ({"week": {"sun": [["22:00", "06:00"]]}}, "one: sun: 22:00-06:00"),
        (
            {"pauses": [["2026-11-01T02:00:00Z", "2026-11-01T01:00:00Z"]]},
            "one: pause 0 ends before it starts",
        ),
        ({"start": "2026-11-01T00:00:00"}, "one: 2026-11-01 00:00:00 has no time zone"),
        ({"start": "yesterday"}, "one: Invalid isoformat string"),
    ],
)
def test_a_wrong_case_gives_null_and_one_complaint(changes, complaint):
    dues, complaints = dues_of(**changes)

    assert dues == [{"id": "one", "due": None}]
    assert len(complaints) == 1
    assert complaints[0].startswith(complaint)


def test_a_missing_key_is_named():
    _, complaints = clock_dues({"cases": [{"id": "one"}]})

    assert complaints == ["one: 'timezone' is missing"]


@pytest.mark.parametrize("document", [[], {}, {"cases": 3}, {"cases": [{}]}, {"cases": ["x"]}])
def test_a_file_that_is_no_case_file_is_refused(document):
    with pytest.raises(BadCaseError):
        clock_dues(document)
