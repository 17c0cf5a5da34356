"""What may stand in a line of the log."""

from __future__ import annotations

import io
import json
import logging
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from dayward.kernel.logs import JsonFormatter, RequestLog, TerseFormatter, scrubbed
from dayward.kernel.permissions import public


@pytest.mark.parametrize(
    ("message", "left"),
    [
        ("Internal Server Error: /charts/23456789bcdfghjk/", "Internal Server Error: …"),
        ("Job messaging.deliver[7](message_id=3) failed", "Job messaging.deliver[7](message_id=…) failed"),
        ("550 no such user: willa.testly@mail.example", "550 no such user: …"),
        ("'Willa Testly' is not a date", "… is not a date"),
        ('invalid input syntax for type integer: "Willa"', "invalid input syntax for type integer: …"),
        ("born 1990-04-01, call (612) 555-0100", "born …, call …"),
        ("duplicate key DETAIL:  Key (name)=(Willa) exists", "duplicate key"),
        ("person 23456789bcdfghjk was merged", "person … was merged"),
        ("worker started with 4 threads", "worker started with 4 threads"),
    ],
)
def test_what_looks_like_a_value_is_left_out(message: str, left: str) -> None:
    assert scrubbed(message) == left


def record(message: str, *given: object, **more: Any) -> logging.LogRecord:
    made = logging.LogRecord("library", logging.ERROR, "file.py", 1, message, given, None)
    made.__dict__.update(more)
    return made


def raised() -> Any:
    try:
        raise KeyError("Willa Testly")
    except KeyError as error:
        return (KeyError, error, error.__traceback__)


@pytest.mark.parametrize("formatter", [TerseFormatter(), JsonFormatter()])
def test_an_error_is_its_class_and_place(formatter: logging.Formatter) -> None:
    line = formatter.format(record("it broke on %r", "Willa", exc_info=raised(), stack_info="Willa"))
    assert "KeyError at" in line
    assert "test_logs.py" in line
    assert "Willa" not in line
    assert "it broke on …" in line


def test_a_line_of_json_is_one_object() -> None:
    said = json.loads(JsonFormatter().format(record("all is\nwell")))
    assert (said["level"], said["logger"], said["message"]) == ("error", "library", "all is well")
    assert said["at"].endswith("+00:00")


# -- requests ----------------------------------------------------------------------------------------------------------


@public
def chart(request: HttpRequest, person: str) -> HttpResponse:
    if person == "breaks":
        raise ValueError("Willa Testly")
    return HttpResponse("ok")


urlpatterns = [path("charts/<str:person>/", chart, name="a-chart")]


@pytest.fixture
def lines(settings: Any) -> Any:
    settings.ROOT_URLCONF = __name__
    settings.MIDDLEWARE = [f"{RequestLog.__module__}.RequestLog"]
    handler = logging.StreamHandler(io.StringIO())
    handler.setFormatter(JsonFormatter())
    ours, errors = logging.getLogger("dayward.requests"), logging.getLogger("django.request")
    before = ours.level
    ours.setLevel(logging.INFO)
    for logger in (ours, errors):
        logger.addHandler(handler)
    yield handler.stream
    ours.setLevel(before)
    for logger in (ours, errors):
        logger.removeHandler(handler)


def test_a_request_is_its_page_never_its_address(lines: io.StringIO) -> None:
    answer = Client().get("/charts/23456789bcdfghjk/?q=Willa")
    said = json.loads(lines.getvalue())
    assert (said["page"], said["method"], said["status"]) == ("a-chart", "GET", 200)
    assert said["ms"] >= 0
    assert said["request"] == answer.headers["X-Request-Id"]
    assert "23456789bcdfghjk" not in lines.getvalue()
    assert "Willa" not in lines.getvalue()


def test_an_error_carries_the_number_of_its_request(lines: io.StringIO) -> None:
    answer = Client(raise_request_exception=False).get("/charts/breaks/")
    said = [json.loads(line) for line in lines.getvalue().splitlines()]
    assert {one["request"] for one in said} == {answer.headers["X-Request-Id"]}
    error = next(one for one in said if "error" in one)
    assert error["message"] == "500 a-chart"
    assert "ValueError at" in error["error"]
    assert "Willa" not in lines.getvalue()


def test_an_unknown_address_is_no_page(lines: io.StringIO) -> None:
    Client().get("/Willa-Testly/")
    assert '"page": "no page"' in lines.getvalue()
    assert "Willa" not in lines.getvalue()
