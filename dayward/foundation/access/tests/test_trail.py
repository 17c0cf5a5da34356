"""The trail only ever grows: a page of it reads as much after ten years as after ten days."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse

from dayward.foundation.access.factories import make_staff_with
from dayward.foundation.access.tests.test_guard import as_staff
from dayward.foundation.access.trail import lines, stretch
from dayward.foundation.audit.models import Entry
from dayward.foundation.audit.queries import readers
from dayward.foundation.people.factories import make_person
from dayward.foundation.people.models import Person

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 2, 18, tzinfo=UTC)


@pytest.fixture
def looked_at() -> Person:
    """Seven looks, two of them at the same moment, as one of everybody on a list."""
    person = make_person()
    for minutes in (0, 1, 1, 2, 3, 4, 5):
        Entry.objects.create(
            at=NOON - timedelta(minutes=minutes),
            kind="view",
            action="staff:census",
            actor_kind="staff",
            actor="somebody",
            detail={"people": [person.public_id], "through": "care_team"},
        )
    return person


def test_each_entry_is_on_one_page(looked_at: Person) -> None:
    found = readers([looked_at.public_id]).filter(kind="view")
    shown: list[int] = []
    before = ""
    while not shown or before:
        page = stretch(found, before, 2)
        assert len(page.entries) <= 2
        shown += [entry.pk for entry in page.entries]
        before = page.older
    assert shown == list(found.order_by("-at", "-pk").values_list("pk", flat=True))
    assert len(shown) == 7


def test_who_else_was_on_a_list_stays_unread(
    looked_at: Person, django_assert_num_queries: Callable[..., Any]
) -> None:
    with django_assert_num_queries(2):  # the entries, and the names of staff
        page = stretch(readers([looked_at.public_id]).filter(kind="view"), "", 5)
        (line, *_others) = lines(page.entries)
    assert line.through == "care team"
    assert line.entry.get_deferred_fields() == {"detail"}


def test_what_is_older_is_one_click_away(looked_at: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dayward.foundation.access.views.trail.PAGE", 4)
    client = as_staff(make_staff_with("compliance"))
    trail = reverse("access:trail")
    first = client.get(trail, {"day": "2026-03-02", "kind": "view"})
    older = first.context["page"].entries[-1]
    assert f"?day=2026-03-02&amp;kind=view&amp;before={older.public_id}" in first.content.decode()
    rest = client.get(trail, {"day": "2026-03-02", "kind": "view", "before": older.public_id})
    assert len(rest.context["lines"]) == 3
    assert rest.context["page"].older == ""
