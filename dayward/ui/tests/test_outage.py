"""A full disk and a database that is away have a page of their own; other mistakes keep theirs."""

from __future__ import annotations

import errno

import psycopg
import pytest
from django.db import IntegrityError, OperationalError
from django.http import HttpResponse
from django.test import RequestFactory
from psycopg import errors

from dayward.ui.outage import Outage, outage, server_error


def wrapped(error: Exception, kind: type[Exception] = OperationalError) -> Exception:
    """As Django passes on what the database said."""
    try:
        raise kind("told") from error
    except kind as passed_on:
        return passed_on


def lost_while_handling(error: Exception) -> Exception:
    """Something of ours breaks because of it."""
    try:
        try:
            raise error
        except Exception:
            raise KeyError("session")
    except KeyError as later:
        return later


@pytest.mark.parametrize(
    ("error", "found"),
    [
        (wrapped(errors.DiskFull("could not extend file")), Outage.FULL),
        (OSError(errno.ENOSPC, "No space left on device"), Outage.FULL),
        (wrapped(psycopg.OperationalError("server closed the connection")), Outage.AWAY),
        (wrapped(errors.AdminShutdown("terminating connection")), Outage.AWAY),
        (wrapped(errors.CannotConnectNow("starting up")), Outage.AWAY),
        (lost_while_handling(wrapped(errors.CrashShutdown("crash"))), Outage.AWAY),
        (wrapped(errors.LockNotAvailable("lock timeout")), None),
        (wrapped(errors.UniqueViolation("twice"), IntegrityError), None),
        (ValueError("ours"), None),
        (None, None),
    ],
)
def test_what_an_error_says_of_disk_and_database(error: Exception | None, found: Outage | None) -> None:
    assert outage(error) is found


def page_for(error: Exception) -> HttpResponse:
    try:
        raise error
    except type(error):
        return server_error(RequestFactory().get("/"))


def test_a_full_disk_says_what_was_kept_and_what_to_do() -> None:
    page = page_for(wrapped(errors.DiskFull("could not extend file base/1/2: Maria Tester")))
    text = page.content.decode()
    assert page.status_code == 503
    assert page.headers["Retry-After"]
    assert "The disk of the server is full" in text
    assert "everything saved before is kept" in text
    assert "Maria" not in text
    assert "<p>" not in text.split("</h1>")[0]  # the title is a title alone


def test_a_database_that_is_away_leaves_open_what_is_not_known() -> None:
    page = page_for(wrapped(psycopg.OperationalError("server closed the connection")))
    assert page.status_code == 503
    assert "is not known" in page.content.decode()


def test_a_mistake_of_ours_is_still_one() -> None:
    page = page_for(ValueError("ours"))
    assert page.status_code == 500
    assert "Something broke on our side" in page.content.decode()
