"""Files are refused while they are read."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.test import Client
from django.urls import reverse

from dayward.foundation.access.factories import make_treating
from dayward.foundation.documents import services
from dayward.foundation.documents.models import Document
from dayward.foundation.people.factories import make_person
from dayward.foundation.people.models import Person

pytestmark = pytest.mark.django_db
MB = 1024 * 1024


@pytest.fixture
def person() -> Person:
    return make_person()


def hand_in(person: Person, *sizes: int) -> Any:
    staff, client = make_treating(person), Client()
    assert staff.user
    client.force_login(staff.user)
    files = [SimpleUploadedFile(f"{size}.pdf", b"%PDF-".ljust(size, b"x")) for size in sizes]
    told = {"file": files[0] if len(files) == 1 else files, "kind": "outside", "title": "Letter"}
    return client.post(reverse("documents:list", args=[person.public_id]), told)


def test_a_file_within_the_limit_is_kept(person: Person) -> None:
    assert hand_in(person, 2 * MB).status_code == 302
    assert Document.objects.get().file.size == 2 * MB


def test_a_file_over_the_limit_is_not_read_to_its_end(person: Person, monkeypatch: Any) -> None:
    read: list[int] = []
    known = MemoryFileUploadHandler.receive_data_chunk

    def receive(self: MemoryFileUploadHandler, raw_data: bytes, start: int) -> bytes | None:
        read.append(len(raw_data))
        return known(self, raw_data, start)

    monkeypatch.setattr(services, "LARGEST", MB)
    monkeypatch.setattr(MemoryFileUploadHandler, "receive_data_chunk", receive)
    answer = hand_in(person, 3 * MB)
    assert answer.status_code == 413
    assert "This is too large" in answer.content.decode()
    assert sum(read) <= MB
    assert not Document.objects.exists()


def test_too_much_at_once_is_refused_by_the_length_it_tells(person: Person, monkeypatch: Any) -> None:
    monkeypatch.setattr("dayward.foundation.documents.uploads.MOST_AT_ONCE", 2 * MB)
    assert hand_in(person, MB, MB, MB).status_code == 413
    assert not Document.objects.exists()


def test_who_does_not_work_here_hands_in_no_large_body() -> None:
    told = {"given": "Nia", "file": SimpleUploadedFile("a.bin", b"x" * 5 * MB)}
    assert Client().post(reverse("inquire:form"), told).status_code == 413
    assert Client().post(reverse("inquire:form"), {"given": "Nia"}).status_code == 200
