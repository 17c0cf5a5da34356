from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dayward.foundation.standards.rules.clock import end_of
from dayward.foundation.standards.rules.engine import State, dues_of
from dayward.foundation.standards.rules.pack import Length, Pattern, Rule, Stretch, Unit
from dayward.kernel.facts import Fact

CHICAGO, HAVANA, APIA = ZoneInfo("America/Chicago"), ZoneInfo("America/Havana"), ZoneInfo("Pacific/Apia")


@pytest.mark.parametrize(
    ("zone", "start", "length", "end"),
    [
        (CHICAGO, "2026-03-02 12:00", Length(10, Unit.MINUTES), "2026-03-02 12:10:00"),
        (CHICAGO, "2026-03-02 12:00", Length(72, Unit.HOURS), "2026-03-05 12:00:00"),
        (
            CHICAGO,
            "2026-03-07 12:00",
            Length(24, Unit.HOURS),
            "2026-03-08 13:00:00",
        ),  # the clock goes forward
        (CHICAGO, "2026-10-31 12:00", Length(24, Unit.HOURS), "2026-11-01 11:00:00"),  # and back
        (CHICAGO, "2026-03-07 12:00", Length(1, Unit.DAYS), "2026-03-08 23:59:59"),
        (CHICAGO, "2026-03-02 00:00", Length(0, Unit.DAYS), "2026-03-02 23:59:59"),
        (CHICAGO, "2026-03-02 23:59", Length(0, Unit.DAYS), "2026-03-02 23:59:59"),
        (CHICAGO, "2026-02-27 08:00", Length(3, Unit.DAYS), "2026-03-02 23:59:59"),
        (CHICAGO, "2028-02-28 08:00", Length(1, Unit.DAYS), "2028-02-29 23:59:59"),
        (HAVANA, "2026-03-07 12:00", Length(0, Unit.DAYS), "2026-03-07 23:59:59"),  # no midnight that night
        (APIA, "2011-12-29 12:00", Length(0, Unit.DAYS), "2011-12-29 23:59:59"),  # the next day never came
    ],
)
def test_lengths_of_time(zone: ZoneInfo, start: str, length: Length, end: str) -> None:
    found = end_of(datetime.fromisoformat(start).replace(tzinfo=zone), length, zone)
    assert f"{found.astimezone(zone):%Y-%m-%d %H:%M:%S}" == end


INSTANTS = st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - Hypothesis adds the zone
ZONES = st.sampled_from([CHICAGO, HAVANA, ZoneInfo("America/Phoenix"), ZoneInfo("America/New_York")])


@given(INSTANTS, st.integers(0, 400), ZONES)
def test_days_end_with_the_local_day_wherever_in_it_they_began(
    start: datetime, days: int, zone: ZoneInfo
) -> None:
    end = end_of(start, Length(days, Unit.DAYS), zone)
    local = end.astimezone(zone)
    assert local.date() == start.astimezone(zone).date() + timedelta(days=days)
    assert (end + timedelta(seconds=1)).astimezone(zone).date() > local.date()
    assert end >= start - timedelta(seconds=1)


@given(INSTANTS, INSTANTS, st.sampled_from(Unit), st.integers(1, 90), ZONES)
def test_who_starts_later_is_never_due_earlier(
    one: datetime, other: datetime, unit: Unit, amount: int, zone: ZoneInfo
) -> None:
    first, second = sorted((one, other))
    length = Length(amount, unit)
    assert end_of(first, length, zone) <= end_of(second, length, zone)


def rule(**given_: object) -> Rule:
    plain: dict[str, object] = {
        "key": "r",
        "pack": "p",
        "title": "t",
        "why": "w",
        "role": "therapist",
        "after": (Pattern("start"),),
        "done": (Pattern("done"),),
        "within": Length(1, Unit.DAYS),
        "source": "s",
        "citation": "c",
        "confidence": "policy",
    }
    return Rule(**{**plain, **given_})  # type: ignore[arg-type]


BASE = datetime(2026, 3, 2, 18, tzinfo=UTC)
KINDS = st.sampled_from(["start", "done", "never", "moot", "hold.began", "hold.ended", "episode.ended"])
FACTS = st.lists(
    st.builds(
        Fact,
        kind=KINDS,
        at=st.integers(0, 200).map(lambda hours: BASE + timedelta(hours=hours)),
        episode=st.just(1),
        by=st.one_of(st.none(), st.integers(1, 3)),
        ref=st.sampled_from(["", "a", "b"]),
    ),
    max_size=12,
)
HOLD = Stretch(Pattern("hold.began"), Pattern("hold.ended"))
RULES = st.sampled_from(
    [
        rule(),
        rule(by_ref=True, starter=True),
        rule(latest=True, done=()),
        rule(latest=True, paused=HOLD),
        rule(outlives=True, unless=(Pattern("never"),)),
        rule(by_ref=True, moot=(Pattern("moot"),)),
        rule(during=HOLD, latest=True),
    ]
)


@given(RULES, FACTS, st.randoms(use_true_random=False))
def test_the_order_of_telling_changes_nothing(rule: Rule, facts: list[Fact], dice: object) -> None:
    shuffled = list(facts)
    dice.shuffle(shuffled)  # type: ignore[attr-defined]
    assert dues_of([rule], facts, CHICAGO) == dues_of([rule], [*shuffled, *facts], CHICAGO)


@example(rule(latest=True, done=()), [Fact("start", BASE, 1), Fact("start", BASE, 1, ref="a")])
@given(RULES, FACTS)
def test_each_due_is_one_and_has_a_start(rule: Rule, facts: list[Fact]) -> None:
    dues = dues_of([rule], facts, CHICAGO)
    assert len({due.identity for due in dues}) == len(dues)
    assert all(due.start in facts and due.by >= due.start.at - timedelta(seconds=1) for due in dues)
    assert all((due.done_at is not None) == (due.state is State.DONE) for due in dues)


@given(RULES, FACTS)
def test_only_the_newest_start_of_a_restarting_rule_is_open(rule: Rule, facts: list[Fact]) -> None:
    opened = [due for due in dues_of([rule], facts, CHICAGO) if due.state is State.OPEN]
    assert rule.by_ref or len(opened) <= 1
    if rule.latest and opened:
        assert opened[0].start.at == max(fact.at for fact in facts if fact.kind == "start")


@given(RULES, FACTS)
def test_nothing_is_open_after_the_end_unless_the_rule_outlives_it(rule: Rule, facts: list[Fact]) -> None:
    ended = Fact("episode.ended", BASE, 1)
    dues = dues_of([rule], [*facts, ended], CHICAGO)
    assert rule.outlives or not [due for due in dues if due.state is State.OPEN]


@given(FACTS, st.integers(0, 100))
def test_doing_what_is_due_settles_it(facts: list[Fact], hours: int) -> None:
    """However late: a due never goes because time passed, and never stays when it was done."""
    plain = rule(outlives=True)
    started = [*[fact for fact in facts if fact.kind != "done"], Fact("start", BASE, 1)]
    (due,) = dues_of([plain], started, CHICAGO)
    assert due.state is State.OPEN
    (done,) = dues_of([plain], [*started, Fact("done", BASE + timedelta(hours=hours), 1)], CHICAGO)
    assert done.state is State.DONE and done.by == due.by


def test_what_was_done_before_its_start_counts_where_once_is_enough() -> None:
    facts = [Fact("done", BASE - timedelta(days=3), 1), Fact("start", BASE, 1)]
    (due,) = dues_of([rule()], facts, CHICAGO)
    assert due.state is State.DONE
    (again,) = dues_of([rule(latest=True)], facts, CHICAGO)
    assert again.state is State.OPEN


def test_a_rule_counts_from_its_first_day_to_its_last() -> None:
    changed = date(2026, 3, 10)
    rules = [rule(key="old", effective_to=changed), rule(key="new", effective_from=changed)]
    late_on_the_ninth = datetime(2026, 3, 10, 4, 30, tzinfo=UTC)  # 11:30 pm in Chicago
    for start, expected in [(late_on_the_ninth, "old"), (late_on_the_ninth + timedelta(hours=1), "new")]:
        assert [due.rule for due in dues_of(rules, [Fact("start", start, 1)], CHICAGO)] == [expected]


def test_whom_the_start_names_has_to_do_it_only_where_the_rule_says_so() -> None:
    facts = [Fact("start", BASE, 1, by=7)]
    assert [due.staff for due in dues_of([rule(), rule(key="x", starter=True)], facts, CHICAGO)] == [None, 7]
