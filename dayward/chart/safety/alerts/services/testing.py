"""The daily test of the way of alerts (measures.md section 5, must-have 4): from an answer to a mail, at every site.

A made-up person answers item 9; the alert, its named person and its timer are those of everybody else. All of that is
taken back before anything is kept. What stays is a row that says whom it named and whom it went on to, and a job that
has to ring in time and to mail them. A test that fails, or that does not come back, is loud on every page of whoever
answers for alerts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.core.mail import send_mail
from django.db import DatabaseError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from dayward.chart.measures import services as measures
from dayward.chart.safety.alerts.models import Alert, AlertTest
from dayward.chart.safety.alerts.services.timer import SILENT, ring
from dayward.foundation.audit.actors import Actor, person_actor, system_actor
from dayward.foundation.audit.services import record
from dayward.foundation.messaging.queries import mail_leaves
from dayward.foundation.organization.models import Site
from dayward.foundation.organization.queries import is_demo
from dayward.foundation.people.models import StaffMember, User
from dayward.foundation.people.services import register_person
from dayward.kernel.errors import DaywardError
from dayward.kernel.time import at as instant
from dayward.kernel.time import local_day

TESTER = system_actor("safety.test")
TESTED_AT = time(8)  # of the site's day
WAITS = timedelta(minutes=2)  # so long after its start a test rings
LOST = timedelta(minutes=15)  # so long after its time a test that did not ring is one that failed


def start_tests(*, at: datetime | None = None) -> int:
    """The test of the day at every site where it is time and none was made; says how many."""
    now = at or timezone.now()
    sites = [site for site in Site.objects.order_by("pk") if _is_time(site, now)]
    return sum(start_test(site=site, at=now) is not None for site in sites)


def _is_time(site: Site, now: datetime) -> bool:
    since = instant(local_day(now, site.zone), TESTED_AT, site.zone)
    return since <= now and not AlertTest.objects.filter(site=site, started_at__gte=since).exists()


@dataclass(frozen=True)
class Routed:
    """Whom the made-up alert named and went on to, or what was wrong."""

    named: StaffMember | None = None
    goes_on_to: StaffMember | None = None
    failure: str = ""


@transaction.atomic
def start_test(*, site: Site, actor: Actor = TESTER, at: datetime | None = None) -> AlertTest:
    """Say whom an alert at this site would name, and wind up a timer that has to ring."""
    now, found = at or timezone.now(), _route(site, at or timezone.now())
    test = AlertTest.objects.create(
        site=site,
        started_at=now,
        started_by=actor.id,
        named=found.named,
        goes_on_to=found.goes_on_to,
        rings_at=None if found.failure else now + WAITS,
        done_at=now if found.failure else None,
        failure=found.failure,
    )
    if test.rings_at is not None:
        ringing = app.configure_task("safety.ring_test", queue="alerts", schedule_at=test.rings_at)
        ringing.defer(test_id=test.pk)
    record(actor=actor, action="safety.test_alerts", subject=test, site=site, failed=bool(found.failure))
    return test


class _TakenBack(Exception):
    def __init__(self, found: Routed) -> None:
        self.found = found


def _route(site: Site, now: datetime) -> Routed:
    """A made-up answer all the way to the second person; every row of it is taken back."""
    try:
        with transaction.atomic():
            raise _TakenBack(_answer_and_ring(site, now))
    except _TakenBack as done:
        return done.found
    except (DaywardError, DatabaseError) as problem:
        return Routed(failure=_("An answer raises no alert: %(what)s.") % {"what": type(problem).__name__})


def _answer_and_ring(site: Site, now: datetime) -> Routed:
    person = register_person(actor=TESTER, site=site, legal_given="Test", legal_family="Alert")
    own = person_actor(User(person=person))
    row = measures.start(actor=own, person=person, instrument="phq-9", at=now)
    measures.answer(actor=own, administration=row, item="9", value=3, at=now)
    alert = Alert.objects.select_related("named").filter(administration=row).first()
    if alert is None or alert.risk_class != Alert.Class.ACUTE or alert.rings_next is None:
        return Routed(failure=_("An answer raises no alert with a timer."))
    if alert.named is None:
        return Routed(failure=_("Nobody at this site could be named."))
    step = ring(alert_id=alert.pk, at=alert.rings_next)
    if step is None or step.staff is None or step.staff == alert.named:
        sentence = _("There is nobody to go on to after %(name)s.") % {"name": alert.named.name}
        return Routed(alert.named, failure=sentence[:200])
    return Routed(alert.named, step.staff)


@transaction.atomic
def ring_test(*, test_id: int, at: datetime | None = None) -> AlertTest:
    """The timer of a test: was it in time, and does mail leave to whom it names?"""
    now = at or timezone.now()
    rows = AlertTest.objects.select_for_update(of=("self",))
    test = rows.select_related("site", "named__user", "goes_on_to__user").get(pk=test_id)
    if test.done_at is not None or test.rings_at is None:
        return test
    test.rang_at = test.done_at = now
    test.mail, test.failure = _mail([test.named, test.goes_on_to])
    if now - test.rings_at > SILENT:
        test.failure = _("The timer rang %(minutes)d minutes late.") % {
            "minutes": (now - test.rings_at).total_seconds() // 60
        }
    test.save()
    record(actor=TESTER, action="safety.ring_test", subject=test, site=test.site, failed=bool(test.failure))
    return test


def _mail(people: list[StaffMember | None]) -> tuple[str, str]:
    """What became of the mail, and what was wrong with it."""
    if not mail_leaves():
        none = _("No mail leaves from here: alerts are seen on the screens alone.")
        return AlertTest.Mail.NONE, "" if is_demo() else none
    addresses = [one.user.email for one in people if one is not None and one.user and one.user.email]
    if len(addresses) < len(people):
        return AlertTest.Mail.FAILED, _("Somebody it names has no mail address.")
    subject, body = _("Test of alerts: nothing to do"), _("The daily test of alerts reached you.")
    try:
        for address in addresses:
            send_mail(subject, body, None, [address])
    except OSError as problem:
        return AlertTest.Mail.FAILED, _("Mail did not leave: %(what)s.") % {"what": type(problem).__name__}
    return AlertTest.Mail.SENT, ""


@transaction.atomic
def give_up_tests(*, at: datetime | None = None) -> int:
    """Tests whose timer never rang have failed; says how many. Asked by the heartbeat."""
    now = at or timezone.now()
    lost = AlertTest.objects.select_for_update().filter(done_at__isnull=True, rings_at__lt=now - LOST)
    for test in lost:
        test.done_at, test.failure = now, _("The timer did not ring.")
        test.save(update_fields=["done_at", "failure"])
        record(actor=TESTER, action="safety.lose_test", subject=test, site=test.site)
    return len(lost)
