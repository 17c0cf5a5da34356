from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from dayward.foundation.audit.models import Entry
from dayward.foundation.organization.factories import make_site
from dayward.foundation.people import queries, services
from dayward.foundation.people.factories import SETUP, make_person, make_staff
from dayward.foundation.people.models import Person, User
from dayward.kernel.errors import Conflict, Refused

pytestmark = pytest.mark.django_db


def test_a_change_names_fields_and_never_values() -> None:
    person = make_person(legal_family="Marked-Name")
    services.update_person(
        actor=SETUP, person=person, version=1, legal_family="Other-Marked", pronouns="they/them"
    )
    entry = Entry.objects.get(action="people.update")
    assert entry.detail == {"fields": ["legal_family", "pronouns"]}
    assert "Marked" not in str(list(Entry.objects.values()))


def test_a_second_writer_is_told_and_nothing_is_lost() -> None:
    person = make_person()
    services.update_person(actor=SETUP, person=person, version=1, contact_note="Only mornings")
    with pytest.raises(Conflict):
        services.update_person(actor=SETUP, person=person, version=1, contact_note="Never call")
    kept = Person.objects.get(pk=person.pk)
    assert (kept.contact_note, kept.version) == ("Only mornings", 2)


def test_saving_what_is_there_changes_nothing() -> None:
    person = make_person()
    services.update_person(actor=SETUP, person=person, version=1, legal_given=person.legal_given)
    assert Person.objects.get(pk=person.pk).version == 1
    assert not Entry.objects.filter(action="people.update").exists()


def test_the_same_number_again_makes_nothing_safe_that_was_not() -> None:
    person = make_person()
    services.add_contact_point(actor=SETUP, person=person, kind="mobile", value="512 555 0147", may_text=True)
    services.add_contact_point(
        actor=SETUP, person=person, kind="mobile", value="(512) 555-0147", may_text=False
    )
    assert list(person.contact_points.values_list("value", "may_text")) == [("+15125550147", False)]
    services.add_contact_point(actor=SETUP, person=person, kind="mobile", value="5125550147", may_text=True)
    assert not person.contact_points.get().may_text


def test_one_number_is_the_one_to_use_first() -> None:
    person = make_person()
    services.add_contact_point(
        actor=SETUP, person=person, kind="mobile", value="512 555 0147", preferred=True
    )
    services.add_contact_point(
        actor=SETUP, person=person, kind="email", value="A@mail.example", preferred=True
    )
    assert list(person.contact_points.filter(preferred=True).values_list("value", flat=True)) == [
        "a@mail.example"
    ]


def test_undo_of_ending_a_number_gives_back_all_of_it() -> None:
    person = make_person()
    point = services.add_contact_point(
        actor=SETUP, person=person, kind="mobile", value="512 555 0147", preferred=True
    )
    services.end_contact_point(actor=SETUP, point=point)
    services.restore_contact_point(actor=SETUP, point=point)
    point.refresh_from_db()
    assert (point.ended_on, point.preferred) == (None, True)


def test_undo_makes_no_second_of_a_number_written_down_anew() -> None:
    number: dict[str, Any] = {"person": make_person(), "kind": "mobile", "value": "512 555 0147"}
    point = services.add_contact_point(actor=SETUP, **number)
    services.end_contact_point(actor=SETUP, point=point)
    services.add_contact_point(actor=SETUP, **number)
    with pytest.raises(Refused):
        services.restore_contact_point(actor=SETUP, point=point)


def test_a_new_address_ends_the_one_before() -> None:
    person = make_person()
    services.add_address(actor=SETUP, person=person, street="1 First")
    services.add_address(actor=SETUP, person=person, street="2 Second")
    about = queries.about(person)
    assert [one.street for one in about.addresses] == ["2 Second"]
    assert [one.street for one in about.past_addresses] == ["1 First"]


# -- the same person twice ---------------------------------------------------------------------------------------


def twins(count: int = 2) -> list[Person]:
    return [make_person(legal_family="Twin", birth_date=date(1990, 1, 1)) for _each in range(count)]


def test_reading_follows_same_as_and_undo_takes_it_back() -> None:
    one, other = twins()
    services.add_contact_point(actor=SETUP, person=other, kind="mobile", value="512 555 0147")
    services.declare_same(actor=SETUP, duplicate=other, same_as=one, reason="same birth date")
    read = Person.objects.canonical(other.public_id)
    assert read == one
    assert [point.value for point in queries.about(read).contacts] == ["+15125550147"]
    services.undo_same(actor=SETUP, duplicate=other)
    assert Person.objects.canonical(other.public_id) == other
    assert queries.about(Person.objects.get(pk=one.pk)).contacts == []


def test_a_chain_of_duplicates_reads_as_one() -> None:
    one, two, three = twins(3)
    services.declare_same(actor=SETUP, duplicate=two, same_as=one)
    services.declare_same(actor=SETUP, duplicate=three, same_as=two)
    for each in (one, two, three):
        fresh = Person.objects.canonical(each.public_id)
        assert fresh == one
        assert sorted(fresh.all_ids) == sorted(person.pk for person in (one, two, three))


def test_saying_it_the_other_way_around_is_refused() -> None:
    one, other = twins()
    services.declare_same(actor=SETUP, duplicate=other, same_as=one)
    with pytest.raises(Refused, match="one person already"):
        services.declare_same(actor=SETUP, duplicate=one, same_as=other)


def test_the_database_refuses_a_circle() -> None:
    one, two, three = twins(3)
    services.declare_same(actor=SETUP, duplicate=two, same_as=one)
    services.declare_same(actor=SETUP, duplicate=three, same_as=two)
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.filter(pk=one.pk).update(same_as=three)


def test_open_conflicts_refuse_the_merge() -> None:
    one, other = twins()
    Person.objects.filter(pk=other.pk).update(birth_date=date(1970, 5, 5))
    with pytest.raises(Refused, match="dates of birth differ"):
        services.declare_same(actor=SETUP, duplicate=Person.objects.get(pk=other.pk), same_as=one)


def test_two_accounts_refuse_the_merge() -> None:
    one, other = twins()
    for each in (one, other):
        User.objects.create(person=each)
    with pytest.raises(Refused, match="own sign-in"):
        services.declare_same(actor=SETUP, duplicate=other, same_as=one)


# -- staff -------------------------------------------------------------------------------------------------------


def test_supervision_does_not_go_in_a_circle() -> None:
    one, two = make_staff(), make_staff()
    services.update_staff(actor=SETUP, staff=one, supervisor=two)
    with pytest.raises(Refused, match="circle"):
        services.update_staff(actor=SETUP, staff=two, supervisor=one)
    with pytest.raises(IntegrityError), transaction.atomic():
        type(two).objects.filter(pk=two.pk).update(supervisor=one)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"npi": "1234567890"}, "NPI"),
        ({"email": "no mail address"}, "valid email"),
        ({"email": "new@clinic.example", "password": "short"}, "too short"),
        ({"given": " "}, "first and the last name"),
    ],
)
def test_what_a_member_of_staff_must_have(fields: dict[str, str], sentence: str) -> None:
    told: dict[str, Any] = {"given": "Ana", "family": "Duarte", **fields}
    with pytest.raises(Refused, match=sentence):
        services.add_staff(actor=SETUP, site=make_site(), **told)


def test_a_mail_address_belongs_to_one_account_whatever_its_case() -> None:
    site = make_site()
    services.add_staff(actor=SETUP, given="Ana", family="Duarte", email="Ana@clinic.example", site=site)
    with pytest.raises(Refused, match="already"):
        services.add_staff(actor=SETUP, given="Ann", family="Duarte", email="ANA@clinic.example", site=site)


# -- finding -----------------------------------------------------------------------------------------------------


def found(typed: str, sites: Sequence[int] | None = None) -> list[Person]:
    """Who fits word for word; where nobody does, whose name is alike."""
    fit = list(queries.matching(typed, sites=sites))
    return fit or list(queries.alike(typed, sites=sites))


@pytest.mark.parametrize(
    "typed",
    [
        "alvarez",
        "ÁLVAREZ",
        "gabi",
        "gabriela álv",
        "alvares",
        "04/12/1991",
        "1991-04-12",
        "555 0147",
        "5125550147",
    ],
)
def test_people_are_found_by_what_one_has(typed: str) -> None:
    person = make_person(
        legal_given="Gabriela", legal_family="Álvarez", chosen_name="Gabi", birth_date=date(1991, 4, 12)
    )
    services.add_contact_point(actor=SETUP, person=person, kind="mobile", value="512 555 0147")
    make_person(legal_given="Terrence", legal_family="Lindqvist", birth_date=date(1960, 1, 1))
    assert found(typed) == [person]


def test_nothing_typed_finds_nobody() -> None:
    make_person()
    assert found("  ") == []


def test_people_of_other_sites_are_left_out() -> None:
    here, there = make_site(), make_site("Riverbend South")
    make_person(legal_family="Okafor", site=there)
    assert found("Okafor", [here.pk]) == []


def test_a_duplicate_is_found_under_the_name_that_is_read() -> None:
    one = make_person(legal_family="Before", birth_date=date(1990, 1, 1))
    other = make_person(legal_family="After", birth_date=date(1990, 1, 1))
    services.declare_same(actor=SETUP, duplicate=other, same_as=one)
    assert found("After") == [one]


def test_possible_duplicates_are_ordered_by_likeness() -> None:
    alike = make_person(legal_given="Dana", legal_family="Brooks", birth_date=date(1985, 12, 3))
    less = make_person(legal_given="Dana", legal_family="Brooks", birth_date=date(1985, 3, 12))
    make_person(legal_given="Nobody", legal_family="Alike", birth_date=date(1950, 1, 1))
    found = queries.possible_duplicates(given="Dana", family="Brooks", birth_date=date(1985, 12, 3))
    assert [one.person for one in found] == [alike, less]


def test_a_person_never_prints_a_name() -> None:
    assert "Marked" not in f"{make_person(legal_family='Marked-Name')!r}"
