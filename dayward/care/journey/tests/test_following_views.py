"""The pages of the second half, as a browser without JavaScript uses them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from dayward.care.journey import services
from dayward.care.journey.factories import actor_of, make_episode, proven
from dayward.care.journey.models import (
    AftercareCall,
    AftercareCase,
    AlumniAttendance,
    AlumniEvent,
    Episode,
    FollowUpAppointment,
    TaperStep,
    WeekOneItem,
)
from dayward.care.journey.queries.alumni import members
from dayward.foundation.access.factories import make_staff_with
from dayward.foundation.access.services import add_to_care_team, grant_role
from dayward.foundation.consent.events import ConsentRevoked, ConsentSigned
from dayward.foundation.consent.factories import make_offer, make_signed
from dayward.foundation.organization.factories import day_here, make_site
from dayward.foundation.people import services as people
from dayward.foundation.people.factories import SETUP, STARTED, make_staff
from dayward.foundation.people.models import StaffMember
from dayward.kernel.events import publish

pytestmark = pytest.mark.django_db
MOST_QUERIES = 15


def signed_in(staff: StaffMember) -> Client:
    client = Client()
    assert staff.user
    client.force_login(staff.user)
    return client


@pytest.fixture
def director() -> StaffMember:
    return make_staff_with("director")


@pytest.fixture
def browser(director: StaffMember) -> Client:
    return signed_in(director)


@pytest.fixture
def episode() -> Episode:
    return make_episode(started=True)


@pytest.fixture
def left(director: StaffMember, episode: Episode) -> Episode:
    return services.discharge(actor=actor_of(director), episode=episode, kind="COMP")


def of_person(name: str, episode: Episode, *more: str) -> str:
    return reverse(f"journey:{name}", args=[episode.person.public_id, *more])


def of_episode(name: str, episode: Episode) -> str:
    return of_person(name, episode, episode.public_id)


def test_the_first_week_is_ticked_on_its_page_and_from_the_chart(browser: Client, episode: Episode) -> None:
    page = of_person("first_week", episode)
    assert "0 of 10 done" in browser.get(page).content.decode()
    browser.post(of_person("tick", episode), {"kind": "goals", "text": "Sleep\nSee my son"})
    back = browser.post(of_person("tick", episode), {"kind": "orientation", "back": "chart"})
    assert back.headers["Location"] == reverse("staff:chart", args=[episode.person.public_id])
    assert "2 of 10 done" in browser.get(back.headers["Location"]).content.decode()
    browser.post(of_person("untick", episode), {"kind": "orientation"})
    assert WeekOneItem.objects.filter(withdrawn_at=None).count() == 1


def test_one_goal_stays_typed(browser: Client, episode: Episode) -> None:
    answer = browser.post(of_person("tick", episode), {"kind": "goals", "text": "Only sleep"})
    assert answer.status_code == 409
    assert "Only sleep" in answer.content.decode()


def test_a_call_of_day_three(browser: Client, episode: Episode) -> None:
    url = of_person("call", episode, "day3")
    assert "way back in" not in browser.get(url).content.decode()
    browser.post(url, {"outcome": "reached", "mode": "phone", "how": "Tired, but coming back"})
    assert AftercareCall.objects.get().slot == "day3"
    assert browser.get(of_person("call", episode, "day4")).status_code == 404


@pytest.mark.parametrize(("name", "more"), [("call", ("7d",)), ("aftercare", ())])
def test_nobody_is_called_on_a_number_that_is_no_longer_theirs(
    browser: Client, left: Episode, name: str, more: tuple[str, ...]
) -> None:
    numbers = ("+16125550147", "+16125550148")
    gone, kept = (
        people.add_contact_point(actor=SETUP, person=left.person, kind="mobile", value=value)
        for value in numbers
    )
    people.end_contact_point(actor=SETUP, point=gone)
    page = browser.get(of_person(name, left, *more)).content.decode()
    assert kept.value in page
    assert gone.value not in page


def test_what_a_step_down_changes_is_shown_before_it_is_done(browser: Client, episode: Episode) -> None:
    url = of_episode("episode_step_down", episode)
    track = episode.segments.get().track.public_id
    day = (timezone.now() + timedelta(days=2)).date().isoformat()
    asked = {"level": "iop", "days_per_week": "2", "hours": "6", "starts_on": day, "track": track}
    with proven("step_down.criteria_met"):
        shown = browser.post(url, {**asked, "reason": "Steady", "preview": "1"})
        assert shown.status_code == 200 and "under the program" in shown.content.decode()
        assert "Steady" in shown.content.decode() and episode.segments.get().ends_on is None
        assert browser.post(url, {**asked, "reason": "Steady"}).status_code == 409
        browser.post(url, {**asked, "level": "op", "reason": "Steady"})
    assert episode.segments.get(ends_on=None).level == "op"


def test_a_taper_is_saved_from_its_rows_and_an_empty_row_drops_its_step(
    browser: Client, episode: Episode
) -> None:
    url = of_episode("episode_taper", episode)
    assert browser.get(url).status_code == 200
    day = (timezone.now() + timedelta(days=14)).date().isoformat()
    browser.post(url, {"0-on": day, "0-level": "op", "0-days": "2", "0-hours": "6", "1-level": "op"})
    assert TaperStep.objects.get(dropped_at=None).prescribed_minutes == 360
    browser.post(url, {"0-on": "", "0-level": "op", "0-days": "2", "0-hours": "6"})
    assert not TaperStep.objects.filter(dropped_at=None).exists()


def test_a_discharge_plan_saves_as_it_is_typed_and_shows_both_texts(
    browser: Client, episode: Episode
) -> None:
    url, draft = of_person("discharge_plan", episode), of_person("discharge_plan_draft", episode)
    day = (timezone.now() + timedelta(days=20)).date().isoformat()
    assert "Discharge criteria" in browser.get(url).content.decode()
    first = {"planned_for": day, "crisis": "988", "base_crisis": "x"}
    assert browser.post(draft, {**first, "base_crisis": ""}).status_code == 200
    answer = browser.post(url, {"planned_for": day, "crisis": "Call my sister", "base_crisis": "other"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "988" in page
    assert "Call my sister" in page


def test_an_appointment_goes_through_its_loop(browser: Client, left: Episode) -> None:
    soon = timezone.localtime(timezone.now() + timedelta(days=2))
    form = {"kind": "therapy", "name": "Dr. Sample", "day": soon.date().isoformat(), "clock": "10:00"}
    browser.post(of_person("add_appointment", left), form)
    row = FollowUpAppointment.objects.get()
    browser.post(of_person("appointment", left, row.public_id), {"act": "confirm"})
    FollowUpAppointment.objects.update(at=timezone.now() - timedelta(hours=1))
    browser.post(of_person("appointment", left, row.public_id), {"act": "attended"})
    row.refresh_from_db()
    assert row.state == "attended"
    browser.post(of_person("appointment", left, row.public_id) + "?act=reopen")
    row.refresh_from_db()
    assert row.state == "confirmed"
    assert browser.post(of_person("appointment", left, row.public_id), {"act": "lose"}).status_code == 404


def test_a_director_ends_an_episode_only_fairly(browser: Client, episode: Episode) -> None:
    url = of_episode("episode_discharge", episode)
    today = day_here().isoformat()
    form = {"kind": "ADMIN", "on": today, "reason": "Threats", "administrative_reason": ""}
    page = browser.post(url, form)
    assert page.status_code == 409
    assert "positive drug test alone" in page.content.decode()
    browser.post(
        url, {**form, "administrative_reason": "threats", "appeal_told_on": today, "aftercare": "on"}
    )
    episode.refresh_from_db()
    assert (episode.discharge_type, episode.aftercare.state) == ("ADMIN", "aftercare")


def test_a_step_up_is_written_down_before_anybody_has_accepted(browser: Client, episode: Episode) -> None:
    url = of_episode("episode_step_up", episode)
    form = {"target": "Hill Hospital", "contact_name": "Dr. Test", "wait_note": "With her sister"}
    browser.post(url, {**form, "reason": "Relapse", "act": "wait"})
    episode.refresh_from_db()
    assert episode.ended_at is None
    assert "With her sister" in browser.get(url).content.decode()
    with proven("handoff.packet_sent"):
        browser.post(url, {**form, "accepted": "on", "packet_note": "Faxed", "reason": "Relapse"})
    episode.refresh_from_db()
    assert episode.discharge_type == "STEPUP"


def test_planned_then_called_off(browser: Client, director: StaffMember, episode: Episode) -> None:
    with proven("plan.signed", "week_one.checklist", "discharge_plan.ready"):
        browser.post(of_person("finish_first_week", episode))
        browser.post(of_episode("episode_plan_discharge", episode))
        episode.refresh_from_db()
        assert episode.state == "discharge_planned"
        browser.post(of_episode("episode_stay_on", episode), {"reason": "Not ready"})
    episode.refresh_from_db()
    assert episode.state == "active"


def test_case_managers_see_who_is_followed_and_alumni_coordinators_who_asked(
    left: Episode, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = reverse("journey:aftercare_list")
    case_manager, coordinator = (
        signed_in(make_staff_with("case_manager")),
        signed_in(make_staff_with("alumni")),
    )
    name = left.person.called
    assert name in case_manager.get(listed).content.decode()
    assert case_manager.get(of_person("aftercare", left)).status_code == 200
    assert name not in coordinator.get(listed).content.decode()
    assert coordinator.get(of_person("aftercare", left)).status_code == 403


def test_an_event_of_alumni(browser: Client, left: Episode, monkeypatch: pytest.MonkeyPatch) -> None:
    with proven("consent.alumni_contact"):
        publish(ConsentSigned(left.person_id, "x", "alumni"))
    monkeypatch.setattr("dayward.care.journey.services.alumni.is_member", lambda case: case.state == "alumni")
    day = (timezone.now() + timedelta(days=3)).date().isoformat()
    form = {"kind": "group", "title": "Alumni group", "day": day, "starts": "17:30", "ends": "19:00"}
    browser.post(reverse("journey:alumni"), form)
    event = AlumniEvent.objects.get()
    answer = reverse("journey:alumni_answer", args=[event.public_id])
    browser.post(answer, {"member": left.aftercare.public_id, "answer": "coming"})
    assert AlumniAttendance.objects.get().answer == "coming"
    publish(ConsentRevoked(left.person_id, "x", "alumni"))
    browser.post(answer, {"member": left.aftercare.public_id, "answer": "withdrew"})
    assert AlumniAttendance.objects.get().answer == "coming"
    cancel = reverse("journey:alumni_cancel", args=[event.public_id])
    assert f'action="{cancel}?restore=1"' in browser.post(cancel, follow=True).content.decode()
    event.refresh_from_db()
    assert event.cancelled_at is not None
    browser.post(f"{cancel}?restore=1")
    assert AlumniEvent.objects.get().cancelled_at is None
    assert browser.get(reverse("journey:alumni_event", args=[event.public_id])).status_code == 200


def test_who_works_for_several_sites_plans_an_event_at_one_and_reads_where(left: Episode) -> None:
    here = left.program.site
    there = make_site(name="Lakeside", time_zone="America/Los_Angeles")
    one, both = make_staff(), make_staff_with("alumni")
    grant_role(actor=SETUP, staff=one, role="alumni", site=here, starts_on=STARTED)
    day = (timezone.now() + timedelta(days=3)).date().isoformat()
    form = {"kind": "group", "title": "Alumni group", "day": day, "starts": "17:30", "ends": "19:00"}
    page = reverse("journey:alumni")
    signed_in(both).post(page, form)
    assert not AlumniEvent.objects.exists()  # at which site?
    signed_in(both).post(page, form | {"site": there.public_id})
    signed_in(both).post(page, form | {"site": here.public_id})
    assert {row.site for row in AlumniEvent.objects.all()} == {here, there}
    shown = signed_in(both).get(page).content.decode()
    assert shown.count(here.name) >= 2 and "Lakeside" in shown and shown.count("5:30 PM") == 2
    alone = signed_in(one).get(page).content.decode()
    assert "Lakeside" not in alone and 'name="site"' not in alone


def test_staff_take_somebody_out_of_the_alumni(left: Episode) -> None:
    """The consent ends with it, once; the person may join again by a new one."""
    coordinator = make_staff_with("alumni")
    consent = make_signed(make_offer(left.person, "alumni"))
    assert [member.case.episode for member in members([left.program.site])] == [left]
    step, browser = of_episode("episode_aftercare", left), signed_in(coordinator)
    shown = browser.get(of_person("aftercare", left)).content.decode()
    assert "Leave the alumni" in shown
    browser.post(step, {"key": "leave_alumni"})
    assert AftercareCase.objects.get(episode=left).state == "alumni"
    browser.post(step, {"key": "leave_alumni", "reason": "Asked us on the phone not to write."})
    consent.refresh_from_db()
    assert consent.revoked_at is not None and members([left.program.site]) == []
    case = AftercareCase.objects.get(episode=left)
    left_by = case.transitions.filter(key="leave_alumni").get()
    assert (case.state, left_by.reason) == ("aftercare_ended", "Asked us on the phone not to write.")
    make_signed(make_offer(left.person, "alumni"))
    assert [member.case.episode for member in members([left.program.site])] == [left]


@pytest.mark.parametrize("name", ["first_week", "discharge_plan", "call", "aftercare"])
def test_pages_read_little(name: str, browser: Client, director: StaffMember, episode: Episode) -> None:
    more = ("7d",) if name == "call" else ()
    if name in ("aftercare", "call"):
        services.discharge(actor=actor_of(director), episode=episode, kind="COMP")
    browser.get(of_person(name, episode, *more))
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert browser.get(of_person(name, episode, *more)).status_code == 200
    assert len(seen) <= MOST_QUERIES, [row["sql"][:90] for row in seen.captured_queries]


def test_what_a_step_changes_is_read_in_little(
    browser: Client, episode: Episode, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    page = of_episode("episode_step_down", episode)
    browser.get(page)
    with django_assert_max_num_queries(MOST_QUERIES):
        assert browser.get(page).status_code == 200


def test_lists_read_little(browser: Client, left: Episode) -> None:
    for name in ("aftercare_list", "alumni"):
        browser.get(reverse(f"journey:{name}"))
        with CaptureQueriesContext(connection) as seen:
            assert browser.get(reverse(f"journey:{name}")).status_code == 200
        assert len(seen) <= MOST_QUERIES, [row["sql"][:90] for row in seen.captured_queries]


def test_a_case_manager_finds_the_discharge_plan_from_the_episode(episode: Episode) -> None:
    manager, intake = make_staff_with("case_manager"), make_staff_with("intake")
    for staff, function in ((manager, "case_manager"), (intake, "intake")):
        add_to_care_team(actor=actor_of(manager), person=episode.person, staff=staff, function=function)
    address = reverse("journey:discharge_plan", args=[episode.person.public_id])
    page = reverse("journey:episode", args=[episode.person.public_id, episode.public_id])
    assert address in signed_in(manager).get(page).content.decode()
    assert signed_in(manager).get(address).status_code == 200
    assert address not in signed_in(intake).get(page).content.decode()


def test_a_call_of_the_first_week_is_not_the_last_call_of_aftercare(
    browser: Client, director: StaffMember, left: Episode
) -> None:
    row = {"episode": left, "mode": "phone", "outcome": "reached", "made_by": actor_of(director).id}
    AftercareCall.objects.create(slot="day3", made_at=timezone.now() - timedelta(days=40), **row)
    listed = reverse("journey:aftercare_list")
    assert "Reached the person" not in browser.get(listed).content.decode()
    AftercareCall.objects.create(slot="72h", made_at=timezone.now(), **row)
    assert "Reached the person" in browser.get(listed).content.decode()
