"""`dayward init` on the embedded PostgreSQL, and what no demo may do to a real clinic."""

from __future__ import annotations

import subprocess

import pytest

from tests.fixtures.server import PROGRAM, Clinics, clinic_environment, free_port, run_program
from tests.test_external_postgres import INIT

pytestmark = [pytest.mark.program, pytest.mark.slow]
PASSWORD = "quite a long password"


def dayward(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(PROGRAM), *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        timeout=600,
    )


@pytest.fixture(scope="module")
def clinic(clinics: Clinics) -> dict[str, str]:
    environment = {**clinic_environment(clinics.copy("migrated")), "DAYWARD_ADMIN_PASSWORD": PASSWORD}
    run_program(environment, *INIT)
    return environment


@pytest.fixture(scope="module")
def empty(clinics: Clinics) -> dict[str, str]:
    """Tables, and no clinic: a refused answer leaves it so."""
    return {**clinic_environment(clinics.copy("migrated")), "DAYWARD_ADMIN_PASSWORD": PASSWORD}


def test_a_real_clinic_is_neither_mixed_with_made_up_people_nor_thrown_away(clinic: dict[str, str]) -> None:
    for command in (("seed",), ("demo", "--port"), ("demo", "--reset", "--port")):
        port = [str(free_port())] if command[-1] == "--port" else []
        said = dayward(clinic, *command, *port)
        assert said.returncode == 1, command
        assert "clinic" in said.stderr
    # Still there, and the only one: another is refused.
    said = dayward(clinic, *INIT)
    assert said.returncode == 1
    assert "has a clinic already" in said.stderr


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
