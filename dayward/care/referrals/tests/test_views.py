from __future__ import annotations

import gzip

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dayward.care.journey.services import log_contact
from dayward.care.referrals import queries
from dayward.care.referrals.factories import make_referral
from dayward.care.referrals.forms import offered
from dayward.care.referrals.models import ReferralDocument, State
from dayward.care.referrals.tests.documents import bundle_bytes, ccda, summary_bytes
from dayward.foundation.access.factories import make_staff_with
from dayward.foundation.access.services import grant_role
from dayward.foundation.audit.models import Entry
from dayward.foundation.documents.models import File
from dayward.foundation.organization.factories import make_site
from dayward.foundation.organization.models import Site
from dayward.foundation.people.factories import SETUP, STARTED, make_person
from dayward.foundation.people.models import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    staff = make_staff_with("intake")
    signed_in = Client()
    assert staff.user is not None
    signed_in.force_login(staff.user)
    return signed_in


def hand_in(client: Client, *contents: bytes) -> str:
    files = [SimpleUploadedFile(f"{number}.xml", content) for number, content in enumerate(contents)]
    response = client.post(
        reverse("referrals:index"), {"files": files, "site": make_site().public_id}, follow=True
    )
    assert response.status_code == 200
    return response.content.decode()


def accept(client: Client, referral: ReferralDocument, **changes: str) -> tuple[int, str]:
    packet = referral.understood()
    data = offered(referral, packet, queries.candidates(packet, Site.objects.all()))
    known = {key: value for key, value in {**data, **changes}.items() if value is not None}
    response = client.post(reverse("referrals:accept", args=[referral.public_id]), known, follow=True)
    return response.status_code, response.content.decode()


def test_one_file_leads_to_what_was_understood(client: Client) -> None:
    page = hand_in(client, summary_bytes())
    for words in (
        "Ávila-Brandt",
        "42 CFR Part 2",
        "Lakeside Fictional Hospital, Unit 4",
        "buprenorphine",
        "F11.20",
    ):
        assert words in page
    assert "written more than once" in page


def test_several_files_are_told_one_by_one(client: Client) -> None:
    page = hand_in(client, summary_bytes(), bundle_bytes(), b"%PDF-1.7")
    assert "2 referrals were read and wait." in page
    assert "This is a PDF file" in page
    assert ReferralDocument.objects.count() == 2


def test_the_same_file_again_adds_nothing(client: Client) -> None:
    hand_in(client, summary_bytes())
    assert "came before" in hand_in(client, summary_bytes())
    assert ReferralDocument.objects.count() == 1


def test_no_file_is_told(client: Client) -> None:
    response = client.post(reverse("referrals:index"), {}, follow=True)
    assert "Choose between one and" in response.content.decode()


def test_lists_by_state(client: Client) -> None:
    make_referral()
    assert "Mateo" in client.get(reverse("referrals:index")).content.decode()
    assert "Mateo" not in client.get(reverse("referrals:index"), {"state": "accepted"}).content.decode()
    assert client.get(reverse("referrals:index"), {"state": "nonsense"}).status_code == 404


def test_what_waits_is_shown_above_the_pipeline(client: Client) -> None:
    assert "Referrals to look at" not in client.get(reverse("journey:pipeline")).content.decode()
    make_referral()
    page = client.get(reverse("journey:pipeline")).content.decode()
    assert "Referrals to look at" in page
    assert "Mateo José Ávila-Brandt Jr." in page


def test_accepting_leads_into_the_chart(client: Client) -> None:
    referral = make_referral()
    status, page = accept(client, referral)
    assert status == 200
    assert "Teo Ávila-Brandt is in the pipeline." in page
    assert Person.objects.filter(legal_family="Ávila-Brandt").exists()
    moved = client.get(reverse("referrals:preview", args=[referral.public_id]))
    assert moved.status_code == 302
    assert "/of/" in moved["Location"]


def test_a_document_without_a_name_asks_for_one(client: Client) -> None:
    referral = make_referral(content=ccda(patient='<id root="1" extension="2"/>'))
    status, page = accept(client, referral)
    assert status == 422
    assert "Write down at least one name" in page
    status, _page = accept(client, referral, legal_family="Told")
    assert status == 200


def test_set_aside_and_undo(client: Client) -> None:
    referral = make_referral()
    where = reverse("referrals:set_aside", args=[referral.public_id])
    client.post(where, {"version": 1, "reason": ""})
    referral.refresh_from_db()
    assert referral.state == State.WAITING
    client.post(where, {"version": 1, "reason": "Lives too far away"})
    referral.refresh_from_db()
    assert referral.state == State.SET_ASIDE
    assert (
        "Lives too far away"
        in client.get(reverse("referrals:preview", args=[referral.public_id])).content.decode()
    )
    client.post(reverse("referrals:take_back", args=[referral.public_id]))
    referral.refresh_from_db()
    assert referral.state == State.WAITING


def test_accepting_by_mistake_is_undone_where_it_is_shown(client: Client) -> None:
    referral = make_referral()
    _status, page = accept(client, referral)
    undo = reverse("referrals:undo_accept", args=[referral.public_id])
    assert undo in page  # beside the word that it was done
    referral.refresh_from_db()
    assert referral.person is not None
    there = reverse("referrals:in_chart", args=[referral.person.public_id, referral.public_id])
    assert "no longer found" in client.get(there).content.decode()
    assert "The referral waits again." in client.post(undo, follow=True).content.decode()
    assert "Mateo" in client.get(reverse("referrals:index")).content.decode()
    assert client.get(there).status_code in (403, 404)


def test_what_can_no_longer_be_undone_says_why(client: Client) -> None:
    referral = make_referral()
    accept(client, referral)
    referral.refresh_from_db()
    assert referral.person is not None
    assert referral.case is not None
    log_contact(actor=SETUP, case=referral.case, mode="phone", outcome="no_answer")
    there = reverse("referrals:in_chart", args=[referral.person.public_id, referral.public_id])
    undo = reverse("referrals:undo_accept", args=[referral.public_id])
    page = client.get(there).content.decode()
    assert "Since then there is more: contact attempt." in page
    assert undo not in page
    assert "Since then there is more" in client.post(undo, follow=True).content.decode()


def test_the_original_is_a_file_to_keep_and_never_runs(client: Client) -> None:
    referral = make_referral(content=gzip.compress(summary_bytes(), mtime=0), file_name="x.xml.gz")
    where = reverse("referrals:original", args=[referral.public_id])
    shown = client.get(where, {"opened": "1"})
    assert shown["Content-Type"].startswith("text/plain")
    assert shown.content == summary_bytes()
    assert "sandbox" in shown["Content-Security-Policy"]
    kept = client.get(where)
    assert kept.content == gzip.compress(summary_bytes(), mtime=0)
    for answer in (shown, kept):
        assert answer["Content-Disposition"].startswith("attachment")


def test_looking_at_a_referral_is_in_the_trail(client: Client) -> None:
    referral = make_referral()
    client.get(reverse("referrals:preview", args=[referral.public_id]))
    entry = Entry.objects.get(action="referrals.preview")
    assert (entry.kind, entry.subject) == (Entry.Kind.VIEW, referral.public_id)


def test_a_document_cannot_put_markup_into_the_page(client: Client) -> None:
    name = "<name><given>&lt;script&gt;alert(1)&lt;/script&gt;</given><family>X</family></name>"
    referral = make_referral(content=ccda(patient=f'<id root="1" extension="2"/><patient>{name}</patient>'))
    page = client.get(reverse("referrals:preview", args=[referral.public_id])).content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_pages_stay_within_their_queries(client: Client) -> None:
    for number in range(6):
        make_referral(content=summary_bytes() + b" " * number)
    waiting = ReferralDocument.objects.latest("id")
    taken = ReferralDocument.objects.earliest("id")
    accept(client, taken)
    taken.refresh_from_db()
    assert taken.person is not None
    pages = (
        reverse("referrals:index"),
        reverse("referrals:preview", args=[waiting.public_id]),
        reverse("referrals:in_chart", args=[taken.person.public_id, taken.public_id]),
    )
    for page in pages:
        client.get(page)  # what a fresh session asks once
        with CaptureQueriesContext(connection) as queries:
            assert client.get(page).status_code == 200
        assert len(queries) <= 15, page + "\n".join(each["sql"][:120] for each in queries)


@pytest.mark.parametrize("role", ["therapist", "front_desk", "administrator"])
def test_not_for_everybody(role: str) -> None:
    referral = make_referral()
    staff = make_staff_with(role)
    assert staff.user is not None
    other = Client()
    other.force_login(staff.user)
    for name, args in (("index", []), ("preview", [referral.public_id]), ("original", [referral.public_id])):
        assert other.get(reverse(f"referrals:{name}", args=args)).status_code in (403, 404)


def test_who_it_may_be_is_of_ones_own_sites() -> None:
    here, there = make_site("Riverbend South"), make_site("Riverbend East")
    near, far = (
        make_person(site=site, legal_given="Mateo", legal_family="Ávila-Brandt", birth_date="1987-09-14")
        for site in (here, there)
    )
    staff = make_staff_with(site=here)
    grant_role(actor=SETUP, staff=staff, role="intake", site=here, starts_on=STARTED)
    client = Client()
    assert staff.user is not None
    client.force_login(staff.user)
    page = client.get(
        reverse("referrals:preview", args=[make_referral(site=here).public_id])
    ).content.decode()
    assert near.public_id in page
    assert far.public_id not in page


def test_the_same_file_at_a_second_site_waits_there_too() -> None:
    here, there = make_site("Riverbend South"), make_site("Riverbend East")
    pages = []
    for site in (here, there, there):
        staff, client = make_staff_with(site=site), Client()
        grant_role(actor=SETUP, staff=staff, role="intake", site=site, starts_on=STARTED)
        assert staff.user is not None
        client.force_login(staff.user)
        files = [SimpleUploadedFile("same.xml", summary_bytes())]
        answer = client.post(
            reverse("referrals:index"), {"files": files, "site": site.public_id}, follow=True
        )
        pages.append(answer.status_code)
    assert pages == [200, 200, 200]
    assert [row.site for row in ReferralDocument.objects.order_by("id")] == [here, there]
    assert File.objects.count() == 1
