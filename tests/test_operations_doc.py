"""docs/operations.md names every variable the code reads, every command it tells of exists, and its files are there."""

from __future__ import annotations

import re
from configparser import ConfigParser
from pathlib import Path

import pytest

from dayward.doors.cli.main import COMMANDS
from dayward.kernel.local import CHECKOUT

NAME = re.compile(r"\b(?:DAYWARD|DATABASE)_[A-Z_]+\b")
SOURCES = ("dayward", "benchmarks", "tools")
DEPLOY = CHECKOUT / "deploy"
DOCUMENT = (CHECKOUT / "docs" / "operations.md").read_text(encoding="utf-8")
UNITS = sorted(DEPLOY.glob("*.service"))


def read_in(path: Path) -> set[str]:
    return set(NAME.findall(path.read_text(encoding="utf-8")))


def test_every_variable_is_explained() -> None:
    files = [
        path for folder in SOURCES for path in (CHECKOUT / folder).rglob("*.py") if "tests" not in path.parts
    ]
    used = {name for path in files for name in read_in(path)} | read_in(
        CHECKOUT / "tests" / "fixtures" / "database.py"
    )
    assert used - read_in(CHECKOUT / "docs" / "operations.md") == set()


def commands_in(text: str) -> set[str]:
    return set(re.findall(r"(?:`|bin/|^    )dayward ([a-z]+)", text, re.MULTILINE))


def test_every_command_it_tells_of_exists() -> None:
    assert {"backup", "restore", "upgrade", "scrub", "check"} <= commands_in(DOCUMENT) <= set(COMMANDS)


def test_every_file_it_names_is_there() -> None:
    named = re.findall(r"`((?:deploy|tests|tools|docs)/[A-Za-z0-9_./-]+[a-z])`", DOCUMENT)
    assert len(named) >= 5
    assert not [name for name in named if not (CHECKOUT / name).exists()]
    assert (CHECKOUT / "tools" / "try_machines.py").exists()


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_what_a_unit_starts_exists(unit: Path) -> None:
    text = unit.read_text(encoding="utf-8")
    assert "ExecStart=/srv/dayward/program/.venv/bin/dayward " in text
    assert commands_in(text) <= set(COMMANDS)
    assert "EnvironmentFile=/etc/dayward.env" in text


def test_a_timer_starts_a_unit_that_is_there() -> None:
    for timer in DEPLOY.glob("*.timer"):
        read = ConfigParser()
        read.read(timer, encoding="utf-8")
        assert read["Timer"]["OnCalendar"]
        assert timer.with_suffix(".service").exists()


def test_what_was_not_tried_says_so() -> None:
    for name in ("Containerfile", "compose.yaml"):
        assert "untried with Docker" in (DEPLOY / name).read_text(encoding="utf-8"), name
    assert "**Not tried**: Docker itself" in DOCUMENT


def test_settings_of_the_example_are_settings() -> None:
    explained = read_in(CHECKOUT / "docs" / "operations.md")
    assert read_in(DEPLOY / "dayward.env.example") | read_in(DEPLOY / "compose.yaml") <= explained
