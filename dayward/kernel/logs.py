"""Log lines that cannot carry patient data: an error is its class and place, and what looks like a value is left out.

Two forms: a line to read, and, with DAYWARD_LOGS=json, a JSON object a line, which also tells of each request: the name
of the page and never its address, the status and how long it took.
"""

from __future__ import annotations

import json
import logging
import re
import secrets
import time
import traceback
from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from django.db import Error as DatabaseError
from django.http import HttpRequest
from django.http.response import HttpResponseBase

GAP = "…"
REQUEST_ID = "X-Request-Id"
SHOWN_FRAMES = 4
LONGEST_MESSAGE = 300
_request_id: ContextVar[str] = ContextVar("request_id", default="")
_log = logging.getLogger("dayward.requests")

# What values look like in messages of libraries. Names have no look: our own messages hold none, which a test sees to.
_VALUES = re.compile(
    "|".join(
        (
            r"'[^']*'|\"[^\"]*\"|“[^”]*”|`[^`]*`",  # quoted
            r"(?<==)[^\s,;)]+",  # key=value
            r"\S+@\S+",  # addresses of mail
            r"(?:https?:/)?/[^\s:,]*",  # addresses of pages, and paths
            r"\b[2-9b-df-hj-np-tv-xz]{16}\b",  # public ids (kernel/models.py, which is not loaded yet)
            r"\b\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}\b",  # dates
            r"\+?\(?\d[\d\s().-]{4,}\d",  # telephone and record numbers
        )
    )
)

_ROW = re.compile(r"DETAIL:|Failing row|Key \(")


def scrubbed(message: str) -> str:
    """The message without what looks like a value. After "Key (" or "row contains" PostgreSQL shows a row."""
    shown = _ROW.split(message, maxsplit=1)[0]
    return _VALUES.sub(GAP, " ".join(shown.split()))[:LONGEST_MESSAGE]


def place_of(error: BaseException) -> str:
    """`error KeyError at foundation/people/services.py:41 < …`: never what the error says."""
    frames = [
        f"{frame.filename.rpartition('dayward/')[2]}:{frame.lineno}"
        for frame in traceback.extract_tb(error.__traceback__)[-SHOWN_FRAMES:]
    ]
    kind = "database error" if isinstance(error, DatabaseError) else "error"
    return f"{kind} {type(error).__name__} at {' < '.join(reversed(frames))}"


class TerseFormatter(logging.Formatter):
    """`time level logger: message`; exceptions as class, file and line only."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        record.exc_text = (
            None  # another formatter's text of the error is not taken over, and ours not left behind
        )
        try:
            return super().format(record)
        finally:
            record.exc_text = None

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the name is logging's
        record.message = message_of(record)
        return super().formatMessage(record)

    def formatException(self, ei: object) -> str:  # noqa: N802 - the name is logging's
        if not isinstance(ei, tuple) or ei[1] is None:
            return ""
        return place_of(ei[1])

    def formatStack(self, stack_info: str) -> str:  # noqa: N802 - the name is logging's
        return ""


class JsonFormatter(TerseFormatter):
    """One JSON object a line, for a machine that gathers logs."""

    def format(self, record: logging.LogRecord) -> str:
        said: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": message_of(record),
            **getattr(record, "facts", {}),
        }
        if _request_id.get():
            said["request"] = _request_id.get()
        if record.exc_info and record.exc_info[1]:
            said["error"] = place_of(record.exc_info[1])
        return json.dumps(said, ensure_ascii=False)


def message_of(record: logging.LogRecord) -> str:
    """An error page of Django names the address: the page's name instead."""
    request = getattr(record, "request", None)
    if isinstance(request, HttpRequest):
        return f"{getattr(record, 'status_code', '')} {page_of(request)}".strip()
    return scrubbed(record.getMessage())


def page_of(request: HttpRequest) -> str:
    """The name of the page (`staff:chart`), which tells of nobody."""
    match = request.resolver_match
    return (match.view_name if match else "") or "no page"


class RequestLog:
    """Gives each request a number that the answer and every line of the log carry; tells of it in one line."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        began, number = time.perf_counter(), secrets.token_hex(8)
        token = _request_id.set(number)
        try:
            response = self.get_response(request)
            self._tell(request, response.status_code, began)
        finally:
            _request_id.reset(token)
        response.headers[REQUEST_ID] = number
        return response

    def _tell(self, request: HttpRequest, status: int, began: float) -> None:
        page = page_of(request)
        if page.startswith("operations:"):
            return  # a monitor asks all day
        facts = {
            "page": page,
            "method": request.method if request.method in {"GET", "HEAD", "POST"} else "other",
            "status": status,
            "ms": round((time.perf_counter() - began) * 1000, 1),
        }
        _log.info("request", extra={"facts": facts})
