"""Starting the demo, short of a whole clinic (tests/test_demo_start.py does that)."""

from __future__ import annotations

import re
import socket

import pytest

from dayward.doors.cli import demo
from dayward.doors.cli.tests.refusals import refusal_of
from dayward.kernel.errors import Misconfigured
from tests.fixtures.server import free_port


def refusal_on(port: int) -> str:
    return refusal_of(lambda: demo.refuse_taken_port(port))


def test_a_taken_port_is_said_with_a_way_out() -> None:
    with socket.socket() as taken:
        taken.bind((demo.HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert re.search(rf"Port {port} is taken .* make demo PORT={port + 1}", refusal_on(port))


def test_a_port_that_does_not_exist() -> None:
    assert "not a port" in refusal_on(70000)


def test_a_free_port_is_fine() -> None:
    assert refusal_on(free_port()) == ""


def test_reset_leaves_an_external_database_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://owner@db.example/clinic")
    with pytest.raises(Misconfigured, match="embedded database only"):
        demo.reset()


def test_the_welcome_names_the_address_and_the_sign_ins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        demo, "sign_ins", lambda: [{"role": "Therapist", "sign_in": "maya@demo.example  secret"}]
    )
    text = demo.welcome(8001, 2.34)
    assert "http://localhost:8001" in text
    assert "Therapist  maya@demo.example  secret" in text
    assert "2.3 s" in text
