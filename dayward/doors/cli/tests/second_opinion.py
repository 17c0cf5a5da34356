"""The week counted minute by minute, straight from the definition and slowly: a judge for `dayward hours`.

It shares no code with the engine. Times are whole minutes here, so a set of minutes is a stretch of time.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

Minutes = set[int]


class Impossible(Exception):
    """The line cannot be judged."""


def instant(text: str, zone: ZoneInfo) -> datetime:
    return resolved(datetime.fromisoformat(text), zone)


def resolved(moment: datetime, zone: ZoneInfo) -> datetime:
    """The earliest instant at which the clock on the wall shows this."""
    if moment.tzinfo:
        return moment.astimezone(UTC)
    around = [moment.replace(tzinfo=UTC) + timedelta(hours=hours) for hours in (-36, 36)]
    offsets = {each.astimezone(zone).utcoffset() for each in around}
    shown = [moment.replace(tzinfo=UTC) - offset for offset in offsets if offset is not None]
    right = [each for each in shown if each.astimezone(zone).replace(tzinfo=None) == moment]
    if not right:
        raise Impossible("no such time")
    return min(right)


def between(start: datetime, end: datetime) -> Minutes:
    return set(range(int(start.timestamp()) // 60, int(end.timestamp()) // 60))


def session_minutes(session: dict[str, Any], zone: ZoneInfo) -> tuple[date, Minutes, Minutes]:
    start, end = instant(session["start"], zone), instant(session["end"], zone)
    day = start.astimezone(zone).date()
    out: Minutes = set()
    for one, other in session["breaks"]:
        moments = [datetime.combine(day, time.fromisoformat(each)) for each in (one, other)]
        out |= between(*(resolved(each, zone) for each in moments))
    return day, between(start, end), out


def opinion(line: dict[str, Any]) -> dict[str, Any]:
    zone, settings = ZoneInfo(line["timezone"]), line["settings"]
    start = date.fromisoformat(line["week"]["start"])
    if start.weekday() != {"sunday": 6, "monday": 0}.get(line["week"]["definition"], start.weekday()):
        raise Impossible("week start")
    week = [start + timedelta(days=n) for n in range(7)]
    known = {each["id"]: each for each in line["sessions"]}
    times = {name: session_minutes(each, zone) for name, each in known.items()}
    there: dict[str, Minutes] = {name: set() for name in known}
    for each in line["intervals"]:
        came, went = instant(each["in"], zone), instant(each["out"], zone)
        if each["session"] not in known or went < came:
            raise Impossible("interval")
        there[each["session"]] |= between(came, went) & times[each["session"]][1]
    inside = [name for name in known if times[name][0] in week]
    held = [name for name in inside if known[name]["status"] == "held"]
    return counted(line, settings, inside, held, times, there)


def counted(
    line: dict[str, Any],
    settings: dict[str, Any],
    inside: list[str],
    held: list[str],
    times: dict[str, tuple[date, Minutes, Minutes]],
    there: dict[str, Minutes],
) -> dict[str, Any]:
    zone = ZoneInfo(line["timezone"])
    known = {each["id"]: each for each in line["sessions"]}
    begins = {name: instant(known[name]["start"], zone).timestamp() // 60 for name in known}
    ends = {name: instant(known[name]["end"], zone).timestamp() // 60 for name in known}
    owner: dict[int, str] = {}
    for minute in set().union(*(there[name] for name in held)):
        claims = [name for name in held if minute in there[name]]
        owner[minute] = min(claims, key=lambda name: (-begins[name], ends[name], name))
    credited = dict.fromkeys(inside, 0)
    scheduled: Minutes = set()
    for name in held:
        _day, whole, out = times[name]
        clinical = whole if settings["breaks_count"] else whole - out
        present = there[name] & clinical
        if known[name]["counts"]:
            scheduled |= clinical
        late = bool(there[name]) and min(there[name]) - begins[name] > settings["late_after_minutes"]
        if settings["late_rule"] == "deny" and late:
            continue
        if len(present) < settings["minimum_presence"] * len(clinical):
            continue
        credited[name] = sum(owner[minute] == name for minute in present)
    days = by_day(held, known, times, credited, settings["day_minimum_minutes"])
    minutes = {
        "prescribed": line["prescribed_minutes"],
        "scheduled": len(scheduled),
        "delivered": sum(credited[name] for name in held if known[name]["counts"]),
    }
    return {
        "id": line["id"],
        "minutes": minutes,
        "sessions": credited,
        "days": days,
        "floor_met": minutes[settings["test"]] >= settings["floor_minutes"],
        "exempt": line["exemption"] is not None,
    }


def by_day(
    held: list[str],
    known: dict[str, Any],
    times: dict[str, tuple[date, Minutes, Minutes]],
    credited: dict[str, int],
    least: int | None,
) -> dict[str, Any]:
    days: dict[str, Any] = {}
    for name in held:
        if known[name]["counts"]:
            day = days.setdefault(times[name][0].isoformat(), {"minutes": 0, "ok": None})
            day["minutes"] += credited[name]
    for day in days.values():
        day["ok"] = None if least is None else day["minutes"] >= least
    return days
