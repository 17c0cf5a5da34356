"""Scored answers made by programs that others wrote, read in place."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from dayward.chart.measures import library
from dayward.chart.measures.rules import scoring

pytestmark = pytest.mark.corpus

CORPUS = os.environ.get("DAYWARD_CORPUS")
if not CORPUS:
    pytest.skip("DAYWARD_CORPUS names no corpus", allow_module_level=True)
FOLDER = Path(CORPUS).resolve() / "measures"
BANDS = {"none-minimal": "minimal", "moderately-severe": "moderately_severe"}


def vectors(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / "vectors" / f"{name}.json").read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize("key", ["phq-9", "gad-7"])
def test_scores_equal_those_of_independent_programs(key: str) -> None:
    instrument, cases = library.instrument(key), vectors(key)["cases"]
    assert len(cases) >= 28
    for case in cases:
        pairs = zip(instrument.items, case["answers"], strict=False)
        answers = {item.key: value for item, value in pairs if value is not None}
        found = scoring.score(instrument, answers)
        severity = case["expected"]["severity"]
        assert (found.total, found.band) == (case["expected"]["total"], BANDS.get(severity, severity)), case[
            "id"
        ]


@pytest.mark.parametrize("key", ["phq-9", "gad-7", "asq"])
def test_the_words_are_the_published_ones(key: str) -> None:
    published = json.loads((FOLDER / "tier_a_texts.json").read_text(encoding="utf-8"))[key]
    text = library.instrument(key).text("en")
    for ours, theirs in zip(text.items.values(), published["items"], strict=False):
        assert ours == theirs.split(" (If yes")[0]
    assert list(text.options["1"]) == published["options"]
    assert text.stem == published.get("stem", "")
    if "difficulty" in published:
        assert text.items["10"] == published["difficulty"]
        assert list(text.options["10"]) == published["difficulty_options"]
