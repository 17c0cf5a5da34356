"""The program as a person meets it: help, versions, mistakes."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import psycopg
import pytest
from django.db import IntegrityError

from dayward import __version__
from dayward.doors.cli import main as program

pytestmark = pytest.mark.program
CHANGELOG = Path(__file__).parents[4] / "CHANGELOG.md"


def dayward(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "dayward.doors.cli.main", *arguments],
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_is_installed_as_dayward() -> None:
    found = [entry for entry in entry_points(group="console_scripts") if entry.name == "dayward"]
    assert [entry.value for entry in found] == ["dayward.doors.cli.main:main"]


def test_version() -> None:
    assert dayward("--version").stdout == f"dayward {__version__}\n"


def test_the_newest_entry_of_the_changelog_is_of_this_version() -> None:
    newest = next(
        line for line in CHANGELOG.read_text(encoding="utf-8").splitlines() if line.startswith("## ")
    )
    assert newest.split()[1] == __version__


def test_help_names_every_command_and_shows_examples() -> None:
    text = dayward("--help").stdout
    listed = {name for name, command in program.COMMANDS.items() if command.listed}
    assert listed <= set(re.findall(r"^  (\S+)", text, re.MULTILINE))
    assert "examples:" in text
    assert "dayward import --dry-run" in text


def test_an_example_of_every_command_that_takes_options() -> None:
    for name in ("demo", "init", "serve", "import", "seed", "check"):
        assert f"dayward {name}" in program.EXAMPLES


def test_without_a_command_it_shows_the_help_and_fails() -> None:
    said = dayward()
    assert said.returncode == 2
    assert "commands:" in said.stdout


def test_an_unknown_command() -> None:
    said = dayward("fly")
    assert said.returncode == 2
    assert "fly" in said.stderr


def test_every_command_has_its_file() -> None:
    folder = Path(program.__file__).parent
    assert [
        name for name, command in program.COMMANDS.items() if not (folder / f"{command.module}.py").exists()
    ] == []


@pytest.mark.parametrize("name", ["demo", "serve", "worker", "migrate", "check", "init"])
def test_each_command_explains_itself_without_a_database(name: str, tmp_path: Path) -> None:
    said = subprocess.run(
        [sys.executable, "-m", "dayward.doors.cli.main", name, "--help"],
        capture_output=True,
        text=True,
        check=False,
        env={"DAYWARD_VAR": str(tmp_path), "PATH": ""},
    )
    assert said.returncode == 0, said.stderr
    assert f"usage: dayward {name}" in said.stdout
    assert not (tmp_path / "pg").exists()


def test_a_misconfiguration_is_a_sentence() -> None:
    said = subprocess.run(
        [sys.executable, "-m", "dayward.doors.cli.main", "check"],
        capture_output=True,
        text=True,
        check=False,
        env={"DATABASE_URL": "mysql://somewhere/else", "DAYWARD_SECRET_KEY": "k" * 40},
    )
    assert said.returncode == 1
    assert said.stderr.startswith("dayward check: DATABASE_URL must look like postgresql://")
    assert "Traceback" not in said.stderr


def test_a_database_error_is_told_without_its_values(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(name: str, arguments: list[str]) -> int:
        try:
            raise psycopg.errors.UniqueViolation("Key (name)=(Marked Name) already exists")
        except psycopg.Error as cause:
            raise IntegrityError(str(cause)) from cause

    monkeypatch.setattr(program, "run_command", refuse)
    assert program.main(["check"]) == 1
    said = capsys.readouterr().err
    assert "UniqueViolation" in said
    assert "test_main.py" in said
    assert "Marked" not in said
