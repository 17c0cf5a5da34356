"""Newer words that ask to be signed again: of whom, from when, and what settles it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from dayward.care.journey.factories import make_episode
from dayward.foundation.consent import services
from dayward.foundation.consent.factories import make_packet_signed, make_signed
from dayward.foundation.consent.models import Consent
from dayward.foundation.consent.rules.anew import SHIPPED, Said, Signed, What, Words, asked_anew
from dayward.foundation.consent.tests.test_wordings import write
from dayward.foundation.people.factories import SETUP
from dayward.foundation.standards import services as standards
from dayward.foundation.standards.jobs import refresh_people
from dayward.foundation.standards.models import Due
from dayward.kernel.facts import doings


def at(day: int) -> datetime:
    return datetime(2026, 3, day, tzinfo=UTC)


def words(day: int) -> Words:
    return Words(f"t{day}", date(2026, 3, day), at(day))


OLD, SINCE = Signed(at(2), SHIPPED), at(1)
NEW = Signed(at(12), date(2026, 3, 10))


@pytest.mark.parametrize(
    ("signed", "said"),
    [
        ([OLD], {What.ASKED: 10}),
        ([], {}),  # who signed nothing is asked by the packet, not anew
        ([NEW], {}),
        ([OLD, NEW], {What.ASKED: 10, What.SIGNED: 12}),
        ([OLD, Signed(at(12), SHIPPED)], {What.ASKED: 10}),  # the older words once more settle nothing
        ([Signed(at(2), SHIPPED, at(9))], {}),  # bound no longer when the day came
        ([Signed(at(2), SHIPPED, at(14))], {What.ASKED: 10, What.ENDED: 14}),
        (
            [Signed(at(12), SHIPPED)],
            {What.ASKED: 12},
        ),  # a form prepared with the older words, signed afterwards
    ],
)
def test_one_version(signed: list[Signed], said: dict[What, int]) -> None:
    found = asked_anew([words(10)], signed, [], SINCE)
    assert found == [Said(what, at(day), "t10") for what, day in said.items()]


def test_a_version_after_it_asks_instead() -> None:
    found = asked_anew([words(20), words(10)], [OLD], [], SINCE)
    assert found == [
        Said(What.ASKED, at(10), "t10"),
        Said(What.ENDED, at(20), "t10"),
        Said(What.ASKED, at(20), "t20"),
    ]


def test_who_comes_later_is_asked_when_they_come_unless_they_signed_meanwhile() -> None:
    assert asked_anew([words(10)], [OLD], [], at(15)) == [Said(What.ASKED, at(15), "t10")]
    assert asked_anew([words(10)], [OLD, NEW], [], at(15)) == []


def test_no_is_an_answer() -> None:
    said = asked_anew([words(10)], [OLD], [at(5), at(11)], SINCE)
    assert [each.what for each in said] == [What.ASKED, What.DECLINED]


def person_page(due: Due) -> str:
    return doings.get("consent.signed_anew")(person=due.person.public_id, episode=due.episode, ref=due.mark)  # type: ignore[misc]


@pytest.mark.django_db
def test_newer_words_make_a_due_that_signing_settles() -> None:
    episode = make_episode()
    person = episode.person
    make_packet_signed(person)
    row = write(anew=True, effective_from=timezone.now().date() + timedelta(days=2))
    assert not Due.objects.filter(rule="consent.anew").exists()  # a job looks at all who signed
    refresh_people(people=[person.pk])
    due = Due.objects.get(rule="consent.anew")
    assert (due.person, due.state, due.mark) == (person, Due.State.OPEN, row.public_id)
    assert due.due_at.date() >= row.effective_from + timedelta(days=14)
    services.withdraw_text(actor=SETUP, text=row)
    refresh_people(people=[person.pk])
    assert not Due.objects.filter(rule="consent.anew", state=Due.State.OPEN).exists()
    write(anew=True)
    refresh_people(people=[person.pk])
    due = Due.objects.get(rule="consent.anew", state=Due.State.OPEN)
    assert person_page(due) == reverse("consent:list", args=[person.public_id])
    (again,) = services.offer_packet(actor=SETUP, person=person)
    assert isinstance(again, Consent)
    make_signed(again)
    due.refresh_from_db()
    assert due.state == Due.State.DONE
    assert not standards.keep_up().total, "the services said what changed"
