"""The daily test of the way of alerts, and the silence after something positive."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import Settings

from dayward.care.journey.factories import actor_of, make_episode
from dayward.chart.measures.factories import answered
from dayward.chart.measures.models import Administration
from dayward.chart.safety import jobs
from dayward.chart.safety.alerts import services, testing
from dayward.chart.safety.alerts.models import Alert, AlertTest
from dayward.chart.safety.tests.test_guardians import closed
from dayward.foundation.access.factories import make_staff_with, make_treating
from dayward.foundation.audit.models import Entry
from dayward.foundation.organization.factories import make_site
from dayward.foundation.organization.models import Organization, Site
from dayward.foundation.people.models import Person, StaffMember
from dayward.foundation.standards.models import Due
from dayward.kernel.gathering import read
from dayward.kernel.time import at as instant
from dayward.kernel.time import local_day

pytestmark = pytest.mark.django_db
NOW = timezone.now().replace(microsecond=0)


@pytest.fixture
def site() -> Site:
    return make_site()


@pytest.fixture
def director(site: Site) -> StaffMember:
    return make_staff_with("director", site=site)


@pytest.fixture
def supervisor(site: Site) -> StaffMember:
    return make_staff_with("supervisor", credential="psychologist", site=site)


@pytest.fixture
def mail_server(settings: Settings) -> None:
    settings.EMAIL_HOST = "mail.example"


def eight(site: Site) -> datetime:
    return instant(local_day(NOW, site.zone), time(8), site.zone)


def rung(test: AlertTest, late: timedelta = timedelta()) -> AlertTest:
    assert test.rings_at is not None
    return services.ring_test(test_id=test.pk, at=test.rings_at + late)


@pytest.mark.usefixtures("mail_server")
def test_it_names_goes_on_rings_mails_and_keeps_nobody(
    site: Site, supervisor: StaffMember, director: StaffMember
) -> None:
    people, entries = Person.objects.count(), Entry.objects.count()
    test = services.start_test(site=site, at=NOW)
    assert (test.named, test.goes_on_to, test.failure) == (supervisor, director, "")
    assert Person.objects.count() == people
    assert not Alert.objects.exists() and not Administration.objects.exists()
    assert Entry.objects.count() == entries + 1
    (job,) = ProcrastinateJob.objects.all()
    assert (job.task_name, job.args) == ("safety.ring_test", {"test_id": test.pk})
    done = rung(test)
    assert done.passed and done.mail == "sent"
    assert supervisor.user is not None and director.user is not None
    assert [message.to[0] for message in mail.outbox] == [supervisor.user.email, director.user.email]
    assert all("nothing to do" in message.subject for message in mail.outbox)


def test_nobody_to_name_or_to_go_on_to_is_a_failure(site: Site) -> None:
    assert "could be named" in services.start_test(site=site).failure
    make_staff_with("supervisor", site=site)
    assert "nobody to go on to" in services.start_test(site=site).failure
    assert not ProcrastinateJob.objects.exists()


@pytest.mark.usefixtures("supervisor", "director")
def test_a_broken_way_is_a_failure_and_no_error(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dayward.chart.safety.handlers.services.answered", lambda **told: None)
    assert "raises no alert" in services.start_test(site=site).failure


@pytest.mark.usefixtures("supervisor", "director")
def test_no_mail_server_a_late_timer_and_a_lost_one_are_failures(site: Site) -> None:
    assert "No mail leaves" in rung(services.start_test(site=site, at=NOW)).failure
    assert "7 minutes late" in rung(services.start_test(site=site, at=NOW), timedelta(minutes=7)).failure
    lost = services.start_test(site=site, at=NOW)
    assert services.give_up_tests(at=NOW + timedelta(minutes=16)) == 0
    assert services.give_up_tests(at=NOW + timedelta(minutes=18)) == 1
    lost.refresh_from_db()
    assert "did not ring" in lost.failure


@pytest.mark.usefixtures("supervisor", "director", "mail_server")
def test_mail_that_does_not_leave_is_a_failure(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr("dayward.chart.safety.alerts.services.testing.send_mail", refuse)
    done = rung(services.start_test(site=site))
    assert done.mail == "failed" and "ConnectionRefusedError" in done.failure


@pytest.mark.usefixtures("supervisor", "director")
def test_once_a_day_from_eight_on(site: Site) -> None:
    assert services.start_tests(at=eight(site) - timedelta(minutes=1)) == 0
    assert services.start_tests(at=eight(site) + timedelta(minutes=7)) == 1
    assert services.start_tests(at=eight(site) + timedelta(hours=10)) == 0
    assert services.start_tests(at=eight(site) + timedelta(days=1, minutes=7)) == 1


def test_the_jobs_call_the_services(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def heard(name: str) -> Callable[[], int]:
        def call() -> int:
            asked.append(name)
            return 0

        return call

    for name in ("start_tests", "missed_checkins", "heartbeat", "give_up_tests"):
        monkeypatch.setattr(services, name, heard(name))
    jobs.test_alerts(0)
    jobs.checkins(0)
    jobs.heartbeat(0)
    assert asked == ["start_tests", "missed_checkins", "heartbeat", "give_up_tests"]


# -- loud ------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("supervisor", "mail_server")
def test_a_failed_old_or_missing_test_is_loud(site: Site, director: StaffMember) -> None:
    def loud(at: datetime = NOW) -> bool:
        (found,) = read([testing.untested([site], at)])
        return found == [site.pk]

    Organization.objects.update(created_at=NOW - timedelta(hours=1))
    assert not loud()
    assert loud(NOW + timedelta(hours=26))  # never tested
    rung(services.start_test(site=site, at=NOW))
    assert not loud(NOW + timedelta(hours=25)) and loud(NOW + timedelta(hours=26))
    rung(services.start_test(site=site, at=NOW + timedelta(hours=1)), timedelta(minutes=7))
    assert loud(NOW + timedelta(hours=2))


@pytest.mark.usefixtures("supervisor")
def test_whoever_answers_for_alerts_reads_it_on_every_page_and_can_test_now(
    client: Client, site: Site, director: StaffMember
) -> None:
    rung(services.start_test(site=site), timedelta(minutes=7))
    assert director.user is not None
    client.force_login(director.user)
    page = client.get(reverse("safety:alerts")).content.decode()
    assert "daily test of alerts failed" in page and "7 minutes late" in page
    again = reverse("safety:test_alerts", args=[site.public_id])
    assert client.post(again).status_code == 302
    assert AlertTest.objects.count() == 2
    therapist = make_staff_with("therapist", site=site)
    assert therapist.user is not None
    client.force_login(therapist.user)
    assert "daily test" not in client.get(reverse("safety:alerts")).content.decode()
    assert client.post(again).status_code in (403, 404)


# -- check-ins that stay away ----------------------------------------------------------------------------------


def silent_since(episode_id: int, person: Person, site: Site, at: datetime) -> None:
    """The weekly questionnaire is more than late: the standards' row as their own service keeps it."""
    values = {
        "pack": "generic",
        "role": "therapist",
        "person": person,
        "site": site,
        "start_kind": "measure.done",
        "start_at": at - timedelta(days=10),
        "due_at": at - timedelta(days=3),
        "hard_at": at - timedelta(days=1),
        "state": Due.State.OPEN,
        "done_at": None,
    }
    Due.objects.update_or_create(episode=episode_id, rule="measure.phq-9", mark="", defaults=values)


def test_silence_after_something_positive_is_on_the_teams_list_once(site: Site) -> None:
    episode = make_episode(at=NOW - timedelta(days=20), started=True)
    person = episode.person
    therapist = make_treating(person, "therapist", credential="social_worker", function="primary_therapist")
    answered(person=person, instrument="phq-9", answers="000000002-", finish=False, at=NOW)
    first = Alert.objects.get()
    later = NOW + timedelta(days=11)
    assert first.person.site is not None
    silent_since(episode.pk, person, first.person.site, later)
    assert services.missed_checkins(at=later) == 0  # in hand: it is open
    closed(first, therapist)
    assert services.missed_checkins(at=later) == 1
    watch = Alert.objects.get(risk_class="watch")
    assert (watch.follows, watch.administration, watch.named) == (first, first.administration, therapist)
    assert services.missed_checkins(at=later) == 0
    actor = actor_of(therapist)
    draft = services.start_closing(actor=actor, alert=watch)
    said = {"level": "none", "findings": "On the phone; well.", "actions": "Asked.", "reassess": "Monday."}
    services.save_closing(actor=actor, closing=draft, texts=said)
    services.sign_closing(
        actor=actor, closing=draft, typed_name=therapist.name, reassess_on=later.date() + timedelta(days=1)
    )
    assert services.missed_checkins(at=later) == 0  # once for each positive


def test_nobody_silent_without_something_positive_is_watched(site: Site) -> None:
    episode = make_episode(at=NOW - timedelta(days=20), started=True)
    assert episode.person.site is not None
    silent_since(episode.pk, episode.person, episode.person.site, NOW)
    assert services.missed_checkins(at=NOW) == 0


def test_many_sites_with_many_tests_take_two_queries(
    site: Site, django_assert_num_queries: Callable[..., Any]
) -> None:
    never = make_site("Riverbend South")
    for hours, failure in ((0, ""), (24, ""), (48, "Nobody is named.")):
        at = NOW + timedelta(hours=hours)
        AlertTest.objects.create(
            site=site, started_at=at, started_by="x", rings_at=at, done_at=at, failure=failure
        )
    with django_assert_num_queries(2):
        here, there = testing.newest_tests([site, never])
    assert here.newest is not None and here.newest.failure == "Nobody is named."
    assert here.passed is not None and here.passed.started_at == NOW + timedelta(hours=24)
    assert (there.site, there.newest, there.passed) == (never, None, None)
