"""What the guard lets through, what it answers otherwise, and what it writes down."""

from __future__ import annotations

import re
import time
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from dayward.foundation.access import services
from dayward.foundation.access.factories import make_staff_with, make_treating
from dayward.foundation.access.middleware import SEEN, SINCE
from dayward.foundation.access.models import BreakGlass
from dayward.foundation.access.powers import Powers
from dayward.foundation.access.queries import openings_to_see
from dayward.foundation.audit.actors import staff_actor
from dayward.foundation.audit.models import Entry
from dayward.foundation.organization.factories import make_site
from dayward.foundation.people import services as people
from dayward.foundation.people.factories import SETUP, STARTED, make_person, make_user
from dayward.foundation.people.models import Person, StaffMember, User

pytestmark = pytest.mark.django_db

REASON = "On call tonight, they phoned in a crisis."


def as_staff(staff: StaffMember, **more: Any) -> Client:
    client = Client(**more)
    assert staff.user
    client.force_login(staff.user)
    return client


def page(person: Person) -> str:
    return reverse("people:person", args=[person.public_id])


def views() -> list[tuple[str, str, str]]:
    return list(Entry.objects.filter(kind="view").values_list("action", "person", "detail__through"))


def test_each_chart_page_leaves_one_entry_with_what_opened_it() -> None:
    person = make_person()
    client = as_staff(make_treating(person))
    assert client.get(page(person)).status_code == 200
    assert views() == [("people:person", person.public_id, "care_team")]


def test_a_change_leaves_its_own_entry_and_no_view() -> None:
    person = make_person()
    client = as_staff(make_treating(person))
    client.post(
        reverse("people:add_identifier", args=[person.public_id]), {"system": "St. Brigid", "value": "77"}
    )
    assert views() == []
    assert Entry.objects.filter(action="people.add_identifier", person=person.public_id).count() == 1


def test_a_closed_chart_explains_and_leads_to_break_glass() -> None:
    person = make_person(legal_family="Marked-Name")
    answer = as_staff(make_staff_with("therapist")).get(page(person))
    assert answer.status_code == 403
    assert reverse("access:break_glass", args=[person.public_id]) in answer.content.decode()
    assert "Marked-Name" not in answer.content.decode()
    refusal = Entry.objects.get(kind="refused")
    assert (refusal.action, refusal.person, refusal.detail["permission"]) == (
        "people:person",
        person.public_id,
        "people.read",
    )


@pytest.mark.parametrize("role", ["administrator", "front_desk"])
def test_without_a_chart_role_a_chart_does_not_exist(role: str) -> None:
    """Known or not: the same answer, byte for byte."""
    known, client = make_person(), as_staff(make_staff_with(role))
    one = client.get(page(known))
    other = client.get(page(Person(public_id="2222222222222222")))
    assert one.status_code == other.status_code == 404
    assert without_noise(one) == without_noise(other)


def test_of_another_site_and_without_the_right_a_chart_does_not_differ_from_none() -> None:
    """Whoever tries ids learns nothing by them, read or sent; the try is written down."""
    nobody = Person(public_id="2222222222222222")
    client, _near, far = of_one_site("biller")
    for name, status in (("people:person", 404), ("people:add_address", 403)):
        for send in (client.get, client.post):
            answers = [send(reverse(name, args=[one.public_id])) for one in (far, nobody)]
            assert [answer.status_code for answer in answers] == [status, status]
            assert without_noise(answers[0]) == without_noise(answers[1])
    assert Entry.objects.filter(kind="refused", person=far.public_id).count() == 4


def without_noise(answer: Any) -> str:
    """The page without its form token and its own address."""
    return re.sub(r"[A-Za-z0-9]{64}|/\w{16}/", "", answer.content.decode())


def test_a_role_without_the_permission_is_told_so() -> None:
    answer = as_staff(make_staff_with("therapist")).get(reverse("access:staff"))
    assert answer.status_code == 403
    assert "Keep staff, their roles" in answer.content.decode()
    assert Entry.objects.get(kind="refused").action == "access:staff"


def test_break_glass_opens_the_page_one_came_from() -> None:
    person, staff = make_person(), make_staff_with("therapist")
    client = as_staff(staff)
    url = reverse("access:break_glass", args=[person.public_id])
    answer = client.post(url, {"reason": REASON, "next": page(person)})
    assert answer.headers["Location"] == page(person)
    shown = client.get(page(person))
    assert shown.status_code == 200
    assert "by break-glass for" in shown.content.decode()
    assert ("people:person", person.public_id, "break_glass") in views()


@pytest.mark.parametrize(
    "target", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)"]
)
def test_break_glass_never_leads_elsewhere(target: str) -> None:
    person = make_person()
    client = as_staff(make_staff_with("therapist"))
    url = reverse("access:break_glass", args=[person.public_id])
    assert client.post(url, {"reason": REASON, "next": target}).headers["Location"] == page(person)


def test_break_glass_leads_back_to_what_is_no_name_of_a_view() -> None:
    client, person = as_staff(make_staff_with("therapist")), make_person()
    answer = client.post(
        reverse("access:break_glass", args=[person.public_id]), {"reason": REASON, "next": "999"}
    )
    assert answer.headers["Location"] == "999"


def test_through_break_glass_nobody_lets_themselves_in_for_longer() -> None:
    person, staff = make_person(), make_staff_with("therapist")
    assert staff.user
    client = as_staff(staff)
    client.post(reverse("access:break_glass", args=[person.public_id]), {"reason": REASON})
    add = reverse("access:add_to_team", args=[person.public_id])
    client.post(add, {"staff": staff.pk, "function": "therapist"})
    assert not person.care_team.exists()
    services.add_to_care_team(actor=SETUP, person=person, staff=staff, function="therapist")
    client.post(add, {"staff": make_staff_with("prescriber").pk, "function": "prescriber"})
    assert person.care_team.count() == 2  # on the team they may


def test_nobody_of_another_site_is_put_on_a_care_team() -> None:
    person, director = make_person(), make_staff_with("director")
    near, far = make_staff_with("therapist"), make_staff_with("therapist", site=make_site("Riverbend East"))
    client, add = as_staff(director), reverse("access:add_to_team", args=[person.public_id])
    assert client.post(add, {"staff": far.pk, "function": "therapist"}).status_code == 422
    client.post(add, {"staff": near.pk, "function": "therapist"})
    assert [member.staff for member in person.care_team.all()] == [near]


def test_a_role_for_one_site_gives_none_for_others() -> None:
    here, there = make_site("Riverbend South"), make_site("Riverbend East")
    staff, other = make_staff_with(), make_staff_with()
    services.grant_role(actor=SETUP, staff=staff, role="director", site=here, starts_on=STARTED)
    client, url = as_staff(staff), reverse("access:grant_role", args=[other.public_id])
    for site in ("", there.pk, here.pk):
        client.post(url, {"role": "director", "site": site, "starts_on": "2025-01-01"})
    assert [one.site for one in other.roles.all()] == [here]


def test_compliance_of_one_site_reads_the_trail_of_that_site() -> None:
    here, there = make_site("Riverbend South"), make_site("Riverbend East")
    near, far = (make_person(site=site, legal_family=site.name.split()[1]) for site in (here, there))
    opener = make_staff_with("therapist")
    assert opener.user
    for person in (near, far):
        services.open_break_glass(actor=staff_actor(opener.user), person=person, reason=REASON)
    staff = make_staff_with()
    services.grant_role(actor=SETUP, staff=staff, role="compliance", site=here, starts_on=STARTED)
    client = as_staff(staff)
    for name in ("access:trail", "access:openings"):
        shown = client.get(reverse(name)).content.decode()
        assert near.called in shown
        assert far.called not in shown
    assert [row.person for row in openings_to_see(Powers(staff))] == [near]
    asked = client.get(reverse("access:trail"), {"kind": "export"}).content.decode()
    assert '<option value="export" selected>took out</option>' in asked  # in the words of the lines
    assert near.called not in asked
    url = reverse("access:review", args=[far.break_glass.get().public_id])
    assert client.post(url, {"outcome": "fine"}).status_code == 404


def test_an_opening_only_ends_and_is_reviewed_once() -> None:
    staff, reviewer = make_staff_with("therapist"), make_staff_with("compliance")
    assert staff.user and reviewer.user
    opening = services.open_break_glass(actor=staff_actor(staff.user), person=make_person(), reason=REASON)
    rows = BreakGlass.objects.filter(pk=opening.pk)
    for change in (
        {"expires_at": opening.expires_at + timedelta(hours=1)},
        {"reviewed_at": opening.opened_at, "reviewed_by": staff.user, "review_outcome": "fine"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**change)
    services.review_break_glass(actor=staff_actor(reviewer.user), opening=opening, outcome="No need seen.")
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(review_outcome="Fine after all.")
    services.end_break_glass(actor=staff_actor(staff.user), opening=opening)


def test_closing_break_glass_closes_the_chart() -> None:
    person, staff = make_person(), make_staff_with("therapist")
    assert staff.user
    client = as_staff(staff)
    client.post(reverse("access:break_glass", args=[person.public_id]), {"reason": REASON})
    opening = person.break_glass.get()
    client.post(reverse("access:end_break_glass", args=[opening.public_id]))
    assert client.get(page(person)).status_code == 403


def test_a_duplicates_address_leads_to_the_person_who_is_read() -> None:
    one, other = make_person(birth_date=date(1990, 1, 1)), make_person(birth_date=date(1990, 1, 1))
    client = as_staff(make_treating(one))
    people.declare_same(actor=SETUP, duplicate=other, same_as=one)
    answer = client.get(page(other) + "?q=1")
    assert answer.headers["Location"] == page(one) + "?q=1"


def test_signed_out_goes_to_the_sign_in_and_back_again() -> None:
    url = reverse("access:roles")
    answer = Client().get(url + "?x=1")
    assert answer.headers["Location"] == f"{reverse('account_login')}?next=%2Faccess%2Froles%2F%3Fx%3D1"


def test_a_panel_of_a_page_whose_session_ended_loads_the_page_anew() -> None:
    answer = Client(headers={"HX-Request": "true"}).get(reverse("access:roles"))
    assert answer.status_code == 204
    assert answer.headers["HX-Refresh"] == "true"


def test_a_patients_account_opens_no_staff_page() -> None:
    client = Client()
    client.force_login(User.objects.create(person=make_person()))
    assert client.get(reverse("access:roles")).status_code == 403
    assert client.get(reverse("staff:today")).status_code == 403


def test_who_looked_at_this_chart_names_lists_too() -> None:
    person = make_person(legal_family="Okafor")
    client = as_staff(make_staff_with("compliance", given="Ruth", family="Feldman"))
    client.post(reverse("staff:search"), {"q": "Okafor"}, follow=True)
    shown = client.get(reverse("access:readers", args=[person.public_id])).content.decode()
    assert "People by name, birth date or phone" in shown
    assert "staff:search" not in shown  # a key of the program: the trail has it
    assert "Ruth Feldman" in shown


def test_a_search_shows_a_birth_date_only_where_the_chart_is_open() -> None:
    make_person(legal_family="Okafor", birth_date=date(1991, 4, 12))
    closed = (
        as_staff(make_staff_with("therapist"))
        .post(reverse("staff:search"), {"q": "Okafor"}, follow=True)
        .content.decode()
    )
    assert "Okafor" in closed
    assert "1991" not in closed
    assert views() == []
    opened = (
        as_staff(make_staff_with("supervisor"))
        .post(reverse("staff:search"), {"q": "Okafor"}, follow=True)
        .content.decode()
    )
    assert "Apr 12, 1991" in opened
    assert len(views()) == 1


# -- sessions ----------


def test_who_is_idle_is_signed_out(settings: Any) -> None:
    client = as_staff(make_staff_with("therapist"))
    assert client.get(reverse("staff:today")).status_code == 200
    session = client.session
    session[SEEN] = int(time.time()) - settings.IDLE_MINUTES * 60 - 5
    session.save()
    assert client.get(reverse("staff:today")).status_code == 302
    assert Entry.objects.filter(action="access.sign_out").count() == 1


@pytest.mark.parametrize(("ahead", "status"), [(60, 200), (3 * 3600, 302)])
def test_when_the_clock_went_back_everybody_signs_in_anew(ahead: int, status: int) -> None:
    client = as_staff(make_staff_with("therapist"))
    client.get(reverse("staff:today"))
    session = client.session
    session[SEEN] = session[SINCE] = int(time.time()) + ahead
    session.save()
    assert client.get(reverse("staff:today")).status_code == status


def sign_in(client: Client, email: str, password: str, **more: str) -> Any:
    return client.post(reverse("account_login"), {"login": email, "password": password, **more})


PASSWORD = "a calm sentence to keep"


def make_worker(**fields: Any) -> StaffMember:
    user = make_user("ana@clinic.example", PASSWORD)
    return make_staff_with("therapist", user=user, **fields)


def test_signing_in_and_out_is_written_down() -> None:
    staff, client = make_worker(), Client()
    assert staff.user
    answer = sign_in(client, "Ana@Clinic.example", PASSWORD)
    assert answer.headers["Location"] == "/"
    client.post(reverse("account_logout"))
    written = Entry.objects.filter(kind="sign_in").order_by("pk").values_list("action", "actor")
    assert list(written) == [
        ("access.sign_in", staff.user.public_id),
        ("access.sign_out", staff.user.public_id),
    ]


def test_a_failed_sign_in_names_the_account_and_not_what_was_typed() -> None:
    staff = make_worker()
    assert staff.user
    sign_in(Client(), "ana@clinic.example", "marked-password")
    sign_in(Client(), "marked-mail@clinic.example", "marked-password")
    entries = list(Entry.objects.filter(action="access.sign_in_failed").order_by("pk"))
    assert [entry.detail["account"] for entry in entries] == [staff.user.public_id, ""]
    assert "marked" not in str([entry.__dict__ for entry in entries])


def test_guessing_passwords_is_slowed_down() -> None:
    make_worker()
    client = Client()
    for _try in range(6):
        answer = sign_in(client, "ana@clinic.example", "wrong")
    assert "Too many failed" in answer.content.decode()
    assert "_auth_user_id" not in client.session
    sign_in(client, "ana@clinic.example", PASSWORD)
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    "target", ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example"]
)
def test_signing_in_never_leads_elsewhere(target: str) -> None:
    make_worker()
    assert sign_in(Client(), "ana@clinic.example", PASSWORD, next=target).headers["Location"] == "/"


def test_who_left_does_not_sign_in() -> None:
    make_worker(ended_on=date(2024, 12, 31))
    client = Client()
    sign_in(client, "ana@clinic.example", PASSWORD)
    assert "_auth_user_id" not in client.session


def test_nobody_signs_up() -> None:
    assert Client().get("/account/signup/").status_code == 404


def test_a_patient_does_not_sign_in_with_a_password() -> None:
    person = make_person()
    user = User.objects.create_user(email="gabi@mail.example", password=PASSWORD, person=person)
    client = Client()
    sign_in(client, "gabi@mail.example", PASSWORD)
    assert "_auth_user_id" not in client.session
    assert user.person == person


@pytest.mark.parametrize(
    ("role", "home"),
    [("intake", "journey:pipeline"), ("therapist", "staff:today"), ("administrator", "staff:setup")],
)
def test_each_role_starts_on_its_own_first_screen(role: str, home: str) -> None:
    assert as_staff(make_staff_with(role)).get("/").headers["Location"] == reverse(home)


def test_closing_a_chart_is_seen_by_a_page_that_was_open() -> None:
    person = make_person()
    staff = make_treating(person)
    client = as_staff(staff)
    assert client.get(page(person)).status_code == 200
    services.end_care_team(actor=SETUP, member=staff.care_teams.get())
    answer = client.post(reverse("people:add_address", args=[person.public_id]), {"street": "4 Elm"})
    assert answer.status_code == 403
    assert not person.addresses.exists()


# -- who may already be here ----------


def of_one_site(role: str) -> tuple[Client, Person, Person]:
    """Somebody with a role for one site, and two people of one name: one there, one elsewhere."""
    here, there = make_site("Riverbend South"), make_site("Riverbend East")
    staff = make_staff_with(site=here)
    services.grant_role(actor=SETUP, staff=staff, role=role, site=here, starts_on=STARTED)
    twins = [
        make_person(site=site, birth_date=BORN, legal_given="Nia", legal_family="Okafor")
        for site in (here, there)
    ]
    return as_staff(staff), twins[0], twins[1]


BORN = date(1991, 4, 12)
NAMED = {"legal_given": "Nia", "legal_family": "Okafor"}


@pytest.mark.parametrize("role", ["front_desk", "intake"])
def test_registering_names_nobody_of_another_site(role: str) -> None:
    client, near, _far = of_one_site(role)
    answer = client.post(reverse("people:register"), {**NAMED, "birth_date": "1991-04-12"})
    assert [one.person for one in answer.context["candidates"]] == [near]
    assert Entry.objects.get(action="people:register").detail["people"] == [near.public_id]


def test_possible_duplicates_are_of_ones_own_sites() -> None:
    client, near, far = of_one_site("supervisor")
    third = make_person(site=near.site, birth_date=BORN, legal_given="Nia", legal_family="Okafor")
    answer = client.get(reverse("people:duplicates", args=[third.public_id]))
    assert [one.person for one in answer.context["candidates"]] == [near]
    assert far.public_id not in answer.content.decode()


def test_an_inquiry_names_nobody_of_another_site() -> None:
    client, near, _far = of_one_site("intake")
    form = client.get(reverse("journey:new_inquiry")).context["form"]
    told = {name: form[name].value() or "" for name in form.fields}
    told |= {"given": "Nia", "family": "Okafor", "birth_date": "1991-04-12"}
    assert near.site
    told["site"] = near.site.public_id
    answer = client.post(reverse("journey:new_inquiry"), told)
    assert answer.context["form"].errors == {}
    assert [one.person for one in answer.context["candidates"]] == [near]


def test_of_another_site_nobody_learns_a_name_by_break_glass() -> None:
    client, near, far = of_one_site("therapist")
    for person, status in ((near, 200), (far, 404)):
        url = reverse("access:break_glass", args=[person.public_id])
        assert client.get(url).status_code == status
        closed = client.get(page(person))
        assert (url in closed.content.decode()) is (person == near)
    client.post(reverse("access:break_glass", args=[far.public_id]), {"reason": REASON})
    assert not BreakGlass.objects.exists()


# -- a screen that nobody touches ----------


def idle_for(client: Client, seconds: int) -> None:
    session = client.session
    session[SEEN] = int(time.time()) - seconds
    session.save()


def test_what_the_page_does_by_itself_does_not_prolong(settings: Any) -> None:
    client, poll = as_staff(make_staff_with("therapist")), {"X-Dayward-Poll": "1"}
    client.get(reverse("staff:today"))
    idle_for(client, 20 * 60)
    still = reverse("account_still")
    for url in (reverse("staff:today"), still):
        client.get(url, headers=poll)
    assert 9 * 60 <= client.get(still, headers=poll).json()["left"] <= 10 * 60
    assert client.get(still).json()["left"] >= settings.IDLE_MINUTES * 60 - 5  # somebody touched the page
    idle_for(client, settings.IDLE_MINUTES * 60 + 5)
    assert client.get(still, headers=poll).json() == {"left": 0}
    assert Client().get(still).json() == {"left": 0}


def test_in_its_last_second_the_page_that_asks_ends_the_session(settings: Any) -> None:
    """What is told no time is left loads itself anew: that must not begin another half hour."""
    client, poll = as_staff(make_staff_with("therapist")), {"X-Dayward-Poll": "1"}
    client.get(reverse("staff:today"))
    idle_for(client, settings.IDLE_MINUTES * 60)
    assert client.get(reverse("account_still"), headers=poll).json() == {"left": 0}
    assert client.get(reverse("staff:today")).status_code == 302


def test_after_twelve_hours_one_signs_in_again() -> None:
    client = as_staff(make_staff_with("therapist"))
    client.get(reverse("staff:today"))
    session = client.session
    session[SINCE] = int(time.time()) - 12 * 3600 - 5
    session.save()
    assert client.get(reverse("staff:today")).status_code == 302


def test_what_is_sent_too_late_leads_back_to_its_page() -> None:
    """To the page it was typed on, where the draft is; never to another server."""
    url = reverse("access:grant_role", args=["2222222222222222"])
    for told, leads in (
        ("http://testserver/access/staff/x/?a=1", "?next=%2Faccess%2Fstaff%2Fx%2F%3Fa%3D1"),
        ("https://elsewhere.example/access/", ""),
        ("", ""),
    ):
        answer = Client().post(url, {}, headers={"Referer": told})
        assert answer.headers["Location"] == reverse("account_login") + leads
