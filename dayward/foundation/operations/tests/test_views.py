"""What a stranger, a monitor and a director learn."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dayward.foundation.access.factories import make_staff_with
from dayward.foundation.audit.models import Entry
from dayward.foundation.operations import queries, services
from dayward.foundation.operations.rules import Part, Trouble
from dayward.foundation.operations.words import told
from dayward.foundation.organization.factories import make_site
from dayward.foundation.organization.models import Organization

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clinic(monkeypatch: pytest.MonkeyPatch) -> Organization:
    """A clinic of some weeks that was never backed up; its disk has room."""
    make_site()
    Organization.objects.update(is_demo=False, created_at=timezone.now())
    monkeypatch.setattr(queries, "disk_free", lambda: 50 * 1024**3)
    return Organization.objects.get()


def beat(seconds: int = 0) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - %s * interval '1 second')",
            [seconds],
        )


def sign_in(client: Client, role: str) -> None:
    user = make_staff_with(role).user
    assert user
    client.force_login(user)


def ask(name: str = "healthz") -> tuple[int, str]:
    answer = Client().get(reverse(f"operations:{name}"))
    return answer.status_code, answer.content.decode()


def test_all_is_well() -> None:
    beat()
    assert ask() == (200, "ok\n")
    assert ask("serving") == (200, "ok\n")


def test_a_stopped_worker_is_not_ok_and_the_pages_are_still_served() -> None:
    beat(seconds=300)
    assert ask() == (503, "not ok\n")
    assert ask("serving") == (200, "ok\n")


def test_no_worker_at_all() -> None:
    assert ask() == (503, "not ok\n")


def test_one_living_worker_is_enough() -> None:
    beat(seconds=300)
    beat()
    assert ask() == (200, "ok\n")


def test_without_a_database_a_monitor_still_gets_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_given: Any, **_named: Any) -> Any:
        raise OperationalError("connection to Qzmarked refused")

    monkeypatch.setattr(queries, "alone", gone)
    assert ask() == (503, "not ok\n")
    assert ask("serving") == (503, "not ok\n")


def test_a_full_disk_takes_the_process_out(monkeypatch: pytest.MonkeyPatch) -> None:
    beat()
    monkeypatch.setattr(queries, "disk_free", lambda: 1024**3)
    assert ask("serving") == (503, "not ok\n")


def test_a_job_past_its_time_is_seen() -> None:
    beat()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, scheduled_at)"
            " VALUES ('default', 'messaging.deliver', now() - interval '20 minutes')"
        )
    found = {finding.part: finding for finding in queries.health()}
    assert (found[Part.QUEUE].trouble, found[Part.QUEUE].amount) == (Trouble.BEHIND, 1)


@pytest.mark.parametrize(
    ("status", "event", "minutes", "amount"),
    [
        ("todo", "deferred", 14, 0),
        ("todo", "deferred", 16, 1),
        ("doing", "started", 59, 0),
        ("doing", "started", 61, 1),
        ("succeeded", "deferred", 600, 0),
    ],
)
def test_work_that_is_to_be_done_at_once_is_seen_too(
    status: str, event: str, minutes: int, amount: int
) -> None:
    beat()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, status)"
            " VALUES ('default', 'messaging.deliver', %s) RETURNING id",
            [status],
        )
        ((job,),) = cursor.fetchall()
        cursor.execute("DELETE FROM procrastinate_events WHERE job_id = %s", [job])
        cursor.execute(
            "INSERT INTO procrastinate_events (job_id, type, at) VALUES (%s, %s, now() - make_interval(mins => %s))",
            [job, event, minutes],
        )
    found = {finding.part: finding for finding in queries.health()}
    assert found[Part.QUEUE].amount == amount


def test_a_mail_server_that_hangs_holds_up_no_other_work() -> None:
    assert settings.EMAIL_TIMEOUT <= 30


def test_a_clinic_without_a_backup(clinic: Organization) -> None:
    beat()
    Organization.objects.update(created_at=timezone.now() - timedelta(days=3))
    assert ask() == (503, "not ok\n")
    Organization.objects.update(is_demo=True)
    assert ask() == (200, "ok\n")


def test_how_old_a_backup_may_be_is_said_in_the_environment(
    clinic: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    beat()
    Organization.objects.update(created_at=timezone.now() - timedelta(days=3))
    monkeypatch.setenv("DAYWARD_BACKUP_HOURS", "100")
    assert ask() == (200, "ok\n")


def work(status: str, *, night: int = 1, task: str = "standards.keep_up") -> None:
    """As a worker leaves it: the database itself writes down when it failed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, status, args)"
            " VALUES ('default', %s, 'doing', jsonb_build_object('timestamp', %s::bigint)) RETURNING id",
            [task, night],
        )
        (made,) = cursor.fetchone()
        cursor.execute("SELECT procrastinate_finish_job_v1(%s, %s, false)", [made, status])


@pytest.mark.parametrize("role", ["director", "administrator"])
def test_nightly_work_that_failed_is_seen_until_it_is_done(client: Client, role: str) -> None:
    beat()
    sign_in(client, role)
    work("failed", night=1)
    work("failed", night=2)
    work("succeeded", night=3, task="audit.walk_nightly")
    assert ask() == (503, "not ok\n")
    assert ask("serving") == (200, "ok\n")
    for page in ("operations:running", "staff:today"):
        text = client.get(reverse(page)).content.decode()
        assert "It failed and was not done since: standards.keep_up (2 times since" in text, page
        assert "audit.walk_nightly" not in text, page
    work("succeeded", night=3)
    assert ask() == (200, "ok\n")
    assert "standards.keep_up" not in client.get(reverse("operations:running")).content.decode()


@pytest.mark.parametrize("role", ["director", "administrator"])
def test_who_answers_for_it_sees_what_to_do(client: Client, role: str) -> None:
    beat(seconds=300)
    sign_in(client, role)
    for page in ("operations:running", "staff:today"):
        text = client.get(reverse(page)).content.decode()
        assert "It stopped: it was last heard of" in text, page
        assert "Start dayward worker again" in text, page


def test_today_says_nothing_when_all_is_well(client: Client) -> None:
    beat()
    sign_in(client, "director")
    assert "The installation needs you" not in client.get(reverse("staff:today")).content.decode()


def test_a_therapist_is_not_bothered(client: Client) -> None:
    sign_in(client, "therapist")
    assert "The installation needs you" not in client.get(reverse("staff:today")).content.decode()
    assert client.get(reverse("operations:running")).status_code == 403


def test_today_takes_no_statement_more_for_it(client: Client, django_assert_max_num_queries: Any) -> None:
    """It is read together with everything else of the page."""
    sign_in(client, "administrator")
    client.get(reverse("staff:today"))
    with django_assert_max_num_queries(1):
        queries.health()


# -- a clock that was set back ---------------------------------------------------------------------------------


def tick(at: datetime) -> None:
    """Work of every few minutes was noted as begun."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_periodic_defers (task_name, defer_timestamp, periodic_id)"
            " VALUES ('safety.heartbeat', extract(epoch FROM %s::timestamptz)::bigint, '')",
            [at],
        )


def ticks() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_periodic_defers")
        return int(cursor.fetchone()[0])


def test_work_of_every_few_minutes_goes_on_when_the_clock_went_back() -> None:
    later = timezone.now().replace(microsecond=0) + timedelta(hours=3)
    tick(later)
    assert services.mind_the_clock(at=later + timedelta(minutes=2)) is None
    assert services.mind_the_clock(at=later - timedelta(hours=3)) == timedelta(hours=3)
    assert ticks() == 0
    assert services.mind_the_clock(at=later - timedelta(hours=3)) is None  # told of once


def test_a_clock_that_went_back_is_told_of_where_the_installation_is_looked_at(client: Client) -> None:
    tick(timezone.now() + timedelta(hours=26))
    services.mind_the_clock()
    sign_in(client, "director")
    page = client.get(reverse("operations:running")).content.decode()
    assert "gone back by 26 h 0 min" in page


def test_a_worker_of_before_the_clock_went_back_does_not_count() -> None:
    beat(seconds=-3 * 3600)
    assert ask() == (503, "not ok\n")
    beat()
    assert ask() == (200, "ok\n")


def test_a_trail_that_is_ahead_is_seen() -> None:
    beat()
    Entry.objects.create(action="journey.admit", actor_kind="system", at=timezone.now() + timedelta(hours=3))
    assert ask() == (503, "not ok\n")
    found = {finding.part: finding for finding in queries.health()}
    assert told(found[Part.CLOCK]).sentence.startswith("It went back by 3 h 0 min")
