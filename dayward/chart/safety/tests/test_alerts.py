"""An answer, its alert, the timer and the documentation that closes it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import psycopg
import pytest
from django.core import mail
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import Settings

from dayward.care.journey.factories import actor_of, make_episode, told_of
from dayward.chart.measures import services as measures
from dayward.chart.measures.events import MeasureAnswered
from dayward.chart.measures.factories import answered, own_actor
from dayward.chart.measures.models import Administration, Answer
from dayward.chart.safety import jobs
from dayward.chart.safety.alerts import queries, services
from dayward.chart.safety.alerts.models import Alert, AlertClosing, AlertStep
from dayward.foundation.access.factories import make_staff_with, make_treating
from dayward.foundation.access.models import CareTeamMember
from dayward.foundation.access.powers import Powers
from dayward.foundation.access.services import add_to_care_team
from dayward.foundation.audit.models import Entry
from dayward.foundation.organization.factories import make_site
from dayward.foundation.people.factories import SETUP, make_person
from dayward.foundation.people.models import Person, StaffMember
from dayward.foundation.signing.rules import digest
from dayward.kernel import events
from dayward.kernel.errors import Refused

pytestmark = pytest.mark.django_db
Kind, Function = AlertStep.Kind, CareTeamMember.Function
NOW = timezone.now().replace(microsecond=0)
WRITTEN = {
    "level": "none",
    "contact": "By phone at 2:10 pm, spoke for twenty minutes.",
    "findings": "ASQ; passive thoughts on some evenings, no plan, no intent.",
    "protective": "Sister, the dog.",
    "means": "Medicines with the sister. No firearms.",
    "actions": "Safety plan gone through.",
    "reassess": "Tomorrow in the individual session.",
}


@pytest.fixture
def person() -> Person:
    return make_person(site=make_site(), legal_family="Markedname")


@pytest.fixture
def therapist(person: Person) -> StaffMember:
    staff = make_staff_with("therapist", credential="social_worker")
    since = NOW - timedelta(days=60)
    add_to_care_team(
        actor=SETUP, person=person, staff=staff, function=Function.PRIMARY_THERAPIST, since=since
    )
    return staff


@pytest.fixture
def supervisor() -> StaffMember:
    return make_staff_with("supervisor", credential="psychologist")


@pytest.fixture
def director() -> StaffMember:
    return make_staff_with("director")


def phq9(person: Person, item9: str, at: datetime = NOW) -> Administration:
    return answered(person=person, instrument="phq-9", answers=f"00000000{item9}-", finish=False, at=at)


def say(person: Person, row: Administration, item: str, value: int | None, at: datetime = NOW) -> Answer:
    return measures.answer(actor=own_actor(person), administration=row, item=item, value=value, at=at)


def asq_of(row: Administration) -> Administration:
    return Administration.objects.get(follows=row)


def told(alert: Alert) -> Administration:
    assert alert.administration is not None
    return alert.administration


def say_no_four_times(person: Person, row: Administration, at: datetime = NOW) -> None:
    for item in "1234":
        say(person, asq_of(row), item, 0, at)


def kinds(alert: Alert) -> list[str]:
    return list(alert.steps.values_list("kind", flat=True))


# -- raising ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("item9", "expected"), [("1", "same_day"), ("2", "same_day"), ("3", "acute"), ("x", "same_day")]
)
def test_the_answer_alone_raises_the_alert(
    person: Person, therapist: StaffMember, item9: str, expected: str
) -> None:
    """The browser may be closed after item 9: nothing more is needed."""
    phq9(person, item9)
    alert = Alert.objects.get()
    assert (alert.risk_class, alert.named, alert.named_because) == (expected, therapist, "primary_therapist")
    assert kinds(alert) == ["raised"]
    assert alert.rings_next == alert.acknowledge_until


def test_times_come_from_the_rule_pack(person: Person, therapist: StaffMember) -> None:
    phq9(person, "3")
    alert = Alert.objects.get()
    assert alert.acknowledge_until == NOW + timedelta(minutes=10)
    assert alert.contact_until == NOW + timedelta(minutes=30)


def test_answer_and_alert_are_there_together_or_not_at_all(
    person: Person, therapist: StaffMember, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = phq9(person, "0")
    before = Answer.objects.count()

    def broken(event: MeasureAnswered) -> None:
        raise RuntimeError("the alert cannot be made")

    monkeypatch.setitem(events._handlers, MeasureAnswered, [broken])
    with pytest.raises(RuntimeError):
        say(person, row, "9", 2)
    assert Answer.objects.count() == before
    assert not Administration.objects.filter(instrument="asq").exists()


def test_what_is_rolled_back_leaves_neither_answer_nor_alert_nor_timer(
    person: Person, therapist: StaffMember
) -> None:
    row = phq9(person, "0")
    before = Answer.objects.count()
    with transaction.atomic():
        say(person, row, "9", 2)
        assert Alert.objects.exists()
        transaction.set_rollback(True)
    assert not Alert.objects.exists()
    assert not ProcrastinateJob.objects.filter(queue_name="alerts").exists()
    assert Answer.objects.count() == before


def test_timer_and_mail_are_deferred_in_the_same_transaction_with_ids_alone(
    person: Person, therapist: StaffMember
) -> None:
    phq9(person, "3")
    alert, step = Alert.objects.get(), AlertStep.objects.get()
    rows = ProcrastinateJob.objects.filter(queue_name="alerts").values_list(
        "task_name", "args", "scheduled_at"
    )
    assert sorted(rows) == [
        ("safety.ring", {"alert_id": alert.pk}, alert.acknowledge_until),
        ("safety.tell", {"step_id": step.pk}, None),
    ]


def test_a_negative_asq_lowers_and_is_written_down(person: Person, therapist: StaffMember) -> None:
    row = phq9(person, "1")
    say_no_four_times(person, row)
    alert = Alert.objects.get()
    assert alert.risk_class == "review" and alert.is_open
    assert kinds(alert) == ["raised", "lowered"]
    assert alert.acknowledge_until == NOW + timedelta(hours=24)


def test_thoughts_right_now_are_acute_and_must_be_acknowledged_anew(
    person: Person, therapist: StaffMember
) -> None:
    row = phq9(person, "1")
    services.acknowledge(actor=actor_of(therapist), alert=Alert.objects.get(), at=NOW)
    later = NOW + timedelta(minutes=3)
    say(person, asq_of(row), "3", 1, later)
    say(person, asq_of(row), "5", 1, later)
    alert = Alert.objects.get()
    assert alert.risk_class == "acute" and alert.acknowledged_at is None
    assert alert.acknowledge_until == later + timedelta(minutes=10)
    assert kinds(alert) == ["raised", "acknowledged", "raised_again", "raised_again"]


def test_more_urgent_than_what_was_talked_about_asks_for_talk_anew(
    person: Person, therapist: StaffMember
) -> None:
    alert = contacted(person, therapist, "1")
    later = NOW + timedelta(hours=1)
    say(person, asq_of(told(alert)), "1", 1, later)
    say(person, asq_of(told(alert)), "5", 1, later)
    alert.refresh_from_db()
    assert (alert.risk_class, alert.acknowledged_at, alert.contacted_at) == ("acute", None, None)
    assert alert.rings_next == later + timedelta(minutes=10)
    with pytest.raises(Refused) as refused:
        close(alert, therapist)
    assert refused.value.reasons == ("Contact with the person must be recorded first",)


def test_a_correction_lowers_nothing(person: Person, therapist: StaffMember) -> None:
    row = phq9(person, "3")
    say(person, row, "9", 0)
    assert Alert.objects.get().risk_class == "acute"


def test_a_negative_answer_raises_nothing(person: Person, therapist: StaffMember) -> None:
    answered(person=person, instrument="phq-9", answers="3333333303")
    answered(person=person, instrument="asq", answers="0000-")
    assert not Alert.objects.exists()


def test_answers_given_in_talk_raise_too(person: Person, therapist: StaffMember) -> None:
    actor = actor_of(therapist)
    answered(person=person, instrument="asq", answers="0010-", actor=actor, mode="interview", finish=False)
    assert Alert.objects.get().risk_class == "same_day"


def test_another_week_is_another_alert(person: Person, therapist: StaffMember) -> None:
    for days in (7, 0):
        answered(
            person=person,
            instrument="phq-9",
            answers="0000000010",
            finish=False,
            at=NOW - timedelta(days=days),
        )
    assert Alert.objects.filter(closed_at__isnull=True).count() == 2


def test_without_a_therapist_the_one_on_call_is_named_then_the_director(
    person: Person, director: StaffMember
) -> None:
    phq9(person, "2")
    assert Alert.objects.get().named == director
    other = make_person(site=person.site)
    supervisor = make_staff_with("supervisor")
    phq9(other, "2")
    assert Alert.objects.get(person=other).named == supervisor


def test_nobody_to_name_is_no_reason_not_to_alert(person: Person) -> None:
    phq9(person, "2")
    alert = Alert.objects.get()
    assert alert.named is None and alert.rings_next is not None


def test_a_reliably_worse_score_is_on_the_teams_list_once(person: Person, therapist: StaffMember) -> None:
    for days, answers in ((21, "1111111100"), (14, "2222222200"), (7, "3222222200")):
        answered(person=person, instrument="phq-9", answers=answers, at=NOW - timedelta(days=days))
    alert = Alert.objects.get()
    assert (alert.risk_class, alert.rings_next, alert.named) == ("watch", None, therapist)


# -- the timer -------------------------------------------------------------------------------------------------


def ring(alert: Alert, at: datetime) -> AlertStep | None:
    return services.ring(alert_id=alert.pk, at=at)


def test_the_timer_goes_up_the_ladder_until_somebody_acts(
    person: Person, therapist: StaffMember, supervisor: StaffMember, director: StaffMember
) -> None:
    phq9(person, "3")
    alert = Alert.objects.get()
    assert ring(alert, NOW + timedelta(minutes=9)) is None
    told = [ring(alert, NOW + timedelta(minutes=minutes)) for minutes in (10, 20, 30, 40)]
    assert [step.staff for step in told if step] == [supervisor, director, director, director]
    alert.refresh_from_db()
    assert alert.level == 3 and alert.rings_next == NOW + timedelta(minutes=50)


def test_acknowledging_moves_the_timer_to_contact_and_contact_to_closing(
    person: Person, therapist: StaffMember, supervisor: StaffMember
) -> None:
    phq9(person, "3")
    alert = services.acknowledge(actor=actor_of(therapist), alert=Alert.objects.get(), at=NOW)
    assert alert.rings_next == alert.contact_until
    step = ring(alert, NOW + timedelta(minutes=30))
    assert step is not None and (step.staff, step.how) == (supervisor, "contact")
    alert = services.contact(
        actor=actor_of(supervisor), alert=alert, how="phone", at=NOW + timedelta(minutes=31)
    )
    assert alert.rings_next == alert.close_until and alert.is_open


def test_a_try_stops_no_timer(person: Person, therapist: StaffMember) -> None:
    phq9(person, "3")
    alert = services.acknowledge(actor=actor_of(therapist), alert=Alert.objects.get(), at=NOW)
    services.try_contact(actor=actor_of(therapist), alert=alert, how="phone", note="No answer")
    alert.refresh_from_db()
    assert alert.contacted_at is None and alert.rings_next == alert.contact_until


def test_the_heartbeat_finds_what_the_timer_missed(
    person: Person, therapist: StaffMember, supervisor: StaffMember
) -> None:
    phq9(person, "3")
    alert = Alert.objects.get()
    assert services.heartbeat(at=NOW + timedelta(minutes=11)) == 0
    assert services.heartbeat(at=NOW + timedelta(minutes=13)) == 1
    assert services.heartbeat(at=NOW + timedelta(minutes=13)) == 0
    assert alert.steps.get(kind=Kind.ESCALATED).by == "safety.heartbeat"


def test_an_alert_of_before_the_clock_went_back_does_not_keep_silent_until_then(
    person: Person, therapist: StaffMember, supervisor: StaffMember
) -> None:
    phq9(person, "3")
    alert, earlier = Alert.objects.get(), NOW - timedelta(hours=3)
    assert services.heartbeat(at=earlier) == 1
    assert (
        services.heartbeat(at=earlier + timedelta(minutes=5)) == 0
    )  # it is told of as often as any of its kind
    assert services.heartbeat(at=earlier + timedelta(minutes=11)) == 1
    assert set(alert.steps.filter(kind=Kind.ESCALATED).values_list("by", flat=True)) == {"safety.heartbeat"}


def test_an_alert_that_rang_by_a_clock_a_day_ahead_rings_again_by_the_right_one(
    person: Person, therapist: StaffMember, supervisor: StaffMember
) -> None:
    phq9(person, "3")
    alert = Alert.objects.get()
    assert services.ring(alert_id=alert.pk, at=NOW + timedelta(days=1))
    right = NOW + timedelta(minutes=20)
    assert services.heartbeat(at=right) == 1
    alert.refresh_from_db()
    assert alert.rings_next == right + timedelta(minutes=10)
    assert services.heartbeat(at=right) == 0


def test_the_jobs_do_what_the_services_do(
    person: Person, therapist: StaffMember, supervisor: StaffMember
) -> None:
    phq9(person, "3", at=NOW - timedelta(minutes=15))
    alert = Alert.objects.get()
    jobs.ring(alert_id=alert.pk)
    assert alert.steps.filter(kind=Kind.ESCALATED, staff=supervisor).count() == 1
    jobs.ring(alert_id=alert.pk)  # an earlier timer that rings late
    assert alert.steps.filter(kind=Kind.ESCALATED).count() == 1


def test_a_mail_says_nothing_about_anybody(
    person: Person, therapist: StaffMember, settings: Settings
) -> None:
    settings.EMAIL_HOST = "mail.example"
    phq9(person, "3")
    services.tell(step_id=AlertStep.objects.get().pk)
    (sent,) = mail.outbox
    assert therapist.user is not None and sent.to == [therapist.user.email]
    whole = f"{sent.subject} {sent.body}".lower()
    for forbidden in ("markedname", person.called.lower(), "phq", "suicid", "risk", "3", "patient"):
        assert forbidden not in whole
    assert AlertStep.objects.latest("pk").kind == Kind.TOLD


def test_a_mail_that_cannot_leave_is_a_step_too(person: Person, therapist: StaffMember) -> None:
    phq9(person, "3")
    services.tell(step_id=AlertStep.objects.get().pk)
    assert AlertStep.objects.latest("pk").kind == Kind.NOT_TOLD


# -- closing ---------------------------------------------------------------------------------------------------


def contacted(person: Person, staff: StaffMember, item9: str = "2") -> Alert:
    phq9(person, item9)
    return services.contact(actor=actor_of(staff), alert=Alert.objects.get(), how="phone", at=NOW)


def close(alert: Alert, staff: StaffMember, **texts: str) -> AlertClosing:
    actor = actor_of(staff)
    draft = services.start_closing(actor=actor, alert=alert)
    services.save_closing(actor=actor, closing=draft, texts=WRITTEN | texts)
    return services.sign_closing(
        actor=actor, closing=draft, typed_name=staff.name, reassess_on=date(2027, 1, 4)
    )


def test_an_alert_closes_with_signed_documentation(person: Person, therapist: StaffMember) -> None:
    alert = contacted(person, therapist)
    closing = close(alert, therapist)
    alert.refresh_from_db()
    assert alert.closed_by == therapist and alert.rings_next is None
    assert closing.signature is not None and closing.signature.sha256 == digest(closing.signed_text)
    assert WRITTEN["findings"] in closing.signed_text
    assert kinds(alert)[-2:] == ["signed", "closed"]
    assert ring(alert, NOW + timedelta(days=9)) is None


@pytest.mark.parametrize("missing", WRITTEN)
def test_nothing_may_be_left_out(person: Person, therapist: StaffMember, missing: str) -> None:
    alert = contacted(person, therapist)
    with pytest.raises(Refused, match="Still to be written") as refused:
        close(alert, therapist, **{missing: ""})
    assert len(refused.value.reasons) == 1
    alert.refresh_from_db()
    assert alert.is_open and alert.rings_next is not None


def test_without_contact_or_a_next_look_it_stays_open(person: Person, therapist: StaffMember) -> None:
    phq9(person, "2")
    alert, actor = Alert.objects.get(), actor_of(therapist)
    with pytest.raises(Refused) as refused:
        close(alert, therapist)
    assert refused.value.reasons == ("Contact with the person must be recorded first",)
    draft = services.start_closing(actor=actor, alert=alert)
    services.contact(actor=actor, alert=alert, how="in_person")
    with pytest.raises(Refused) as refused:
        services.sign_closing(actor=actor, closing=draft, typed_name=therapist.name, reassess_on=None)
    assert "The day of the next look" in refused.value.reasons


def test_a_trainee_signs_and_a_colleague_cosigns(
    person: Person, therapist: StaffMember, supervisor: StaffMember
) -> None:
    trainee = make_treating(person, credential="trainee")
    alert = contacted(person, trainee)
    closing = close(alert, trainee)
    alert.refresh_from_db()
    assert closing.needs_cosign and alert.is_open and alert.rings_next is not None
    with pytest.raises(Refused, match="colleague"):
        services.cosign(actor=actor_of(trainee), closing=closing, typed_name=trainee.name)
    services.cosign(actor=actor_of(supervisor), closing=closing, typed_name=supervisor.name)
    alert.refresh_from_db()
    assert alert.closed_by == supervisor
    closing.refresh_from_db()
    assert closing.cosignature is not None and closing.cosignature.meaning == "cosigner"


def test_nobody_cosigns_what_was_signed_before_more_was_said(
    person: Person, therapist: StaffMember, supervisor: StaffMember
) -> None:
    trainee = make_treating(person, credential="trainee")
    alert = contacted(person, trainee)
    early = close(alert, trainee)
    say(person, asq_of(told(alert)), "2", 1)
    with pytest.raises(Refused, match="More was said"):
        services.cosign(actor=actor_of(supervisor), closing=early, typed_name=supervisor.name)
    assert Alert.objects.get().closed_at is None
    anew = close(alert, therapist)
    early.refresh_from_db()
    assert anew != early and early.entered_in_error_at
    assert Alert.objects.get().closed_at is not None
    assert anew.protective == early.protective


def test_what_is_said_after_closing_raises_anew(person: Person, therapist: StaffMember) -> None:
    alert = contacted(person, therapist)
    close(alert, therapist)
    row = told(alert)
    say_no_four_times(person, row)
    assert Alert.objects.count() == 1  # a no after closing changes nothing
    say(person, asq_of(row), "2", 1)
    newer = Alert.objects.get(closed_at__isnull=True)
    assert newer.follows == alert


def test_an_alert_is_not_closed_or_silenced_by_hand(person: Person, therapist: StaffMember) -> None:
    alert = contacted(person, therapist)
    for statement in (
        "UPDATE safety_alert SET rings_next = NULL",
        "DELETE FROM safety_alert",
        "UPDATE safety_alertstep SET note = 'x'",
        "DELETE FROM safety_alertstep",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    close(alert, therapist)
    with pytest.raises(DatabaseError) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE safety_alertclosing SET findings = 'rewritten'")
    assert isinstance(caught.value.__cause__, psycopg.errors.RestrictViolation)


def test_entering_the_questionnaire_in_error_closes_nothing(person: Person, therapist: StaffMember) -> None:
    phq9(person, "3")
    alert = Alert.objects.get()
    measures.enter_in_error(actor=actor_of(therapist), administration=told(alert), reason="Wrong chart")
    alert.refresh_from_db()
    assert alert.is_open


def test_an_asq_entered_in_error_no_longer_reassures(person: Person, therapist: StaffMember) -> None:
    row = phq9(person, "1")
    say_no_four_times(person, row)
    alert = Alert.objects.get()
    assert alert.risk_class == "review"
    later = NOW + timedelta(hours=1)
    measures.enter_in_error(
        actor=actor_of(therapist), administration=asq_of(row), reason="Asked of somebody else", at=later
    )
    alert.refresh_from_db()
    assert (alert.risk_class, alert.class_since, alert.is_open) == ("same_day", later, True)
    say(person, row, "9", 2, later)
    assert Alert.objects.get().risk_class == "same_day"


# -- reading ---------------------------------------------------------------------------------------------------


def test_lists_name_the_person_only_where_the_chart_is_open(
    person: Person, therapist: StaffMember, supervisor: StaffMember
) -> None:
    phq9(person, "3")
    stranger = make_staff_with("therapist")
    rows = queries.all_open([])
    assert not list(rows)
    every = Alert.objects.select_related("person", "named")

    def seen(staff: StaffMember) -> list[Person | None]:
        return [line.person for line in queries.lines(Powers(staff), every)]

    assert seen(therapist) == [person] and seen(supervisor) == [person]
    assert seen(stranger) == [None]


def test_an_alert_opens_the_chart_to_whom_it_names_while_it_is_open(person: Person) -> None:
    stranger = make_staff_with("therapist", credential="social_worker")
    assert not Powers(stranger).chart(person).is_open()
    phq9(person, "3")
    assert Alert.objects.get().named == stranger
    assert Powers(stranger).chart(person).is_open()
    services.contact(actor=actor_of(stranger), alert=Alert.objects.get(), how="phone")
    close(Alert.objects.get(), stranger)
    assert not Powers(stranger).chart(person).is_open()


def test_the_person_reads_a_card_and_never_a_label(person: Person, therapist: StaffMember) -> None:
    row = phq9(person, "3")
    card = queries.crisis_card(row)
    assert card is not None and card.at_once and any("988" in line for line in card.lines)
    say_no_four_times(person, row)
    other = make_person(site=person.site)
    mild = phq9(other, "1")
    say_no_four_times(other, mild)
    quiet = queries.crisis_card(asq_of(mild))
    assert quiet is not None and not quiet.at_once
    assert queries.crisis_card(phq9(make_person(), "0")) is None


def test_facts_name_class_and_person_to_act(person: Person, therapist: StaffMember) -> None:
    episode = make_episode(person=person, at=NOW - timedelta(days=3))
    alert = contacted(person, therapist)
    close(alert, therapist)
    told = {fact.kind: (fact.by, fact.ref) for fact in told_of(episode, words={"alert"})}
    assert set(told) == {
        "alert.raised",
        "alert.raised.same_day",
        "alert.acknowledged",
        "alert.contacted",
        "alert.closed",
    }
    assert set(told.values()) == {(therapist.pk, alert.public_id)}


def test_the_trail_has_every_act_and_no_answer(person: Person, therapist: StaffMember) -> None:
    alert = contacted(person, therapist)
    close(alert, therapist)
    actions = set(Entry.objects.filter(person=person.public_id).values_list("action", flat=True))
    assert {"safety.raise_alert", "safety.contact", "safety.sign_closing"} <= actions
    for entry in Entry.objects.filter(person=person.public_id, action__startswith="safety."):
        assert WRITTEN["findings"] not in str(entry.detail)
