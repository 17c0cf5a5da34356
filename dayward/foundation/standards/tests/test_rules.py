from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
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
        (CHICAGO, "2026-01-31 08:00", Length(1, Unit.MONTHS), "2026-02-28 23:59:59"),
        (CHICAGO, "2026-11-30 08:00", Length(3, Unit.MONTHS), "2027-02-28 23:59:59"),
        (CHICAGO, "2026-03-06 08:00", Length(3, Unit.BUSINESS_DAYS), "2026-03-11 23:59:59"),  # over a weekend
        (CHICAGO, "2026-03-07 08:00", Length(1, Unit.BUSINESS_DAYS), "2026-03-09 23:59:59"),
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


BY_TIME = st.sampled_from([unit for unit in Unit if not unit.is_counted])


@given(INSTANTS, INSTANTS, BY_TIME, st.integers(1, 90), ZONES)
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


THANKSGIVING = [date(2026, 11, 26), date(2026, 11, 27)]


@pytest.mark.parametrize(
    ("length", "end"),
    [
        (Length(3, Unit.DAYS), "2026-11-28"),
        (Length(3, Unit.OPEN_DAYS), "2026-11-30"),
        (Length(3, Unit.BUSINESS_DAYS), "2026-12-02"),
        (Length(0, Unit.BUSINESS_DAYS), "2026-11-25"),
    ],
)
def test_days_on_which_the_site_is_closed(length: Length, end: str) -> None:
    found = end_of(datetime(2026, 11, 25, 12, tzinfo=CHICAGO), length, CHICAGO, THANKSGIVING)
    assert f"{found.astimezone(CHICAGO):%Y-%m-%d}" == end


def test_a_site_that_closed_for_good_ends_no_clock_in_eternity() -> None:
    closed = {date(2026, 1, 1) + timedelta(days=each) for each in range(3000)}
    assert end_of(BASE, Length(5, Unit.OPEN_DAYS), CHICAGO, closed).year == 2027


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHICAGO)


def came(*days: str, form: str = "group") -> list[Fact]:
    return [Fact(f"session.{form}", local(f"{day} 17:30"), 1, ref=f"{form}-{day}") for day in days]


TEN = rule(within=Length(3, Unit.TREATMENT_DAYS), at_most=Length(30, Unit.DAYS), outlives=True)


@pytest.mark.parametrize(
    ("asked", "days", "end"),
    [
        (TEN, ["2026-03-02", "2026-03-04", "2026-03-06", "2026-03-09"], "2026-03-09"),  # the first day aside
        (TEN, ["2026-03-02", "2026-03-04", "2026-03-04", "2026-03-06"], "2026-04-01"),  # a day counts once
        (TEN, [], "2026-04-01"),  # nothing planned: the calendar alone
        (TEN, ["2026-03-02", "2026-04-02", "2026-04-03", "2026-04-04"], "2026-04-01"),  # the earlier of both
        (
            rule(within=Length(2, Unit.TREATMENT_DAYS), start_day=True),
            ["2026-03-02", "2026-03-04"],
            "2026-03-04",
        ),
        (rule(within=Length(2, Unit.SESSIONS)), ["2026-03-02", "2026-03-04"], "2026-03-04"),
    ],
)
def test_clocks_that_sessions_move(asked: Rule, days: list[str], end: str) -> None:
    (due,) = dues_of([asked], [Fact("start", local("2026-03-02 09:00"), 1), *came(*days)], CHICAGO)
    assert f"{due.by.astimezone(CHICAGO):%Y-%m-%d %H:%M:%S}" == f"{end} 23:59:59"


def test_while_too_few_sessions_are_known_nothing_is_due_by_their_count_alone() -> None:
    asked = rule(within=Length(3, Unit.TREATMENT_DAYS))
    assert dues_of([asked], [Fact("start", local("2026-03-02 09:00"), 1), *came("2026-03-04")], CHICAGO) == []


def test_before_the_next_session_of_the_same_type() -> None:
    """WA: a note before the next session of the same type; the group in between does not count."""
    asked = rule(after=(Pattern("service.delivered"),), within=Length(1, Unit.NEXT_SESSION), by_ref=True)
    facts = [
        *came("2026-03-02", "2026-03-09", form="individual"),
        *came("2026-03-04"),
        Fact("service.delivered", local("2026-03-02 18:30"), 1, ref="individual-2026-03-02"),
        Fact("service.delivered", local("2026-03-04 18:30"), 1, ref="group-2026-03-04"),
    ]
    (due,) = dues_of([asked], facts, CHICAGO)  # no other group is known
    assert due.by == local("2026-03-09 17:30")


def test_every_fourth_begins_a_clock() -> None:
    facts = [Fact("start", BASE + timedelta(days=day), 1, ref=str(day)) for day in range(9)]
    dues = dues_of([rule(every=4, by_ref=True)], facts, CHICAGO)
    assert [due.start.ref for due in dues] == ["3", "7"]


def test_a_pack_that_changes_in_the_middle_applies_from_its_date() -> None:
    """What began under the old rule stays under it, and each start is settled once (7.4, 16)."""
    changed = date(2026, 3, 10)
    old = rule(latest=True, done=(), within=Length(30, Unit.DAYS), effective_to=changed)
    new = rule(latest=True, done=(), within=Length(7, Unit.DAYS), effective_from=changed)
    facts = [Fact("start", local(f"2026-03-{day} 12:00"), 1) for day in ("08", "11")]
    first, second = dues_of([old, new], facts, CHICAGO)
    assert (first.by.astimezone(CHICAGO).date(), first.state) == (date(2026, 4, 7), State.DONE)
    assert (second.by.astimezone(CHICAGO).date(), second.state) == (date(2026, 3, 18), State.OPEN)
    (only,) = dues_of([rule(effective_to=changed), rule(effective_from=changed)], facts, CHICAGO)
    assert only.start == facts[0]


US_ZONES = [ZoneInfo(f"America/{name}") for name in ("New_York", "Phoenix", "Los_Angeles", "Anchorage")]
CLOCKS = st.sampled_from([time(0), time(0, 1), time(3), time(9), time(12), time(23, 30), time(23, 59)])
LOCAL_FACTS = st.lists(
    st.tuples(
        st.sampled_from(["start", "done", "moot", "hold.began", "hold.ended", "session.group"]),
        st.dates(date(2026, 2, 20), date(2026, 3, 25)) | st.dates(date(2026, 10, 20), date(2026, 11, 20)),
        CLOCKS,
    ),
    max_size=14,
)
DAY_RULES = st.sampled_from(
    [
        rule(within=Length(days, unit), at_most=more, latest=latest, paused=HOLD if latest else None)
        for days in (1, 3)
        for unit in Unit
        if unit.ends_with_the_day
        for more in (None, Length(20, Unit.DAYS))
        for latest in (False, True)
        if not (more and unit is Unit.DAYS)
    ]
)


@given(DAY_RULES, LOCAL_FACTS, st.sampled_from(US_ZONES))
def test_the_same_days_wherever_the_site_is(
    rule: Rule, told: list[tuple[str, date, time]], zone: ZoneInfo
) -> None:
    """Zone, change of the clock and midnight move nothing: the same local facts, the same local dues."""
    assert _in(zone, rule, told) == _in(ZoneInfo("UTC"), rule, told)


def _in(zone: ZoneInfo, rule: Rule, told: list[tuple[str, date, time]]) -> list[tuple[object, ...]]:
    facts = [
        Fact(kind, datetime.combine(day, clock, tzinfo=zone), 1, ref=f"{day}{clock}")
        for kind, day, clock in told
    ]
    dues = dues_of([rule], facts, zone, THANKSGIVING)
    return [
        (due.start.kind, due.start.ref, f"{due.by.astimezone(zone):%Y-%m-%d %H:%M:%S}", due.state)
        for due in dues
    ]
