"""A clinic's own words: from a day on, never changed, and what was signed keeps its own."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from dayward.foundation.access.factories import make_staff_with
from dayward.foundation.consent import queries, services, texts
from dayward.foundation.consent.factories import make_packet_signed
from dayward.foundation.consent.models import Consent, FormText, NoticeGiven
from dayward.foundation.organization.factories import day_here
from dayward.foundation.people.factories import SETUP, make_person
from dayward.kernel.errors import Refused

pytestmark = pytest.mark.django_db

OWN = "# Our own words\n\nFor {patient}, at {discloser}. {expiry}"


def write(**changes: Any) -> FormText:
    told: dict[str, Any] = {
        "kind": "treatment",
        "english": OWN,
        "spanish": OWN.replace("Our own words", "Nuestras palabras"),
        "effective_from": day_here(),
        "source": "our counsel",
        "today": day_here(),
        **changes,
    }
    return services.write_text(actor=SETUP, **told)


def test_own_words_are_given_from_their_day_on_and_signed_ones_keep_theirs() -> None:
    person = make_person()
    make_packet_signed(person)
    before = Consent.objects.get(person=person, kind="treatment").text_version
    row = write(effective_from=day_here() + timedelta(days=5))
    assert texts.current("treatment", day_here()).version == before
    assert texts.current("treatment", row.effective_from).version == row.version
    assert texts.version("treatment", row.version).template("en").startswith("# Our own words")
    assert Consent.objects.get(person=person, kind="treatment").text_version == before


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"english": OWN.replace("{expiry}", "")}, "expiry"),
        ({"spanish": OWN + " {shoe_size}"}, "shoe_size"),
        ({"english": OWN.removeprefix("# ")}, "title"),
        ({"english": OWN + " {"}, "bracket"),
        ({"effective_from": date(2020, 1, 1)}, "passed"),
    ],
)
def test_words_that_could_not_be_filled_in_are_refused(changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Refused) as refusal:
        write(**changes)
    assert sentence in " ".join(refusal.value.reasons or [refusal.value.sentence])
    assert not FormText.objects.exists()


def test_a_day_has_one_version_and_an_unused_one_can_be_taken_back() -> None:
    row = write()
    with pytest.raises(Refused, match="from that day already"):
        write()
    services.withdraw_text(actor=SETUP, text=row)
    assert not texts.current("treatment", day_here()).own
    assert write().version == f"{row.version}-2"


def test_what_was_given_to_somebody_is_not_taken_back() -> None:
    row = write()
    services.offer(actor=SETUP, person=make_person(), kind="treatment")
    with pytest.raises(Refused, match="given to people"):
        services.withdraw_text(actor=SETUP, text=row)


@pytest.mark.parametrize("anew", [True, False])
def test_who_signed_older_words_signs_anew_only_where_the_clinic_says_so(anew: bool) -> None:
    person = make_person()
    make_packet_signed(person)
    row = write(anew=anew)
    (older,) = queries.signed_older("treatment", row.version, day_here())
    assert older.person == person
    packet = services.offer_packet(actor=SETUP, person=person)
    assert [item.kind for item in packet] == (["treatment"] if anew else [])
    assert queries.active(person, "treatment") is not None, "what was signed holds on"


def test_the_notice_too_is_given_anew() -> None:
    person = make_person()
    make_packet_signed(person)
    notice = NoticeGiven.objects.get(person=person)
    words = texts.version(notice.kind, notice.text_version)
    write(kind=notice.kind, english=words.template("en"), spanish=words.template("es"), anew=True)
    (item,) = services.offer_packet(actor=SETUP, person=person)
    assert item.kind == notice.kind
    assert item.text_version != notice.text_version


def test_an_administrator_writes_words_on_a_page_and_sees_no_names() -> None:
    person = make_person(legal_given="Quill", legal_family="Sample")
    make_packet_signed(person)
    staff, web = make_staff_with("administrator"), Client()
    assert staff.user
    web.force_login(staff.user)
    told = {
        "english": OWN,
        "spanish": OWN,
        "says": sorted(texts.current("treatment", day_here()).statements),
        "effective_from": day_here().isoformat(),
        "source": "our counsel",
    }
    refused = web.post(reverse("consent:write_text", args=["treatment"]), {**told, "says": []})
    assert refused.status_code == 422
    assert not FormText.objects.exists()
    web.post(reverse("consent:write_text", args=["treatment"]), told)
    assert FormText.objects.get().made_by == staff.user.public_id
    page = web.get(reverse("consent:text_versions", args=["treatment"])).content.decode()
    assert "1 person signed other words" in page
    assert "Sample" not in page
    assert web.get(reverse("consent:text_people", args=["treatment"])).status_code == 403
