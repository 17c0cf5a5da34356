"""Moments come back as they were sent, in UTC, also where PostgreSQL leaves digits out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DataError, connection
from hypothesis import given
from hypothesis import strategies as st

from dayward.kernel.timestamps import Moment

OLDEST = datetime(1000, 1, 1)  # noqa: DTZ001 - Hypothesis adds the zone
WHEN = st.datetimes(min_value=OLDEST, timezones=st.just(UTC))


def as_postgres_writes(at: datetime) -> bytes:
    fraction = f".{at.microsecond:06d}".rstrip("0").rstrip(".")
    return f"{at:%Y-%m-%d %H:%M:%S}{fraction}+00".encode()


@given(WHEN)
def test_a_moment_is_read_as_it_is_written(at: datetime) -> None:
    read = Moment(0).load(as_postgres_writes(at))
    assert read == at and read.utcoffset() == timedelta()


@pytest.mark.django_db
def test_every_connection_reads_them_so() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT '2026-11-23 17:32:00.42+01'::timestamptz")
        assert cursor.fetchone() == (datetime(2026, 11, 23, 16, 32, 0, 420_000, tzinfo=UTC),)
        loader = cursor.cursor.connection.adapters.get_loader(1184, 0)
        assert loader is Moment


@pytest.mark.django_db
def test_what_is_beyond_the_calendar_is_refused_as_before() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 'infinity'::timestamptz")
        with pytest.raises(DataError):
            cursor.fetchone()
