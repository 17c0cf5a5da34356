"""Judge person-weeks: JSON lines in, one verdict a line out, so that anybody can check how hours are counted.

Reads files, or standard input without any. A line that cannot be judged is answered in its place with "id" and
"error", and the rest goes on. What the fields mean is in docs/hours.md.

examples:
  dayward hours weeks.jsonl
  dayward hours < weeks.jsonl > verdicts.jsonl
  dayward hours --explain weeks.jsonl      also why each session credits what it credits
  echo '{"id": 1, "timezone": "America/Chicago", "week": {"definition": "sunday", "start": "2026-11-22"},
    "settings": {"floor_minutes": 540, "test": "delivered", "late_after_minutes": 15, "late_rule": "actual",
    "minimum_presence": 0.5, "breaks_count": false, "day_minimum_minutes": 180}, "prescribed_minutes": 540,
    "sessions": [{"id": "mon", "kind": "group", "start": "2026-11-23T17:00", "end": "2026-11-23T20:30",
    "breaks": [["18:30", "18:40"]], "counts": true, "status": "held"}],
    "intervals": [{"session": "mon", "in": "2026-11-23T17:05", "out": "2026-11-23T20:30"}],
    "exemption": null}' | tr -d '\\n' | dayward hours
"""

from __future__ import annotations

import json
import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from fractions import Fraction
from math import isfinite
from pathlib import Path
from typing import Any

from dayward.care.attendance.rules.hours import Credit, Outcome, Week, count_hours
from dayward.care.attendance.rules.verdicts import WeekVerdict, explain, judge_days, judge_week
from dayward.doors.cli._person_week import PersonWeek, load, read
from dayward.kernel.errors import Refused
from dayward.kernel.spans import Spans

# Told in the week's sentence: what somebody who adds up by hand would not expect.
UNEXPECTED = frozenset({Outcome.LATE, Outcome.TOO_SHORT, Outcome.CANCELLED})


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "files", nargs="*", type=Path, metavar="FILE", help="JSON lines, one person-week each"
    )
    parser.add_argument(
        "--explain", action="store_true", help="add each session's stretches of time, rule and source"
    )


def run(options: Namespace) -> int:
    """A line that cannot be judged is an answer, not a failure: the exit code stays 0."""
    for path in options.files:
        if not path.exists() or path.is_dir():
            raise Refused(f"There is no file {path}.")
    try:
        for line in lines(options.files):
            if line.strip():
                tell(answer(line, explained=options.explain))
    except BrokenPipeError:  # whoever reads has seen enough: `dayward hours … | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def lines(files: Iterable[Path]) -> Iterator[bytes]:
    if not files:
        yield from sys.stdin.buffer
    for path in files:
        with path.open("rb") as file:
            yield from file


def answer(line: bytes, *, explained: bool = False) -> dict[str, Any]:
    """The verdict on one line, or what is wrong with it."""
    name = None
    try:
        given = load(decoded(line))
        if not isinstance(given, dict):
            raise Refused("This line is not an object.")
        name = given.get("id")
        return judged(read(given), explained=explained)
    except Refused as problem:
        return {"id": name, "error": problem.sentence}


def decoded(line: bytes) -> str:
    try:
        return line.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused("This line is not UTF-8.") from error


def judged(given: PersonWeek, *, explained: bool) -> dict[str, Any]:
    week = count_hours(given.start, given.sessions, given.intervals, given.zone, given.settings)
    verdict = judge_week(
        week, prescribed=given.prescribed, settings=given.settings, exemption=given.exemption
    )
    figures = verdict.figures
    told: dict[str, Any] = {
        "id": given.id,
        "minutes": {
            "prescribed": plain(figures.prescribed),
            "scheduled": plain(figures.scheduled),
            "delivered": plain(figures.delivered),
        },
        "sessions": {str(given.names[each.session]): plain(each.minutes) for each in week.credits},
        "days": {
            day.day.isoformat(): {"minutes": plain(day.minutes), "ok": day.ok}
            for day in judge_days(week, given.settings)
        },
        "floor_met": verdict.met,
        "exempt": bool(verdict.exempt),
        "because": because(verdict, week, given),
    }
    if explained:
        told["explanation"] = [explanation(each, given) for each in week.credits]
    return told


def because(verdict: WeekVerdict, week: Week, given: PersonWeek) -> str:
    """The verdict in a sentence, and each session that gave nothing or gave minutes away."""
    unexpected = [credit for credit in week.credits if credit.outcome in UNEXPECTED or credit.elsewhere]
    notes = [f"{given.names[each.session]}: {explain(each, given.settings)}" for each in unexpected]
    return " ".join([str(verdict.because), *no_reason(given), *notes, *empty_breaks(week, given)])


def no_reason(given: PersonWeek) -> list[str]:
    """An exemption is a reason; a text with nothing in it exempts nobody."""
    empty = given.exemption is not None and not given.exemption.strip()
    return ["The exemption names no reason, so the week is not exempt."] if empty else []


def empty_breaks(week: Week, given: PersonWeek) -> list[str]:
    """Both times of a break are of the day on which the session begins, so one over midnight takes nothing out."""
    inside = {credit.session for credit in week.credits}
    return [
        f"{given.names[held.id]}: A break ends before it begins and takes nothing out."
        for held in given.sessions
        if held.id in inside and any(each.end < each.start for each in held.breaks)
    ]


def explanation(credit: Credit, given: PersonWeek) -> dict[str, Any]:
    why = explain(credit, given.settings)
    return {
        "session": given.names[credit.session],
        "minutes": plain(credit.minutes),
        "present": local(credit.present_spans, given),
        "credited": local(credit.spans, given),
        "because": str(why),
        "rule": why.rule,
        "source": why.source,
    }


def local(spans: Spans, given: PersonWeek) -> list[list[str]]:
    def shown(instant: datetime) -> str:
        return instant.astimezone(UTC).astimezone(given.zone).isoformat()

    return [[shown(span.start), shown(span.end)] for span in spans]


def plain(minutes: int | Fraction) -> int | float:
    """A whole number where it is one: 180, not 180.0."""
    return int(minutes) if minutes == int(minutes) else float(minutes)


def tell(line: dict[str, Any]) -> None:
    text = json.dumps(line, ensure_ascii=False, default=number)
    try:
        encoded = text.encode("utf-8")
    except UnicodeEncodeError:  # half a character, which only escapes can carry
        encoded = json.dumps(line, default=number).encode("ascii")
    sys.stdout.buffer.write(encoded + b"\n")
    sys.stdout.buffer.flush()


def number(value: Any) -> float | str:
    """Somebody's id may be a number with a point."""
    found = float(value)
    return found if isfinite(found) else str(value)
