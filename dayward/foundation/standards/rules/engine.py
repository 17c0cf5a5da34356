"""Facts in, dues out. The order in which facts are told does not matter, and a fact told twice is told once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import Enum
from functools import cached_property
from zoneinfo import ZoneInfo

from dayward.foundation.standards.rules.clock import Count, end_by_count, end_of
from dayward.foundation.standards.rules.pack import Length, Pattern, Rule, Stretch
from dayward.kernel.facts import Fact
from dayward.kernel.time import local_day

EPISODE_ENDED = Pattern("episode.ended")
SESSION = "session."  # "session.group": the person attends it or is expected, at its beginning
DELIVERED = "service.delivered"


class State(Enum):
    OPEN = "open"
    DONE = "done"
    OVER = (
        "over"  # nothing is due any more, and nobody did it: the episode ended, or it no longer makes sense
    )


@dataclass(frozen=True, slots=True)
class Due:
    """What one rule says about one episode (and one thing in it: `mark`)."""

    rule: str
    episode: int
    mark: str
    start: Fact
    by: datetime
    hard: datetime | None
    staff: int | None
    state: State
    says: Rule = field(compare=False, repr=False)
    done_at: datetime | None = None

    @property
    def identity(self) -> tuple[int, str, str]:
        return self.episode, self.rule, self.mark


class Told:
    """The facts of one episode, by kind and in the order of time."""

    def __init__(self, facts: Iterable[Fact], zone: ZoneInfo, closed: Collection[date] = ()) -> None:
        self.zone, self.closed = zone, closed
        self._kinds: dict[str, list[Fact]] = defaultdict(list)
        self._found: dict[tuple[Pattern, ...], list[Fact]] = {}
        for fact in sorted(set(facts), key=_order):
            self._kinds[fact.kind].append(fact)

    def of(self, patterns: tuple[Pattern, ...]) -> list[Fact]:
        """All that fit any of the patterns, the oldest first."""
        if patterns not in self._found:
            self._found[patterns] = self._look_up(patterns)
        return self._found[patterns]

    def _look_up(self, patterns: tuple[Pattern, ...]) -> list[Fact]:
        found = {
            fact: None
            for each in dict.fromkeys(patterns)
            for fact in self._kinds.get(each.kind, ())
            if each.ref is None or fact.ref == each.ref
        }
        return sorted(found, key=_order)

    def stretch(self, stretch: Stretch) -> tuple[bool, datetime | None]:
        """Whether one is open, and when the last one ended."""
        begins, ends = self.of((stretch.begins,)), self.of((stretch.ends,))
        ended = ends[-1].at if ends else None
        return bool(begins) and (ended is None or ended < begins[-1].at), ended

    @cached_property
    def _sessions(self) -> dict[str, list[Fact]]:
        return {
            kind.removeprefix(SESSION): rows for kind, rows in self._kinds.items() if kind.startswith(SESSION)
        }

    @cached_property
    def count(self) -> Count:
        """A day counts once, however many sessions it has, whether they are behind or still ahead."""
        begins = sorted(fact.at for rows in self._sessions.values() for fact in rows)
        days = {local_day(fact.at, self.zone) for fact in self._kinds.get(DELIVERED, ())}
        days |= {local_day(each, self.zone) for each in begins}
        of_form = {form: [fact.at for fact in rows] for form, rows in self._sessions.items()}
        return Count(sorted(days), begins, of_form)

    @cached_property
    def _form_of(self) -> dict[str, str]:
        return {fact.ref: form for form, rows in self._sessions.items() for fact in rows}

    def form_of(self, start: Fact) -> str:
        """The type of the session that a fact is about, "" where it is about none."""
        return self._form_of.get(start.ref, "")


def _order(fact: Fact) -> tuple[datetime, str, str, int]:
    return fact.at, fact.kind, fact.ref, fact.by or 0


def dues_of(
    rules: Iterable[Rule], facts: Iterable[Fact], zone: ZoneInfo, closed: Collection[date] = ()
) -> list[Due]:
    """Everything the rules say about one episode: open, done and over. `closed`: days on which the site is.

    Two rules of one key follow each other in time: what was started under the first stays under it.
    """
    return dues_told(rules, Told(facts, zone, closed))


def dues_told(rules: Iterable[Rule], told: Told) -> list[Due]:
    """The same, where the facts are read once for several books of rules."""
    return [due for rule in rules for due in _of_rule(rule, told)]


def _of_rule(rule: Rule, told: Told) -> Iterator[Due]:
    starts = told.of(rule.after)[rule.every - 1 :: rule.every]
    if not starts or told.of(rule.unless) or (rule.given and not told.of(rule.given)):
        return
    found = _restarting if rule.latest else _of_each if rule.by_ref else _of_first
    for start, done, mark in found(rule, starts, told):
        if _in_force(rule, start, told.zone):
            due = _due(rule, start, done, mark, told)
            if due is not None:
                yield due


Started = Iterator[tuple[Fact, Fact | None, str]]


def _of_first(rule: Rule, starts: list[Fact], told: Told) -> Started:
    done = told.of(rule.done)
    if rule.not_before is not None:
        from_then = end_of(starts[0].at, rule.not_before, told.zone, told.closed)
        done = [fact for fact in done if fact.at >= from_then]
    yield starts[0], next(iter(done), None), ""


def _of_each(rule: Rule, starts: list[Fact], told: Told) -> Started:
    seen: dict[str, Fact] = {}
    for fact in starts:
        seen.setdefault(fact.ref, fact)
    done = {fact.ref: fact for fact in reversed(told.of(rule.done))}  # the first of each
    for ref, fact in seen.items():
        yield fact, done.get(ref), ref


def _restarting(rule: Rule, starts: list[Fact], told: Told) -> Started:
    """Each start is settled by what is done after it; only the newest can still be open.

    Starts of one instant are one start.
    """
    starts = list({fact.at: fact for fact in reversed(starts)}.values())[::-1]
    dones, place = told.of(rule.done), 0
    for position, fact in enumerate(starts):
        while place < len(dones) and dones[place].at <= fact.at:
            place += 1
        following = starts[position + 1] if position + 1 < len(starts) else None
        yield fact, dones[place] if place < len(dones) else following, _instant(fact)


def _instant(fact: Fact) -> str:
    return fact.at.astimezone(UTC).isoformat()


def _due(rule: Rule, start: Fact, done: Fact | None, mark: str, told: Told) -> Due | None:
    """None while a clock that sessions move has too few of them to say a day."""
    clock = _clock(rule, start, told)
    ends = [_end(clock, length, rule, start, told) for length in (rule.within, rule.at_most) if length]
    known = [end for end in ends if end is not None]
    if not known:
        return None
    return Due(
        rule=rule.key,
        episode=start.episode,
        mark=mark,
        start=start,
        by=min(known),
        hard=_end(clock, rule.hard, rule, start, told) if rule.hard else None,
        staff=start.by if rule.starter else None,
        state=State.DONE if done else (State.OVER if _is_over(rule, start, told) else State.OPEN),
        done_at=done.at if done else None,
        says=rule,
    )


def _end(clock: datetime, length: Length, rule: Rule, start: Fact, told: Told) -> datetime | None:
    if not length.unit.is_counted:
        return end_of(clock, length, told.zone, told.closed)
    form = told.form_of(start)
    return end_by_count(clock, length, told.zone, told.count, form=form, start_day=rule.start_day)


def _clock(rule: Rule, start: Fact, told: Told) -> datetime:
    if rule.paused is None:
        return start.at
    _open, ended = told.stretch(rule.paused)
    return max(start.at, ended) if ended else start.at


def _is_over(rule: Rule, start: Fact, told: Told) -> bool:
    if any(fact.at > start.at for fact in told.of(rule.moot)):
        return True
    if rule.during is not None and not told.stretch(rule.during)[0]:
        return True
    if rule.paused is not None and told.stretch(rule.paused)[0]:
        return True
    return not rule.outlives and bool(told.of((EPISODE_ENDED,)))


def _in_force(rule: Rule, start: Fact, zone: ZoneInfo) -> bool:
    """The rule of the day on which the clock began is the one that counts (2.7: effective dates)."""
    day = local_day(start.at, zone)
    return rule.effective_from <= day and (rule.effective_to is None or day < rule.effective_to)
