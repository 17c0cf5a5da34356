"""The library of texts: a clinic replaces a text by a folder of its own; a broken folder is refused at start-up."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from pytest_django import Settings

from dayward.foundation.consent import checks, texts
from dayward.kernel.errors import Misconfigured

ABOUT = {
    "effective_from": "2027-01-01",
    "statements": ["right-to-revoke"],
    "source": "ours",
    "counsel": "checked",
}


@pytest.fixture
def clinic(tmp_path: Path, settings: Settings) -> Iterator[Path]:
    """The folder of the clinic's own texts, empty."""
    settings.VAR_DIR = tmp_path
    texts.every_text.cache_clear()
    yield texts.clinic_folder()
    texts.every_text.cache_clear()


def write(clinic: Path, kind: str = "treatment", **files: str) -> None:
    folder = clinic / kind / "2027-01"
    folder.mkdir(parents=True)
    wanted = {
        "text.json": json.dumps(ABOUT),
        "en.md": "# Ours\n\n{patient}",
        "es.md": "# Nuestro\n\n{patient}",
    }
    for name, content in {**wanted, **{name.replace("_", "."): text for name, text in files.items()}}.items():
        (folder / name).write_text(content)


def test_the_clinics_own_text_wins_from_its_first_day_on(clinic: Path) -> None:
    write(clinic)
    assert not texts.current("treatment", date(2026, 12, 31), own=()).own
    mine = texts.current("treatment", date(2027, 1, 1), own=())
    assert (mine.own, mine.checked_by_counsel, mine.version) == (True, True, "2027-01")
    assert texts.version("treatment", "2026-11").template("en").startswith("# Permission for treatment")


def test_ours_are_marked_for_counsel_to_check(clinic: Path) -> None:
    assert not any(text.checked_by_counsel for text in texts.every_text())
    assert checks.library_is_readable(None) == []


@pytest.mark.parametrize(
    ("files", "word"),
    [
        ({"en_md": "# Ours\n\n{patiant}", "es_md": "# Nuestro\n\n{patiant}"}, "{patiant} is not known"),
        ({"en_md": "# Ours\n\n{patient} {expiry}"}, "do not use the same placeholders"),
        ({"en_md": "Ours {patient}"}, "has no title"),
        ({"text_json": "{}"}, "cannot be read"),
        ({"text_json": json.dumps({**ABOUT, "statements": ["everything"]})}, "cannot be read"),
    ],
)
def test_a_broken_folder_is_refused(clinic: Path, files: dict[str, str], word: str) -> None:
    write(clinic, **files)
    assert any(word in str(found.msg) for found in checks.library_is_readable(None))


@pytest.mark.django_db
def test_a_text_that_is_not_there_is_said(clinic: Path) -> None:
    with pytest.raises(Misconfigured, match="no version 1999 of treatment"):
        texts.version("treatment", "1999")
