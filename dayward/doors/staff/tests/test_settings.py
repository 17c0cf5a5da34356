"""The page of settings: every declared one, what holds, who said so, and what was said before."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dayward.care.journey import services as journey
from dayward.care.journey.factories import make_actor
from dayward.care.journey.rules.policy import Policy
from dayward.foundation.access.factories import make_staff_with
from dayward.foundation.organization.declared import groups
from dayward.foundation.organization.factories import make_site
from dayward.foundation.organization.models import Setting
from dayward.kernel.time import local_day

pytestmark = pytest.mark.django_db

CARE = "consent.care"


def administrator() -> Client:
    staff, web = make_staff_with("administrator", started_on=date(2024, 1, 1)), Client()
    assert staff.user
    web.force_login(staff.user)
    return web


def page(web: Client, key: str) -> str:
    return web.get(reverse("staff:setting", args=[key])).content.decode()


def today() -> date:
    return local_day(timezone.now(), make_site().zone)


def test_every_declared_setting_is_shown_with_its_default_and_opens() -> None:
    make_site()
    web = administrator()
    shown = web.get(reverse("staff:settings")).content.decode()
    declared = [each for group in groups.values() for each in group.settings()]
    assert len(declared) > 5
    for each in declared:
        assert str(each.name) in shown
        assert each.words(each.default) in page(web, each.key)


def test_a_setting_is_said_from_a_day_on_with_a_name_and_taken_back_before_it_begins() -> None:
    make_site()
    web, soon = administrator(), today() + timedelta(days=9)
    url = reverse("staff:setting", args=[CARE])
    for since, value in ((today(), "mental_health"), (soon, "substance_use")):
        web.post(url, {"value": [value], "since": since.isoformat(), "source": "Board, March"})
    text = page(web, CARE)
    assert "Board, March" in text
    assert "Care for substance use" in text
    later = Setting.objects.get(key=CARE, effective_from=soon)
    web.post(reverse("staff:withdraw_setting", args=[CARE, later.public_id]))
    later.refresh_from_db()
    assert later.replaced_at is not None
    assert Setting.objects.standing().get(key=CARE).effective_to is None
    assert "Said differently or taken back" in page(web, CARE)


def test_what_a_package_keeps_is_changed_on_its_page_and_shown_here_by_name() -> None:
    site, director = make_site(), make_actor("director")
    journey.set_policy(actor=director, site=site, policy=Policy(attempts=5), since=today())
    text = page(administrator(), "journey.attempts")
    assert director.staff is not None
    assert director.staff.name in text
    assert reverse("journey:policy") in text


def test_an_unknown_key_is_no_page() -> None:
    make_site()
    assert administrator().get(reverse("staff:setting", args=["demo.simulation"])).status_code == 404
