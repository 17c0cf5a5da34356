"""Search and the palette name people of one's own sites only, whatever the role."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import resolve, reverse
from pytest_django import DjangoAssertNumQueries

from dayward.care.journey.factories import make_actor, make_case, make_episode, make_program
from dayward.care.journey.services import discharge
from dayward.foundation.access import services
from dayward.foundation.access.factories import make_staff_with
from dayward.foundation.access.roles import ROLES
from dayward.foundation.access.tests.test_guard import as_staff
from dayward.foundation.organization.factories import make_site
from dayward.foundation.people.factories import SETUP, STARTED, make_person
from dayward.foundation.people.models import StaffMember

pytestmark = pytest.mark.django_db

FINDING = sorted(key for key, role in ROLES.items() if "people.find" in role.permissions)
ASKED = ("Okafor", "okafr", "4/12/1991")


def of_site(role: str, name: str) -> StaffMember:
    site = make_site(name)
    staff = make_staff_with(site=site)
    services.grant_role(actor=SETUP, staff=staff, role=role, site=site, starts_on=STARTED)
    return staff


@pytest.mark.parametrize("role", FINDING)
def test_search_and_palette_are_of_ones_own_sites(role: str) -> None:
    for site, given in (("Riverbend South", "Nearby"), ("Riverbend East", "Faraway")):
        make_person(
            site=make_site(site), legal_given=given, legal_family="Okafor", birth_date=date(1991, 4, 12)
        )
    client = as_staff(of_site(role, "Riverbend South"))
    for text in ASKED:
        for name in ("staff:search", "staff:palette"):
            shown = client.post(reverse(name), {"q": text}, follow=True).content.decode()
            assert "Nearby" in shown, (text, name)
            assert "Faraway" not in shown, (text, name)


@pytest.mark.parametrize("role", sorted(set(ROLES) - set(FINDING)))
def test_who_may_find_nobody_finds_nobody(role: str) -> None:
    make_person(legal_given="Nearby", legal_family="Okafor")
    client = as_staff(make_staff_with(role))
    assert client.post(reverse("staff:search"), {"q": "Okafor"}).status_code == 403
    assert "Nearby" not in client.post(reverse("staff:palette"), {"q": "Okafor"}).content.decode()


def test_a_role_that_has_ended_at_a_site_finds_nobody_there() -> None:
    """Two sites, one of them until last year."""
    staff = of_site("intake", "Riverbend South")
    there = make_site("Riverbend East")
    services.grant_role(
        actor=SETUP, staff=staff, role="intake", site=there, starts_on=STARTED, ends_on=date(2025, 1, 1)
    )
    make_person(site=there, legal_given="Faraway", legal_family="Okafor")
    shown = as_staff(staff).post(reverse("staff:search"), {"q": "Okafor"}, follow=True).content.decode()
    assert "Faraway" not in shown


def shown_to(staff: StaffMember, text: str, name: str = "staff:search") -> str:
    return as_staff(staff).post(reverse(name), {"q": text}, follow=True).content.decode()


def order_of(shown: str, *names: str) -> list[str]:
    assert all(name in shown for name in names)
    return sorted(names, key=shown.index)


def test_people_in_treatment_come_first_and_it_says_so() -> None:
    program = make_program(name="Evening IOP")
    former = make_person(site=program.site, legal_given="Abe", legal_family="Okafor")
    gone = make_episode(person=former, program=program, started=True)
    discharge(actor=make_actor("director"), episode=gone, kind="MOVE", reason="Moved away")
    make_case(person=make_person(site=program.site, legal_given="Bea", legal_family="Okafor"))
    treated = make_person(site=program.site, legal_given="Cid", legal_family="Okafor")
    make_episode(person=treated, program=program)
    shown = shown_to(make_staff_with("supervisor"), "okafor")
    assert order_of(shown, "Abe", "Bea", "Cid") == ["Cid", "Bea", "Abe"]
    assert "In treatment, Evening IOP" in shown
    assert "Formerly, Evening IOP" in shown


def test_who_may_not_know_gets_names_in_order_and_nothing_else() -> None:
    """Neither a word nor the order says who is a patient."""
    program = make_program(name="Evening IOP")
    make_person(site=program.site, legal_given="Abe", legal_family="Okafor")
    treated = make_person(site=program.site, legal_given="Cid", legal_family="Okafor")
    make_episode(person=treated, program=program)
    for role in ("front_desk", "therapist"):
        shown = shown_to(make_staff_with(role), "okafor")
        assert order_of(shown, "Abe", "Cid") == ["Abe", "Cid"], role
        assert "In treatment" not in shown
        assert "Evening IOP" not in shown


def test_the_best_match_comes_first() -> None:
    site = make_site()
    make_person(site=site, legal_given="Ann", legal_family="Ashlee")
    make_person(site=site, legal_given="Zoe", legal_family="Lee")
    assert order_of(shown_to(make_staff_with("supervisor"), "lee"), "Ann", "Zoe") == ["Zoe", "Ann"]


def test_a_list_that_is_cut_says_of_how_many() -> None:
    site = make_site()
    for number in range(23):
        make_person(site=site, legal_given=f"Given{number}", legal_family="Okafor")
    staff = make_staff_with("supervisor")
    assert "20 of 23 shown" in shown_to(staff, "okafor")
    assert "shown. Type more" not in shown_to(staff, "given22")


def test_search_and_palette_ask_little(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    program = make_program()
    for number in range(8):
        person = make_person(site=program.site, legal_given=f"Given{number}", legal_family="Okafor")
        make_episode(person=person, program=program)
    client = as_staff(make_staff_with("supervisor"))
    client.post(reverse("staff:search"), {"q": "okafor"})
    with django_assert_max_num_queries(15):
        client.get(reverse("staff:search"))
    with django_assert_max_num_queries(15):
        client.post(reverse("staff:palette"), {"q": "okafor meds"})


@pytest.mark.parametrize(
    ("typed", "url_name"),
    [
        ("okafor meds", "medications:chart"),
        ("meds okafor", "medications:chart"),
        ("book for okafor", "schedule:book"),
        ("write a note for okafor", "notes:contact"),
        ("letter for okafor", "casework:new_letter"),
        ("okafor", "plans:chart"),
    ],
)
def test_the_palette_goes_to_a_persons_page_by_name(typed: str, url_name: str) -> None:
    person = make_person(legal_family="Okafor")
    url = reverse(url_name, args=[person.public_id])
    assert url in shown_to(make_staff_with("supervisor"), typed, "staff:palette")
    for role in ("therapist", "front_desk"):
        shown = shown_to(make_staff_with(role), typed, "staff:palette")
        assert url not in shown, role
        assert "Okafor" in shown, role


def test_a_name_that_is_also_a_page_is_found() -> None:
    make_person(legal_given="Ann", legal_family="Case")
    assert "Ann Case" in shown_to(make_staff_with("supervisor"), "ann case", "staff:palette")
    assert "Ann Case" in shown_to(make_staff_with("supervisor"), "case", "staff:palette")


def test_an_action_without_a_name_asks_for_one() -> None:
    assert "type a name beside it" in shown_to(make_staff_with("supervisor"), "book", "staff:palette")
    assert "type a name beside it" not in shown_to(make_staff_with("administrator"), "book", "staff:palette")


@pytest.mark.parametrize("role", sorted(ROLES))
def test_every_page_that_the_palette_names_opens(role: str) -> None:
    client = as_staff(make_staff_with(role))
    for text in ("", "set", "set up", "staff", "rules", "closed", "waitlist", "due", "t"):
        context = client.post(reverse("staff:palette"), {"q": text}).context
        for page in [*context["pages"], *context["actions"]]:
            access = resolve(page.url).func.dayward_access  # type: ignore[attr-defined]
            assert access.permission is None or access.permission.key in ROLES[role].permissions, page


def test_pages_without_a_menu_are_found_by_their_title() -> None:
    assert reverse("journey:waitlist") in shown_to(make_staff_with("intake"), "waitl", "staff:palette")
    assert reverse("journey:waitlist") not in shown_to(make_staff_with("biller"), "waitl", "staff:palette")


def test_set_up_pages_and_settings_are_found_by_who_sets_up() -> None:
    shown = shown_to(make_staff_with("administrator"), "holidays", "staff:palette")
    assert reverse("schedule:closures") in shown
    assert reverse("schedule:closures") not in shown_to(
        make_staff_with("biller"), "holidays", "staff:palette"
    )
    settings = shown_to(make_staff_with("administrator"), "settings", "staff:palette")
    assert reverse("staff:settings") in settings
    assert reverse("staff:settings") + "journey." in settings or settings.count("setup/settings/") > 3


def test_who_may_find_nobody_is_offered_pages_only() -> None:
    """The box, its words and the page behind it, with and without script."""
    client = as_staff(make_staff_with("administrator"))
    shown = client.get(reverse("staff:setup")).content.decode()
    assert "Find a page" in shown
    assert "atient, page or action" not in shown
    assert reverse("staff:search") not in shown
    alone = client.post(reverse("staff:palette"), {"q": "holidays"}).content.decode()
    assert "<html" in alone
    inside = client.post(reverse("staff:palette"), {"q": "holidays"}, headers={"HX-Request": "true"})
    assert "<html" not in inside.content.decode()
    assert "Find a patient or page" in as_staff(make_staff_with("intake")).get("/today/").content.decode()


def test_a_short_name_is_no_word_between() -> None:
    person = make_person(legal_given="Binh", legal_family="An")
    url = reverse("medications:chart", args=[person.public_id])
    assert url in shown_to(make_staff_with("supervisor"), "an meds", "staff:palette")
