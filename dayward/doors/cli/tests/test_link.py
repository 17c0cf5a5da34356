"""An administrator whom nobody else can help gets in again: by whoever keeps the machine, and with a trace."""

from __future__ import annotations

from argparse import Namespace

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.hashers import check_password

from dayward.doors.cli import link
from dayward.foundation.access.factories import make_staff_with
from dayward.foundation.access.services import use_sign_in_link
from dayward.foundation.audit.models import Entry
from dayward.foundation.people.factories import make_user
from dayward.kernel.errors import Refused

pytestmark = pytest.mark.django_db
EMAIL, NEW = "robin@northside.example", "a lantern found again"


def asked(email: str = EMAIL, *, lost_factor: bool = False) -> Namespace:
    return Namespace(email=email, lost_factor=lost_factor, address="https://clinic.example/")


def test_a_link_sets_a_new_password_and_the_trail_says_who_made_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    user = make_user(EMAIL, "a lantern at the harbor")
    make_staff_with("administrator", user=user)
    TOTP.activate(user, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    assert link.run(asked(" Robin@Northside.example")) == 0
    said = capsys.readouterr().out.split()[0]
    assert said.startswith("https://clinic.example/access/set-password/")
    use_sign_in_link(secret=said.split("/")[-2], password=NEW)
    user.refresh_from_db()
    assert check_password(NEW, user.password)
    assert Authenticator.objects.filter(user=user).exists(), "the second factor stays"
    assert Entry.objects.get(action="access.make_sign_in_link").actor == "link"


def test_a_lost_factor_goes_with_the_password_and_is_written_down() -> None:
    user = make_user(EMAIL, "a lantern at the harbor")
    make_staff_with("administrator", user=user)
    TOTP.activate(user, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    link.run(asked(lost_factor=True))
    user.refresh_from_db()
    assert (user.has_usable_password(), Authenticator.objects.filter(user=user).exists()) == (False, False)
    assert Entry.objects.get(action="access.reset_second_factor").actor_kind == "system"


def test_who_does_not_work_here_gets_none() -> None:
    with pytest.raises(Refused, match="Nobody who works here"):
        link.run(asked("stranger@northside.example"))
    assert not Entry.objects.filter(action="access.make_sign_in_link").exists()
