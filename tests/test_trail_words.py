"""Whoever reads the trail reads words: each act that leaves an entry has some, and no words are of an act long gone."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from dayward.care.journey.rules.table import TABLE
from dayward.foundation.audit.words import WORDS
from tests.test_house_rules import PRODUCT, _text, _tree

CLOSED = ("program", "room", "servicekind", "track")
STEPS = {f"journey.{row.key}" for row in TABLE}
MADE_UP = {f"catalog.{act}_{kind}" for act in ("close", "reopen") for kind in CLOSED}  # of an f-string


def recorded() -> Iterator[str]:
    """What stands in the calls of `record`."""
    for path in PRODUCT:
        if "tests" in path.parts:
            continue
        for node in ast.walk(_tree(path)):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "record":
                yield from _action(node)


def _action(call: ast.Call) -> Iterator[str]:
    said = [
        word.value.value
        for word in call.keywords
        if word.arg == "action" and isinstance(word.value, ast.Constant)
    ]
    yield from (str(action) for action in said if ":" not in str(action))  # a page has a sentence of its own


def test_each_act_has_words() -> None:
    acts = set(recorded())
    assert len(acts) > 200, "the acts are found"
    assert acts | STEPS | MADE_UP <= WORDS.keys()


def test_no_words_are_of_an_act_that_is_gone() -> None:
    source = "\n".join(_text(path) for path in PRODUCT if path.name != "words.py")
    named = set(re.findall(r'"([a-z]+\.[a-z_]+)"', source))
    assert WORDS.keys() - named - STEPS - MADE_UP == set()
