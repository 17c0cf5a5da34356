"""`dayward hours`: one verdict a line, whatever the line; compared with a second opinion on made-up weeks."""

from __future__ import annotations

import json
import subprocess
import sys
from argparse import ArgumentParser, Namespace
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from dayward.care.attendance import rules
from dayward.doors.cli import hours
from dayward.doors.cli.tests.second_opinion import Impossible, opinion
from dayward.kernel.errors import Refused

SETTINGS = {
    "floor_minutes": 540,
    "test": "delivered",
    "late_after_minutes": 15,
    "late_rule": "actual",
    "minimum_presence": 0.5,
    "breaks_count": False,
    "day_minimum_minutes": 180,
}
ABSENT = object()


def session(name: str, start: str, end: str, **more: Any) -> dict[str, Any]:
    given = {"id": name, "kind": "group", "start": start, "end": end, "breaks": [], "counts": True}
    return {**given, "status": "held", **more}


def week(**more: Any) -> dict[str, Any]:
    """A Monday evening of 210 minutes with a break of ten, attended from its fifth minute."""
    evening = session("mon", "2026-11-23T17:00", "2026-11-23T20:30", breaks=[["18:30", "18:40"]])
    line = {
        "id": "week 1",
        "timezone": "America/Chicago",
        "week": {"definition": "sunday", "start": "2026-11-22"},
        "settings": SETTINGS,
        "prescribed_minutes": 600,
        "sessions": [evening],
        "intervals": [{"session": "mon", "in": "2026-11-23T17:05", "out": "2026-11-23T20:30"}],
        "exemption": None,
    }
    return {key: value for key, value in {**line, **more}.items() if value is not ABSENT}


def judged(line: Any) -> dict[str, Any]:
    text = line if isinstance(line, bytes) else json.dumps(line).encode()
    return hours.answer(text)


def test_a_verdict_has_the_figures_the_sessions_the_days_and_the_reason() -> None:
    assert judged(week()) == {
        "id": "week 1",
        "minutes": {"prescribed": 600, "scheduled": 200, "delivered": 195},
        "sessions": {"mon": 195},
        "days": {"2026-11-23": {"minutes": 195, "ok": True}},
        "floor_met": False,
        "exempt": False,
        "because": "3 h 15 min were delivered: 5 h 45 min short of the floor of 9 h.",
    }


@pytest.mark.parametrize(("test", "met"), [("delivered", False), ("scheduled", False), ("prescribed", True)])
def test_the_floor_is_held_against_the_figure_asked_for(test: str, met: bool) -> None:
    assert judged(week(settings={**SETTINGS, "test": test}))["floor_met"] is met


def test_an_exempt_week_keeps_its_verdict() -> None:
    told = judged(week(exemption="Thanksgiving"))
    assert (told["floor_met"], told["exempt"]) == (False, True)
    assert told["because"].endswith("The week is exempt: Thanksgiving.")


@pytest.mark.parametrize("empty", ["", "  "])
def test_an_exemption_without_a_reason_exempts_nobody_and_is_told(empty: str) -> None:
    told = judged(week(exemption=empty))
    assert told["exempt"] is False
    assert told["because"].endswith("The exemption names no reason, so the week is not exempt.")


@pytest.mark.parametrize("number", ["1e99999999999999999999", "-1e-99999999999999999999", "9" * 5000])
def test_a_number_that_nothing_can_hold_is_wrong_where_it_stands_and_nowhere_else(number: str) -> None:
    line = json.dumps(week()).replace('"prescribed_minutes": 600', f'"prescribed_minutes": {number}')
    assert judged(line.encode()) == {"id": "week 1", "error": "prescribed_minutes is not a number."}
    named = json.dumps(week()).replace('"week 1"', number)
    assert (judged(named.encode())["id"], judged(named.encode())["floor_met"]) == (number, False)


def test_a_session_that_gives_nothing_is_named_in_the_reason() -> None:
    late = [{"session": "mon", "in": "2026-11-23T17:16", "out": "2026-11-23T20:30"}]
    told = judged(week(settings={**SETTINGS, "late_rule": "deny"}, intervals=late))
    assert told["sessions"] == {"mon": 0}
    assert "mon: 16 min late, more than the 15 min tolerated: nothing is credited." in told["because"]


def test_a_cancelled_session_stands_there_with_nothing() -> None:
    gone = session("gone", "2026-11-24T17:00", "2026-11-24T20:00", status="cancelled_by_program")
    told = judged(week(sessions=[*week()["sessions"], gone]))
    assert told["sessions"] == {"mon": 195, "gone": 0}
    assert list(told["days"]) == ["2026-11-23"]


def test_the_smaller_name_has_the_minute_where_both_begin_and_end_together() -> None:
    span = ("2026-11-23T17:00", "2026-11-23T18:00")
    there = [{"session": name, "in": span[0], "out": span[1]} for name in ("b", "a")]
    told = judged(week(sessions=[session("b", *span), session("a", *span)], intervals=there))
    assert told["sessions"] == {"a": 60, "b": 0}


def test_numbers_as_names_go_by_size() -> None:
    span = ("2026-11-23T17:00", "2026-11-23T18:00")
    rows = [{**session("", *span), "id": name} for name in (10, 9)]
    there = [{"session": name, "in": span[0], "out": span[1]} for name in (10, 9)]
    assert judged(week(sessions=rows, intervals=there))["sessions"] == {"9": 60, "10": 0}


def test_fractions_of_minutes_are_kept() -> None:
    there = [{"session": "mon", "in": "2026-11-23T17:00:20", "out": "2026-11-23T20:30"}]
    assert judged(week(intervals=there))["minutes"]["delivered"] == pytest.approx(200 - 1 / 3, abs=1e-12)


def test_a_break_that_ends_before_it_begins_takes_nothing_out_and_is_told() -> None:
    told = judged(changed("sessions", breaks=[["18:30", "18:00"]]))
    assert told["minutes"]["delivered"] == 205
    assert told["because"].endswith("mon: A break ends before it begins and takes nothing out.")


def test_a_share_is_exact() -> None:
    """0.55 of 100 minutes is 55, which floating numbers do not say."""
    hundred = session("mon", "2026-11-23T17:00", "2026-11-23T18:40")
    there = [{"session": "mon", "in": "2026-11-23T17:00", "out": "2026-11-23T17:55"}]
    given = week(settings={**SETTINGS, "minimum_presence": 0.55}, sessions=[hundred], intervals=there)
    assert judged(given)["minutes"]["delivered"] == 55


def changed(place: str, **more: Any) -> dict[str, Any]:
    line = week()
    part = line[place][0] if isinstance(line[place], list) else line[place]
    new = {key: value for key, value in {**part, **more}.items() if value is not ABSENT}
    return {**line, place: [new] if isinstance(line[place], list) else new}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (changed("week", definition="monday"), "2026-11-22 is a Sunday; this week starts on Monday."),
        (changed("week", definition="lunar"), "definition cannot be 'lunar'."),
        (changed("week", start="soon"), "'soon' is no date."),
        (changed("intervals", session="tue"), "There is no session 'tue'."),
        (changed("intervals", out="2026-11-23T17:04"), "Out comes before in"),
        (changed("intervals", out=None), "out is not a text."),
        (changed("intervals", **{"in": "2026-03-08T02:30"}), "2026-03-08 02:30 does not exist in"),
        (changed("sessions", start="2026-03-08T02:30"), "2026-03-08 02:30 does not exist in"),
        (changed("sessions", start="2026-11-23"), "'2026-11-23' is no date and time."),
        (changed("sessions", end="2026-11-23T16:00"), "Session 'mon' ends before it starts."),
        (changed("sessions", breaks=[["18:30"]]), "A break of session 'mon' is not a pair of times."),
        (changed("sessions", status="perhaps"), "The status of session 'mon' is neither"),
        (changed("sessions", counts="yes"), "counts is not true or false."),
        (changed("sessions", id=None), "id is not a text or a whole number."),
        (changed("settings", floor_minutes=True), "floor_minutes is not a number."),
        (changed("settings", floor_minutes=-1), "floor_minutes is less than nothing."),
        (changed("settings", floor_minutes=1e200), "floor_minutes is out of range."),
        (changed("settings", minimum_presence=50), "minimum_presence is a share between 0 and 1."),
        (changed("settings", late_rule=ABSENT), "late_rule is missing."),
        (week(timezone="Mars/Olympus"), "There is no time zone 'Mars/Olympus'."),
        (week(sessions=week()["sessions"] * 2), "There are two sessions 'mon'."),
        (week(intervals=[7]), "intervals has something in it that is not an object."),
        (week(intervals=ABSENT), "intervals is missing."),
        (week(exemption=7), "exemption is not a text."),
        (week(prescribed_minutes=float("nan")), "prescribed_minutes is not a number."),
    ],
)
def test_what_cannot_be_judged_is_answered_in_its_place(line: dict[str, Any], said: str) -> None:
    told = judged(line)
    assert told.keys() == {"id", "error"}
    assert told["id"] == "week 1"
    assert told["error"].startswith(said)


@pytest.mark.parametrize("line", [b"no", b"[1]", b"\xff\xfe", b"[" * 100_000, b"7"])
def test_a_line_that_is_no_object_has_no_name(line: bytes) -> None:
    told = judged(line)
    assert told["id"] is None
    assert told["error"].startswith("This line is not")


def options(*given: str) -> Namespace:
    parser = ArgumentParser()
    hours.arguments(parser)
    return parser.parse_args(given)


def test_the_rest_goes_on_after_a_bad_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = tmp_path / "weeks.jsonl"
    place.write_text(f"{json.dumps(week())}\n\nnonsense\n{json.dumps(week(id=['é', 2.5]))}\n")
    assert hours.run(options("--explain", str(place))) == 0
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [each["id"] for each in told] == ["week 1", None, ["é", 2.5]]
    assert told[0]["explanation"] == [
        {
            "session": "mon",
            "minutes": 195,
            "present": [["2026-11-23T17:05:00-06:00", "2026-11-23T20:30:00-06:00"]],
            "credited": [
                ["2026-11-23T17:05:00-06:00", "2026-11-23T18:30:00-06:00"],
                ["2026-11-23T18:40:00-06:00", "2026-11-23T20:30:00-06:00"],
            ],
            "because": "3 h 15 min are credited; 10 min of breaks are out.",
            "rule": "clip, breaks",
            "source": "requirements 5.1, 5.5",
        }
    ]


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="There is no file"):
        hours.run(options(str(tmp_path / "gone.jsonl")))


@pytest.mark.program
def test_it_reads_standard_input() -> None:
    said = subprocess.run(
        [sys.executable, "-m", "dayward.doors.cli.main", "hours"],
        input=json.dumps(week()),
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(said.stdout)["minutes"]["delivered"] == 195


# -- worked examples: the truth table 5.6, the traps 5.5 and the cases 5.2 ---------------------------------------

EXAMPLES = [json.loads(line) for line in (Path(rules.__file__).parent / "examples" / "weeks.jsonl").open()]


@pytest.mark.parametrize("line", EXAMPLES, ids=[each["id"] for each in EXAMPLES])
def test_a_worked_example(line: dict[str, Any]) -> None:
    expected, told = line["expected"], judged(line)
    assert told["minutes"]["delivered"] == expected["delivered"]
    assert {key: told[key] for key in expected if key != "delivered"} == {
        key: value for key, value in expected.items() if key != "delivered"
    }


# -- a second opinion ----------------------------------------------------------------------------------------------

ZONES = ["America/Chicago", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo", "UTC"]
# Weeks with and without a change of the clock in one of the zones.
STARTS = [date(2026, 3, 8), date(2026, 11, 1), date(2026, 11, 22), date(2026, 4, 5), date(2026, 4, 24)]


def made_up(seed: int) -> dict[str, Any]:
    random = Random(seed)
    start = random.choice(STARTS) - timedelta(days=random.randrange(2))
    fitting = {6: ["sunday", "rolling"], 0: ["monday", "rolling"]}.get(start.weekday(), ["rolling"])
    sessions = [made_up_session(random, f"s{n}", start) for n in range(random.randrange(1, 9))]
    intervals = [
        made_up_interval(random, random.choice(sessions))
        for _ in range(random.randrange(0, 3 * len(sessions)))
    ]
    return {
        "id": seed,
        "timezone": random.choice(ZONES),
        "week": {"definition": random.choice(fitting), "start": start.isoformat()},
        "settings": {
            "floor_minutes": random.choice([0, 120, 360, 540]),
            "test": random.choice(["delivered", "scheduled", "prescribed"]),
            "late_after_minutes": random.choice([0, 10, 15]),
            "late_rule": random.choice(["actual", "deny"]),
            "minimum_presence": random.choice([0, 0.25, 0.5, 1]),
            "breaks_count": random.random() < 0.3,
            "day_minimum_minutes": random.choice([None, 60, 180]),
        },
        "prescribed_minutes": random.choice([360, 540, 600]),
        "sessions": sessions,
        "intervals": intervals,
        "exemption": random.choice([None, None, "holiday"]),
    }


def made_up_session(random: Random, name: str, start: date) -> dict[str, Any]:
    """Many begin in the same two hours, so that they overlap; some at night, over midnight or a change of clocks."""
    day = start + timedelta(days=random.choice([-1, 0, 0, 0, 1, 1, 2, 6, 7]))
    hour = random.choice([0, 1, 3, 17, 17, 18, 22, 23])
    begin = datetime.combine(day, datetime.min.time()) + timedelta(
        hours=hour, minutes=random.randrange(0, 60, 10)
    )
    breaks = []
    for _ in range(random.randrange(3)):
        one = begin + timedelta(minutes=random.randrange(0, 150, 5))
        other = one + timedelta(minutes=random.randrange(0, 30, 5))
        if one.date() == other.date() == begin.date():
            breaks.append([f"{one:%H:%M}", f"{other:%H:%M}"])
    end = begin + timedelta(minutes=random.randrange(30, 240, 10))
    status = "cancelled_by_program" if random.random() < 0.1 else "held"
    counts = random.random() < 0.7
    return session(name, begin.isoformat(), end.isoformat(), breaks=breaks, counts=counts, status=status)


def made_up_interval(random: Random, of: dict[str, Any]) -> dict[str, Any]:
    begin = datetime.fromisoformat(of["start"]) + timedelta(minutes=random.randrange(-20, 60))
    end = begin + timedelta(minutes=random.randrange(0, 240))
    return {"session": of["id"], "in": begin.isoformat(), "out": end.isoformat()}


@pytest.mark.parametrize("part", range(4))
def test_a_second_opinion_agrees(part: int) -> None:
    for seed in range(part * 150, part * 150 + 150):
        line = made_up(seed)
        told = judged(line)
        try:
            expected = opinion(line)
        except Impossible:
            assert "error" in told, line
            continue
        told.pop("because", None)
        assert told == expected, line
