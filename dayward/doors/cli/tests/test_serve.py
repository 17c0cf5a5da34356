"""The synthetic clinic stays on this computer."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from dayward.doors.cli import serve
from dayward.doors.cli._static import ensure_static
from dayward.doors.cli.tests.refusals import refusal_of
from dayward.kernel.errors import Misconfigured


def refusal_at(bind: str) -> str:
    return refusal_of(lambda: serve.refuse_outside_loopback(bind))


@pytest.mark.parametrize("bind", ["127.0.0.1:8000", "localhost:8000", "[::1]:8000", "127.8.9.10:80"])
def test_loopback_is_allowed(bind: str) -> None:
    assert refusal_at(bind) == ""


@pytest.mark.parametrize(
    "bind", ["0.0.0.0:8000", "[::]:8000", ":8000", "10.0.0.5:8000", "clinic.example:80", "*:80"]
)
def test_anything_else_is_refused(bind: str) -> None:
    assert "synthetic clinic" in refusal_at(bind)


def answer(address: str) -> str:
    said: list[str] = []

    def inner(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        start_response("200 OK", [])
        return [b"page"]

    def start_response(status: str, headers: list[tuple[str, str]]) -> None:
        said.append(status)

    list(serve.loopback_only(inner)({"REMOTE_ADDR": address}, start_response))
    return said[0]


@pytest.mark.parametrize(
    ("address", "status"),
    [("127.0.0.1", "200 OK"), ("::1", "200 OK"), ("192.168.1.7", "403 Forbidden"), ("", "403 Forbidden")],
)
def test_only_this_computer_is_answered_however_the_port_was_opened(address: str, status: str) -> None:
    assert answer(address) == status


def test_without_the_front_end_parts_it_says_what_to_do(settings: Any, tmp_path: Path) -> None:
    settings.STATICFILES_DIRS = [("parts", str(tmp_path / "static-parts"))]
    with pytest.raises(Misconfigured, match="make setup"):
        ensure_static()
