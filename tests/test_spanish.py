"""Everything a patient can be shown exists in Spanish, and the compiled catalog is the one we read."""

from __future__ import annotations

import gettext
import io
import re
from pathlib import Path

import pytest

from tools import messages

PLACES = re.compile(r"%\(\w+\)[sd]|\{\w+\}|<[^>]+>")


def test_nothing_a_patient_sees_lacks_spanish() -> None:
    assert [singular for singular, _plural in messages.missing()] == []


def test_the_surface_is_not_empty() -> None:
    said = {singular for singular, _plural in messages.messages()}
    assert {"Help now", "My week", "Type your full name to sign.", "Ask for help"} <= said
    assert len(said) > 200


def test_the_compiled_catalog_is_the_one_we_read() -> None:
    known = messages.catalog()
    assert messages.CATALOG.with_suffix(".mo").read_bytes() == messages.compiled(known)
    compiled = gettext.GNUTranslations(io.BytesIO(messages.compiled(known)))
    for (singular, plural), forms in known.items():
        if plural:
            assert [compiled.ngettext(singular, plural, count) for count in (1, 2)] == list(forms)
        elif singular:
            assert compiled.gettext(singular) == forms[0]


def test_translations_keep_places_and_marks() -> None:
    known = messages.catalog()
    wrong = [
        f"{singular!r} became {form!r}"
        for singular, plural in messages.messages()
        for number, form in enumerate(known.get((singular, plural), ()))
        if sorted(PLACES.findall(form)) != sorted(PLACES.findall(plural if number else singular))
    ]
    assert not wrong, "\n".join(wrong)


def test_a_gap_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    known = messages.catalog()
    gap = ("Help now", "")
    copy = tmp_path / "django.po"
    messages.write({message: forms for message, forms in known.items() if message != gap}, copy)
    monkeypatch.setattr(messages.catalog, "__defaults__", (copy,))
    assert messages.missing() == [gap]
