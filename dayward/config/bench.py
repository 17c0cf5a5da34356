"""Counts a page's queries and its own work for `make bench`; only there (DAYWARD_BENCH=1) is it in the settings."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponseBase

HEADER = "X-Dayward-Queries"
WORK = (
    "X-Dayward-Work"  # milliseconds of processor time, without waiting for the database or for other programs
)


class QueryCount:
    """Tells in headers how many queries the page took, and how much work it was."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        count, began = 0, time.thread_time()

        def counted(execute: Callable[..., Any], *arguments: Any) -> Any:
            nonlocal count
            count += 1
            return execute(*arguments)

        with connection.execute_wrapper(counted):
            response = self.get_response(request)
        response[HEADER] = str(count)
        response[WORK] = f"{(time.thread_time() - began) * 1000:.1f}"
        return response
