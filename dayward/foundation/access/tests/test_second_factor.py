"""Where the clinic asks for a second factor, nothing opens without one, however somebody came in."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import struct
import time
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dayward.foundation.access import services
from dayward.foundation.access.factories import make_staff_with
from dayward.foundation.access.models import SignedIn
from dayward.foundation.access.second_factor import KEY
from dayward.foundation.access.tests.test_guard import as_staff, sign_in
from dayward.foundation.audit.actors import staff_actor
from dayward.foundation.audit.models import Entry
from dayward.foundation.organization.models import Organization, Setting
from dayward.foundation.organization.services import set_setting
from dayward.foundation.people.factories import SETUP, make_person, make_user
from dayward.foundation.people.models import StaffMember, User
from dayward.kernel.errors import Refused

pytestmark = pytest.mark.django_db

EMAIL, PASSWORD = "ana@clinic.example", "a calm sentence to keep"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
FIRST = "/access/second-factor/"


def code(secret: str = SECRET) -> str:
    digest = hmac.new(
        base64.b32decode(secret), struct.pack(">Q", int(time.time() // 30)), hashlib.sha1
    ).digest()
    place = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[place : place + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


@pytest.fixture(autouse=True)
def asked() -> None:
    """The clinic asks for one."""
    say(True)


def say(asked: bool) -> None:
    yesterday = timezone.now().date() - timedelta(days=1)  # in every zone it has begun
    set_setting(actor=SETUP, key=KEY, value=asked, since=yesterday)


def make_worker(role: str = "therapist", *, factor: bool = False) -> StaffMember:
    staff = make_staff_with(role, user=make_user(EMAIL, PASSWORD))
    if factor:
        TOTP.activate(staff.user, SECRET)
    return staff


def signed_in(**more: str) -> Client:
    client = Client()
    sign_in(client, EMAIL, PASSWORD, **more)
    return client


def where(answer: Any) -> str:
    return str(answer.headers.get("Location", "")).split("?", maxsplit=1)[0]


@pytest.mark.parametrize(
    "name", ["staff:today", "access:roles", "people:register", "account_change_password"]
)
def test_without_one_every_page_leads_to_setting_it_up(name: str) -> None:
    make_worker("intake")
    answer = signed_in().get(reverse(name))
    assert (answer.status_code, where(answer)) == (302, FIRST)


def test_a_chart_and_what_is_sent_are_refused_without_one() -> None:
    person, staff = make_person(), make_worker("supervisor")
    client = signed_in()
    assert where(client.get(reverse("people:person", args=[person.public_id]))) == FIRST
    assert (
        where(client.post(reverse("people:add_address", args=[person.public_id]), {"street": "4 Elm"}))
        == FIRST
    )
    assert not person.addresses.exists()
    assert not Entry.objects.filter(kind="view").exists()
    panel = client.get(reverse("staff:today"), headers={"HX-Request": "true"})
    assert (panel.status_code, panel.headers["HX-Redirect"]) == (204, FIRST)
    assert staff.user


def test_setting_one_up_at_the_first_sign_in() -> None:
    make_worker()
    client = signed_in(next="/access/roles/?of=mine")
    assert where(client.get("/access/roles/?of=mine")) == FIRST
    assert "Set up your second factor" in client.get(FIRST).content.decode()
    shown = client.get(reverse("mfa_activate_totp"))
    assert shown.status_code == 200  # not asked for the password twice
    secret = shown.context["form"].secret
    answer = client.post(reverse("mfa_activate_totp"), {"code": code(secret)})
    assert where(answer) == reverse("mfa_view_recovery_codes")
    codes = client.get(reverse("mfa_view_recovery_codes"))
    assert (codes.status_code, FIRST in codes.content.decode()) == (200, True)  # shown, not asked again
    assert client.get(FIRST).headers["Location"] == "/access/roles/?of=mine"  # where they wanted to go
    assert client.get(reverse("staff:today")).status_code == 200
    assert secret not in str(list(Authenticator.objects.values()))  # kept encrypted


def test_the_digits_are_asked_for_after_the_password() -> None:
    make_worker(factor=True)
    client = Client()
    answer = sign_in(client, EMAIL, PASSWORD)
    assert where(answer) == reverse("mfa_authenticate")
    assert client.get(reverse("staff:today")).status_code == 302
    client.post(reverse("mfa_authenticate"), {"code": code()})
    assert client.get(reverse("staff:today")).status_code == 200


def test_under_another_key_no_digits_are_right(settings: Any) -> None:
    """A restored copy without its key opens nothing, and breaks nothing."""
    make_worker(factor=True)
    settings.SECRET_KEY = "another key altogether"
    client = Client()
    sign_in(client, EMAIL, PASSWORD)
    assert client.post(reverse("mfa_authenticate"), {"code": code()}).status_code == 200
    assert client.get(reverse("staff:today")).status_code == 302


def test_a_session_from_before_shows_it_now() -> None:
    """However it came to be: it opens nothing that the factor has not opened."""
    staff = make_worker(factor=True)
    client = as_staff(staff)
    for name in ("staff:today", "mfa_deactivate_totp", "mfa_view_recovery_codes", "account_change_password"):
        assert where(client.get(reverse(name))) == reverse("mfa_reauthenticate"), name
    client.post(reverse("mfa_reauthenticate"), {"code": code()})
    assert client.get(reverse("staff:today")).status_code == 200


def test_a_link_for_the_password_is_no_way_around() -> None:
    staff = make_worker(factor=True)
    secret = services.make_sign_in_link(actor=SETUP, staff=staff)
    new = "quite another long sentence"
    Client().post(reverse("access:set_password", args=[secret]), {"password": new, "again": new})
    client = Client()
    assert where(sign_in(client, EMAIL, new)) == reverse("mfa_authenticate")
    assert client.get(reverse("staff:today")).status_code == 302


def test_the_last_one_stays_while_the_clinic_asks_for_it() -> None:
    make_worker(factor=True)
    client = Client()
    sign_in(client, EMAIL, PASSWORD)
    client.post(reverse("mfa_authenticate"), {"code": code()})
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    answer = client.post(reverse("mfa_deactivate_totp"), follow=True)
    assert "Add another one first" in answer.content.decode()
    say(False)
    client.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.exists()
    assert Entry.objects.filter(action="access.remove_second_factor").exists()


def test_patients_need_none() -> None:
    client = Client()
    client.force_login(User.objects.create(person=make_person()))
    assert client.get(reverse("portal:home")).status_code == 200


def test_a_clinic_that_says_nothing_asks_for_it_and_the_demo_does_not(settings: Any) -> None:
    Setting.objects.update(replaced_at=timezone.now(), replaced_by="setup")
    settings.SECOND_FACTOR_UNLESS_SAID = True
    make_worker()
    client = signed_in()
    assert where(client.get(reverse("staff:today"))) == FIRST
    Organization.objects.update(is_demo=True)
    assert client.get(reverse("staff:today")).status_code == 200


# -- taking a lost one away ----------


def test_a_lost_one_is_taken_away_by_somebody_else_and_they_are_told() -> None:
    staff = make_worker(factor=True)
    own = as_staff(staff)
    say(False)
    administrator = make_staff_with("administrator", given="Robin", family="Vale")
    client = as_staff(administrator)
    client.post(reverse("access:reset_second_factor", args=[staff.public_id]))
    assert not Authenticator.objects.exists()
    assert own.get(reverse("staff:today")).status_code == 302  # signed out
    entry = Entry.objects.get(action="access.reset_second_factor")
    assert (entry.actor, entry.detail["staff"]) == (administrator.user.public_id, staff.public_id)  # type: ignore[union-attr]
    assert sign_in(Client(), EMAIL, PASSWORD).status_code == 200  # the old password is gone with it
    secret = services.make_sign_in_link(actor=SETUP, staff=staff)
    Client().post(reverse("access:set_password", args=[secret]), {"password": PASSWORD, "again": PASSWORD})
    back = Client()
    sign_in(back, EMAIL, PASSWORD)
    assert "Robin Vale took your second factor away" in back.get("/", follow=True).content.decode()
    again = Client()
    sign_in(again, EMAIL, PASSWORD)
    assert "took your second factor away" not in again.get("/", follow=True).content.decode()


def test_nobody_takes_away_their_own() -> None:
    staff = make_worker("administrator", factor=True)
    assert staff.user
    with pytest.raises(Refused, match="their own second factor"):
        services.reset_second_factor(actor=staff_actor(staff.user), staff=staff)
    assert Authenticator.objects.filter(type="totp").exists()


# -- sessions ----------


def test_sessions_are_listed_and_ended() -> None:
    say(False)
    make_worker()
    firefox = {"User-Agent": "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0"}
    here, there = Client(), Client(headers=firefox)
    for client in (here, there):
        sign_in(client, EMAIL, PASSWORD)
    shown = here.get(reverse("access:sessions")).content.decode()
    assert "Firefox, Windows" in shown
    assert shown.count("this one") == 1
    row = SignedIn.objects.get(device="Firefox, Windows")
    here.post(reverse("access:end_session", args=[row.public_id]))
    assert there.get(reverse("staff:today")).status_code == 302
    assert here.get(reverse("staff:today")).status_code == 200
    assert "Firefox" not in here.get(reverse("access:sessions")).content.decode()
    assert Entry.objects.filter(action="access.end_session").count() == 1


def test_nobody_ends_a_session_of_somebody_else() -> None:
    say(False)
    make_worker()
    client = signed_in()
    row = SignedIn.objects.get()
    other = as_staff(make_staff_with("therapist"))
    assert other.post(reverse("access:end_session", args=[row.public_id])).status_code == 404
    assert client.get(reverse("staff:today")).status_code == 200


def test_who_keeps_the_staff_signs_somebody_out_everywhere() -> None:
    say(False)
    staff = make_worker()
    client, administrator = signed_in(), as_staff(make_staff_with("administrator"))
    url = reverse("access:member_sessions", args=[staff.public_id])
    assert "Sign out everywhere" in administrator.get(url).content.decode()
    administrator.post(reverse("access:end_member_sessions", args=[staff.public_id]))
    assert client.get(reverse("staff:today")).status_code == 302
    assert "Nowhere" in administrator.get(url).content.decode()


def test_a_new_password_ends_the_sessions_of_the_old_one() -> None:
    say(False)
    make_worker()
    here, there = signed_in(), signed_in()
    new = "quite another long sentence"
    told = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    here.post(reverse("account_change_password"), told)
    assert there.get(reverse("staff:today")).status_code == 302
    assert here.get(reverse("staff:today")).status_code == 200
    assert SignedIn.objects.filter(ended_at=None).count() == 1
    assert Entry.objects.filter(action="access.change_password").count() == 1


def test_a_role_given_or_ended_ends_the_sessions_from_before() -> None:
    say(False)
    staff, administrator = make_worker(), make_staff_with("administrator")
    assert administrator.user
    actor = staff_actor(administrator.user)
    client = signed_in()
    given = services.grant_role(actor=actor, staff=staff, role="supervisor")
    assert client.get(reverse("staff:today")).status_code == 302
    client = signed_in()
    services.end_role(actor=actor, assignment=given, on=timezone.now().date())
    assert client.get(reverse("staff:today")).status_code == 302


def test_a_session_that_was_left_is_not_listed() -> None:
    say(False)
    make_worker()
    signed_in().post(reverse("account_logout"))
    client = signed_in()
    shown = client.get(reverse("access:sessions")).content.decode()
    assert len(re.findall("<tr data-item", shown)) == 1
