"""What an instrument is, as plain values read from its library folder (measures.md section 4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from dayward.kernel.errors import Refused


class Kind(StrEnum):
    """How a score comes about."""

    SUM = "sum"
    ASQ = "asq"  # a category, no number


@dataclass(frozen=True, slots=True)
class Item:
    key: str
    values: tuple[int, ...]
    loinc: str = ""
    scored: bool = True
    only_if_any: tuple[str, ...] = ()  # asked when one of these is positive or not answered


@dataclass(frozen=True, slots=True)
class Band:
    """A published range of totals; the name is in the texts, never shown to the person."""

    key: str
    lowest: int
    highest: int


@dataclass(frozen=True, slots=True)
class Change:
    """What a difference must be to be more than noise (measures.md section 2)."""

    threshold: int
    cutoff: int
    sd: float
    reliability: float
    source: str


@dataclass(frozen=True, slots=True)
class Critical:
    """An item that acts when its answer is saved. `ask` names the instrument that is asked at once."""

    item: str
    at_least: int
    ask: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """The words of one language."""

    language: str
    version: str
    source: str
    stem: str
    items: Mapping[str, str]
    options: Mapping[str, tuple[str, ...]]  # by item
    bands: Mapping[str, str]
    stems: Mapping[str, str]  # items that stand under words of their own

    def stem_of(self, item: str) -> str:
        return self.stems.get(item, self.stem)


@dataclass(frozen=True, slots=True)
class Instrument:
    key: str
    name: str
    title: str
    about: str
    version: str
    scoring_version: str
    minutes: int
    weekly: bool
    kind: Kind
    highest: int
    may_miss: int
    items: tuple[Item, ...]
    bands: tuple[Band, ...]
    change: Change | None
    critical: tuple[Critical, ...]
    panel_loinc: str
    total_loinc: str
    license: str
    texts: Mapping[str, Text]

    @property
    def scored(self) -> tuple[Item, ...]:
        return tuple(item for item in self.items if item.scored)

    def item(self, key: str) -> Item:
        """The item; Refused when the instrument has none of this name."""
        found = next((item for item in self.items if item.key == key), None)
        if found is None:
            raise Refused(f"{self.name} has no question {key}.")
        return found

    def text(self, language: str) -> Text:
        """The words in this language, English where there are none."""
        return self.texts.get(language) or self.texts["en"]

    def critical_of(self, key: str) -> Critical | None:
        return next((one for one in self.critical if one.item == key), None)
