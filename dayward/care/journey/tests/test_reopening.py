"""Back soon (T26): the days, the payer's word, what is kept, what follows; and who left the alumni joins again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from dayward.care.journey import services
from dayward.care.journey.factories import (
    actor_of,
    make_actor,
    make_case,
    make_episode,
    make_program,
    make_track,
    proven,
    told_of,
)
from dayward.care.journey.facts import TELLERS
from dayward.care.journey.models import AftercareCase, Episode, PayerWord, Reopening
from dayward.care.journey.queries.aftercare import aftercare_page
from dayward.care.journey.queries.reopening import coming_back
from dayward.care.journey.rules.reopening import window
from dayward.foundation.access.factories import make_staff_with
from dayward.foundation.audit.actors import Actor
from dayward.foundation.consent.events import ConsentRevoked, ConsentSigned
from dayward.foundation.organization.factories import day_here
from dayward.kernel.errors import Refused
from dayward.kernel.events import publish


def no_payer() -> services.Said:
    return services.Said("none", day_here(), same_reason=True, reason="Self-pay")


# -- the days ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "waiting", "open_on", "closed_on"),
    [
        (30, 0, (date(2026, 3, 2), date(2026, 4, 1)), (date(2026, 4, 2),)),
        (30, 21, (date(2026, 3, 23), date(2026, 4, 1)), (date(2026, 3, 22), date(2026, 4, 2))),
    ],
)
def test_an_end_may_be_undone_on_these_days(
    days: int, waiting: int, open_on: tuple[date, ...], closed_on: tuple[date, ...]
) -> None:
    found = window(date(2026, 3, 2), reopen_days=days, waiting_days=waiting)
    assert found is not None
    assert all(found.holds(day) for day in open_on)
    assert not any(found.holds(day) for day in closed_on)


@given(waiting=st.integers(0, 400))
def test_where_the_program_has_no_such_days_there_are_none(waiting: int) -> None:
    assert window(date(2026, 3, 2), reopen_days=0, waiting_days=waiting) is None


def test_a_waiting_time_longer_than_the_days_leaves_none() -> None:
    assert window(date(2026, 3, 2), reopen_days=14, waiting_days=21) is None


# -- the step ------------------------------------------------------------------------------------------------------

database = pytest.mark.django_db


@pytest.fixture
def actor() -> Actor:
    return make_actor("intake", "therapist", "director")


@pytest.fixture
def left(actor: Actor) -> Episode:
    """Somebody who completed the program; aftercare is open, and the program takes people back for 30 days."""
    make_program(reopen_days=30)
    return services.discharge(actor=actor, episode=make_episode(actor=actor, started=True), kind="COMP")


def come_back(actor: Actor, episode: Episode) -> Episode:
    place = services.Place(make_track(episode.program), 3, 600, day_here())
    with proven("consent.treatment"):
        return services.reopen(actor=actor, episode=Episode.objects.get(pk=episode.pk), place=place)


@database
def test_the_episode_goes_on_and_its_end_stays_readable(actor: Actor, left: Episode) -> None:
    word = services.note_payer_word(actor=actor, episode=left, said=no_payer())
    back = come_back(actor, left)
    assert (back.state, back.discharge_type, back.ended_at) == ("first_week", "", None)
    kept = Reopening.objects.get(episode=left)
    assert (kept.discharge_type, kept.ended_at, kept.payer_word) == ("COMP", left.ended_at, word)
    assert back.segments.get(ends_on=None) == kept.segment
    assert AftercareCase.objects.get(episode=left).state == "returned"


@database
def test_without_the_payers_word_nothing_is_reopened(actor: Actor, left: Episode) -> None:
    with pytest.raises(Refused, match="not possible yet") as refused:
        come_back(actor, left)
    assert any("payer" in sentence for sentence in refused.value.reasons)
    assert not Reopening.objects.exists()


@database
@pytest.mark.parametrize(
    "said",
    [
        lambda: services.Said("no", day_here(), same_reason=True, payer="Sample Plan", spoken_to="Kim"),
        lambda: services.Said("none", day_here(), same_reason=False, reason="Self-pay"),
    ],
    ids=["the payer says no", "back for another reason"],
)
def test_a_word_that_does_not_allow_it_counts_over_an_earlier_yes(
    actor: Actor, left: Episode, said: Callable[[], services.Said]
) -> None:
    services.note_payer_word(actor=actor, episode=left, said=no_payer())
    services.note_payer_word(actor=actor, episode=left, said=said())
    with pytest.raises(Refused):
        come_back(actor, left)
    assert PayerWord.objects.count() == 2


@database
@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (lambda: services.Said("yes", day_here(), same_reason=True), "whom you spoke to"),
        (
            lambda: services.Said("yes", day_here(), same_reason=True, payer="Plan", spoken_to="Kim"),
            "reference",
        ),
        (lambda: services.Said("none", day_here(), same_reason=True), "self-pay"),
        (
            lambda: services.Said(
                "none", day_here() + timedelta(days=2), same_reason=True, reason="Self-pay"
            ),
            "still to come",
        ),
    ],
)
def test_half_a_word_is_refused(
    actor: Actor, left: Episode, said: Callable[[], services.Said], sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence):
        services.note_payer_word(actor=actor, episode=left, said=said())


@database
def test_consent_is_asked_for_again(actor: Actor, left: Episode) -> None:
    services.note_payer_word(actor=actor, episode=left, said=no_payer())
    place = services.Place(make_track(left.program), 3, 600, day_here())
    with proven("consent.treatment", present=False), pytest.raises(Refused, match="not possible yet"):
        services.reopen(actor=actor, episode=left, place=place)


@database
def test_where_coming_back_is_always_a_new_episode_nothing_is_shown_or_asked(actor: Actor) -> None:
    left = services.discharge(actor=actor, episode=make_episode(actor=actor, started=True), kind="COMP")
    assert coming_back(left) is None
    with pytest.raises(Refused, match="new episode"):
        services.note_payer_word(actor=actor, episode=left, said=no_payer())


@database
def test_the_way_in_that_was_begun_is_not_needed_any_more(actor: Actor, left: Episode) -> None:
    case = make_case(actor=actor, person=left.person, site=left.program.site, program=left.program)
    services.note_payer_word(actor=actor, episode=left, said=no_payer())
    come_back(actor, left)
    case.refresh_from_db()
    assert case.state == "case_reopened"


@database
def test_calls_begin_anew_after_the_second_end(actor: Actor, left: Episode) -> None:
    services.log_call(actor=actor, episode=left, slot="72h", heard=services.Heard("reached"))
    services.note_payer_word(actor=actor, episode=left, said=no_payer())
    back = come_back(actor, left)
    assert "call.made" not in {fact.kind for fact in told_of(left, words=TELLERS)}
    again = services.discharge(actor=actor, episode=back, kind="COMP")
    assert AftercareCase.objects.get(episode=again).state == "aftercare"
    page = aftercare_page(Episode.objects.select_related("aftercare", "person").get(pk=again.pk))
    assert [line.slot for line in page.calls if line.made_at] == []
    assert {"aftercare.opened", "episode.discharged"} <= {fact.kind for fact in told_of(left, words=TELLERS)}


# -- its pages -----------------------------------------------------------------------------------------------------


@database
def test_a_director_writes_the_payers_word_down_and_reopens(
    left: Episode, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    browser = Client()
    director = make_staff_with("director")
    assert director.user
    browser.force_login(director.user)
    page = reverse("journey:episode", args=[left.person.public_id, left.public_id])
    browser.get(page)
    with django_assert_max_num_queries(15):
        assert "may be reopened" in browser.get(page).content.decode()
    said = {"answer": "none", "said_on": day_here(), "reason": "Self-pay", "same_reason": "on"}
    url = reverse("journey:episode_payer_word", args=[left.person.public_id, left.public_id])
    assert browser.post(url, said).headers["Location"] == page
    url = reverse("journey:episode_reopen", args=[left.person.public_id, left.public_id])
    place = {"track": make_track(left.program).public_id, "starts_on": day_here()}
    with proven("consent.treatment"):
        answer = browser.post(url, {**place, "days_per_week": 3, "hours": "10"})
    assert answer.headers["Location"] == page
    shown = browser.get(page).content.decode()
    assert "Ends that were undone" in shown
    assert "may be reopened" not in shown


# -- the alumni ----------------------------------------------------------------------------------------------------


@database
def test_who_left_the_alumni_joins_again_by_a_new_consent(actor: Actor, left: Episode) -> None:
    with proven("consent.alumni_contact"):
        publish(ConsentSigned(left.person_id, "one", "alumni"))
        publish(ConsentRevoked(left.person_id, "one", "alumni"))
        assert AftercareCase.objects.get(episode=left).state == "aftercare_ended"
        publish(ConsentSigned(left.person_id, "two", "alumni"))
    assert AftercareCase.objects.get(episode=left).state == "alumni"


# -- a step that ends treatment while an alert is open --------------------------------------------------------------


@database
def test_an_open_alert_asks_a_reason_of_every_end(left: Episode) -> None:
    actor = actor_of(make_staff_with("therapist", "director"))
    episode = make_episode(actor=make_actor("intake", "therapist"), started=True)
    with proven("alert.answered", present=False):
        with pytest.raises(Refused, match="give a reason"):
            services.discharge(actor=actor, episode=episode, kind="COMP")
        done = services.discharge(
            actor=actor, episode=episode, kind="COMP", reason="Dr. Sample calls at five"
        )
    assert done.transitions.latest("id").evidence["alert.answered"] is False
