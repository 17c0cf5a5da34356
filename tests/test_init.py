"""`dayward init` on the embedded PostgreSQL, and what no demo may do to a real clinic."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.fixtures.server import PROGRAM, clinic_environment, free_port, run_program
from tests.test_external_postgres import INIT

pytestmark = pytest.mark.slow


def dayward(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(PROGRAM), *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        timeout=120,
    )


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    var: Path = tmp_path_factory.mktemp("init")
    environment = {**clinic_environment(var), "DAYWARD_ADMIN_PASSWORD": "quite a long password"}
    run_program(environment, *INIT)
    return environment


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Tables, and no clinic: a refused answer leaves it so."""
    environment = {
        **clinic_environment(tmp_path_factory.mktemp("empty")),
        "DAYWARD_ADMIN_PASSWORD": "quite a long password",
    }
    run_program(environment, "migrate")
    return environment


def test_a_second_clinic_in_one_installation_is_refused(clinic: dict[str, str]) -> None:
    said = dayward(clinic, *INIT)
    assert said.returncode == 1
    assert "has a clinic already" in said.stderr


@pytest.mark.parametrize("command", [("seed",), ("demo", "--port"), ("demo", "--reset", "--port")])
def test_a_real_clinic_is_neither_mixed_with_made_up_people_nor_thrown_away(
    clinic: dict[str, str], command: tuple[str, ...]
) -> None:
    port = [str(free_port())] if command[-1] == "--port" else []
    said = dayward(clinic, *command, *port)
    assert said.returncode == 1
    assert "clinic" in said.stderr
    # Still there: a new one is still refused.
    assert "has a clinic already" in dayward(clinic, *INIT).stderr


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (("--time-zone", "Mars/Olympus"), "time zone"),
        (("--email", "nobody"), "email"),
        (("--organization", ""), "--organization is missing"),
    ],
)
def test_a_wrong_answer_is_a_sentence_and_leaves_nothing(
    empty: dict[str, str], change: tuple[str, str], sentence: str
) -> None:
    said = dayward(empty, *INIT, *change)
    assert said.returncode == 1
    assert sentence in said.stderr
    assert "Traceback" not in said.stderr


def test_a_weak_password_is_refused(empty: dict[str, str]) -> None:
    said = dayward({**empty, "DAYWARD_ADMIN_PASSWORD": "short"}, *INIT)
    assert said.returncode == 1
    assert "password" in said.stderr
    assert "Traceback" not in said.stderr
