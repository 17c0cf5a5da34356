"""Moments are read by the interpreter's own C: Django takes each apart with a pattern, and a page reads thousands."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.dispatch import receiver
from psycopg.types.datetime import TimestamptzLoader


class Moment(TimestamptzLoader):
    """PostgreSQL writes them in ISO, and in UTC on a connection of Django's."""

    timezone = UTC  # asked for by Django for each cursor

    def load(self, data: Any) -> datetime:
        try:
            return datetime.fromisoformat(bytes(data).decode())
        except ValueError:  # infinity, or before the calendar: psycopg says so
            return super().load(data)


@receiver(connection_created)
def read_moments_quickly(connection: BaseDatabaseWrapper, **_signal: Any) -> None:
    connection.connection.adapters.register_loader("timestamptz", Moment)
