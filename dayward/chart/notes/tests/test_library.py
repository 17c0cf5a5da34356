from __future__ import annotations

import copy
import tomllib
from pathlib import Path
from typing import Any

import pytest

from dayward.chart.notes import checks, library
from dayward.chart.notes.rules.templates import missing
from dayward.kernel.errors import Misconfigured

WHOLE = tomllib.loads((library.LIBRARY / "group" / "template.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", library.names())
def test_the_worked_examples_hold(name: str) -> None:
    template = library.templates()[name]
    rows = library.examples(name)
    assert rows
    for row in rows:
        found = [part.key for part in missing(template.parts, row["texts"])]
        assert found == row["missing"], row["says"]


@pytest.mark.parametrize(
    "change",
    [
        {"signers": []},
        {"cosigned": ["nurse"]},
        {"objective": "perhaps"},
        {"source": ""},
        {"part": [{"key": "a", "title": "A"}]},  # nothing that is the person's own
        {"part": [{"key": "a", "title": "A", "own": True, "needed": True, "color": "red"}]},
        {"part": [{"key": "work", "title": "A", "own": True, "needed": True}]},  # a key twice
        {"part": [{"key": "a", "title": "A", "own": True, "needed": True, "choices": [["two words", "x"]]}]},
    ],
)
def test_a_malformed_template_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(Misconfigured, match="broken"):
        library.read("broken", copy.deepcopy(WHOLE) | change)


def test_the_shipped_templates_pass_the_check() -> None:
    assert checks.check_templates() == []


def test_a_missing_or_strange_template_fails_the_check(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "only"
    folder.mkdir()
    text = (library.LIBRARY / "group" / "template.toml").read_text(encoding="utf-8")
    folder.joinpath("template.toml").write_text(text.replace('"adc", ', '"wizard", '))
    monkeypatch.setattr(library, "LIBRARY", tmp_path)
    library.templates.cache_clear()
    found = [message.id for message in checks.check_templates()]
    library.templates.cache_clear()
    assert found == ["notes.E002", "notes.E003"]
