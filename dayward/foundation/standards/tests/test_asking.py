"""What a rule says is the same whatever is told of words that it does not look at."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from dayward.foundation.standards import library
from dayward.foundation.standards.rules.asking import touched, words_of
from dayward.foundation.standards.rules.engine import Due, dues_of
from dayward.foundation.standards.rules.pack import Rule
from dayward.kernel.facts import Fact, word_of

CHICAGO = ZoneInfo("America/Chicago")
BASE = datetime(2026, 3, 2, 15, tzinfo=UTC)
CLOSED = {date(2026, 3, 4), date(2026, 3, 9)}
RULES = tuple(library.rules().values())


def kinds_of(rule: Rule) -> set[str]:
    found = {
        each.kind for some in (rule.after, rule.done, rule.unless, rule.given, rule.moot) for each in some
    }
    for stretch in (rule.during, rule.paused):
        found |= {stretch.begins.kind, stretch.ends.kind} if stretch else set()
    return found


KINDS = sorted(
    {kind for rule in RULES for kind in kinds_of(rule)}
    | {"session.group", "session.individual", "service.delivered", "episode.ended"}
)
FACTS = st.lists(
    st.builds(
        Fact,
        st.sampled_from(KINDS),
        st.integers(0, 24 * 60).map(lambda hours: BASE + timedelta(hours=hours)),
        st.just(1),
        st.sampled_from([None, 7]),
        st.sampled_from(["", "a", "b"]),
    ),
    max_size=40,
)


def dues(rules: Iterable[Rule], facts: Iterable[Fact]) -> list[Due]:
    return dues_of(rules, facts, CHICAGO, CLOSED)


@given(FACTS)
def test_a_rule_needs_no_fact_of_another_word(facts: list[Fact]) -> None:
    for rule in RULES:
        mine = words_of(rule)
        assert dues([rule], facts) == dues([rule], [fact for fact in facts if word_of(fact.kind) in mine])


@given(
    FACTS, FACTS, st.sets(st.sampled_from(sorted({word_of(kind) for kind in KINDS})), min_size=1, max_size=3)
)
def test_the_part_is_what_the_whole_says(before: list[Fact], new: list[Fact], words: set[str]) -> None:
    """All facts of some words are replaced by others: dues of rules that are not touched stay as they are, and those
    that are come out of the words that `touched` names."""
    after = [each for each in before if word_of(each.kind) not in words]
    after += [each for each in new if word_of(each.kind) in words]
    keys, asked = touched(RULES, words)
    part = [rule for rule in RULES if rule.key in keys]
    others = [rule for rule in RULES if rule.key not in keys]
    assert dues(others, before) == dues(others, after)
    assert dues(part, after) == dues(part, [each for each in after if word_of(each.kind) in asked])


def test_rules_of_one_key_are_touched_together() -> None:
    rule = next(each for each in RULES if each.key == "note.service")
    other = next(each for each in RULES if each.key == "plan.signed")
    follows = Rule(**{**{name: getattr(other, name) for name in Rule.__slots__}, "key": rule.key})
    keys, asked = touched([rule, follows, other], {"note"})
    assert keys == {"note.service"} and asked == words_of(rule) | words_of(other)
