"""Reads the instruments; the system check `measures.E001` refuses a folder that is malformed."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from dayward.chart.measures.rules.instrument import Band, Change, Critical, Instrument, Item, Kind, Text
from dayward.kernel.errors import Misconfigured

LIBRARY = Path(__file__).parent / "library"
LANGUAGES = ("en", "es")
KNOWN = {
    "name", "title", "about", "version", "scoring_version", "minutes", "weekly", "loinc", "license", "options",
    "item", "score", "band", "change", "critical",
}  # fmt: skip
KNOWN_TEXT = {"version", "source", "stem", "options", "items", "stems", "bands"}


def names() -> list[str]:
    return sorted(folder.name for folder in LIBRARY.iterdir() if folder.is_dir())


@cache
def instruments() -> Mapping[str, Instrument]:
    """All instruments by key, in the order in which they are asked."""
    found = {name: instrument(name) for name in names()}
    order = sorted(found.values(), key=lambda one: (not one.weekly, -len(one.items), one.key))
    return MappingProxyType({one.key: one for one in order})


@cache
def instrument(key: str) -> Instrument:
    """One instrument with its words; Misconfigured with the place when something is wrong."""
    folder = LIBRARY / key
    if key not in names():
        raise Misconfigured(f"There is no instrument {key!r}.")
    texts = {language: _toml(folder / "texts" / f"{language}.toml") for language in LANGUAGES}
    try:
        return read(key, _toml(folder / "instrument.toml"), texts)
    except (KeyError, ValueError, TypeError) as problem:
        raise Misconfigured(f"measures/library/{key}: {problem!r}") from problem


def examples(key: str) -> list[dict[str, Any]]:
    """The worked examples beside an instrument."""
    rows: list[dict[str, Any]] = _toml(LIBRARY / key / "examples.toml")["example"]
    return rows


def answers_of(found: Instrument, written: str) -> dict[str, int | None]:
    """Answers as examples write them: a digit each, "-" not answered, "x" would rather not say."""
    pairs = zip(found.items, written, strict=True)
    return {item.key: None if mark == "x" else int(mark) for item, mark in pairs if mark != "-"}


def read(key: str, content: Mapping[str, Any], texts: Mapping[str, Mapping[str, Any]]) -> Instrument:
    """The instrument from what is in its files; ValueError when they do not fit each other."""
    _only(content, KNOWN)
    options = content["options"]
    items = tuple(_item(row, options) for row in content["item"])
    score = content["score"]
    found = Instrument(
        key=key,
        name=content["name"],
        title=content["title"],
        about=content["about"],
        version=content["version"],
        scoring_version=content["scoring_version"],
        minutes=int(content["minutes"]),
        weekly=bool(content["weekly"]),
        kind=Kind(score["kind"]),
        highest=int(score.get("highest", 0)),
        may_miss=int(score.get("may_miss", 0)),
        items=items,
        bands=tuple(Band(row["key"], int(row["from"]), int(row["to"])) for row in content.get("band", ())),
        change=Change(**content["change"]) if "change" in content else None,
        critical=tuple(Critical(**row) for row in content.get("critical", ())),
        panel_loinc=content.get("loinc", {}).get("panel", ""),
        total_loinc=content.get("loinc", {}).get("total", ""),
        license=content["license"]["evidence"],
        texts={
            language: _text(language, words, content["item"], options) for language, words in texts.items()
        },
    )
    _fits(found)
    return found


def _item(row: Mapping[str, Any], options: Mapping[str, Any]) -> Item:
    _only(row, {"key", "loinc", "options", "scored", "only_if_any"})
    return Item(
        key=str(row["key"]),
        values=tuple(options[row["options"]]["values"]),
        loinc=row.get("loinc", ""),
        scored=bool(row.get("scored", True)),
        only_if_any=tuple(row.get("only_if_any", ())),
    )


def _text(
    language: str, words: Mapping[str, Any], items: list[dict[str, Any]], options: Mapping[str, Any]
) -> Text:
    _only(words, KNOWN_TEXT)
    for name, option in options.items():
        if len(words["options"][name]) != len(option["values"]):
            raise ValueError(f"{language}: {name} has another number of answers")
    if list(words["items"]) != [str(row["key"]) for row in items] or not words["source"]:
        raise ValueError(f"{language}: every item has its words, in order, and they have a source")
    return Text(
        language=language,
        version=words["version"],
        source=words["source"],
        stem=words["stem"],
        items=dict(words["items"]),
        options={str(row["key"]): tuple(words["options"][row["options"]]) for row in items},
        bands=dict(words["bands"]),
        stems=dict(words.get("stems", {})),
    )


def _fits(found: Instrument) -> None:
    keys = [item.key for item in found.items]
    if len(set(keys)) != len(keys):
        raise ValueError("an item stands twice")
    if {one.item for one in found.critical} - set(keys) or {one.ask for one in found.critical} - {
        "",
        *names(),
    }:
        raise ValueError("a critical rule names what is not there")
    if found.kind is Kind.SUM:
        covered = [total for band in found.bands for total in range(band.lowest, band.highest + 1)]
        if covered != list(range(found.highest + 1)):
            raise ValueError("the bands leave a gap or overlap")
        if found.highest != sum(max(item.values) for item in found.scored):
            raise ValueError("the highest score is not the sum of the highest answers")
        if any(set(text.bands) != {band.key for band in found.bands} for text in found.texts.values()):
            raise ValueError("every band has its word")


def _only(content: Mapping[str, Any], known: set[str]) -> None:
    if set(content) - known:
        raise ValueError(f"not known: {sorted(set(content) - known)}")


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as problem:
        raise Misconfigured(f"{path.parent.name}/{path.name}: {problem}") from problem
