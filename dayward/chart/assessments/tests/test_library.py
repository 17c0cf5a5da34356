from __future__ import annotations

import copy
import tomllib
from pathlib import Path
from typing import Any

import pytest

from dayward.chart.assessments import checks, library
from dayward.kernel.errors import Misconfigured


def read(path: str) -> dict[str, Any]:
    return tomllib.loads((library.LIBRARY / path).read_text())


SECTIONS, CRITERIA = read("biopsychosocial/sections.toml"), read("criteria/asam-4/criteria.toml")


def test_the_shipped_library_passes_the_check() -> None:
    assert checks.check_library() == []


def test_sections_need_known_groups_and_each_key_once() -> None:
    doubled = copy.deepcopy(SECTIONS)
    doubled["section"].append(doubled["section"][0])
    stray = copy.deepcopy(SECTIONS)
    stray["section"][0]["group"] = "nowhere"
    for broken in (doubled, stray):
        with pytest.raises(ValueError, match="each key once"):
            library.read_groups(broken)


def test_criteria_need_known_populations_and_each_key_once() -> None:
    changes: list[dict[str, Any]] = [
        {"populations": []},
        {"populations": ["robots"]},
        {"dimension": CRITERIA["dimension"] * 2},
    ]
    for change in changes:
        with pytest.raises(ValueError):
            library.read_criteria("broken", CRITERIA | change)


def test_a_question_the_screening_does_not_ask_fails_the_check(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (library.LIBRARY / "biopsychosocial/sections.toml").read_text().replace('"F13"', '"F99"')
    tmp_path.joinpath("biopsychosocial").mkdir()
    tmp_path.joinpath("biopsychosocial/sections.toml").write_text(text)
    tmp_path.joinpath("criteria").mkdir()
    monkeypatch.setattr(library, "LIBRARY", tmp_path)
    caches = (library.groups, library.sections, library.criteria_sets)
    for cache in caches:
        cache.cache_clear()
    found = [str(message.msg) for message in checks.check_library()]
    for cache in caches:
        cache.cache_clear()
    assert found == ["biopsychosocial/sections.toml: the screening has no F99"]


def test_broken_toml_names_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tmp_path.joinpath("criteria", "odd").mkdir(parents=True)
    tmp_path.joinpath("criteria", "odd", "criteria.toml").write_text("title = ")
    monkeypatch.setattr(library, "LIBRARY", tmp_path)
    with pytest.raises(Misconfigured, match="odd/criteria"):
        library.criteria("odd")
