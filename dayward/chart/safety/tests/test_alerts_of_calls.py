"""Thoughts of suicide heard in a call raise an alert; elevated risk is closed with a safety plan."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dayward.care.journey import services as journey
from dayward.care.journey.events import DangerHeard
from dayward.care.journey.factories import actor_of, make_actor, make_episode
from dayward.care.journey.models import AftercareCall, Episode
from dayward.chart.safety.alerts import queries, services
from dayward.chart.safety.alerts.models import Alert, AlertClosing
from dayward.chart.safety.factories import signed_plan
from dayward.chart.safety.rules import closing
from dayward.foundation.access.factories import make_staff_with, make_treating
from dayward.foundation.audit.actors import Actor
from dayward.foundation.people.models import StaffMember
from dayward.kernel import events
from dayward.kernel.errors import Refused

pytestmark = pytest.mark.django_db
TOLD = "Lies awake and thinks of not waking up"
WRITTEN = {"level": "elevated", **dict.fromkeys(closing.PART_KEYS, "As written in the note")}


@pytest.fixture
def actor() -> Actor:
    return make_actor("intake", "therapist", "director")


@pytest.fixture
def episode(actor: Actor) -> Episode:
    return make_episode(actor=actor, started=True)


@pytest.fixture
def therapist(episode: Episode) -> StaffMember:
    return make_treating(episode.person, function="primary_therapist", credential="social_worker")


def call(actor: Actor, episode: Episode, slot: str = "day3", *, now: bool = False) -> AftercareCall:
    heard = journey.Heard(
        "reached", how=TOLD, warning_signs=("unsafe",), handed_back="988 on the line", danger_now=now
    )
    return journey.log_call(actor=actor, episode=episode, slot=slot, heard=heard)


def signed_in_as(staff: StaffMember) -> Client:
    client = Client()
    assert staff.user is not None
    client.force_login(staff.user)
    return client


# -- raising ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("now", "minutes", "expected"), [(False, 60, "same_day"), (True, 10, "acute")])
def test_a_call_raises_an_alert_with_a_named_person_and_a_timer(
    actor: Actor, episode: Episode, therapist: StaffMember, now: bool, minutes: int, expected: str
) -> None:
    row = call(actor, episode, now=now)
    alert = Alert.objects.get()
    assert (alert.call, alert.administration, alert.episode) == (row, None, episode)
    assert (alert.risk_class, alert.named, alert.named_because) == (expected, therapist, "primary_therapist")
    assert alert.rings_next == alert.acknowledge_until == row.made_at + timedelta(minutes=minutes)
    assert list(alert.steps.values_list("kind", "staff")) == [("raised", therapist.pk)]


def test_other_signs_raise_nothing(actor: Actor, episode: Episode) -> None:
    heard = journey.Heard("reached", warning_signs=("use", "mood"), handed_back="Calls again tomorrow")
    journey.log_call(actor=actor, episode=episode, slot="day3", heard=heard)
    assert not Alert.objects.exists()


def test_danger_now_needs_its_sign(actor: Actor, episode: Episode) -> None:
    with pytest.raises(Refused, match="choose the warning sign"):
        journey.log_call(
            actor=actor, episode=episode, slot="day3", heard=journey.Heard("reached", danger_now=True)
        )


def test_after_discharge_somebody_is_named_and_the_chart_opens(
    actor: Actor, episode: Episode, therapist: StaffMember
) -> None:
    journey.discharge(actor=actor, episode=episode, kind="COMP")
    call(actor, episode, "72h")
    alert = Alert.objects.get()
    assert alert.named is not None and alert.rings_next is not None
    address = reverse("safety:alert", args=[episode.person.public_id, alert.public_id])
    assert signed_in_as(alert.named).get(address).status_code == 200


def test_call_and_alert_are_there_together_or_not_at_all(
    actor: Actor, episode: Episode, therapist: StaffMember, monkeypatch: pytest.MonkeyPatch
) -> None:
    with transaction.atomic():
        call(actor, episode)
        assert Alert.objects.exists()
        transaction.set_rollback(True)
    assert not Alert.objects.exists() and not AftercareCall.objects.exists()

    def broken(event: DangerHeard) -> None:
        raise RuntimeError("the alert cannot be made")

    monkeypatch.setitem(events._handlers, DangerHeard, [broken])
    with pytest.raises(RuntimeError):
        call(actor, episode)
    assert not AftercareCall.objects.exists()


def test_a_call_entered_in_error_leaves_its_alert_open(
    actor: Actor, episode: Episode, therapist: StaffMember
) -> None:
    journey.withdraw_call(actor=actor, call=call(actor, episode))
    alert = Alert.objects.get()
    assert alert.is_open and alert.rings_next is not None
    address = reverse("safety:alert", args=[episode.person.public_id, alert.public_id])
    assert b"entered in error later" in signed_in_as(therapist).get(address).content


def test_an_alert_always_says_where_it_was_told(actor: Actor, episode: Episode) -> None:
    call(actor, episode)
    with pytest.raises(DatabaseError, match="alert_says_where_it_was_told"), transaction.atomic():
        Alert.objects.update(call=None)


# -- pages -----------------------------------------------------------------------------------------------------


def test_what_was_heard_stands_on_the_page_of_the_alert(
    actor: Actor, episode: Episode, therapist: StaffMember
) -> None:
    call(actor, episode)
    alert, client = Alert.objects.get(), signed_in_as(therapist)
    page = client.get(reverse("safety:alert", args=[episode.person.public_id, alert.public_id]))
    shown = page.content.decode()
    assert page.status_code == 200 and TOLD in shown and "988 on the line" in shown and "Day 3" in shown
    assert "All answers" not in shown
    assert episode.person.called in client.get(reverse("safety:alerts")).content.decode()
    assert (
        b"Alert: not acknowledged"
        in client.get(reverse("staff:chart", args=[episode.person.public_id])).content
    )


def test_who_neither_answers_nor_calls_does_not_read_the_call(
    actor: Actor, episode: Episode, therapist: StaffMember
) -> None:
    call(actor, episode)
    alert, reader = Alert.objects.get(), make_staff_with("compliance")
    page = signed_in_as(reader).get(reverse("safety:alert", args=[episode.person.public_id, alert.public_id]))
    assert page.status_code == 200 and TOLD not in page.content.decode()


def test_the_form_of_a_call_raises_it(actor: Actor, episode: Episode, therapist: StaffMember) -> None:
    assert actor.staff is not None
    sent = signed_in_as(actor.staff).post(
        reverse("journey:call", args=[episode.person.public_id, "day7"]),
        {
            "outcome": "reached",
            "mode": "phone",
            "how": TOLD,
            "warning_signs": ["unsafe"],
            "danger_now": "on",
            "handed_back": "911 on the way",
        },
    )
    assert sent.status_code == 302 and Alert.objects.get().risk_class == "acute"


def test_the_discharge_page_names_an_open_alert(
    actor: Actor, episode: Episode, therapist: StaffMember
) -> None:
    assert actor.staff is not None
    client = signed_in_as(actor.staff)
    address = reverse("journey:episode_discharge", args=[episode.person.public_id, episode.public_id])
    assert b"An alert about this person is open" not in client.get(address).content
    call(actor, episode)
    assert b"An alert about this person is open" in client.get(address).content


# -- closing ---------------------------------------------------------------------------------------------------


def close(alert: Alert, staff: StaffMember, level: str) -> AlertClosing:
    actor = actor_of(staff)
    draft = services.start_closing(actor=actor, alert=alert)
    services.save_closing(actor=actor, closing=draft, texts=WRITTEN | {"level": level})
    return services.sign_closing(
        actor=actor, closing=draft, typed_name=staff.name, reassess_on=date(2027, 1, 4)
    )


def contacted(actor: Actor, episode: Episode, staff: StaffMember) -> Alert:
    call(actor, episode)
    return services.contact(actor=actor_of(staff), alert=Alert.objects.get(), how="phone")


@pytest.mark.parametrize("level", ["none", "imminent"])
def test_other_levels_close_without_a_plan(
    actor: Actor, episode: Episode, therapist: StaffMember, level: str
) -> None:
    alert = contacted(actor, episode, therapist)
    close(alert, therapist, level)
    assert Alert.objects.get().closed_at is not None


def test_elevated_risk_is_closed_with_a_plan_signed_since(
    actor: Actor, episode: Episode, therapist: StaffMember
) -> None:
    before = timezone.now() - timedelta(days=2)
    signed_plan(actor=actor_of(therapist), person=episode.person, at=before)
    alert = contacted(actor, episode, therapist)
    with pytest.raises(Refused) as refused:
        close(alert, therapist, "elevated")
    assert refused.value.reasons == (closing.NO_PLAN,)
    assert Alert.objects.get().is_open and queries.plan_since(alert) is None
    signed_plan(actor=actor_of(therapist), person=episode.person)
    close(alert, therapist, "elevated")
    assert Alert.objects.get().closed_by == therapist


def test_the_page_that_refuses_leads_to_the_plan(
    actor: Actor, episode: Episode, therapist: StaffMember
) -> None:
    alert = contacted(actor, episode, therapist)
    client = signed_in_as(therapist)
    address = reverse("safety:close_alert", args=[episode.person.public_id, alert.public_id])
    form = {**WRITTEN, "typed_name": therapist.name, "reassess_on": "2027-01-04"}
    refused = client.post(address, form)
    shown = refused.content.decode()
    assert refused.status_code == 422 and closing.NO_PLAN in shown
    assert reverse("safety:plan", args=[episode.person.public_id]) in shown
    before = timezone.now() - timedelta(days=2)
    signed_plan(actor=actor_of(therapist), person=episode.person, at=before)
    shown = client.get(address).content.decode()
    assert "from before this alert" in shown
    assert reverse("safety:plan", args=[episode.person.public_id]) in shown
