"""Nobody gives roles to themselves, and nobody sets another's password."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dayward.foundation.access import services
from dayward.foundation.access.factories import make_staff_with
from dayward.foundation.access.models import RoleAssignment, SignInLink
from dayward.foundation.access.tests.test_guard import as_staff, sign_in
from dayward.foundation.audit.actors import staff_actor
from dayward.foundation.audit.models import Entry
from dayward.foundation.organization.factories import make_site
from dayward.foundation.organization.models import Organization, Site
from dayward.foundation.people.factories import SETUP, STARTED, make_user
from dayward.foundation.people.models import StaffMember
from dayward.kernel.errors import Refused

pytestmark = pytest.mark.django_db

OLD, NEW = "a calm sentence to keep", "quite another long sentence"


def make_worker(role: str = "therapist") -> StaffMember:
    return make_staff_with(role, user=make_user("ana@clinic.example", OLD))


def link_of(staff: StaffMember) -> str:
    return services.make_sign_in_link(actor=SETUP, staff=staff)


def use(secret: str, password: str = NEW, again: str = "") -> int:
    url = reverse("access:set_password", args=[secret])
    return Client().post(url, {"password": password, "again": again or password}).status_code


def password_is(staff: StaffMember, password: str) -> bool:
    found = StaffMember.objects.select_related("user").get(pk=staff.pk)
    return bool(found.user and found.user.check_password(password))


@pytest.mark.parametrize("role", ["supervisor", "administrator"])
def test_nobody_gives_a_role_to_themselves(role: str) -> None:
    staff = make_staff_with("director" if role == "administrator" else "administrator")
    told = {"role": role, "site": "", "starts_on": "2025-01-01"}
    as_staff(staff).post(reverse("access:grant_role", args=[staff.public_id]), told)
    assert not RoleAssignment.objects.filter(staff=staff, role=role).exists()
    assert (
        "Give this role"
        not in as_staff(staff).get(reverse("access:member", args=[staff.public_id])).content.decode()
    )


def test_who_receives_a_role_that_opens_charts_is_told_once() -> None:
    staff, client = make_worker("administrator"), Client()
    services.grant_role(actor=SETUP, staff=staff, role="supervisor", starts_on=STARTED)
    sign_in(client, "ana@clinic.example", OLD)
    shown = client.get("/", follow=True).content.decode()
    assert "You were given the role Clinical supervisor" in shown
    assert "the role Administrator" not in shown
    assert Entry.objects.filter(action="access.tell_of_roles").count() == 1
    again = Client()
    sign_in(again, "ana@clinic.example", OLD)
    assert "You were given" not in again.get("/", follow=True).content.decode()


def test_the_sign_in_page_sets_no_password() -> None:
    staff = make_worker()
    client = as_staff(make_staff_with("administrator"))
    url = reverse("access:staff_sign_in", args=[staff.public_id])
    assert "password" not in client.get(url).content.decode().lower()
    client.post(url, {"email": "ana@clinic.example", "password": NEW})
    assert password_is(staff, OLD)


def test_a_link_is_shown_once_and_sets_the_password_once() -> None:
    staff = make_worker()
    administrator = as_staff(make_staff_with("administrator"))
    shown = administrator.post(reverse("access:make_sign_in_link", args=[staff.public_id]))
    link = shown.context["link"]
    secret = link.rstrip("/").rsplit("/", 1)[1]
    assert link in shown.content.decode()
    assert secret not in str(list(SignInLink.objects.values())) + str(list(Entry.objects.values()))
    assert "Set password" in Client().get(link).content.decode()
    own = as_staff(staff)
    assert use(secret) == 302
    assert password_is(staff, NEW)
    assert own.get(reverse("access:roles")).status_code == 302  # sessions from before have ended
    assert use(secret, "a third sentence that is long") == 404
    assert password_is(staff, NEW)
    acts = set(Entry.objects.values_list("action", flat=True))
    assert {"access.make_sign_in_link", "access.use_sign_in_link", "people.set_own_password"} <= acts


@pytest.mark.parametrize(
    ("password", "again"), [("short", ""), (NEW, "not the same at all"), ("password1234", "")]
)
def test_a_password_that_does_not_do_leaves_the_link(password: str, again: str) -> None:
    staff = make_worker()
    secret = link_of(staff)
    assert use(secret, password, again) == 200
    assert password_is(staff, OLD)
    assert use(secret) == 302


def test_a_link_ends_after_72_hours_and_with_the_next_one() -> None:
    staff = make_worker()
    long_ago = services.make_sign_in_link(
        actor=SETUP, staff=staff, at=timezone.now() - timedelta(hours=72, minutes=1)
    )
    earlier, later = link_of(staff), link_of(staff)
    assert [use(one) for one in (long_ago, earlier, "x" * 43)] == [404, 404, 404]
    assert use(later) == 302


def test_a_link_made_before_somebody_left_does_not_work() -> None:
    staff = make_worker()
    secret = link_of(staff)
    StaffMember.objects.filter(pk=staff.pk).update(ended_on=STARTED)
    assert use(secret) == 404


def test_nobody_makes_a_link_for_themselves() -> None:
    staff = make_worker("administrator")
    assert staff.user
    with pytest.raises(Refused, match="your own password"):
        services.make_sign_in_link(actor=staff_actor(staff.user), staff=staff)


# -- a role for some sites ----------


def of_site(site: Site, role: str = "administrator") -> StaffMember:
    staff = make_staff_with(site=site)
    services.grant_role(actor=SETUP, staff=staff, role=role, site=site, starts_on=STARTED)
    return staff


def test_who_keeps_staff_of_one_site_leaves_those_of_others_alone() -> None:
    here, there = make_site("Riverbend South"), make_site("Riverbend East")
    client, far = as_staff(of_site(here)), of_site(there, "therapist")
    everywhere = make_staff_with("director", site=here)
    for staff in (far, everywhere):
        client.post(reverse("access:staff_sign_in", args=[staff.public_id]), {"email": "mine@x.example"})
        client.post(reverse("access:make_sign_in_link", args=[staff.public_id]))
        told = {"given": "Changed", "family": "Name", "sites": [here.pk]}
        client.post(reverse("access:edit_staff", args=[staff.public_id]), told)
        held = staff.roles.get()
        client.post(reverse("access:end_role", args=[staff.public_id, held.public_id]))
        held.refresh_from_db()
        assert held.ends_on is None
    assert not SignInLink.objects.exists()
    assert not StaffMember.objects.filter(given="Changed").exists()
    assert not StaffMember.objects.filter(user__email="mine@x.example").exists()


def test_who_keeps_staff_of_one_site_keeps_those_who_work_there_only() -> None:
    here, there = make_site("Riverbend South"), make_site("Riverbend East")
    client, near = as_staff(of_site(here)), of_site(here, "therapist")
    url = reverse("access:edit_staff", args=[near.public_id])
    client.post(url, {"given": "Changed", "family": "Name", "sites": [here.pk, there.pk]})
    assert not StaffMember.objects.filter(given="Changed").exists()
    client.post(url, {"given": "Changed", "family": "Name", "sites": [here.pk]})
    assert StaffMember.objects.get(given="Changed") == near
    client.post(reverse("access:make_sign_in_link", args=[near.public_id]))
    assert SignInLink.objects.get().user == near.user
    client.post(reverse("access:end_role", args=[near.public_id, near.roles.get().public_id]))
    assert near.roles.get().ends_on is not None


def test_setting_up_one_site_leaves_the_others_and_the_clinic_alone() -> None:
    here, there = make_site("Riverbend South"), make_site("Riverbend East")
    client, name = as_staff(of_site(here)), Organization.objects.get().name
    for site in (here, there):
        url = reverse("organization:site", args=[site.public_id])
        form = client.get(url).context["form"]
        told = {key: form[key].value() or "" for key in form.fields}
        client.post(url, {**told, "phone": "512 555 0199", "version": site.version})
    assert list(Site.objects.filter(phone__contains="0199")) == [here]
    new = {"name": "North", "time_zone": "America/Chicago", "state": "TX"}

    def change(client: Client) -> tuple[str, int]:
        client.post(reverse("organization:names"), {"name": "Mine", "neutral_name": "Mine"})
        client.post(reverse("organization:add_site"), new)
        return Organization.objects.get().name, Site.objects.count()

    assert change(client) == (name, 2)
    assert change(as_staff(make_staff_with("administrator", site=here))) == ("Mine", 3)
