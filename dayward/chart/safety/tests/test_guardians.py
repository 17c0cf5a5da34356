"""An alert about a minor: who may know, who tells them, and that it never closes in silence."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from dayward.care.journey.factories import actor_of, make_episode, proven
from dayward.chart.measures.factories import answered
from dayward.chart.safety import checks, library
from dayward.chart.safety.alerts import guardians, services
from dayward.chart.safety.alerts.models import Alert, AlertStep
from dayward.chart.safety.rules.guardians import Policy
from dayward.chart.safety.tests.test_alerts import WRITTEN
from dayward.foundation.access.factories import make_staff_with
from dayward.foundation.access.models import CareTeamMember
from dayward.foundation.access.services import add_to_care_team
from dayward.foundation.consent.factories import make_release, make_signed
from dayward.foundation.consent.models import Disclosure
from dayward.foundation.messaging.models import Message
from dayward.foundation.messaging.services import deliver
from dayward.foundation.organization.factories import make_site
from dayward.foundation.people.factories import SETUP, make_person
from dayward.foundation.people.models import Person, StaffMember
from dayward.foundation.people.services import add_contact_point, add_relationship
from dayward.foundation.standards.models import Due
from dayward.foundation.standards.queries import open_on
from dayward.kernel.errors import Refused

pytestmark = pytest.mark.django_db
NOW = timezone.now().replace(microsecond=0)


def years_ago(years: int) -> date:
    return NOW.date() - timedelta(days=365 * years + 100)


@pytest.fixture
def child() -> Person:
    """Fifteen, in a state without a rule for this care: nothing says that a guardian may know."""
    return make_person(site=make_site(state="WI", phone="(612) 555-0111"), birth_date=years_ago(15))


@pytest.fixture
def parent(child: Person) -> Person:
    parent = make_person(site=child.site, legal_given="Rosa", legal_family="Parent")
    add_relationship(actor=SETUP, person=child, relative=parent, kind="parent", is_guardian=True)
    add_contact_point(
        actor=SETUP, person=parent, kind="email", value="rosa@example.org", may_email=True, may_text=False
    )
    return parent


@pytest.fixture
def therapist(child: Person) -> StaffMember:
    staff = make_staff_with("therapist", credential="social_worker")
    since = NOW - timedelta(days=60)
    function = CareTeamMember.Function.PRIMARY_THERAPIST
    add_to_care_team(actor=SETUP, person=child, staff=staff, function=function, since=since)
    return staff


def alert_of(person: Person, item9: str = "3") -> Alert:
    answered(person=person, instrument="phq-9", answers=f"00000000{item9}-", finish=False, at=NOW)
    return Alert.objects.select_related("person__site").get(person=person)


def named(child: Person, parent: Person) -> None:
    """The young person's own consent (and in this state the parent's) lets the parent know."""
    release = make_release(
        child,
        recipient=parent.called,
        recipient_person=parent,
        information=[guardians.KNOWS],
        purposes=["support"],
    )
    make_signed(release, by=child)
    make_signed(release, by=parent)


def closed(alert: Alert, staff: StaffMember) -> None:
    actor = actor_of(staff)
    services.contact(actor=actor, alert=alert, how="phone")
    draft = services.start_closing(actor=actor, alert=alert)
    services.save_closing(actor=actor, closing=draft, texts=WRITTEN)
    services.sign_closing(
        actor=actor, closing=draft, typed_name=staff.name, reassess_on=NOW.date() + timedelta(days=2)
    )


def test_it_does_not_close_before_a_word_about_the_guardian(
    child: Person, parent: Person, therapist: StaffMember
) -> None:
    alert = alert_of(child)
    with pytest.raises(Refused) as refused:
        closed(alert, therapist)
    assert "The guardian: told, or why not" in refused.value.reasons
    with pytest.raises(Refused, match="say why"):
        services.leave_guardian(actor=actor_of(therapist), alert=alert, reason=" ")
    services.leave_guardian(
        actor=actor_of(therapist), alert=alert, reason="Decides alone; safe with an aunt."
    )
    closed(alert, therapist)
    alert.refresh_from_db()
    assert not alert.is_open


def guardian_dues(person: Person) -> list[tuple[str, StaffMember | None, str, timedelta]]:
    rows = Due.objects.filter(person=person, rule__startswith="alert.guardian.").order_by("pk")
    return [(row.rule, row.staff, row.state, row.due_at - row.start_at) for row in rows]


def test_the_word_about_the_guardian_is_due_of_whom_the_alert_names(
    child: Person, parent: Person, therapist: StaffMember
) -> None:
    with proven("program.age_fits"):
        make_episode(person=child, started=True)
    alert = alert_of(child)
    rule, day = "alert.guardian.acute", timedelta(hours=4)
    assert guardian_dues(child) == [(rule, therapist, "open", day)]
    services.try_guardian(actor=actor_of(therapist), alert=alert, guardian=parent.public_id, how="phone")
    assert guardian_dues(child) == [(rule, therapist, "open", day)]
    services.leave_guardian(actor=actor_of(therapist), alert=alert, reason="Decides alone.")
    assert guardian_dues(child) == [(rule, therapist, "done", day)]
    assert open_on(alert.episode_id or 0, "alert.guardian") == []


def test_of_an_adult_no_word_about_a_guardian_is_due(child: Person, therapist: StaffMember) -> None:
    Person.objects.filter(pk=child.pk).update(birth_date=years_ago(18))
    make_episode(person=child, started=True)
    alert_of(Person.objects.get(pk=child.pk))
    assert guardian_dues(child) == []


@pytest.mark.parametrize(("age", "item9", "asked"), [(15, "3", True), (18, "3", False), (40, "2", False)])
def test_it_asks_for_a_guardian_of_minors_alone(
    child: Person, therapist: StaffMember, age: int, item9: str, asked: bool
) -> None:
    Person.objects.filter(pk=child.pk).update(birth_date=years_ago(age))
    child.refresh_from_db()
    assert (guardians.guardians(alert_of(child, item9)) is not None) is asked


def test_a_guardian_who_may_not_know_is_told_only_for_a_danger_and_that_is_logged(
    child: Person, parent: Person, therapist: StaffMember
) -> None:
    alert, actor = alert_of(child), actor_of(therapist)
    found = guardians.guardians(alert)
    assert found is not None and [line.may_know for line in found.lines] == [False]
    say = {"actor": actor, "alert": alert, "guardian": parent.public_id, "how": "phone"}
    with pytest.raises(Refused, match="who decided"):
        services.tell_guardian(**say)  # type: ignore[arg-type]
    with pytest.raises(Refused, match="may not know"):
        services.mail_guardian(actor=actor, alert=alert, guardian=parent.public_id)
    services.tell_guardian(**say, note="Tablets at home; Dr. Ruiz decided.")  # type: ignore[arg-type]
    row = Disclosure.objects.get(person=child)
    assert (row.basis, row.recipient, row.consent) == ("minor_danger", parent.called, None)
    assert "Dr. Ruiz decided" in row.circumstances
    assert guardians.settled_by(alert) is not None


def test_a_guardian_whom_a_consent_names_is_told_by_it(
    child: Person, parent: Person, therapist: StaffMember
) -> None:
    named(child, parent)
    alert = alert_of(child)
    services.tell_guardian(actor=actor_of(therapist), alert=alert, guardian=parent.public_id, how="phone")
    row = Disclosure.objects.get(person=child)
    assert row.basis == "consent" and row.consent is not None


def test_a_try_settles_nothing(child: Person, parent: Person, therapist: StaffMember) -> None:
    alert = alert_of(child)
    services.try_guardian(actor=actor_of(therapist), alert=alert, guardian=parent.public_id, how="phone")
    assert guardians.settled_by(alert) is None and not Disclosure.objects.exists()


@pytest.fixture
def mails_at_once(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.EMAIL_HOST = "mail.example"
    asked = frozenset({"acute", "same_day"})
    table = {"any": Policy(asked, frozenset({"acute"}), "here")}
    monkeypatch.setattr(library, "guardian_policies", lambda: table)


@pytest.mark.usefixtures("mails_at_once")
def test_where_the_table_says_so_a_neutral_mail_leaves_to_whoever_may_know(
    child: Person, parent: Person, therapist: StaffMember
) -> None:
    named(child, parent)
    alert = alert_of(child)
    deliver(message_id=Message.objects.get(person=parent).pk)
    (sent,) = mail.outbox
    assert sent.to == ["rosa@example.org"] and "(612) 555-0111" in sent.body
    for forbidden in (child.called, child.legal_family, "alert", "safety", "suicid", "PHQ", "program"):
        assert forbidden.lower() not in f"{sent.subject} {sent.body}".lower()
    assert alert.steps.filter(kind=AlertStep.Kind.GUARDIAN_MAIL).count() == 1
    assert guardians.settled_by(alert) is None  # a mail is no talk


@pytest.mark.usefixtures("mails_at_once")
def test_nothing_leaves_to_whoever_may_not_know(
    child: Person, parent: Person, therapist: StaffMember
) -> None:
    alert_of(child)
    assert not Message.objects.exists()


def test_the_page_shows_what_may_be_said_and_takes_the_word(
    client: Client, child: Person, parent: Person, therapist: StaffMember
) -> None:
    alert = alert_of(child)
    assert therapist.user is not None
    client.force_login(therapist.user)
    page = reverse("safety:alert", args=[child.public_id, alert.public_id])
    shown = client.get(page).content.decode()
    assert "Rosa Parent" in shown and "may not know by themselves" in shown
    send = reverse("safety:alert_guardian", args=[child.public_id, alert.public_id])
    assert client.post(send, {"act": "not", "guardian-note": ""}).status_code == 422
    assert client.post(send, {"act": "told", "guardian-guardian": "nobody"}).status_code == 422
    assert client.post(send, {"act": "not", "guardian-note": "Decides alone."}).status_code == 302
    assert "Guardian not told" in client.get(page).content.decode()


def test_the_table_passes_its_check_and_a_bad_one_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    assert checks.check_guardians() == []
    never = {"any": Policy(frozenset(), frozenset(), "here")}
    monkeypatch.setattr(library, "guardian_policies", lambda: never)
    assert {message.id for message in checks.check_guardians()} == {"safety.E004"}


def test_a_class_that_asks_for_a_guardian_has_its_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = frozenset({"acute", "same_day", "review"})
    monkeypatch.setattr(library, "guardian_policies", lambda: {"any": Policy(asked, frozenset(), "here")})
    assert "safety.E005" in {message.id for message in checks.check_guardians()}
