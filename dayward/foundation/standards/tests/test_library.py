from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from dayward.foundation.standards import checks, library, words
from dayward.foundation.standards.rules.engine import Due, dues_of
from dayward.foundation.standards.rules.reading import Example, read_pack
from dayward.kernel.errors import Misconfigured

EXAMPLES = [(name, example) for name in library.names() for example in library.examples(name)]


@pytest.mark.parametrize(
    ("name", "example"), EXAMPLES, ids=[f"{name}-{each.rule}-{each.title}" for name, each in EXAMPLES]
)
def test_a_worked_example_comes_out_as_written(name: str, example: Example) -> None:
    rule = next(rule for rule in library.pack(name).rules if rule.key == example.rule)
    found = dues_of([rule], example.facts, example.zone, example.closed)
    assert [_shown(due, example.zone) for due in found] == [_whole(each) for each in example.dues]


def _shown(due: Due, zone: ZoneInfo) -> tuple[str, str, str]:
    hard = f"{due.hard.astimezone(zone):%Y-%m-%d %H:%M:%S}" if due.hard else ""
    return due.state.value, f"{due.by.astimezone(zone):%Y-%m-%d %H:%M:%S}", hard


def _whole(each: tuple[str, str, str]) -> tuple[str, str, str]:
    state, by, hard = each
    return state, _seconds(by), _seconds(hard) if hard else ""


def _seconds(clock: str) -> str:
    return clock if clock.count(":") == 2 else f"{clock}:00"


def test_the_shipped_packs_pass_the_check() -> None:
    assert checks.check_packs() == []


HEAD = {
    "key": "own",
    "title": "Own",
    "citation": "here",
    "scope": {"authority": "policy"},
    "effective_from": date(2026, 1, 1),
}
RULE: dict[str, Any] = {
    "key": "a.b",
    "title": "Do it",
    "why": "Because",
    "role": "therapist",
    "after": ["a"],
    "done": ["b"],
    "within": {"days": 3},
    "source": "1",
    "citation": "here",
    "confidence": "policy",
}


def without(name: str) -> dict[str, Any]:
    return {key: value for key, value in RULE.items() if key != name}


@pytest.mark.parametrize(
    "row",
    [
        *(without(name) for name in RULE if name != "unless"),
        {**RULE, "title": " "},
        {**RULE, "confidence": "sure"},
        {**RULE, "within": {"days": 3, "hours": 2}},
        {**RULE, "within": {"fortnights": 1}},
        {**RULE, "within": {"hours": 0}},
        {**RULE, "within": {"days": -1}},
        {**RULE, "within": {"days": True}},
        {**RULE, "hard": {"days": 3}},
        {**RULE, "latest": 1},
        {**RULE, "latest": True, "by_ref": True},
        {**RULE, "during": {"from": "a", "until": "b"}},
        {**RULE, "dismissable": True},
        {**RULE, "harm": "none"},
        {**RULE, "every": 0},
        {**RULE, "at_most": {"days": 2}},  # the same clock twice
        {**RULE, "at_most": {"sessions": 2}},
        {**RULE, "hard": {"treatment_days": 9}},
        {**RULE, "hard": {"days": 9}, "confidence": "secondary"},
        {**RULE, "hard": {"days": 9}, "confidence": "memory"},
        {**RULE, "effective_from": date(2025, 12, 31)},  # before the pack
        {**RULE, "effective_from": date(2026, 5, 1), "effective_to": date(2026, 5, 1)},
    ],
)
def test_a_malformed_rule_is_refused(row: dict[str, Any]) -> None:
    with pytest.raises((KeyError, TypeError, ValueError)):
        read_pack({"pack": HEAD, "rule": [row]})


@pytest.mark.parametrize(
    ("head", "rules"),
    [
        (HEAD, [RULE, RULE]),
        ({**HEAD, "effective_from": "2026-01-01"}, [RULE]),
        ({**HEAD, "effective_to": HEAD["effective_from"]}, [RULE]),
        ({**HEAD, "mood": "good"}, [RULE]),
        ({**HEAD, "scope": {"authority": "king", "of": ["x"]}, "lacks": ["much"]}, [RULE]),
        ({**HEAD, "scope": {"authority": "state"}, "lacks": ["much"]}, [RULE]),
        ({**HEAD, "scope": {"authority": "policy", "of": ["MN"]}}, [RULE]),
        ({**HEAD, "scope": {"authority": "state", "of": ["MN"]}}, [RULE]),  # does not say what it lacks
    ],
)
def test_a_malformed_pack_is_refused(head: dict[str, Any], rules: list[dict[str, Any]]) -> None:
    with pytest.raises((KeyError, TypeError, ValueError)):
        read_pack({"pack": head, "rule": rules})


PACK = """
[pack]
key = "{key}"
title = "Own"
citation = "here"
scope = {{ authority = "policy" }}
effective_from = 2026-01-01
[[rule]]
key = "a.b"
title = "Do it"
why = "Because"
role = "{role}"
after = ["a"]
done = ["b"]
within = {{ days = 3 }}
source = "1"
citation = "here"
confidence = "policy"
"""
EXAMPLE = """
[[example]]
rule = "{rule}"
title = "x"
facts = []
dues = []
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str, str], None]:
    monkeypatch.setattr(library, "LIBRARY", tmp_path)

    def write(name: str, pack: str, examples: str) -> None:
        tmp_path.joinpath(name).mkdir()
        tmp_path.joinpath(name, "pack.toml").write_text(pack)
        tmp_path.joinpath(name, "examples.toml").write_text(examples)

    return write


def test_the_check_finds_what_is_wrong_with_a_folder(folder: Callable[[str, str, str], None]) -> None:
    folder("broken", "[pack", "")
    folder("named", PACK.format(key="other", role="therapist"), EXAMPLE.format(rule="a.b"))
    folder("one", PACK.format(key="one", role="pilot"), EXAMPLE.format(rule="a.c"))
    folder("two", PACK.format(key="two", role="therapist"), EXAMPLE.format(rule="a.b"))
    found = [message.id for message in checks.check_packs()]
    assert found == [
        "standards.E001",
        "standards.E001",
        "standards.E002",
        "standards.E002",
        "standards.E003",
        "standards.E004",
    ]


def test_a_rule_that_nobody_wrote_is_named() -> None:
    with pytest.raises(Misconfigured, match="broken"):
        library.pack("broken")


def test_every_fact_that_a_pack_names_has_words() -> None:
    """Nobody reads "consent.asked_anew" on a page."""
    patterns = {each for rule in library.rules().values() for each in (*rule.after, *rule.done)}
    assert sorted(str(each) for each in patterns if words.event(each) == str(each)) == []


@pytest.mark.parametrize(
    ("since", "until", "sentence"),
    [
        (date(2024, 1, 1), None, "In force from Jan 1, 2024"),
        (date(2024, 1, 1), date(2025, 7, 1), "In force from Jan 1, 2024, until Jun 30, 2025"),
        (date.min, date(2025, 7, 1), "Until Jun 30, 2025"),
        (date.min, None, "Its first day is not on file"),
    ],
)
def test_since_when_a_pack_is_in_force(since: date, until: date | None, sentence: str) -> None:
    assert words.in_force(since, until) == sentence
