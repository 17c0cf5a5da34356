"""Finding people, and telling who might be the same person."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from operator import and_

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import Case, Func, Q, QuerySet, TextField, Value, When, prefetch_related_objects
from django.db.models.functions import Concat
from django.utils.translation import gettext as _

from dayward.foundation.organization.queries import day_at
from dayward.foundation.people import rules
from dayward.foundation.people.models import (
    Address,
    ContactPoint,
    Identifier,
    Person,
    Relationship,
    StaffMember,
)
from dayward.kernel.prepared import Among
from dayward.kernel.registry import Registry

FOUND_AT_MOST = 20
SPACE = Value(" ", TextField())

# Packages above tell when each of these people (by key) is expected next.
next_appointments: Registry[Callable[[Sequence[int]], dict[int, datetime]]] = Registry("next appointments")


@dataclass(frozen=True)
class Candidate:
    """Somebody who may be the person meant, and why."""

    person: Person
    likeness: rules.Likeness


def possible_duplicates(
    *,
    given: str = "",
    family: str = "",
    birth_date: date | None = None,
    identifiers: Iterable[tuple[str, str]] = (),
    phones: Iterable[str] = (),
    besides: Person | None = None,
    sites: Iterable[int] | None = None,
    within: Q | None = None,
) -> list[Candidate]:
    """Who this may already be, most alike first.

    `sites` narrows to those of who asks, and to people of none; `within` to whom their role is about.
    """
    wanted = rules.Sketch(
        given=frozenset(given.split()[:1]),
        family=family,
        birth_date=birth_date,
        phones=frozenset(rules.normal_phone(phone) for phone in phones),
        identifiers=frozenset(identifiers),
    )
    rows = _worth_comparing(wanted).exclude(pk__in=besides.all_ids if besides else [])
    if sites is not None:
        rows = rows.filter(Q(site__in=list(sites)) | Q(site=None))
    if within is not None:
        rows = rows.filter(within)
    found = [Candidate(person, rules.likeness(wanted, sketch(person))) for person in rows[:200]]
    alike = [one for one in found if one.likeness.points >= rules.POSSIBLE]
    return sorted(alike, key=lambda one: (-one.likeness.points, one.person.pk))


def sketch(person: Person) -> rules.Sketch:
    """What is known of one person; reads prefetched contact points and identifiers."""
    return rules.Sketch(
        given=frozenset(filter(None, (person.legal_given, person.chosen_name))),
        family=person.legal_family,
        birth_date=person.birth_date,
        phones=frozenset(point.value for point in person.contact_points.all()),
        identifiers=frozenset(
            (one.system, one.value) for one in person.identifiers.all() if not one.ended_on
        ),
    )


def _worth_comparing(wanted: rules.Sketch) -> QuerySet[Person]:
    values = [value for _system, value in wanted.identifiers]
    by_number = Identifier.objects.filter(value__in=values, ended_on=None)
    by_phone = ContactPoint.objects.filter(value__in=wanted.phones)
    either = Q(pk__in=by_number.values("person")) | Q(pk__in=by_phone.values("person"))
    if wanted.birth_date:
        either |= Q(birth_date=wanted.birth_date) | Q(birth_date=_swapped(wanted.birth_date))
    if wanted.family:
        either |= Q(legal_family__iexact=wanted.family)
    return (
        Person.objects.read().filter(either).prefetch_related("contact_points", "identifiers").order_by("pk")
    )


def _swapped(day: date) -> date:
    return date(day.year, day.day, day.month) if day.day <= 12 else day


@dataclass(frozen=True)
class Search:
    """What was typed into the search field, understood."""

    words: tuple[str, ...] = ()
    birth_date: date | None = None
    phone: str = ""


def understood(text: str) -> Search:
    """A date is a birth date, a run of digits is a phone number, the rest are names."""
    born, rest = _taken_date(text)
    digits = re.sub(r"\D", "", rest) if re.fullmatch(r"[\d\s().+-]+", rest.strip() or "x") else ""
    if len(digits) >= 4:
        return Search(birth_date=born, phone=digits[-10:])
    return Search(tuple(word for word in re.split(r"[\s,]+", rest) if word), born)


def _taken_date(text: str) -> tuple[date | None, str]:
    american = re.search(r"\b(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})\b", text)
    iso = re.search(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b", text)
    match = iso or american
    if not match:
        return None, text
    numbers = [int(part) for part in match.groups()]
    year, month, day = numbers if iso else (numbers[2], numbers[0], numbers[1])
    try:
        return date(year, month, day), text.replace(match.group(0), " ")
    except ValueError:
        return None, text


def matching(text: str, *, sites: Sequence[int] | None = None) -> QuerySet[Person]:
    """Those the text fits word for word; `inside`: 1 where a word stands only in the middle of a name."""
    wanted = understood(text)
    if not (wanted.words or wanted.birth_date or wanted.phone):
        return Person.objects.none()
    begins = [Q(padded__contains=Concat(SPACE, _plain(word))) for word in wanted.words]
    inside = Case(When(reduce(and_, begins), then=0), default=1) if begins else Value(0)
    people = _matching(_of_sites(sites), wanted).annotate(padded=Concat(SPACE, PLAIN_NAME), inside=inside)
    return people.order_by("inside", "legal_family", "legal_given", "pk")


def whose_rows(people: Collection[int]) -> dict[int, int]:
    """These and the rows said to be the same person, each with the person to read for it. One query."""
    return whose_of(people, dict(same_rows()))


def same_rows() -> QuerySet[Person, tuple[int, int]]:
    """Each duplicate with what it is the same as."""
    return Person.objects.filter(same_as__isnull=False).values_list("pk", "same_as_id")


def whose_of(people: Iterable[int], same: Mapping[int, int]) -> dict[int, int]:
    def canonical(pk: int) -> int:
        while pk in same:
            pk = same[pk]
        return pk

    wanted = {canonical(pk) for pk in people}
    found = {pk: pk for pk in wanted}
    found.update({pk: canonical(pk) for pk in same if canonical(pk) in wanted})
    return found


def alike(text: str, *, sites: Sequence[int] | None = None) -> QuerySet[Person]:
    """Those whose name is misspelled in the text, best first; nobody where no name was typed."""
    wanted = understood(text)
    return _alike(_of_sites(sites), wanted) if wanted.words else Person.objects.none()


def _of_sites(sites: Sequence[int] | None) -> QuerySet[Person]:
    everybody = Person.objects.read()
    return everybody if sites is None else everybody.filter(Q(site__in=sites) | Q(site=None))


def _matching(people: QuerySet[Person], wanted: Search) -> QuerySet[Person]:
    for word in wanted.words:
        named = _named(word)
        same = named.filter(same_as__isnull=False).values("same_as")
        people = people.filter(pk__in=named.values("pk").union(same))
    if wanted.birth_date:
        people = people.filter(birth_date=wanted.birth_date)
    if wanted.phone:
        points = ContactPoint.objects.filter(value__contains=wanted.phone, ended_on=None)
        people = people.filter(pk__in=points.values("person"))
    return people


def _alike(people: QuerySet[Person], wanted: Search) -> QuerySet[Person]:
    """Misspelled: enough letters in the same order."""
    text = " ".join(wanted.words)
    if wanted.birth_date:
        people = people.filter(birth_date=wanted.birth_date)
    like = Among("pk", Func(Value(text), function="people_named_like"))
    return people.filter(like).annotate(near=TrigramWordSimilarity(text, PLAIN_NAME)).order_by("-near", "pk")


# Case and accents do not matter; the functions and the index are in migrations 0003 and 0006.
PLAIN_NAME = Func(
    "legal_family", "legal_given", "chosen_name", function="people_plain_name", output_field=TextField()
)


def _named(word: str) -> QuerySet[Person]:
    return Person.objects.annotate(plain=PLAIN_NAME).filter(plain__contains=_plain(word))


def _plain(word: str) -> Func:
    return Func(Value(word), function="people_plain", output_field=TextField())


def appointments_of(people: Sequence[Person]) -> dict[int, datetime]:
    """When each is expected next, by key; from the package that knows the schedule."""
    found: dict[int, datetime] = {}
    for source in next_appointments.values():
        found.update(source([person.pk for person in people]))
    return found


@dataclass(frozen=True)
class About:
    """What is known of one person, over all rows that are them; what is past stands apart."""

    contacts: list[ContactPoint]
    past_contacts: list[ContactPoint]
    addresses: list[Address]
    past_addresses: list[Address]
    identifiers: list[Identifier]
    relatives: list[Relationship]
    past_relatives: list[Relationship]
    age: int | None


def reached_by(person: Person) -> QuerySet[ContactPoint]:
    """The numbers and addresses in use, the one to use first at the head."""
    return ContactPoint.objects.filter(person_id__in=person.all_ids, ended_on=None)


def about(person: Person) -> About:
    """One query for each kind of row."""
    ids = person.all_ids
    contacts = list(ContactPoint.objects.filter(person_id__in=ids))
    addresses = list(Address.objects.filter(person_id__in=ids))
    relatives = list(
        Relationship.objects.filter(person_id__in=ids)
        .select_related("relative")
        .prefetch_related("relative__contact_points")
        .order_by("kind", "pk")
    )
    return About(
        contacts=[one for one in contacts if one.ended_on is None],
        past_contacts=[one for one in contacts if one.ended_on],
        addresses=[one for one in addresses if one.ended_on is None],
        past_addresses=[one for one in addresses if one.ended_on],
        identifiers=list(Identifier.objects.filter(person_id__in=ids, ended_on=None).order_by("pk")),
        relatives=[one for one in relatives if one.ended_on is None],
        past_relatives=[one for one in relatives if one.ended_on],
        age=age(person),
    )


def age(person: Person) -> int | None:
    """Whole years today at the person's site."""
    if person.birth_date is None:
        return None
    return rules.age_on(person.birth_date, today_at(person))


def today_at(person: Person, instant: datetime | None = None) -> date:
    """The calendar day at the person's site; who has none yet: at that of the reader."""
    return day_at(person.site, instant)


def duplicates_of(person: Person, sites: Iterable[int], within: Q | None = None) -> list[Candidate]:
    """Who else this person may be, of these sites."""
    own = sketch(person)
    return possible_duplicates(
        given=person.legal_given,
        family=person.legal_family,
        birth_date=person.birth_date,
        identifiers=own.identifiers,
        phones=own.phones,
        besides=person,
        sites=sites,
        within=within,
    )


def side_by_side(one: Person, other: Person) -> list[tuple[str, str, str]]:
    """What is known of both, row by row, for a person to judge."""
    prefetch_related_objects([one, other], "contact_points", "identifiers")
    return [
        (_("Legal name"), one.legal_name, other.legal_name),
        (_("Chosen name"), one.chosen_name, other.chosen_name),
        (_("Date of birth"), str(one.birth_date or ""), str(other.birth_date or "")),
        (_("Sex"), one.get_sex_display(), other.get_sex_display()),
        (_("Phones and mail"), _points(one), _points(other)),
        (_("Numbers"), _numbers(one), _numbers(other)),
    ]


def _points(person: Person) -> str:
    return ", ".join(rules.shown_phone(point.value) for point in person.contact_points.all())


def _numbers(person: Person) -> str:
    return ", ".join(identifier.value for identifier in person.identifiers.all() if not identifier.ended_on)


def names_of(actors: Iterable[str]) -> dict[str, str]:
    """Names of staff by the id their acts are signed with; others act without a name."""
    found = StaffMember.objects.filter(Q(user__public_id__in=list(actors))).select_related("user")
    return {staff.user.public_id: staff.name for staff in found if staff.user}
