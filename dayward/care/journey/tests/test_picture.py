"""What the docs show is what the table says."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from dayward.care.journey.rules import picture
from dayward.care.journey.rules.machine import Machine
from dayward.care.journey.rules.states import STATES
from dayward.care.journey.rules.table import TABLE

DOCS = Path(__file__).resolve().parents[4] / "docs"


@pytest.mark.parametrize("name", sorted(picture.pages()))
def test_docs_are_made_from_the_table(name: str) -> None:
    message = "run: python -m dayward.care.journey.rules.picture docs"
    assert (DOCS / name).read_text(encoding="utf-8") == picture.pages()[name], message


@pytest.mark.parametrize("machine", list(Machine))
def test_every_state_and_number_is_drawn(machine: Machine) -> None:
    drawing = picture.svg(machine)
    texts = " ".join(element.text or "" for element in ElementTree.fromstring(drawing).iter())
    for state in STATES:
        if state.machine == machine:
            assert state.label in texts
    numbers = {row.source_id for row in TABLE if row.machine == machine}
    assert numbers <= set(re.findall(r"T\d+", texts))
