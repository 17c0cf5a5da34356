"""A session that was ended is told apart from a database that is away."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.models import Session
from django.db import OperationalError

from dayward.foundation.access.session_store import SessionStore

pytestmark = pytest.mark.django_db


@pytest.fixture
def store() -> SessionStore:
    made = SessionStore()
    made.create()
    return made


def test_a_session_that_was_ended_meanwhile_is_not_saved(store: SessionStore) -> None:
    Session.objects.all().delete()
    with pytest.raises(UpdateError):
        store.save()


def test_a_database_that_is_away_is_no_ended_session(
    store: SessionStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_given: Any, **_named: Any) -> None:
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(Session, "save", away)
    with pytest.raises(OperationalError):
        store.save()
