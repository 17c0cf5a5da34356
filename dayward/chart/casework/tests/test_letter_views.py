from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from dayward.care.journey.factories import actor_of, make_episode
from dayward.care.journey.models import Episode
from dayward.chart.casework.factories import EMPLOYER, filled, release_to, signed_letter, written_letter
from dayward.chart.casework.models import Letter
from dayward.foundation.access.factories import make_treating
from dayward.foundation.consent.models import Disclosure
from dayward.foundation.people.factories import make_person
from dayward.foundation.people.models import StaffMember

pytestmark = pytest.mark.django_db


@pytest.fixture
def episode() -> Episode:
    return make_episode(started=True)


@pytest.fixture
def staff(episode: Episode) -> StaffMember:
    return make_treating(episode.person, "case_manager", credential="social_worker", function="case_manager")


@pytest.fixture
def signed_in(client: Client, staff: StaffMember) -> Client:
    assert staff.user is not None
    client.force_login(staff.user)
    return client


def page(name: str, *parts: str) -> str:
    return reverse(f"casework:{name}", args=parts)


def form_of(episode: Episode, **changes: str) -> dict[str, str]:
    plain = filled(episode.person)
    days = {"since": plain.since.isoformat(), "until": plain.until.isoformat()}
    return {"kind": "work", "route": "person", "hours": "on", **days, **changes}


def test_written_read_signed_and_handed_over(signed_in: Client, episode: Episode, staff: StaffMember) -> None:
    person = episode.person.public_id
    response = signed_in.post(page("new_letter", person), form_of(episode))
    letter = Letter.objects.get()
    here = page("letter", person, letter.public_id)
    assert response["Location"] == here
    shown = signed_in.get(here).content.decode()
    assert (
        "What the reader learns" in shown
        and "not what for" in shown
        and "Confirmation of attendance" in shown
    )
    for unseen in ({}, {"seen": "0" * 64}):
        signed_in.post(here, {"act": "sign", "typed_name": staff.name, **unseen})
        assert Letter.objects.get().signature is None
    seen = re.search(r'name="seen" value="([0-9a-f]{64})"', shown)
    assert seen is not None
    signed_in.post(here, {"act": "sign", "typed_name": staff.name, "seen": seen[1]})
    file = signed_in.get(page("letter_pdf", person, letter.public_id))
    assert file["Content-Type"] == "application/pdf" and file.content.startswith(b"%PDF")
    signed_in.post(here, {"act": "out"})
    assert b"Handed over" in signed_in.get(page("letters", person)).content
    signed_in.post(f"{here}?act=back")
    assert b"not handed over yet" in signed_in.get(page("letters", person)).content
    signed_in.post(here, {"act": "out"})
    assert b"Not handed over after all" in signed_in.get(here).content
    assert not Disclosure.objects.exists()


def test_without_consent_the_page_says_so_and_leads_to_it(signed_in: Client, episode: Episode) -> None:
    person = episode.person.public_id
    signed_in.post(page("new_letter", person), form_of(episode, route="other", recipient=EMPLOYER))
    here = page("letter", person, Letter.objects.get().public_id)
    shown = signed_in.get(here).content.decode()
    assert reverse("consent:prepare", args=[person, "release"]) in shown and 'value="sign"' not in shown
    release_to(episode.person)
    assert 'value="sign"' in signed_in.get(here).content.decode()


def test_a_wrong_form_is_shown_again(signed_in: Client, episode: Episode) -> None:
    person = episode.person.public_id
    wrong = form_of(episode, until="2999-01-01")
    assert signed_in.post(page("new_letter", person), wrong).status_code == 422
    signed_in.post(page("new_letter", person), form_of(episode))
    here = page("letter", person, Letter.objects.get().public_id)
    assert signed_in.post(here, {"act": "fill", "kind": "work"}).status_code == 422


def test_two_writers_lose_neither_text(signed_in: Client, episode: Episode, staff: StaffMember) -> None:
    letter = written_letter(actor=actor_of(staff), episode=episode)
    here = page("letter", episode.person.public_id, letter.public_id)
    shown = signed_in.get(here).content.decode()
    base = {f"base_{key}": mark for key, mark in re.findall(r'name="base_(\w+)" value="(\w+)"', shown)}
    theirs, mine = ({"act": "fill", **form_of(episode, sentence=text)} for text in ("Theirs.", "Mine."))
    assert signed_in.post(here, theirs | base).status_code == 302
    answer = signed_in.post(here, mine | base | {"recipient": EMPLOYER})
    told = answer.content.decode()
    assert answer.status_code == 422 and "Theirs." in told and "Mine." in told
    letter.refresh_from_db()
    assert (letter.sentence, letter.recipient) == ("Theirs.", EMPLOYER)
    again = {f"base_{key}": mark for key, mark in re.findall(r'name="base_(\w+)" value="(\w+)"', told)}
    assert signed_in.post(here, mine | again | {"recipient": EMPLOYER}).status_code == 302
    letter.refresh_from_db()
    assert letter.sentence == "Mine."


def test_who_only_reads_writes_nothing(client: Client, episode: Episode, staff: StaffMember) -> None:
    letter = written_letter(actor=actor_of(staff), episode=episode)
    reader = make_treating(episode.person, "prescriber", function="prescriber")
    assert reader.user is not None
    client.force_login(reader.user)
    here = page("letter", episode.person.public_id, letter.public_id)
    assert client.get(here).status_code == 200
    assert client.post(here, {"act": "decline", "reason": "x"}).status_code == 404
    assert client.get(page("new_letter", episode.person.public_id)).status_code in (403, 404)


def test_another_persons_letter_is_not_found_here(
    signed_in: Client, episode: Episode, staff: StaffMember
) -> None:
    other = make_episode(person=make_person())
    letter = signed_letter(actor=actor_of(staff), episode=other)
    person = episode.person.public_id
    for name in ("letter", "letter_pdf"):
        assert signed_in.get(page(name, person, letter.public_id)).status_code == 404
    assert signed_in.post(page("letter_in_error", person, letter.public_id)).status_code == 404
