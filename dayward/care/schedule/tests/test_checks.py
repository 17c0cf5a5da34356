"""Limits at work: asked while planning, shown on the week, reasons kept with a name (requirements 2.7, 2.10)."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date, time, timedelta
from functools import partial

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dayward.care.catalog.models import Program
from dayward.care.journey.factories import actor_of, make_program, make_track
from dayward.care.schedule import library, services
from dayward.care.schedule.factories import (
    SETUP,
    enrolled,
    make_group,
    make_segment,
    make_series,
    make_session,
    make_shape,
    next_monday,
    sessions_on,
)
from dayward.care.schedule.models import Group, LimitReason, Session
from dayward.care.schedule.queries.checks import (
    Found,
    caseloads_found,
    limits_at,
    limits_between,
    meeting_of,
    sessions_found,
    weeks_found,
    with_credentials,
)
from dayward.care.schedule.rules.checks import check_meeting
from dayward.care.schedule.services.refusals import CHECKS, NeedsReason
from dayward.foundation.access.factories import make_staff_with
from dayward.foundation.audit.models import Entry
from dayward.foundation.organization.factories import day_here, make_site
from dayward.foundation.organization.models import Site
from dayward.foundation.people.models import Credential, StaffMember
from dayward.kernel import facts as kernel
from dayward.kernel.errors import Refused
from dayward.kernel.facts import PaidBy
from dayward.kernel.gathering import Reading, known
from dayward.kernel.time import week_start

pytestmark = pytest.mark.django_db


def clinician(
    kind: str, *, site: Site | None = None, expires: date | None = None, over: StaffMember | None = None
) -> StaffMember:
    staff = make_staff_with("therapist", site=site or make_site())
    Credential.objects.create(staff=staff, kind=kind, expires_on=expires)
    if over:
        staff.supervisor = over
        staff.save()
    return staff


def site_in(state: str) -> Site:
    return make_site(name=f"Riverbend {state}", state=state)


# -- while planning --------------------------------------------------------------------------------------------


def test_a_group_over_twelve_takes_a_reason_that_is_kept() -> None:
    with pytest.raises(NeedsReason, match="at most 12") as refused:
        make_group(cap=13)
    assert refused.value.needs == CHECKS
    group = make_group(cap=12)
    director = actor_of(make_staff_with("director"))
    services.edit_group(actor=director, group=group, name="A", topic="", cap=14, check_reason="Two leaders")
    kept = {row.limit: row for row in LimitReason.objects.filter(group=group)}
    assert set(kept) == {"policy.group_most"}  # nobody in it has Medicare
    assert kept["policy.group_most"].reason == "Two leaders"
    assert kept["policy.group_most"].given_by == director.id
    assert Entry.objects.filter(action="schedule.edit_group", reason="Two leaders").exists()


def test_a_group_that_gets_smaller_asks_nothing() -> None:
    group = make_group(cap=12)
    services.edit_group(actor=SETUP, group=group, name="A", topic="", cap=11)
    assert not LimitReason.objects.exists()


def test_who_does_not_prescribe_is_refused_whatever_the_reason() -> None:
    counselor = clinician("counselor")
    with pytest.raises(Refused, match="no credential that may lead"):
        make_session(service="medication-visit", leader=counselor, check_reason="No one else")
    prescriber = clinician("pmhnp")
    assert make_session(service="medication-visit", leader=prescriber).leaders.get().staff == prescriber


def test_a_trainee_leads_with_a_supervisor_or_a_reason() -> None:
    group = make_group()
    alone = clinician("trainee")
    shape = make_shape(group, facilitators=(alone,))
    day = next_monday(group.site)
    with pytest.raises(NeedsReason, match="works under supervision"):
        services.start_series(actor=SETUP, group=group, first_day=day, shape=shape)
    series = services.start_series(
        actor=SETUP, group=group, first_day=day, shape=shape, check_reason="Dr. Ortiz signs"
    )
    assert series.limit_reasons.get().reason == "Dr. Ortiz signs"
    licensed = clinician("social_worker")
    supervised = clinician("trainee", over=licensed)
    evening = make_session(leader=supervised, clock=(time(18), time(19)))
    assert not evening.limit_reasons.exists()


def test_cover_looks_at_the_day_of_the_session() -> None:
    session = make_session(service="group-therapy", cap=8)
    away = session.leaders.get().staff
    gone = clinician("social_worker", expires=date(2020, 1, 1))
    with pytest.raises(NeedsReason, match="runs out before"):
        services.cover(actor=SETUP, session=session, away=away, by=gone)
    services.cover(actor=SETUP, session=session, away=away, by=gone, check_reason="Renewed, paper is coming")
    assert [row.limit for row in session.limit_reasons.all()] == ["policy.licensed"]


def test_days_too_far_apart_take_a_reason_where_the_state_says_so() -> None:
    track = make_track(make_program(site_in("WY"), floor_minutes=120, prescribed_minutes=360))
    Program.objects.update(stream="substance_use")
    group = make_group(track=track)
    make_series(group)
    segment = make_segment(track)
    with pytest.raises(NeedsReason) as refused:
        enrolled(segment, group, (1, 3))
    gap, days = refused.value.reasons
    assert gap.startswith("4 days without a service")
    assert days.startswith("2 separate days in this week; at least 3.")
    enrolled(segment, group, (1, 3), check="Works on Friday until June")
    assert set(LimitReason.objects.values_list("limit", "week")) >= {("wyoming.separate_days", None)}
    site, monday = track.program.site, next_monday(track.program.site)
    found = weeks_found(site, monday + timedelta(days=7), limits_at(site, monday))
    assert found
    assert all(each.reason and each.reason.reason.startswith("Works") for each in found)


def test_three_days_close_together_ask_nothing() -> None:
    track = make_track(make_program(site_in("WY"), floor_minutes=120, prescribed_minutes=360))
    group = make_group(track=track)
    make_series(group)
    enrolled(make_segment(track), group, (1, 3, 5))
    assert not LimitReason.objects.exists()


# -- on the week -----------------------------------------------------------------------------------------------


def found_on(site: Site, day: date) -> list[Found]:
    return sessions_found(site, limits_between(site, day, day))


def test_what_is_there_already_is_found_and_explained() -> None:
    session = make_session(service="group-therapy", cap=8)
    staff = session.leaders.get().staff
    Credential.objects.create(staff=staff, kind="peer")
    site, day = session.site, next_monday(session.site)
    keys = {each.limit.key for each in found_on(site, day)}
    assert keys == {"policy.leads_therapy", "policy.supervised"}
    first = found_on(site, day)[0]
    director = actor_of(make_staff_with("director"))
    with pytest.raises(NeedsReason):
        services.give_reason(actor=director, site=site, found=first, reason=" ")
    row = services.give_reason(actor=director, site=site, found=first, reason="Only this week")
    explained = next(each for each in found_on(site, day) if each.limit == first.limit)
    assert explained.reason == row
    with pytest.raises(Refused, match="already"):
        services.give_reason(actor=director, site=site, found=explained, reason="Again")
    services.withdraw_reason(actor=director, row=row)
    assert all(each.reason is None for each in found_on(site, day))


def test_one_person_booked_far_ahead_may_still_be_joined() -> None:
    group = make_group()
    series = make_series(group)
    enrolled(make_segment(group.track), group)
    session = series.sessions.first()
    assert session
    day = next_monday(group.site)
    (read,) = with_credentials(Session.objects.filter(pk=session.pk))
    findings = check_meeting(limits_at(group.site, day), meeting_of(read))
    assert [each.limit.key for each in findings] == ["policy.group_least"]
    assert found_on(group.site, day) == []


def test_a_program_has_counselors_for_its_people() -> None:
    site = site_in("NJ")
    track = make_track(make_program(site, name="SUD"))
    track.program.stream = "substance_use"
    track.program.save()
    segment = make_segment(track)
    day = segment.starts_on + timedelta(days=7)
    found = caseloads_found(site, day, limits_at(site, day))
    assert [(each.limit.key, each.what) for each in found] == [("new-jersey.counselors", "SUD")]
    group = make_group(track=track)
    make_series(group)
    assert caseloads_found(site, day, limits_at(site, day)) == []


def test_the_clinic_sets_its_own_number_from_a_day_on() -> None:
    site = make_site()
    today = next_monday(site)
    (limit,) = (each for each in limits_at(site, today) if each.key == "policy.group_most")
    set_to = partial(services.set_limit, actor=SETUP, site=site, limit=limit, source="Board", since=today)
    set_to(number=10)
    numbers = {
        day: {each.key: each.number for each in limits_at(site, day)}.get("policy.group_most")
        for day in (today - timedelta(days=1), today)
    }
    assert list(numbers.values()) == [12, 10]
    assert "Board" in {each.citation for each in limits_at(site, today)}
    set_to(number=None)
    assert "policy.group_most" not in {each.key for each in limits_at(site, today)}


def test_what_a_payer_says_is_not_the_clinics_to_change() -> None:
    site = make_site()
    (limit,) = (each for each in limits_at(site, next_monday(site)) if each.key == "medicare.group_most")
    with pytest.raises(Refused, match="not the clinic's to change"):
        services.set_limit(
            actor=SETUP, site=site, limit=limit, number=20, since=next_monday(site), source="We"
        )


# -- payers ----------------------------------------------------------------------------------------------------


@pytest.fixture
def paid(monkeypatch: pytest.MonkeyPatch) -> set[int]:
    """People for whom Medicare pays."""
    people: set[int] = set()

    def payers(asked: Collection[int]) -> Reading[list[PaidBy]]:
        return known([PaidBy(each, "medicare", date.min, None) for each in people & set(asked)])

    monkeypatch.setattr(kernel.payers, "_items", {"test": payers})
    return people


def large_group() -> Group:
    """Fourteen seats and the clinic's own limit set aside; twelve are in it."""
    group = make_group(cap=12)
    today = day_here()
    (limit,) = (each for each in limits_at(group.site, today) if each.key == "policy.group_most")
    services.set_limit(
        actor=SETUP, site=group.site, limit=limit, number=None, since=today, source="The board"
    )
    services.edit_group(actor=SETUP, group=group, name="A", topic="", cap=14)
    make_series(group, weekdays=(1,), until=next_monday(group.site))
    for _number in range(12):
        enrolled(make_segment(group.track), group, (1,), below_floor="One evening", check="One evening")
    return group


def test_a_payers_limit_asks_when_it_pays_for_somebody_in_the_group(paid: set[int]) -> None:
    group = large_group()
    thirteenth = make_segment(group.track)
    paid.add(thirteenth.episode.person_id)
    (session,) = sessions_on(group, next_monday(group.site))
    with pytest.raises(NeedsReason, match="13 people, and at most 12") as asked:
        services.book(actor=SETUP, person=thirteenth.episode.person, session=session)
    assert asked.value.needs == CHECKS
    with pytest.raises(NeedsReason, match="13 people, and at most 12"):
        enrolled(thirteenth, group, (1,), below_floor="One evening")
    enrolled(thirteenth, group, (1,), below_floor="One evening", check="Two leaders")
    kept = LimitReason.objects.get(limit="medicare.group_most")
    assert (kept.group, kept.reason) == (group, "Two leaders")
    fourteenth = make_segment(group.track).episode.person
    services.book(actor=SETUP, person=fourteenth, session=session)  # the group's reason stands for it
    (found,) = [each for each in on_week(group.site) if each.limit.key == "medicare.group_most"]
    assert found.reason == kept


def test_a_payers_limit_asks_nothing_where_it_pays_for_nobody(paid: set[int]) -> None:
    group = large_group()
    enrolled(make_segment(group.track), group, (1,), below_floor="One evening")
    assert not LimitReason.objects.filter(limit="medicare.group_most").exists()
    assert "medicare.group_most" not in {each.limit.key for each in on_week(group.site)}
    member = group.enrollments.first()
    assert member is not None
    paid.add(member.person_id)
    assert "medicare.group_most" in {each.limit.key for each in on_week(group.site)}
    with pytest.raises(NeedsReason, match="at most 12"):
        services.edit_group(actor=SETUP, group=group, name="A", topic="", cap=15)


def on_week(site: Site) -> list[Found]:
    day = next_monday(site)
    return sessions_found(site, limits_between(site, day, day))


def test_people_for_each_who_leads_are_the_clinics_number() -> None:
    group = make_group(cap=12)
    today = day_here()
    (limit,) = (each for pack in library.packs() for each in pack.limits if each.key == "policy.per_leader")
    make_series(group, weekdays=(1,), until=next_monday(group.site))
    one, two = make_segment(group.track), make_segment(group.track)
    enrolled(one, group, (1,), below_floor="One evening", check="One evening")
    services.set_limit(actor=SETUP, site=group.site, limit=limit, number=1, since=today, source="The board")
    with pytest.raises(NeedsReason, match="at most 1 for each"):
        enrolled(two, group, (1,), below_floor="One evening")


# -- pages -----------------------------------------------------------------------------------------------------


def browser(role: str) -> Client:
    staff = make_staff_with(role)
    client = Client()
    assert staff.user
    client.force_login(staff.user)
    return client


def test_the_director_explains_and_the_compliance_officer_reads_it() -> None:
    session = make_session(service="group-therapy", cap=8)
    Credential.objects.create(staff=session.leaders.get().staff, kind="peer")
    day = next_monday(session.site)
    director = browser("director")
    url = f"{reverse('schedule:checks')}?day={day}"
    page = director.get(url).content.decode()
    assert "no credential that may lead" in page
    data = {"found": f"policy.leads_therapy:{session.public_id}", "reason": "A peer evening, no therapy"}
    after = director.post(f"{reverse('schedule:give_limit_reason')}?day={day}", data, follow=True)
    assert "A peer evening, no therapy" in after.content.decode()
    listed = browser("compliance").get(reverse("schedule:limit_reasons")).content.decode()
    assert "A peer evening, no therapy" in listed
    assert "Who leads therapy" in listed
    week = director.get(f"{reverse('schedule:week')}?day={day}").content.decode()
    assert "Against a limit" in week  # the supervision is still open
    shown = director.get(reverse("schedule:session", args=[session.public_id])).content.decode()
    assert "A peer evening, no therapy" in shown
    assert "works under supervision" in shown


def test_one_reason_for_all_of_a_limit_in_a_week() -> None:
    peer = clinician("peer", over=clinician("social_worker"))
    day = next_monday(make_site())
    for hour in (9, 11):
        make_session(
            service="group-therapy", cap=8, leader=peer, clock=(time(hour), time(hour + 1)), check_reason="x"
        )
    LimitReason.objects.standing().update(withdrawn_at=timezone.now(), withdrawn_by="setup")
    url = f"{reverse('schedule:give_limit_reason')}?day={day}"
    director = browser("director")
    director.post(url, {"found": "policy.leads_therapy", "reason": "Peer evenings"})
    given = LimitReason.objects.standing().filter(reason="Peer evenings")
    assert given.count() == 2
    page = director.get(f"{reverse('schedule:checks')}?day={day}").content.decode()
    (undo,) = re.findall(r'action="([^"]*/withdraw/\?together=1)"', page)
    director.post(undo)
    assert not given.exists()


def test_each_session_is_held_against_the_number_of_its_own_day() -> None:
    """A reason is taken for what the page shows, also where the number changes within the week."""
    group = make_group(cap=12)
    day = next_monday(group.site)
    make_series(group, weekdays=(1, 2), until=day + timedelta(days=1))
    for _number in range(3):
        enrolled(make_segment(group.track), group, (1, 2), below_floor="Two evenings")
    (limit,) = (each for each in limits_at(group.site, day) if each.key == "policy.group_most")
    since = day + timedelta(days=1)
    services.set_limit(actor=SETUP, site=group.site, limit=limit, number=2, since=since, source="Board")
    found = sessions_found(group.site, limits_between(group.site, day, since))
    against = [each.session for each in found if each.limit.key == limit.key]
    assert against == sessions_on(group, since)
    director = browser("director")
    page = director.get(f"{reverse('schedule:checks')}?day={since}").content.decode()
    (action,) = set(re.findall(r'action="([^"]*/checks/why/[^"]*)"', page))
    director.post(action, {"found": limit.key, "reason": "The second room is painted"})
    assert LimitReason.objects.standing().get(limit=limit.key).session == against[0]


def test_enrolling_is_asked_for_what_holds_on_the_day_of_each_session() -> None:
    """Nobody is asked for today's number alone, and finds the weeks to come unexplained."""
    group = make_group(cap=12)
    day = next_monday(group.site)
    until = day + timedelta(days=7)
    make_series(group, weekdays=(1,), until=until)
    (limit,) = (each for each in limits_at(group.site, day) if each.key == "policy.group_most")
    services.set_limit(actor=SETUP, site=group.site, limit=limit, number=1, since=until, source="Board")
    enrolled(make_segment(group.track), group, (1,), below_floor="One evening")
    with pytest.raises(NeedsReason, match="2 people, and at most 1"):
        enrolled(make_segment(group.track), group, (1,), below_floor="One evening")
    enrolled(make_segment(group.track), group, (1,), below_floor="One evening", check="Two leaders")
    (found,) = sessions_found(group.site, limits_between(group.site, day, until))
    assert found.reason and found.reason.reason == "Two leaders"


def test_the_group_page_asks_for_the_reason_and_keeps_what_was_typed() -> None:
    group = make_group(cap=12)
    director = browser("director")
    url = reverse("schedule:edit_group", args=[group.public_id])
    assert "check_reason" not in director.get(url).content.decode()
    asked = director.post(url, {"name": "Sleep", "topic": "", "cap": "14"}).content.decode()
    assert "at most 12" in asked
    assert 'name="check_reason"' in asked
    assert 'value="Sleep"' in asked
    director.post(url, {"name": "Sleep", "topic": "", "cap": "14", "check_reason": "Two leaders"})
    group.refresh_from_db()
    assert group.cap == 14


def test_a_limit_is_changed_on_its_page() -> None:
    director = browser("director")
    assert "People in a therapy group" in director.get(reverse("schedule:limits")).content.decode()
    url = reverse("schedule:edit_limit", args=["policy.group_most"])
    assert director.get(url).status_code == 200
    since = week_start(next_monday(make_site())).isoformat()
    bad = director.post(url, {"asked": "on", "number": "", "since": since, "source": "Board"})
    assert bad.status_code == 422
    waiting = reverse("schedule:edit_limit", args=["policy.per_leader"])
    assert director.get(waiting).status_code == 200
    director.post(waiting, {"asked": "on", "number": "11", "since": since, "source": "Board"})
    assert 11 in {each.number for each in limits_at(make_site(), date.fromisoformat(since))}
    director.post(url, {"asked": "on", "number": "9", "since": since, "source": "Board"})
    assert 9 in {each.number for each in limits_at(make_site(), date.fromisoformat(since))}
    assert director.get(reverse("schedule:edit_limit", args=["medicare.group_most"])).status_code == 404


def test_one_list_has_every_reason() -> None:
    group = make_group(cap=1)
    make_series(group, weekdays=(1,), until=next_monday(group.site))
    enrolled(make_segment(group.track), group, (1,), below_floor="Begins slowly")
    guest = make_segment(group.track).episode.person
    (session,) = sessions_on(group, next_monday(group.site))
    director = make_staff_with("director")
    seat = services.book(
        actor=actor_of(director), person=guest, session=session, reasons=services.Reasons(over_cap="A visit")
    )
    client = browser("compliance")
    listed = client.get(reverse("schedule:limit_reasons")).content.decode()
    assert "Begins slowly" in listed and "A visit" in listed and director.name in listed
    full = client.get(reverse("schedule:limit_reasons"), {"kind": "full"}).content.decode()
    assert "A visit" in full and "Begins slowly" not in full
    services.cancel_booking(actor=SETUP, booking=seat)
    assert "Holds no longer" in client.get(reverse("schedule:limit_reasons")).content.decode()
