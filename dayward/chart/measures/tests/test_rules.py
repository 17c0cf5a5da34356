"""Scores, change and risk by tables, and properties that hold for every answer."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dayward.chart.measures import library
from dayward.chart.measures.rules import cadence, scoring
from dayward.chart.measures.rules.change import (
    Direction,
    Outcome,
    Point,
    Track,
    direction,
    outcome,
    step,
    track,
)
from dayward.chart.measures.rules.risk import ORDER, RiskClass, Told, risk, worse
from dayward.kernel.errors import Misconfigured, Refused

PHQ9, GAD7, ASQ = (library.instrument(key) for key in ("phq-9", "gad-7", "asq"))
assert PHQ9.change is not None
PHQ9_CHANGE = PHQ9.change
FREQUENCY = st.integers(0, 3)


@pytest.mark.parametrize(
    ("key", "row"),
    [(key, row) for key in library.names() for row in library.examples(key)],
    ids=lambda each: each if isinstance(each, str) else each["answers"],
)
def test_worked_examples(key: str, row: dict[str, Any]) -> None:
    instrument = library.instrument(key)
    found = scoring.score(instrument, library.answers_of(instrument, row["answers"]))
    assert (found.total, found.band, found.prorated) == (
        row.get("total"),
        row.get("band", ""),
        row.get("prorated", False),
    )


@given(st.lists(FREQUENCY, min_size=9, max_size=9), FREQUENCY)
def test_a_whole_phq9_is_the_sum_and_the_difficulty_never_counts(nine: list[int], difficulty: int) -> None:
    answers: dict[str, int | None] = {str(i + 1): value for i, value in enumerate(nine)}
    found = scoring.score(PHQ9, answers | {"10": difficulty})
    assert found.total == sum(nine) and not found.prorated
    assert found.band == scoring.band_of(PHQ9, sum(nine)) != ""


@given(st.dictionaries(st.sampled_from([str(i) for i in range(1, 10)]), FREQUENCY))
def test_prorating_stays_in_range_and_says_so(answers: dict[str, int | None]) -> None:
    found = scoring.score(PHQ9, answers)
    missing = 9 - len(answers)
    assert (found.total is None) == (missing > 2)
    if found.total is not None:
        assert 0 <= found.total <= 27 and found.prorated == (missing > 0)


@pytest.mark.parametrize(("key", "value"), [("1", 4), ("1", -1), ("11", 1), ("9", 9)])
def test_what_the_form_does_not_have_is_refused_not_clipped(key: str, value: int) -> None:
    with pytest.raises(Refused):
        scoring.score(PHQ9, {key: value})


def test_the_fifth_question_is_asked_after_a_yes_or_a_refusal() -> None:
    def asked(*first: int | None) -> str | None:
        found = scoring.next_item(ASQ, {str(i + 1): value for i, value in enumerate(first)})
        return found.key if found else None

    assert asked(0, 0) == "3"
    assert asked(0, 0, 0, 0) is None
    assert asked(0, 1, 0, 0) == "5"
    assert asked(0, None, 0, 0) == "5"


def test_a_passed_over_critical_item_is_unknown() -> None:
    assert scoring.unknown(PHQ9, {"1": 0}) == ("9",)
    assert scoring.unknown(PHQ9, {"9": None}) == ()
    assert scoring.unknown(ASQ, {"1": 0, "2": 1}) == ("3", "4", "5")


@pytest.mark.parametrize(
    ("item9", "asq", "expected"),
    [
        ({0}, {}, None),
        ({1}, {}, "same_day"),
        ({2}, {}, "same_day"),
        ({3}, {}, "acute"),
        ({None}, {}, "same_day"),
        ({1}, {"1": {0}, "2": {0}}, "same_day"),  # the ASQ is not answered yet
        ({1}, {key: {0} for key in "1234"}, "review"),
        ({None}, {key: {0} for key in "1234"}, "review"),
        ({2}, {key: {0} for key in "1234"}, "same_day"),
        ({3}, {key: {0} for key in "1234"}, "same_day"),
        ({1}, {"1": {1}}, "same_day"),
        ({1}, {"1": {None}}, "same_day"),
        ({1}, {"1": {1}, "5": {1}}, "acute"),
        ({1}, {"1": {1}, "5": {0}}, "same_day"),
        ({1}, {"1": {1}, "5": {None}}, "same_day"),
        (set(), {"4": {1}}, "same_day"),
        (set(), {"4": {1}, "5": {1}}, "acute"),
        (set(), {key: {0} for key in "1234"}, None),
        ({3, 0}, {}, "acute"),  # a correction lowers nothing
        ({1}, {**{key: {0} for key in "1234"}, "3": {0, 1}}, "same_day"),
    ],
)
def test_the_table_of_risk(
    item9: set[int | None], asq: dict[str, set[int | None]], expected: str | None
) -> None:
    assert risk(Told(frozenset(item9), asq)) == expected


ANSWERS = st.frozensets(st.sampled_from([0, 1, 2, 3, None]))
YES_NO = st.dictionaries(st.sampled_from("12345"), st.frozensets(st.sampled_from([0, 1, None]), min_size=1))


@given(ANSWERS, YES_NO)
def test_any_positive_answer_acts(
    item9: frozenset[int | None], asq: dict[str, frozenset[int | None]]
) -> None:
    positive = bool(item9 - {0}) or any(values - {0} for values in asq.values())
    assert (risk(Told(item9, asq)) is not None) == positive


@given(ANSWERS, YES_NO, st.sampled_from("12345"), st.sampled_from([1, None]))
def test_one_more_positive_answer_never_makes_it_less_urgent(
    item9: frozenset[int | None], asq: dict[str, frozenset[int | None]], key: str, value: int | None
) -> None:
    before = risk(Told(item9, asq))
    after = risk(Told(item9, {**asq, key: asq.get(key, frozenset()) | {value}}))
    assert after is not None
    assert before is None or ORDER.index(after) <= ORDER.index(before) or before is RiskClass.ACUTE
    if before is RiskClass.ACUTE and 3 not in item9:
        assert after is RiskClass.ACUTE


def test_the_more_urgent_of_two() -> None:
    assert worse(None, RiskClass.WATCH) is RiskClass.WATCH
    assert worse(RiskClass.REVIEW, RiskClass.ACUTE) is RiskClass.ACUTE
    assert worse(None, None) is None


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (15, 9, Outcome.RECOVERED),
        (15, 10, Outcome.UNCHANGED),
        (20, 14, Outcome.IMPROVED),
        (16, 10, Outcome.IMPROVED),  # 10 is the cut-off: still a case
        (4, 10, Outcome.HARMED),
        (12, 18, Outcome.DETERIORATED),
        (12, 17, Outcome.UNCHANGED),
    ],
)
def test_outcomes(before: int, after: int, expected: Outcome) -> None:
    assert outcome(before, after, PHQ9_CHANGE) is expected


@given(st.integers(0, 27), st.integers(0, 27))
def test_direction_turns_with_its_arguments(one: int, other: int) -> None:
    there, back = direction(one, other, 6), direction(other, one, 6)
    turned = {Direction.IMPROVED: Direction.WORSE, Direction.WORSE: Direction.IMPROVED}
    assert back is turned.get(there, there)


def course(*totals: int) -> list[Point]:
    return [Point(date(2026, 3, 2) + timedelta(weeks=week), total) for week, total in enumerate(totals)]


@pytest.mark.parametrize(
    ("totals", "expected"),
    [
        ((18,), Track.NONE),
        ((18, 12), Track.GREEN),
        ((18, 17), Track.NONE),
        ((18, 17, 17, 17, 17), Track.AMBER),
        ((12, 12, 12, 12, 12), Track.AMBER),
        ((11, 18), Track.RED),
        ((18, 8, 14), Track.RED),  # worse than the best so far
        ((4, 5), Track.WHITE),
    ],
)
def test_on_track_or_not(totals: tuple[int, ...], expected: Track) -> None:
    assert track(course(*totals), PHQ9_CHANGE) is expected


def test_a_step_is_from_the_first_to_the_last() -> None:
    found = step(course(18, 20, 11), PHQ9_CHANGE)
    assert found is not None
    assert (found.points, found.direction, found.since) == (-7, Direction.IMPROVED, date(2026, 3, 2))
    assert step(course(3), PHQ9_CHANGE) is None


def test_weekly_means_five_days_or_more() -> None:
    now = datetime(2026, 3, 9, 16, tzinfo=ZoneInfo("UTC"))
    assert cadence.is_due(None, now)
    assert cadence.is_due(now - timedelta(days=5), now)
    assert not cadence.is_due(now - timedelta(days=4), now)


@pytest.mark.parametrize(
    ("local", "expected"),
    [
        ("2026-03-09 06:59", False),
        ("2026-03-09 07:00", True),
        ("2026-03-09 17:59", True),
        ("2026-03-09 18:00", False),
        ("2026-03-07 12:00", False),
    ],
)
def test_nothing_is_offered_when_nobody_is_here(local: str, expected: bool) -> None:
    assert cadence.is_watched(datetime.fromisoformat(local)) is expected


@pytest.mark.parametrize("key", library.names())
def test_every_language_has_every_word(key: str) -> None:
    for text in library.instrument(key).texts.values():
        assert all(text.items.values())
        assert text.source


def test_a_malformed_instrument_is_refused() -> None:
    content = library._toml(library.LIBRARY / "phq-9" / "instrument.toml")
    texts = {
        lang: library._toml(library.LIBRARY / "phq-9" / "texts" / f"{lang}.toml") for lang in ("en", "es")
    }
    assert library.read("phq-9", content, texts).name == "PHQ-9"
    for broken in (
        content | {"surprise": 1},
        content | {"band": content["band"][:-1]},
        content | {"item": [*content["item"], content["item"][0]]},
        content | {"critical": [{"item": "99", "at_least": 1}]},
        content | {"score": content["score"] | {"highest": 28}},
    ):
        with pytest.raises((ValueError, KeyError)):
            library.read("phq-9", broken, texts)
    with pytest.raises(Misconfigured):
        library.instrument("no-such")


def test_spanish_and_english_ask_the_same_number_of_things() -> None:
    for key in library.names():
        found = library.instrument(key)
        assert list(found.texts["en"].items) == list(found.texts["es"].items) == [i.key for i in found.items]
    assert GAD7.texts["en"].options["1"][0] == "Not at all"
