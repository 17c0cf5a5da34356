from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from dayward.foundation.access.factories import make_staff_with, make_treating
from dayward.foundation.audit.models import Entry
from dayward.foundation.people.factories import make_person
from dayward.foundation.people.models import Person
from dayward.foundation.standards import jobs, library, queries, services
from dayward.foundation.standards.models import Due
from dayward.foundation.standards.rules.asking import words_of
from dayward.kernel import facts as kernel
from dayward.kernel.errors import Misconfigured
from dayward.kernel.facts import Fact, Subject, word_of
from dayward.kernel.gathering import Reading, known

CHICAGO = ZoneInfo("America/Chicago")
BASE = datetime(2026, 3, 2, 15, tzinfo=UTC)


@dataclass
class Clinic:
    """Stands in for the packages above: what they would tell, and how often they were asked."""

    episodes: dict[int, Person] = field(default_factory=dict)
    told: list[Fact] = field(default_factory=list)
    asked: Counter[str] = field(default_factory=Counter)

    def admit(self, episode: int) -> Person:
        self.episodes[episode] = make_person()
        return self.episodes[episode]

    def subjects(self, people: Collection[int] | None) -> Reading[list[Subject]]:
        return known(
            [
                Subject(pk, person.pk, person.site_id or 0, CHICAGO)
                for pk, person in self.episodes.items()
                if people is None or person.pk in people
            ]
        )

    def teller(self, word: str) -> kernel.Teller:
        def tell(about: Collection[Subject]) -> Reading[list[Fact]]:
            self.asked[word] += 1
            episodes = {each.episode for each in about}
            return known(
                [each for each in self.told if word_of(each.kind) == word and each.episode in episodes]
            )

        return tell

    def tell(
        self,
        kind: str,
        episode: int = 1,
        *,
        hours: int = 0,
        by: int | None = None,
        ref: str = "",
        only: bool = False,
    ) -> Fact:
        """`only`: that nothing but a fact of this word changed is said too."""
        fact = Fact(kind, BASE + timedelta(hours=hours), episode, by, ref)
        self.told.append(fact)
        kernel.changed(self.episodes[episode].pk, *([word_of(kind)] if only else []))
        return fact


@pytest.fixture
def clinic(db: None, monkeypatch: pytest.MonkeyPatch) -> Clinic:
    made = Clinic()
    words = {word for rule in library.rules().values() for word in words_of(rule)}
    monkeypatch.setattr(kernel.facts, "_items", {word: made.teller(word) for word in words})
    monkeypatch.setattr(kernel.subjects, "_items", {"test": made.subjects})
    return made


def row(rule: str) -> Due:
    return Due.objects.get(rule=rule)


def test_a_fact_makes_what_follows_due_at_once(clinic: Clinic) -> None:
    clinic.admit(1)
    clinic.tell("episode.first_service")
    assert row("plan.signed").due_at == datetime(2026, 3, 17, 4, 59, 59, tzinfo=UTC)
    clinic.tell("plan.signed", hours=5)
    plan = row("plan.signed")
    assert plan.state == Due.State.DONE and plan.done_at == BASE + timedelta(hours=5)


def test_what_is_taken_back_is_due_again(clinic: Clinic) -> None:
    person = clinic.admit(1)
    clinic.tell("service.delivered", ref="s1")
    signed = clinic.tell("note.signed", ref="s1", hours=1)
    assert row("note.service").state == Due.State.DONE
    clinic.told.remove(signed)
    kernel.changed(person.pk)
    assert row("note.service").state == Due.State.OPEN
    clinic.told.clear()  # the service itself was not given
    kernel.changed(person.pk)
    assert row("note.service").state == Due.State.OVER
    assert queries.open_on(1) == []


def test_one_due_for_each_service_and_its_leader_owns_it(clinic: Clinic) -> None:
    clinic.admit(1)
    leader, therapist = make_staff_with("facilitator"), make_treating(clinic.episodes[1])
    clinic.tell("service.delivered", ref="s1", by=leader.pk)
    clinic.tell("service.delivered", ref="s2", by=leader.pk, hours=24)
    clinic.tell("absence.unexcused", ref="s3", hours=48)
    assert [each.due.start_ref for each in queries.dues_for(staff=leader)] == ["s1", "s2"]
    assert [each.rule.key for each in queries.dues_for(staff=therapist)] == ["outreach.no_show"]


def test_the_primary_therapist_comes_before_the_others_of_the_team(clinic: Clinic) -> None:
    person = clinic.admit(1)
    second = make_treating(person, function="therapist")
    first = make_treating(person, function="primary_therapist")
    clinic.tell("episode.first_service")
    prescriber = make_treating(person, "prescriber", function="prescriber")
    assert "plan.signed" in {each.rule.key for each in queries.dues_for(staff=first)}
    assert queries.dues_for(staff=second) == []
    assert {each.rule.key for each in queries.dues_for(staff=prescriber)} == {"week_one.first_medication"}


def test_only_what_differs_is_written(clinic: Clinic) -> None:
    person = clinic.admit(1)
    clinic.tell("episode.first_service")
    clinic.tell("service.delivered", ref="s1")
    before = {each.pk: each.public_id for each in Due.objects.all()}
    assert services.refresh(people=[person.pk]).total == 0
    clinic.tell("note.signed", ref="s1", hours=2)
    assert {each.pk: each.public_id for each in Due.objects.all()} == before


def test_the_number_of_reads_does_not_grow_with_the_people(clinic: Clinic) -> None:
    def reads(count: int) -> int:
        people = [clinic.admit(count * 100 + each).pk for each in range(count)]
        clinic.told += [Fact("episode.first_service", BASE, count * 100 + each) for each in range(count)]
        with CaptureQueries() as found:
            services.refresh(people=people)
        return found.count

    assert reads(2) == reads(9)


class CaptureQueries:
    def __enter__(self) -> CaptureQueries:
        connection.force_debug_cursor = True
        self.start = len(connection.queries_log)
        return self

    def __exit__(self, *error: object) -> None:
        connection.force_debug_cursor = False
        self.count = len(connection.queries_log) - self.start


def test_what_changes_together_is_worked_out_once(clinic: Clinic) -> None:
    clinic.admit(1)
    clinic.admit(2)
    with kernel.together():
        for episode in (1, 2, 1, 2):
            clinic.tell("service.delivered", episode, ref=f"s{len(clinic.told)}")
        assert not clinic.asked
    assert set(clinic.asked.values()) == {1}
    assert Due.objects.count() == 4


def test_where_one_word_changed_nobody_else_is_asked_and_it_comes_to_the_same(clinic: Clinic) -> None:
    person = clinic.admit(1)
    for kind in ("episode.admitted", "episode.first_service", "plan.signed", "week_one.goals"):
        clinic.tell(kind)
    for hours, kind in enumerate(["service.delivered", "absence.unexcused", "note.signed", "outreach.made"]):
        clinic.asked.clear()
        clinic.tell(kind, hours=hours, ref=f"s{hours // 2}", only=True)
        assert "alert" not in clinic.asked and "week_one" not in clinic.asked
        assert services.refresh(people=[person.pk]).total == 0


def test_what_changes_together_is_as_wide_as_the_widest(clinic: Clinic) -> None:
    person = clinic.admit(1)
    with kernel.together():
        clinic.tell("service.delivered", ref="s1", only=True)
        clinic.tell("note.signed", ref="s1", hours=1, only=True)
    assert row("note.service").state == Due.State.DONE
    with kernel.together():
        clinic.tell("episode.first_service")
        clinic.tell("note.signed", ref="s1", hours=2, only=True)
    assert services.refresh(people=[person.pk]).total == 0
    assert row("plan.signed").state == Due.State.OPEN


def test_a_word_that_nobody_tells_is_refused(clinic: Clinic) -> None:
    with pytest.raises(Misconfigured, match="moon"):
        kernel.changed(clinic.admit(1).pk, "moon")


def test_a_change_that_fails_leaves_nothing_due(clinic: Clinic) -> None:
    clinic.admit(1)
    with pytest.raises(RuntimeError), transaction.atomic():
        _fail_after(clinic)
    assert not Due.objects.exists()


def _fail_after(clinic: Clinic) -> None:
    clinic.tell("episode.first_service")
    assert Due.objects.exists()
    raise RuntimeError


def test_a_fact_about_a_duplicate_row_reaches_the_episode_of_the_other(clinic: Clinic) -> None:
    person = clinic.admit(1)
    other = make_person()
    Person.objects.filter(pk=other.pk).update(same_as=person)
    clinic.told.append(Fact("episode.first_service", BASE, 1))
    kernel.changed(other.pk)
    assert queries.open_on(1, "plan.")


def test_while_somebody_else_is_at_the_person_a_job_does_it(
    clinic: Clinic, owner_connection: psycopg.Connection[object]
) -> None:
    person = clinic.admit(1)
    owner_connection.execute("SELECT pg_advisory_xact_lock(%s, %s::int)", [services.LOCK, person.pk])
    clinic.tell("episode.first_service")
    assert not Due.objects.exists()
    job = ProcrastinateJob.objects.get(task_name="standards.refresh_person")
    owner_connection.rollback()
    jobs.refresh_person(**job.args)
    assert queries.open_on(1, "plan.")


def test_every_night_what_was_not_told_is_found_and_reported(clinic: Clinic) -> None:
    clinic.admit(1)
    clinic.told.append(Fact("episode.first_service", BASE, 1))  # nobody said `changed`
    assert jobs.keep_up_nightly(0) > 0
    entry = Entry.objects.get(action="standards.drift")
    assert entry.detail["opened"]["plan.signed"] == 1
    assert jobs.keep_up_nightly(0) == 0
    assert Entry.objects.filter(action="standards.kept").exists()


def test_what_is_due_of_somebody_no_longer_followed_is_over_in_the_morning(clinic: Clinic) -> None:
    clinic.admit(1)
    clinic.tell("episode.first_service")
    clinic.episodes.clear()
    services.keep_up()
    assert not Due.objects.filter(state=Due.State.OPEN).exists()


def test_what_is_due_is_found_by_person_site_role_and_rule(clinic: Clinic) -> None:
    person, other = clinic.admit(1), clinic.admit(2)
    for episode in (1, 2):
        clinic.tell("episode.first_service", episode)
    of_person = queries.dues_for(people=[person])
    assert {each.due.person for each in of_person} == {person}
    assert queries.dues_for(site=other.site) and queries.dues_for(site=[]) == []
    assert {each.rule.role for each in queries.dues_for(role="prescriber")} == {"prescriber"}
    assert {each.rule.key for each in queries.dues_for(prefix="call.")} == {"call.day3", "call.day7"}


def test_lateness_is_a_question_of_the_readers_now(clinic: Clinic) -> None:
    clinic.admit(1)
    clinic.tell("service.delivered", ref="s1")
    (note,) = queries.open_on(1)
    assert [note.is_late(BASE + timedelta(hours=hours)) for hours in (23, 25)] == [False, True]


def test_a_timer_asks_the_same_rules(db: None) -> None:
    assert queries.by_when("alert.acknowledge.acute", BASE, CHICAGO) == BASE + timedelta(minutes=10)
    with pytest.raises(Misconfigured, match=r"no\.such"):
        queries.by_when("no.such", BASE, CHICAGO)


def test_nobody_sets_a_due_done_by_hand_without_saying_when(clinic: Clinic) -> None:
    clinic.admit(1)
    clinic.tell("episode.first_service")
    with pytest.raises(DatabaseError), transaction.atomic():
        Due.objects.update(state=Due.State.DONE)
