"""The queue over years: nothing a killed worker had begun is lost, nothing that is done stays."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone

from dayward.foundation.operations import services

pytestmark = pytest.mark.django_db


def ask(statement: str, *given: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        return cursor.fetchall() if cursor.description else []


def worker(seconds_ago: int) -> int:
    heard = "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - %s * interval '1 second')"
    return int(ask(f"{heard} RETURNING id", seconds_ago)[0][0])


def job(status: str, *, of: int | None = None, tries: int = 0, lock: str | None = None) -> int:
    made = ask(
        "INSERT INTO procrastinate_jobs (queue_name, task_name, status, worker_id, attempts, queueing_lock)"
        " VALUES ('default', 'some.work', %s, %s, %s, %s) RETURNING id",
        *(status, of, tries, lock),
    )
    return int(made[0][0])


def status(which: int) -> str:
    return str(ask("SELECT status FROM procrastinate_jobs WHERE id = %s", which)[0][0])


def test_work_of_a_killed_worker_is_begun_again_and_that_of_a_living_one_goes_on() -> None:
    killed, struck_off, going_on = job("doing", of=worker(300)), job("doing"), job("doing", of=worker(0))
    assert services.begin_again() == 2
    assert [status(each) for each in (killed, struck_off, going_on)] == ["todo", "todo", "doing"]


def test_work_that_ends_its_worker_each_time_is_given_up() -> None:
    often = job("doing", tries=services.MOST_TRIES)
    assert (services.begin_again(), status(often)) == (1, "failed")


def test_where_the_next_piece_waits_already_the_old_one_is_given_up_and_others_are_not_held_up() -> None:
    old, waiting, other = job("doing", lock="nightly"), job("todo", lock="nightly"), job("doing")
    services.begin_again()
    assert [status(each) for each in (old, waiting, other)] == ["failed", "todo", "todo"]


def test_what_failed_begins_again_once_and_what_was_done_since_does_not() -> None:
    made_good = job("failed")
    job("succeeded")
    older, newer = job("failed", lock="nightly"), job("failed", lock="nightly")
    assert services.begin_failed_again() == 1
    assert [status(each) for each in (made_good, older, newer)] == ["failed", "failed", "todo"]


def test_a_week_after_it_is_done_work_goes_and_what_waits_stays() -> None:
    old, fresh, waiting = job("succeeded"), job("failed"), job("todo")
    ended = "INSERT INTO procrastinate_events (job_id, type, at) VALUES (%s, 'failed', now() - %s * interval '1 day')"
    ask(ended, old, 8)
    ask(ended, fresh, 6)
    services.sweep()
    assert ask("SELECT id FROM procrastinate_jobs ORDER BY id") == [(fresh,), (waiting,)]


def test_sign_ins_that_are_over_go() -> None:
    now = timezone.now()
    Session.objects.create(session_key="over", session_data="", expire_date=now - timedelta(minutes=1))
    Session.objects.create(session_key="open", session_data="", expire_date=now + timedelta(minutes=1))
    services.sweep(at=now)
    assert list(Session.objects.values_list("session_key", flat=True)) == ["open"]
