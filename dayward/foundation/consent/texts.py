"""The texts of forms: library data in folders `<kind>/<version>/{en,es}.md` with a `text.json` beside them.

A clinic replaces a text by a version of its own, written on its page of texts (FormText) or as a folder under
`var/library/consent/texts/`; of the texts in force on a day the clinic's own wins, then the newest. A text once
signed stays readable: its words are in the kept form.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from django.conf import settings

from dayward.foundation.consent.models import FormText
from dayward.foundation.consent.rules import texts as rules
from dayward.foundation.consent.rules.kinds import Statement
from dayward.foundation.consent.rules.minors import Care, MinorRule
from dayward.kernel.errors import Misconfigured

LIBRARY = Path(__file__).parent / "library"
LANGUAGES = ("en", "es")
COMMON = frozenset({"patient", "discloser", "expiry", "phone", "effective"})
RELEASE_FIELDS = COMMON | {"information", "recipient", "purpose", "irrevocable"}


@dataclass(frozen=True)
class Text:
    """One version of one form, in every language."""

    kind: str
    version: str
    effective_from: date
    statements: frozenset[Statement]
    source: str
    checked_by_counsel: bool
    own: bool  # the clinic's own
    templates: dict[str, str]
    anew: bool = False  # whoever signed older words signs these too

    def template(self, language: str) -> str:
        """The words in the language, or in English where it is not there."""
        return self.templates.get(language) or self.templates["en"]


def clinic_folder() -> Path:
    return Path(settings.VAR_DIR) / "library" / "consent" / "texts"


@cache
def every_text() -> tuple[Text, ...]:
    """All texts of the library and of the clinic; read once, when first needed."""
    found = [_read(folder, own=False) for folder in sorted((LIBRARY / "texts").glob("*/*/"))]
    return (*found, *(_read(folder, own=True) for folder in sorted(clinic_folder().glob("*/*/"))))


def _read(folder: Path, *, own: bool) -> Text:
    try:
        about = json.loads((folder / "text.json").read_text())
        return Text(
            kind=folder.parent.name,
            version=folder.name,
            effective_from=date.fromisoformat(about["effective_from"]),
            statements=frozenset(Statement(name) for name in about["statements"]),
            source=about["source"],
            checked_by_counsel=about["counsel"] == "checked",
            own=own,
            templates={name: (folder / f"{name}.md").read_text() for name in LANGUAGES},
        )
    except (OSError, ValueError, KeyError, TypeError) as problem:
        place = f"{folder.parent.name}/{folder.name}"
        raise Misconfigured(f"The text {place} of the consent library cannot be read: {problem!r}.") from None


def text_of_row(row: FormText) -> Text:
    """A version that the clinic wrote."""
    return Text(
        kind=row.kind,
        version=row.version,
        effective_from=row.effective_from,
        statements=frozenset(Statement(name) for name in row.statements),
        source=row.source,
        checked_by_counsel=bool(row.counsel),
        own=True,
        templates={"en": row.english, "es": row.spanish},
        anew=row.anew,
    )


def written(*kinds: str) -> list[Text]:
    """The versions of these forms that the clinic wrote on its page of texts, as far as they stand."""
    return [text_of_row(row) for row in FormText.objects.filter(kind__in=kinds, withdrawn_at=None)]


def current(kind: str, day: date, *, own: Iterable[Text] | None = None) -> Text:
    """The text to offer on that day; `own`: what the clinic wrote, where that is known already."""
    told = written(kind) if own is None else own
    every = [text for text in (*every_text(), *told) if text.kind == kind]
    in_force = [text for text in every if text.effective_from <= day]
    first = [text for text in every if not text.own]
    if not in_force and not first:
        raise Misconfigured(f"The consent library has no text for {kind}.")
    # A clinic that enters its past uses the oldest text it has.
    return max(in_force or first, key=lambda text: (text.own, text.effective_from, text.version))


def version(kind: str, name: str, *, own: Iterable[Text] = ()) -> Text:
    """A text by its version; the clinic's own first."""
    found = [text for text in (*every_text(), *own) if text.kind == kind and text.version == name]
    if not found:
        found = [text_of_row(row) for row in FormText.objects.filter(kind=kind, version=name)]
    if not found:
        raise Misconfigured(f"The consent library has no version {name} of {kind}.")
    return max(found, key=lambda text: text.own)


def is_asked_anew(kind: str, signed: str, day: date, *, own: Iterable[Text] | None = None) -> bool:
    """Whether newer words than those of the version `signed` are to be signed by whoever signed the older ones."""
    told = written(kind) if own is None else [text for text in own if text.kind == kind]
    asking = [text for text in told if text.anew and text.effective_from <= day and text.version != signed]
    if not asking:
        return False
    before = version(kind, signed, own=told)
    return any(not before.own or text.effective_from > before.effective_from for text in asking)


def problems(text: Text) -> list[str]:
    """What is wrong with a text: placeholders that are not known, or differ between languages; no title."""
    used = {name: rules.placeholders(template) for name, template in text.templates.items()}
    place = f"{text.kind}/{text.version}"
    found = [
        f"{place}/{name}.md: {{{each}}} is not known."
        for name in used
        for each in sorted(used[name] - RELEASE_FIELDS)
    ]
    if len(set(used.values())) > 1:
        found.append(f"{place}: the languages do not use the same placeholders.")
    return found + [
        f"{place}/{name}.md has no title." for name in used if not rules.title(text.templates[name])
    ]


@cache
def minor_rules() -> tuple[MinorRule, ...]:
    """Every state's rules for minors, with their effective dates."""
    found = []
    for path in sorted((LIBRARY / "minors").glob("*.json")):
        state = json.loads(path.read_text())
        found += [_minor_rule(state["state"], rule) for rule in state["rules"]]
    return tuple(found)


def _minor_rule(state: str, rule: dict[str, str]) -> MinorRule:
    return MinorRule(
        state=state,
        care=Care(rule["care"]),
        age=int(rule["age"]),
        effective_from=date.fromisoformat(rule["effective_from"]),
        effective_to=date.fromisoformat(rule["effective_to"]) if rule["effective_to"] else None,
        mark=rule["mark"],
        source=rule["source"],
    )


@cache
def statements() -> dict[str, str]:
    """The statements of 42 CFR 2.32 by version, word for word; they go with disclosures."""
    read = json.loads((LIBRARY / "statements" / "2-32.json").read_text())
    return dict(read["versions"])


STATEMENT_LONG = "2.32-2024-long"
