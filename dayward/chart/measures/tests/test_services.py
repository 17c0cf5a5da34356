from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from dayward.care.journey.factories import actor_of, make_episode, told_of
from dayward.chart.measures import library, queries, services
from dayward.chart.measures.factories import answered, own_actor
from dayward.chart.measures.models import Administration, Answer, Score
from dayward.foundation.access.factories import make_staff_with, make_treating
from dayward.foundation.audit.actors import Actor
from dayward.foundation.audit.models import Entry
from dayward.foundation.organization.factories import make_site
from dayward.foundation.people.factories import make_person
from dayward.foundation.people.models import Person
from dayward.kernel.errors import Refused

pytestmark = pytest.mark.django_db
NOW = timezone.now() - timedelta(days=30)


@pytest.fixture
def person() -> Person:
    return make_person(site=make_site())


@pytest.fixture
def clinician(person: Person) -> Actor:
    return actor_of(make_treating(person, function="primary_therapist"))


def test_a_questionnaire_is_answered_one_at_a_time_and_scored(person: Person) -> None:
    row = answered(person=person, instrument="phq-9", answers="1111111100")
    assert (row.score.total, row.score.band, row.score.prorated) == (8, "mild", False)
    assert (row.version, row.text_version, row.scoring_version, row.language) == ("1", "1", "1", "en")
    assert row.mode == "self" and row.answers.count() == 10


def test_the_next_question_comes_with_its_words(person: Person) -> None:
    actor = own_actor(person)
    row = services.start(actor=actor, person=person, instrument="gad-7", language="es")
    first = queries.next_item(row)
    assert first is not None and first.words.startswith("Sentirse nervioso") and first.previous == ""
    services.answer(actor=actor, administration=row, item="1", value=2)
    second = queries.next_item(row)
    assert second is not None and (second.item, second.number, second.count, second.previous) == (
        "2",
        2,
        7,
        "1",
    )
    back = queries.question(row, "1")
    assert back.answered and back.value == 2


def test_a_correction_counts_and_the_first_answer_stays(person: Person) -> None:
    actor = own_actor(person)
    row = services.start(actor=actor, person=person, instrument="gad-7")
    for value in (3, 1, 1):
        services.answer(actor=actor, administration=row, item="1", value=value)
    assert queries.answers_of(row) == {"1": 1}
    assert list(Answer.objects.filter(administration=row).values_list("value", flat=True)) == [3, 1]


def test_saved_answers_and_scores_never_change(person: Person) -> None:
    row = answered(person=person, instrument="gad-7", answers="1111111")
    for table in ("measures_answer", "measures_score"):
        for statement in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}"):
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)
    with pytest.raises(Refused, match="finished"):
        services.answer(actor=own_actor(person), administration=row, item="1", value=0)


def test_nobody_answers_for_somebody_else(person: Person, clinician: Actor) -> None:
    other = own_actor(make_person())
    with pytest.raises(Refused, match="Only the person"):
        services.start(actor=other, person=person, instrument="gad-7")
    with pytest.raises(Refused, match="interview or by phone"):
        services.start(actor=clinician, person=person, instrument="gad-7")
    row = services.start(actor=own_actor(person), person=person, instrument="gad-7")
    with pytest.raises(Refused, match="Only the person"):
        services.answer(actor=other, administration=row, item="1", value=1)
    assert not Answer.objects.exists()


@pytest.mark.parametrize(("item", "value"), [("1", 4), ("1", -1), ("12", 0)])
def test_what_the_form_does_not_have_is_refused(person: Person, item: str, value: int) -> None:
    actor = own_actor(person)
    row = services.start(actor=actor, person=person, instrument="gad-7")
    with pytest.raises(Refused):
        services.answer(actor=actor, administration=row, item=item, value=value)


@pytest.mark.parametrize("value", [1, 2, 3, None])
def test_item_9_asks_the_asq_at_once_before_the_rest(person: Person, value: int | None) -> None:
    actor = own_actor(person)
    row = answered(person=person, instrument="phq-9", answers="00000000--", finish=False)
    services.answer(actor=actor, administration=row, item="9", value=value)
    asked = queries.next_item(row)
    assert asked is not None and (asked.instrument.key, asked.item) == ("asq", "1")
    for item in "1234":
        services.answer(actor=actor, administration=asked.administration, item=item, value=0)
    after = queries.next_item(row)
    assert after is not None and (after.instrument.key, after.item) == ("phq-9", "10")
    services.finish(actor=actor, administration=asked.administration)
    services.answer(actor=actor, administration=row, item="10", value=1)
    assert queries.next_item(row) is None
    assert services.finish(actor=actor, administration=row).total == (value or 0)


def test_an_asq_that_waits_unbegun_is_begun_by_item_9(person: Person, clinician: Actor) -> None:
    asked = services.ask(actor=clinician, person=person, instrument="asq")
    row = answered(person=person, instrument="phq-9", answers="000000001-", finish=False)
    after = queries.followed_by(row)
    assert after == asked and after.started_at is not None
    services.answer(actor=own_actor(person), administration=after, item="1", value=1)


def test_item_9_asks_the_asq_anew_where_an_earlier_one_was_never_ended(person: Person) -> None:
    first = answered(person=person, instrument="phq-9", answers="0000000010")
    old = queries.followed_by(first)
    second = answered(person=person, instrument="phq-9", answers="000000001-", finish=False)
    after, question = queries.followed_by(second), queries.next_item(second)
    assert old and after and old != after and question and question.administration == after
    old.refresh_from_db()
    assert old.left_at is not None


def test_an_asq_left_open_waits_by_itself_once_its_questionnaire_is_over(person: Person) -> None:
    row = answered(person=person, instrument="phq-9", answers="000000001-", finish=False)
    assert [each.instrument.key for each in queries.asked_now(person)] == ["phq-9"]
    services.answer(actor=own_actor(person), administration=row, item="10", value=0)
    services.finish(actor=own_actor(person), administration=row)
    assert [each.instrument.key for each in queries.asked_now(person)] == ["asq"]


@pytest.mark.parametrize("value", [1, None])
def test_thoughts_right_now_are_taken_whatever_was_answered_before(person: Person, value: int | None) -> None:
    row = answered(person=person, instrument="asq", answers="0000-", finish=False)
    with pytest.raises(Refused, match="not asked"):
        services.answer(actor=own_actor(person), administration=row, item="5", value=0)
    services.answer(actor=own_actor(person), administration=row, item="5", value=value)
    assert queries.answers_of(row)["5"] == value


def test_a_no_to_item_9_asks_nothing(person: Person) -> None:
    answered(person=person, instrument="phq-9", answers="3333333303")
    assert not Administration.objects.filter(instrument="asq").exists()


def test_a_passed_over_item_9_is_asked_again(person: Person) -> None:
    actor = own_actor(person)
    row = answered(person=person, instrument="phq-9", answers="11111111-0", finish=False)
    again = queries.next_item(row)
    assert again is not None and again.item == "9"
    with pytest.raises(Refused, match="Question 9"):
        services.finish(actor=actor, administration=row)


def test_too_few_answers_have_no_score(person: Person) -> None:
    row = answered(person=person, instrument="gad-7", answers="1111---")
    assert row.score.total is None and row.score.answered == 4


def test_what_was_begun_is_gone_on_with_and_left_after_two_days(person: Person) -> None:
    actor = own_actor(person)
    row = services.start(actor=actor, person=person, instrument="gad-7", at=NOW)
    assert services.start(actor=actor, person=person, instrument="gad-7", at=NOW + timedelta(hours=40)) == row
    newer = services.start(actor=actor, person=person, instrument="gad-7", at=NOW + timedelta(days=3))
    row.refresh_from_db()
    assert newer != row and row.left_at is not None and not row.is_open


def test_weekly_ones_wait_in_treatment_when_somebody_is_here(person: Person) -> None:
    monday = datetime(2026, 11, 16, 10, tzinfo=person.site.zone if person.site else ZoneInfo("UTC"))
    assert queries.asked_now(person, monday) == []
    make_episode(person=person, at=monday - timedelta(days=8))
    assert [waiting.instrument.key for waiting in queries.asked_now(person, monday)] == ["phq-9", "gad-7"]
    assert queries.asked_now(person, monday.replace(hour=21)) == []
    answered(person=person, instrument="gad-7", answers="0000000", at=monday)
    next_day = monday + timedelta(days=1)
    assert [waiting.instrument.key for waiting in queries.asked_now(person, next_day)] == ["phq-9"]


def test_what_a_clinician_asked_waits_at_any_hour(person: Person, clinician: Actor) -> None:
    row = services.ask(actor=clinician, person=person, instrument="phq-9")
    assert services.ask(actor=clinician, person=person, instrument="phq-9") == row
    (waiting,) = queries.asked_now(person)
    assert waiting.administration == row and not waiting.is_begun
    assert services.start(actor=own_actor(person), person=person, instrument="phq-9") == row


def test_a_clinician_goes_on_in_talk_and_the_way_it_was_asked_is_kept(
    person: Person, clinician: Actor
) -> None:
    row = answered(person=person, instrument="gad-7", answers="11-----", finish=False)
    services.answer(actor=clinician, administration=row, item="3", value=1, mode="interview")
    assert list(row.answers.values_list("mode", flat=True)) == ["self", "self", "interview"]


def test_a_mistake_is_marked_and_counts_no_longer(person: Person, clinician: Actor) -> None:
    row = answered(person=person, instrument="gad-7", answers="1111111")
    assert [point.total for point in queries.course_of(person)] == [7]
    with pytest.raises(Refused, match="what is wrong"):
        services.enter_in_error(actor=clinician, administration=row, reason=" ")
    services.enter_in_error(actor=clinician, administration=row, reason="Wrong chart")
    assert queries.course_of(person) == []
    assert Score.objects.filter(administration=row).exists()


def test_the_course_follows_a_duplicate(person: Person) -> None:
    answered(person=person, instrument="gad-7", answers="1111111")
    twin = make_person(site=person.site)
    twin.same_as = person
    twin.save()
    answered(person=twin, instrument="gad-7", answers="2222222")
    assert [point.total for point in queries.course_of(Person.objects.get(pk=person.pk))] == [7, 14]


def test_facts_are_told_per_episode_in_a_fixed_number_of_queries(
    person: Person, django_assert_num_queries: object
) -> None:
    episode = make_episode(person=person, at=NOW)
    answered(person=person, instrument="phq-9", answers="1111111100", at=NOW + timedelta(days=1))
    assert [fact.kind for fact in told_of(episode, words={"measure"})] == ["measure.done"]
    answered(person=person, instrument="gad-7", answers="1111111", at=NOW + timedelta(days=2))
    told = [(fact.kind, fact.ref) for fact in told_of(episode, words={"measure"})]
    assert told == [("measure.done", "phq-9"), ("measure.done", "gad-7"), ("measure.baseline", "")]


def test_the_trail_names_items_and_never_values(person: Person) -> None:
    answered(person=person, instrument="phq-9", answers="3333333303")
    entries = Entry.objects.filter(person=person.public_id, action__startswith="measures.")
    assert {entry.action for entry in entries} == {"measures.start", "measures.answer", "measures.finish"}
    assert all(set(entry.detail) <= {"instrument", "item"} for entry in entries)


def test_staff_without_a_persons_account_cannot_be_the_person() -> None:
    staff = actor_of(make_staff_with("therapist"))
    with pytest.raises(Refused):
        services.start(actor=staff, person=make_person(), instrument=next(iter(library.instruments())))
