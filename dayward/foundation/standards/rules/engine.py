"""Facts in, dues out. The order in which facts are told does not matter, and a fact told twice is told once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from zoneinfo import ZoneInfo

from dayward.foundation.standards.rules.clock import end_of
from dayward.foundation.standards.rules.pack import Pattern, Rule, Stretch
from dayward.kernel.facts import Fact
from dayward.kernel.time import local_day

EPISODE_ENDED = Pattern("episode.ended")


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
    done_at: datetime | None = None

    @property
    def identity(self) -> tuple[int, str, str]:
        return self.episode, self.rule, self.mark


class Told:
    """The facts of one episode, by kind and in the order of time."""

    def __init__(self, facts: Iterable[Fact]) -> None:
        self._kinds: dict[str, list[Fact]] = defaultdict(list)
        for fact in sorted(set(facts), key=_order):
            self._kinds[fact.kind].append(fact)

    def of(self, patterns: Iterable[Pattern]) -> list[Fact]:
        """All that fit any of the patterns, the oldest first."""
        wanted = dict.fromkeys(patterns)
        found = {
            fact: None
            for each in wanted
            for fact in self._kinds.get(each.kind, ())
            if each.ref is None or fact.ref == each.ref
        }
        return sorted(found, key=_order)

    def stretch(self, stretch: Stretch) -> tuple[bool, datetime | None]:
        """Whether one is open, and when the last one ended."""
        begins, ends = self.of([stretch.begins]), self.of([stretch.ends])
        ended = ends[-1].at if ends else None
        return bool(begins) and (ended is None or ended < begins[-1].at), ended


def _order(fact: Fact) -> tuple[datetime, str, str, int]:
    return fact.at, fact.kind, fact.ref, fact.by or 0


def dues_of(rules: Iterable[Rule], facts: Iterable[Fact], zone: ZoneInfo) -> list[Due]:
    """Everything the rules say about one episode: open, done and over."""
    told = Told(facts)
    return [due for rule in rules for due in _of_rule(rule, told, zone)]


def _of_rule(rule: Rule, told: Told, zone: ZoneInfo) -> Iterator[Due]:
    starts = [fact for fact in told.of(rule.after) if _in_force(rule, fact, zone)]
    if not starts or told.of(rule.unless) or (rule.given and not told.of(rule.given)):
        return
    if rule.latest:
        yield from _restarting(rule, starts, told, zone)
    elif rule.by_ref:
        seen: dict[str, Fact] = {}
        for fact in starts:
            seen.setdefault(fact.ref, fact)
        done = {fact.ref: fact for fact in reversed(told.of(rule.done))}  # the first of each
        for ref, fact in seen.items():
            yield _due(rule, fact, done.get(ref), ref, told, zone)
    else:
        yield _due(rule, starts[0], next(iter(told.of(rule.done)), None), "", told, zone)


def _restarting(rule: Rule, starts: list[Fact], told: Told, zone: ZoneInfo) -> Iterator[Due]:
    """Each start is settled by what is done after it; only the newest can still be open.

    Starts of one instant are one start.
    """
    starts = list({fact.at: fact for fact in reversed(starts)}.values())[::-1]
    for position, fact in enumerate(starts):
        following = starts[position + 1] if position + 1 < len(starts) else None
        done = next((each for each in told.of(rule.done) if each.at > fact.at), None) or following
        yield _due(rule, fact, done, _instant(fact), told, zone)


def _instant(fact: Fact) -> str:
    return fact.at.astimezone(UTC).isoformat()


def _due(rule: Rule, start: Fact, done: Fact | None, mark: str, told: Told, zone: ZoneInfo) -> Due:
    clock = _clock(rule, start, told)
    return Due(
        rule=rule.key,
        episode=start.episode,
        mark=mark,
        start=start,
        by=end_of(clock, rule.within, zone),
        hard=end_of(clock, rule.hard, zone) if rule.hard else None,
        staff=start.by if rule.starter else None,
        state=State.DONE if done else (State.OVER if _is_over(rule, start, told) else State.OPEN),
        done_at=done.at if done else None,
    )


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
    return not rule.outlives and bool(told.of([EPISODE_ENDED]))


def _in_force(rule: Rule, start: Fact, zone: ZoneInfo) -> bool:
    """The rule of the day on which the clock began is the one that counts (2.7: effective dates)."""
    day = local_day(start.at, zone)
    return rule.effective_from <= day and (rule.effective_to is None or day < rule.effective_to)
