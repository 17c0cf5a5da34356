"""Documents: the same bytes once, marked but never erased, and never run by the browser that shows them."""

from __future__ import annotations

import hashlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from dayward.foundation.access.factories import make_treating
from dayward.foundation.audit.actors import Actor, staff_actor
from dayward.foundation.documents import queries, responses, services
from dayward.foundation.documents.models import Document, File
from dayward.foundation.people.factories import SETUP, make_person
from dayward.foundation.people.models import Person
from dayward.kernel.errors import Refused

pytestmark = pytest.mark.django_db


def keep(person: Person | None = None, content: bytes = b"hello", **more: str) -> Document:
    values = {"kind": "other", "title": "A letter", "media_type": "text/plain", **more}
    return services.keep(actor=SETUP, content=content, person=person, **values)


def browser(person: Person, *roles: str) -> tuple[Client, Actor]:
    user = make_treating(person, *roles).user
    assert user is not None
    client = Client()
    client.force_login(user)
    return client, staff_actor(user)


def test_the_same_bytes_are_one_file() -> None:
    one, two = keep(), keep(make_person())
    assert one.file_id == two.file_id == hashlib.sha256(b"hello").hexdigest()
    assert (File.objects.count(), Document.objects.count()) == (1, 2)
    assert queries.content(two) == b"hello"


@pytest.mark.parametrize(
    ("content", "word"), [(b"", "empty"), (b"x" * (services.LARGEST + 1), "larger than 25 MB")]
)
def test_what_cannot_be_kept_is_refused(content: bytes, word: str) -> None:
    with pytest.raises(Refused, match=word):
        keep(content=content)


def test_a_file_is_its_hash_and_never_changes() -> None:
    keep()
    with pytest.raises(DatabaseError), transaction.atomic():
        File.objects.update(content=b"other")
    with pytest.raises(DatabaseError), transaction.atomic():
        File.objects.create(sha256="0" * 64, content=b"forged", size=6)


def test_a_document_of_another_persons_is_not_assigned() -> None:
    document = keep(make_person())
    with pytest.raises(Refused, match="somebody else"):
        services.assign(actor=SETUP, document=document, person=make_person())


def test_a_document_stays_what_it_is_and_whose_it_is() -> None:
    person = make_person()
    rows = Document.objects.filter(pk=keep().pk)
    services.assign(actor=SETUP, document=rows.get(), person=person)
    services.assign(actor=SETUP, document=rows.get(), person=person)
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(person=make_person())
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(title="Another")
    assert rows.get().person == person


@pytest.mark.parametrize(
    ("media_type", "shown_as"),
    [
        ("application/pdf", "application/pdf"),
        ("text/html", "text/plain; charset=utf-8"),
        ("application/xml", "text/plain; charset=utf-8"),
        ("application/fhir+json", "text/plain; charset=utf-8"),
        ("TEXT/HTML; charset=utf-8", "text/plain; charset=utf-8"),
        ("image/svg+xml", "application/octet-stream"),
        ("application/x-unknown", "application/octet-stream"),
        ("", "application/octet-stream"),
    ],
)
def test_nothing_is_run_that_others_wrote(media_type: str, shown_as: str) -> None:
    answer = responses.send(keep(content=b"<script>alert(1)</script>", media_type=media_type))
    assert answer.headers["Content-Type"] == shown_as
    assert answer.headers["Content-Disposition"].startswith("attachment; ")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")


@given(st.text())
def test_neither_name_nor_type_can_write_headers(name: str) -> None:
    """Always a file to keep, under a name of ours with the ending of what it is."""
    for document in (
        Document(public_id="abc", file_name=name, media_type="text/plain", file=File(sha256="0" * 64)),
        Document(public_id="abc", file_name="a.txt", media_type=name, file=File(sha256="0" * 64)),
    ):
        shown = responses._disposition(document)
        assert shown.startswith('attachment; filename="abc')
        assert shown.isascii()
        assert shown.count('"') == 2
        assert not set(shown) & set("\r\n\\/")


def test_a_document_is_added_and_read_in_the_chart() -> None:
    person = make_person()
    client, _actor = browser(person, "intake")
    url = reverse("documents:list", args=[person.public_id])
    upload = SimpleUploadedFile("../../result.txt", b"all fine", "text/html")
    assert client.post(url, {"file": upload, "kind": "outside", "title": "Result"}).status_code == 302
    document = Document.objects.get()
    assert (document.person, document.file_name, document.media_type) == (person, "result.txt", "text/plain")
    assert "Result" in client.get(url).content.decode()
    assert (
        client.get(reverse("documents:content", args=[person.public_id, document.public_id])).content
        == b"all fine"
    )


def test_a_file_is_what_its_bytes_are() -> None:
    """Whatever it is called: a program named like a picture does not come in, a picture named otherwise does."""
    person = make_person()
    client, _actor = browser(person, "intake")
    url = reverse("documents:list", args=[person.public_id])
    program = SimpleUploadedFile("scan.png", b"MZ\x90\x00\x03\x00\x00\x00", "image/png")
    answer = client.post(url, {"file": program, "kind": "outside", "title": "Scan"})
    assert "no kind of file for a chart" in answer.content.decode()
    picture = SimpleUploadedFile("run.exe", b"\x89PNG\r\n\x1a\n....", "application/x-msdownload")
    client.post(url, {"file": picture, "kind": "outside", "title": "Scan"})
    document = Document.objects.get()
    assert document.media_type == "image/png"
    sent = client.get(reverse("documents:content", args=[person.public_id, document.public_id]))
    assert sent.headers["Content-Disposition"] == f'attachment; filename="{document.public_id}.png"'


def test_who_may_read_may_not_add() -> None:
    person = make_person()
    client, _actor = browser(person, "facilitator")
    url = reverse("documents:list", args=[person.public_id])
    assert client.get(url).status_code == 200
    client.post(url, {"file": SimpleUploadedFile("a.txt", b"x"), "kind": "other", "title": "T"})
    assert Document.objects.count() == 0


def test_entered_in_error_is_a_mark_with_undo() -> None:
    person = make_person()
    client, _actor = browser(person, "intake")
    document = keep(person)
    names = [person.public_id, document.public_id]
    client.post(reverse("documents:enter_in_error", args=names), {"reason": "Somebody else's letter"})
    document.refresh_from_db()
    assert document.entered_in_error_at is not None
    client.post(reverse("documents:take_back_error", args=names))
    document.refresh_from_db()
    assert document.entered_in_error_at is None


@pytest.mark.parametrize("reason", ["", "  "])
def test_an_error_needs_its_reason(reason: str) -> None:
    person = make_person()
    _client, actor = browser(person, "intake")
    with pytest.raises(Refused, match="Say why"):
        services.enter_in_error(actor=actor, document=keep(person), reason=reason)


def test_another_persons_document_is_not_in_this_chart() -> None:
    person = make_person()
    client, _actor = browser(person, "intake")
    other = keep(make_person())
    assert (
        client.get(reverse("documents:content", args=[person.public_id, other.public_id])).status_code == 404
    )
