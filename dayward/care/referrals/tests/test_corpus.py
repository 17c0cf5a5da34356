"""Real documents of 24 products, read in place; the table beside this file says what must become of each."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from dayward.care.referrals.read import read
from dayward.care.referrals.summary import summary
from dayward.care.referrals.tests.corpus_expected import EXPECTED, Accept, Refuse

pytestmark = pytest.mark.corpus

CORPUS = os.environ.get("DAYWARD_CORPUS")
if not CORPUS:
    pytest.skip("DAYWARD_CORPUS names no corpus", allow_module_level=True)
FOLDER = Path(CORPUS).resolve() / "referrals"


def test_every_document_of_the_corpus_is_in_the_table() -> None:
    there = {path.relative_to(FOLDER).as_posix() for path in FOLDER.glob("*/**/*") if path.is_file()}
    assert there == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_document(name: str) -> None:
    data = (FOLDER / name).read_bytes()
    started = time.process_time()  # not the clock: other programs run too
    line = summary(read(data), file=name)
    took = time.process_time() - started
    expected = EXPECTED[name]
    if isinstance(expected, Refuse):
        assert (line["outcome"], line["reason"]) == ("refused", expected.reason)
        return
    assert line["outcome"] == "accepted"
    assert _row(line) == expected._replace(note="")
    assert took < 5


def _row(line: dict[str, object]) -> Accept:
    patient, found, labels = line["patient"], line["found"], line["labels"]
    assert isinstance(patient, dict)
    assert isinstance(found, dict)
    assert isinstance(labels, list)
    return Accept(
        patient["family"], patient["given"], patient["birth_date"], patient["sex"],
        found["conditions"], found["medications"], found["allergies"], found["encounters"],
        tuple(label["code"] for label in labels),
    )  # fmt: skip
