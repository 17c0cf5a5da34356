"""One draft a writer, form and open page, gone when it is sent, swept when nobody comes back for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from dayward.foundation.audit.actors import Actor, staff_actor
from dayward.foundation.audit.models import Entry
from dayward.foundation.drafts import services
from dayward.foundation.drafts.models import Draft
from dayward.foundation.people import services as people
from dayward.foundation.people.factories import SETUP, make_person, make_staff
from dayward.kernel.errors import Refused
from dayward.ui.drafts import Place

pytestmark = pytest.mark.django_db
NOTE = {"note": ["Called twice"]}


@pytest.fixture
def actor() -> Actor:
    staff = make_staff()
    assert staff.user
    return staff_actor(staff.user)


def place(actor: Actor, tab: str = "one", person: str = "") -> Place:
    return Place(actor.id, "journey:new_inquiry", person, tab)


def test_one_row_whoever_types_last_and_one_entry_in_the_trail(actor: Actor) -> None:
    for text in ("C", "Called", "Called twice"):
        services.keep(actor=actor, place=place(actor), typed={"note": [text]})
    (found,) = services.store.find(place(actor))
    assert found.typed == NOTE
    entry = Entry.objects.get(action="drafts.begin")
    assert "Called" not in str(entry.detail)


def test_another_form_or_writer_or_person_is_another_draft(actor: Actor) -> None:
    services.keep(actor=actor, place=place(actor), typed=NOTE)
    other = make_staff()
    assert other.user
    for elsewhere in (
        Place(actor.id, "journey:alumni", "", "one"),
        place(staff_actor(other.user)),
        place(actor, person=make_person().public_id),
    ):
        assert services.store.find(elsewhere) == []


def test_what_comes_late_from_a_form_that_was_sent_is_not_kept(actor: Actor) -> None:
    services.end(actor=actor, place=place(actor))
    assert not services.keep(actor=actor, place=place(actor), typed=NOTE)
    assert services.keep(actor=actor, place=place(actor, "two"), typed=NOTE)
    back = timezone.now() + services.JUST_NOW  # in the browser, to the page that was sent
    assert services.keep(actor=actor, place=place(actor), typed=NOTE, at=back)


CALLS = {"one": {"note": ["First caller"]}, "two": {"note": ["Second caller"]}}


def typed_in(actor: Actor) -> dict[str, Any]:
    return {kept.tab: kept.typed for kept in services.store.find(place(actor))}


def going_on(actor: Actor, tab: str) -> Place:
    """Another page that begins with what is kept now."""
    (kept,) = services.store.find(place(actor))
    return replace(place(actor, tab), origin=kept.origin)


def test_two_open_pages_keep_both_and_sending_one_leaves_the_other(actor: Actor) -> None:
    for tab, typed in CALLS.items():
        services.keep(actor=actor, place=place(actor, tab), typed=typed)
    assert typed_in(actor) == CALLS
    services.end(actor=actor, place=place(actor, "one"))
    assert typed_in(actor) == {"two": CALLS["two"]}


def test_a_page_goes_on_with_what_it_began_with_and_sends_it(actor: Actor) -> None:
    services.keep(actor=actor, place=place(actor), typed=NOTE)
    services.keep(actor=actor, place=going_on(actor, "two"), typed=CALLS["two"])
    assert typed_in(actor) == {"two": CALLS["two"]}
    services.end(actor=actor, place=going_on(actor, "three"))
    assert typed_in(actor) == {}
    assert Draft.objects.count() == 1


def test_what_goes_on_in_two_pages_is_two_drafts(actor: Actor) -> None:
    """The text of a page that is still open came back in a second one: neither writes over the other, nor ends it."""
    services.keep(actor=actor, place=place(actor, "one"), typed=NOTE)
    second = going_on(actor, "two")
    services.keep(actor=actor, place=place(actor, "one"), typed=CALLS["one"])
    assert not services.throw_away(actor=actor, place=second)
    services.keep(actor=actor, place=second, typed=CALLS["two"])
    assert typed_in(actor) == CALLS


def test_a_page_whose_text_another_threw_away_keeps_what_is_typed_there_then(actor: Actor) -> None:
    services.keep(actor=actor, place=place(actor, "one"), typed=NOTE)
    assert services.throw_away(actor=actor, place=going_on(actor, "two"))
    assert services.keep(actor=actor, place=place(actor, "one"), typed=CALLS["one"])
    services.bring_back(actor=actor, place=place(actor, "three"))
    assert typed_in(actor) == {"one": CALLS["one"], "two": NOTE}


def test_a_draft_ends_with_what_was_sent_or_not_at_all(actor: Actor) -> None:
    services.keep(actor=actor, place=place(actor), typed=NOTE)

    def send() -> None:
        with transaction.atomic():
            services.end(actor=actor, place=place(actor))
            raise Refused

    with pytest.raises(Refused):
        send()
    assert services.store.find(place(actor))


def test_it_is_found_when_the_person_is_one_with_another(actor: Actor) -> None:
    born = date(1990, 3, 4)
    twice, once = make_person(birth_date=born), make_person(birth_date=born)
    services.keep(actor=actor, place=place(actor, person=twice.public_id), typed=NOTE)
    people.declare_same(actor=SETUP, duplicate=twice, same_as=once, reason="Written down twice")
    assert services.store.find(place(actor, person=once.public_id))


def test_who_works_here_no_longer_keeps_nothing(actor: Actor) -> None:
    assert actor.user
    actor.user.is_active = False
    actor.user.save()
    assert not services.store.keep(place(actor), NOTE)


def test_what_nobody_came_back_for_goes(actor: Actor) -> None:
    now = timezone.now()
    long = timedelta(days=settings.DRAFT_DAYS, hours=1)
    services.keep(actor=actor, place=place(actor), typed=NOTE, at=now)
    assert services.sweep(at=now + long - timedelta(hours=2)) == 0
    assert services.sweep(at=now + long) == 1
    services.end(actor=actor, place=place(actor, "two"))
    assert services.sweep(at=timezone.now() + services.LATE + timedelta(hours=1)) == 1
    assert not Draft.objects.exists()
