"""What came in the library folders is listed with its versions, and each opens as it is."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from dayward.chart.measures.library import instruments
from dayward.chart.notes.library import templates
from dayward.doors.staff.library import SHELVES
from dayward.foundation.access.factories import make_staff_with
from dayward.foundation.access.roles import ROLES
from dayward.kernel.permissions import permissions

pytestmark = pytest.mark.django_db


def page(role: str, url: str) -> str:
    staff, web = make_staff_with(role), Client()
    assert staff.user
    web.force_login(staff.user)
    answer = web.get(url)
    assert answer.status_code == 200, url
    return answer.content.decode()


def test_each_questionnaire_is_listed_and_shows_every_question_in_each_language() -> None:
    listed = page("therapist", reverse("staff:library"))
    for key, found in instruments().items():
        url = reverse("measures:instrument", args=[key])
        assert url in listed
        assert found.license in listed
        for language, text in found.texts.items():
            shown = page("therapist", f"{url}?language={language}")
            assert all(words in shown for words in text.items.values())
            assert all(name in shown for name in text.bands.values())


def test_each_template_is_listed_and_shows_its_headings() -> None:
    listed = page("director", reverse("staff:library"))
    for key, found in templates().items():
        url = reverse("notes:template", args=[key])
        assert url in listed
        shown = page("director", url)
        assert all(part.title in shown for part in found.whole)


def test_what_has_a_page_of_its_own_is_led_to_by_those_who_may_open_it() -> None:
    assert all(permissions.get(shelf.permission) for shelf in SHELVES)
    listed = {role: page(role, reverse("staff:library")) for role in ("administrator", "front_desk")}
    for role, text in listed.items():
        for shelf in SHELVES:
            led = f'href="{reverse(shelf.url_name)}"' in text
            assert led or shelf.permission not in ROLES[role].permissions
    assert reverse("consent:texts") not in listed["front_desk"]
