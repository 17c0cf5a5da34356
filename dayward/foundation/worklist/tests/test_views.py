from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from dayward.foundation.access.factories import make_staff_with, make_treating
from dayward.foundation.access.models import CareTeamMember
from dayward.foundation.access.powers import Powers
from dayward.foundation.access.services import add_to_care_team, end_care_team
from dayward.foundation.audit.actors import system_actor
from dayward.foundation.audit.models import Entry
from dayward.foundation.audit.services import record
from dayward.foundation.people.factories import SETUP, make_person
from dayward.foundation.people.models import Person, StaffMember
from dayward.foundation.standards import library
from dayward.foundation.standards.models import Due
from dayward.foundation.standards.queries import owed
from dayward.foundation.standards.services.refreshing import keep_up
from dayward.foundation.worklist import lines, queries, words
from dayward.foundation.worklist.permissions import OVERSEE
from dayward.foundation.worklist.places import place_of
from dayward.foundation.worklist.views import lists
from dayward.kernel.facts import doings

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> Person:
    return make_person(legal_given="Willa", legal_family="Testly")


@pytest.fixture
def therapist(person: Person) -> StaffMember:
    return make_treating(person, function="primary_therapist")


def owe(person: Person, rule: str = "plan.signed", *, days: float = -1, **more: object) -> Due:
    """A due as a refresh would have written it."""
    found, now = library.rules()[rule], timezone.now()
    assert person.site is not None
    row = {
        "rule": rule,
        "pack": found.pack,
        "role": found.role,
        "episode": person.pk,
        "person": person,
        "site": person.site,
        "start_kind": str(found.after[0]),
        "start_at": now - timedelta(days=20),
        "due_at": now + timedelta(days=days),
    }
    return Due.objects.create(**{**row, **more})


def as_(staff: StaffMember, name: str, *args: str) -> str:
    client = Client()
    assert staff.user is not None
    client.force_login(staff.user)
    response = client.get(reverse(name, args=args))
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def test_what_one_owes_is_there_with_how_late_it_is(person: Person, therapist: StaffMember) -> None:
    owe(person, days=-3)
    text = as_(therapist, "worklist:mine")
    assert "Willa Testly" in text and "Treatment plan signed" in text and "3 days late" in text
    entry = Entry.objects.get(action="worklist:mine")
    assert entry.detail["people"] == [person.public_id]


def test_another_therapists_people_are_not_there(person: Person) -> None:
    owe(person)
    text = as_(make_staff_with("therapist"), "worklist:mine")
    assert "Testly" not in text and "Nothing is due" in text


def test_who_is_named_may_open_the_chart_until_it_is_done(person: Person) -> None:
    """Six weeks after the session the note is still theirs, and so is the chart."""
    leader = make_staff_with("facilitator")
    note = owe(person, "note.service", days=-40, staff=leader, start_ref="b1", mark="b1")
    assert "Willa Testly" in as_(leader, "worklist:mine")
    assert as_(leader, "worklist:person", person.public_id)
    Due.objects.filter(pk=note.pk).update(state="done", done_at=timezone.now())
    client = Client()
    assert leader.user is not None
    client.force_login(leader.user)
    assert client.get(reverse("worklist:person", args=[person.public_id])).status_code != 200


def test_one_click_leads_to_where_it_is_done(
    person: Person, therapist: StaffMember, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[str, int, str]] = []

    def place(*, person: str, episode: int, ref: str) -> str:
        told.append((person, episode, ref))
        return f"{reverse('worklist:team')}?do"

    monkeypatch.setattr(doings, "_items", {"plan.signed": place, "call.made": place})
    owe(person, start_ref="r")
    owe(person, "call.day3", start_ref="r")
    assert as_(therapist, "worklist:mine").count("?do") == 2
    assert set(told) == {(person.public_id, person.pk, "r"), (person.public_id, person.pk, "day3")}


def test_no_link_leads_to_a_page_that_refuses(
    person: Person, therapist: StaffMember, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where it is done for who may; else the part of the chart in which it is missing, else the due itself."""
    closed_to_therapists = reverse("standards:add")
    place = {
        "plan.signed": lambda **_of: closed_to_therapists,
        "call.made": lambda **_of: closed_to_therapists,
    }
    monkeypatch.setattr(doings, "_items", place)
    plan, call = owe(person, start_ref="r"), owe(person, "call.day3", start_ref="r")
    director = Powers(make_staff_with("director"))
    for due in owed(Due.objects.filter(pk__in=[plan.pk, call.pk])):
        assert place_of(due, person, director) == closed_to_therapists
    shown = as_(therapist, "worklist:mine")
    assert closed_to_therapists not in shown
    assert reverse("plans:chart", args=[person.public_id]) in shown
    assert f"#due-{call.public_id}" in shown


def test_a_note_is_opened_by_who_writes_it(
    person: Person, therapist: StaffMember, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Others would write it under their own name: they see the notes there are."""
    writing = f"{reverse('worklist:team')}?write"
    monkeypatch.setattr(doings, "_items", {"note.signed": lambda **_of: writing})
    owe(person, "note.service", staff=make_staff_with("facilitator"), start_ref="b1", mark="b1")
    (due,) = owed(Due.objects.filter(rule="note.service"))
    assert place_of(due, person, Powers(therapist)) == reverse("notes:chart", args=[person.public_id])
    Due.objects.update(staff=therapist)
    (due,) = owed(Due.objects.filter(rule="note.service"))
    assert place_of(due, person, Powers(therapist)) == writing


def test_notes_of_one_session_are_one_line_on_today(person: Person) -> None:
    leader = make_staff_with("facilitator")
    start = timezone.now() - timedelta(days=2)
    for each in (person, make_person(), make_person()):
        owe(each, "note.service", staff=leader, start_at=start, start_ref=f"b{each.pk}", mark=f"b{each.pk}")
    powers = Powers(leader)
    (line,) = lines.lines_of(queries.mine(powers), powers)
    assert len(line.people) == 3 and line.closed == 0
    assert "3 people" in as_(leader, "staff:today")


def test_today_takes_four_queries_at_most(
    person: Person, therapist: StaffMember, django_assert_max_num_queries: object
) -> None:
    for rule in ("plan.signed", "call.day3", "week_one.goals"):
        owe(person, rule)
    powers = Powers(therapist)
    assert powers.held  # read for every page
    with django_assert_max_num_queries(4):  # type: ignore[operator]
        assert len(lines.lines_of(queries.mine(powers), powers)) == 3


def test_what_waits_for_a_role_is_nobodys_name(person: Person) -> None:
    """Nobody of the care team is named: whoever holds the role sees it, where the chart is open to them."""
    owe(person, "aftercare.call_30d_alumni")
    coordinator = make_staff_with("alumni")
    assert len(queries.mine(Powers(coordinator))) == 1
    assert "Testly" not in as_(coordinator, "worklist:mine")  # not among the alumni: no business of theirs


def test_the_director_sees_who_owes_how_much(person: Person, therapist: StaffMember) -> None:
    owe(person, days=-10)
    owe(person, "call.day3", days=-2)
    owe(person, "call.day7", days=0.5)
    owe(person, "week_one.goals", days=3)
    owe(person, "week_one.first_medication", days=-1)  # a prescriber is not on the team
    director = make_staff_with("director")
    rows = queries.by_owner(Powers(director).sites(OVERSEE))
    assert [(row.owner, row.age.old, row.age.late, row.age.today, row.age.near) for row in rows] == [
        (therapist, 1, 1, 1, 1),
        (None, 0, 1, 0, 0),
    ]
    assert therapist.name in as_(director, "staff:today")
    assert "Treatment plan signed" in as_(director, "worklist:owner", therapist.public_id)
    assert "First medication visit" in as_(director, "worklist:owner", "nobody")


def test_compliance_finds_what_is_overdue_by_rule_and_what_the_rule_says(
    person: Person, therapist: StaffMember
) -> None:
    now = timezone.now()
    owe(person, "summary.discharge", days=-9, hard_at=now - timedelta(days=1))
    owe(person, "plan.signed", days=2)
    compliance = make_staff_with("compliance")
    rows = queries.by_rule(Powers(compliance).sites(OVERSEE))
    assert [(row.rule.key, row.age.overdue, row.age.past) for row in rows] == [
        ("summary.discharge", 1, 1),
        ("plan.signed", 0, 0),
    ]
    today = as_(compliance, "staff:today")
    assert "Discharge summary signed" in today and "Treatment plan signed" not in today
    text = as_(compliance, "worklist:rule", "summary.discharge")
    assert "Who treats the person next needs it" in text and therapist.name in text and "15 days" in text


def test_a_rule_that_there_is_not_is_not_found() -> None:
    client = Client()
    director = make_staff_with("director")
    assert director.user is not None
    client.force_login(director.user)
    assert client.get(reverse("worklist:rule", args=["no.such"])).status_code == 404


def test_what_is_owed_by_function_is_owed_by_who_comes_first(person: Person, therapist: StaffMember) -> None:
    """A second therapist behind the primary one treats the person too, and owes nothing in their place."""
    found = owe(person)
    second = make_treating(person)
    assert [each.due.pk for each in queries.mine(Powers(therapist))] == [found.pk]
    assert queries.mine(Powers(second)) == []
    for member in CareTeamMember.objects.filter(staff=therapist):
        end_care_team(actor=SETUP, member=member)
    assert [each.due.pk for each in queries.mine(Powers(second))] == [found.pk]


def test_a_role_owes_what_is_due_of_somebody_whom_nobody_treats(person: Person) -> None:
    waits = owe(person)
    treated = make_person()
    owe(treated)
    make_treating(treated, function="primary_therapist")
    holder = make_staff_with("therapist", site=person.site)
    assert [each.due.pk for each in queries.mine(Powers(holder))] == [waits.pk]


def test_what_was_done_comes_newest_first_on_pages_of_their_own(
    person: Person, therapist: StaffMember
) -> None:
    now = timezone.now()
    for days in range(1, lists.ON_PAGE + 2):
        at = now - timedelta(days=days)
        owe(person, "plan.signed", start_ref=str(days), state="done", done_at=at, due_at=at, mark=str(days))
    client = Client()
    client.force_login(therapist.user)  # type: ignore[arg-type]
    address = reverse("worklist:person", args=[person.public_id])
    first, second = client.get(address), client.get(address, {"page": 2})
    zone = person.site.zone  # type: ignore[union-attr]
    newest, oldest = words.moment(now - timedelta(days=1), zone), words.moment(at, zone)
    assert first.context["done"][0]["done"] == newest
    assert [row["done"] for row in second.context["done"]] == [oldest]
    assert oldest in second.content.decode() and oldest not in first.content.decode()


def test_a_persons_page_shows_what_was_done_and_whether_in_time(
    person: Person, therapist: StaffMember
) -> None:
    owe(person, "plan.signed", days=-3, state="done", done_at=timezone.now() - timedelta(days=1))
    owe(person, "call.day3", days=-3, state="done", done_at=timezone.now() - timedelta(days=5))
    text = as_(therapist, "worklist:person", person.public_id)
    assert text.count("In time") == 4 and "Late" in text  # a heading, two labels, one badge


def test_the_chart_says_what_is_due(person: Person, therapist: StaffMember) -> None:
    owe(person, "week_one.goals", days=1)
    owe(person, "week_one.buddy", days=1)
    text = as_(therapist, "staff:chart", person.public_id)
    assert "First week" in text and "Somebody to sit with" in text


def test_of_another_site_nothing_is_overseen(person: Person) -> None:
    owe(person)
    powers = Powers(make_staff_with("therapist"))
    assert list(queries.at_sites(powers)) == []


def test_my_people_shows_what_others_owe_them(person: Person, therapist: StaffMember) -> None:
    make_treating(person, "prescriber", function="prescriber")
    owe(person, "week_one.first_medication", days=2)
    text = as_(therapist, "worklist:team")
    assert "First medication visit" in text and "Prescriber" in text
    mine = as_(therapist, "worklist:mine")
    assert "First medication visit" not in mine
    assert reverse("worklist:team") in mine.split("Nothing is due")[1]  # the way on
    assert reverse("worklist:team") in as_(therapist, "staff:today")


def test_the_worklist_offers_nothing_to_dismiss(person: Person, therapist: StaffMember) -> None:
    owe(person)
    client = Client()
    assert therapist.user is not None
    client.force_login(therapist.user)
    for name, args in [("mine", []), ("team", []), ("person", [person.public_id])]:
        assert client.post(reverse(f"worklist:{name}", args=args)).status_code == 405


def test_more_people_take_no_more_queries_and_stand_on_pages(
    person: Person, therapist: StaffMember, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dayward.foundation.worklist.views.lists.ON_PAGE", 2)
    client = Client()
    assert therapist.user is not None
    client.force_login(therapist.user)
    owe(person, days=-9)
    client.get(reverse("worklist:mine"))  # the first request of a session keeps its time zone
    with CaptureQueriesContext(connection) as one:
        client.get(reverse("worklist:mine"))
    for number in range(3):
        other = make_person(legal_family=f"Other{number}")
        add_to_care_team(
            actor=SETUP, person=other, staff=therapist, function=CareTeamMember.Function.PRIMARY_THERAPIST
        )
        owe(other, days=-1 - number)
    with CaptureQueriesContext(connection) as four:
        shown = client.get(reverse("worklist:mine"))
    assert len(four) == len(one)
    (late,) = shown.context["sections"]
    assert (len(late.lines), late.count) == (2, 4)
    assert "Other0" in client.get(reverse("worklist:mine"), {"page": 2}).content.decode()


def test_the_nights_say_whether_what_is_counted_again_stood() -> None:
    director = make_staff_with("director")
    page = as_(director, "worklist:audits")
    assert "Counted again every night" in page and "No night has passed yet." in page
    keep_up()
    assert "Everything stood as the rules make it." in as_(director, "worklist:audits")
    opened, changed = {"plan.signed": 2}, {"note.signed": 1}
    keeper = system_actor("standards.keep")
    record(actor=keeper, action="standards.drift", opened=opened, changed=changed)
    page = as_(director, "worklist:audits")
    assert "3 were other than the rules make them" in page and "Differed" in page
