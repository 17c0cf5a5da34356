"""What all sites share is changed by who answers for all of them: words of forms, payers' terms, services, settings."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dayward.care.catalog.models import ServiceKind
from dayward.care.catalog.services import load_library
from dayward.foundation.access import services as access
from dayward.foundation.access.factories import make_staff_with
from dayward.foundation.consent import texts
from dayward.foundation.consent.models import FormText
from dayward.foundation.organization.factories import make_site
from dayward.foundation.organization.models import Setting
from dayward.foundation.people.factories import SETUP, STARTED
from dayward.revenue.coverage.models import KindTerms, Payer, WeekTerms

pytestmark = pytest.mark.django_db


def client_of(role: str, *, everywhere: bool) -> Client:
    site = make_site("Riverbend South")
    make_site("Riverbend East")
    staff = make_staff_with(site=site)
    access.grant_role(
        actor=SETUP, staff=staff, role=role, site=None if everywhere else site, starts_on=STARTED
    )
    client = Client()
    assert staff.user
    client.force_login(staff.user)
    return client


@pytest.mark.parametrize("everywhere", [False, True])
def test_words_of_forms(everywhere: bool) -> None:
    client, before = client_of("administrator", everywhere=everywhere), texts.current("treatment", date.max)
    told = {
        "english": before.template("en"),
        "spanish": before.template("es"),
        "says": sorted(before.statements),
        "effective_from": (timezone.now().date() + timedelta(days=3)).isoformat(),
        "source": "our counsel",
    }
    client.post(reverse("consent:write_text", args=["treatment"]), told)
    assert FormText.objects.exists() == everywhere
    row = FormText.objects.first() or FormText.objects.create(
        kind="treatment", version="x", effective_from=date(2030, 1, 1), made_by="test", source="x"
    )
    client.post(reverse("consent:withdraw_text", args=["treatment", row.version]))
    row.refresh_from_db()
    assert (row.withdrawn_at is not None) == everywhere


@pytest.mark.parametrize("everywhere", [False, True])
def test_what_payers_ask(everywhere: bool) -> None:
    load_library()
    client, payer = (
        client_of("biller", everywhere=everywhere),
        Payer.objects.create(name="Any", kind="commercial"),
    )
    week = {
        "effective_from": "2026-01-01",
        "floor_minutes": "9",
        "floor_test": "delivered",
        "week_starts": "sunday",
        "citation": "the contract",
    }
    client.post(reverse("coverage:terms", args=[payer.public_id]), week)
    assert WeekTerms.objects.exists() == everywhere
    kind = ServiceKind.objects.get(key="peer-support-group")
    told = {
        "kind": kind.public_id,
        "effective_from": "2026-01-01",
        "counts": "yes",
        "citation": "the contract",
    }
    client.post(reverse("coverage:kind_terms", args=[payer.public_id]), told)
    assert KindTerms.objects.exists() == everywhere
    client.post(reverse("coverage:end_terms", args=[payer.public_id]), {"on": "2026-06-01"})
    assert WeekTerms.objects.exclude(effective_to=None).exists() == everywhere


@pytest.mark.parametrize("everywhere", [False, True])
def test_a_setting_of_every_site_is_not_taken_back(everywhere: bool) -> None:
    client = client_of("administrator", everywhere=everywhere)
    row = Setting.objects.create(
        key="access.second_factor", value=True, effective_from=date(2099, 1, 1), site=None, set_by="test"
    )
    client.post(reverse("staff:withdraw_setting", args=[row.key, row.public_id]))
    row.refresh_from_db()
    assert (row.replaced_at is not None) == everywhere
