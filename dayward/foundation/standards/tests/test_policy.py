"""What the clinic says: where packs hold, its own rules, what they would do, and every night's audit."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from dayward.foundation.access.factories import make_staff_with
from dayward.foundation.audit.actors import system_actor
from dayward.foundation.audit.models import Entry
from dayward.foundation.organization.factories import make_site
from dayward.foundation.organization.models import Site
from dayward.foundation.people.models import StaffMember
from dayward.foundation.standards import jobs, library, queries, services
from dayward.foundation.standards.models import ChartAudit, ChartAuditLine, Due, PackUse, PolicyRule
from dayward.foundation.standards.queries import audits, changes
from dayward.foundation.standards.queries.preview import preview
from dayward.foundation.standards.rules.book import Place, Use, giving_way, holds
from dayward.foundation.standards.tests.test_services import BASE, CHICAGO, Clinic, clinic, row
from dayward.kernel import facts as kernel
from dayward.kernel.errors import Refused
from dayward.kernel.facts import PaidBy, Subject, Treating
from dayward.kernel.gathering import Reading, known

__all__ = ["clinic"]  # the fixture
SETUP = system_actor("setup")
LONG_AGO = date(2026, 1, 1)
NUMBER: dict[str, Any] = {"within_amount": 3, "within_unit": "days", "citation": "Policy 4.2"}
OWN: dict[str, Any] = {
    **NUMBER,
    "title": "Welcome letter",
    "why": "People like to be welcomed.",
    "role": "case_manager",
    "harm": "care",
    "after": "episode.admitted",
    "done": "episode.first_service",
    "repeats": "once",
    "outlives": False,
}


def site_of(clinic: Clinic) -> Site:
    site = clinic.admit(1).site
    assert site is not None
    return site


def refresh(clinic: Clinic) -> None:
    services.refresh(people=[person.pk for person in clinic.episodes.values()])


def test_the_clinics_own_number_moves_what_begins_from_its_day_on(clinic: Clinic) -> None:
    clinic.admit(1)
    services.set_rule(actor=SETUP, key="plan.signed", site=None, since=LONG_AGO, **NUMBER)
    clinic.tell("episode.first_service")
    due = row("plan.signed")
    assert (due.due_at, due.pack) == (datetime(2026, 3, 6, 5, 59, 59, tzinfo=UTC), "own")
    (owed,) = queries.open_on(1, "plan.")
    assert (owed.rule.citation, owed.rule.title) == (
        "Policy 4.2",
        "Treatment plan signed by the team, and by the person or why not",
    )
    assert queries.by_when("plan.signed", BASE, CHICAGO) == due.due_at


def test_what_began_before_its_day_stays_as_it_was(clinic: Clinic) -> None:
    clinic.admit(1)
    clinic.tell("episode.first_service")
    before = row("plan.signed").due_at
    services.set_rule(actor=SETUP, key="plan.signed", site=None, since=date(2026, 3, 3), **NUMBER)
    refresh(clinic)
    assert row("plan.signed").due_at == before
    assert queries.by_when("plan.signed", BASE, CHICAGO) == before


def test_a_rule_that_ends_falls_back_to_what_was_delivered(clinic: Clinic) -> None:
    clinic.admit(1)
    own = services.set_rule(actor=SETUP, key="plan.signed", site=None, since=LONG_AGO, **NUMBER)
    services.end_rule(actor=SETUP, row=own, on=date(2026, 2, 1))
    clinic.tell("episode.first_service")
    assert row("plan.signed").pack == "generic"
    with pytest.raises(Refused):
        services.end_rule(actor=SETUP, row=own, on=date(2026, 3, 1))


def test_a_rule_of_the_clinics_own_is_asked_with_its_words(clinic: Clinic) -> None:
    clinic.admit(1)
    own = services.set_rule(actor=SETUP, key="", site=None, since=LONG_AGO, **OWN)
    clinic.tell("episode.admitted")
    (owed,) = queries.open_on(1, "own.")
    assert (owed.rule.key, owed.rule.title, owed.due.policy) == (own.key, "Welcome letter", own)
    clinic.tell("episode.first_service", hours=20)
    assert row(own.key).state == Due.State.DONE
    other = services.set_rule(actor=SETUP, key="", site=None, since=LONG_AGO, **OWN)
    assert other.key == f"{own.key}-2"


def test_what_the_clinic_no_longer_asks_is_over(clinic: Clinic) -> None:
    clinic.admit(1)
    clinic.tell("episode.first_service")
    services.set_rule(
        actor=SETUP, key="week_one.buddy", site=None, since=LONG_AGO, asked=False, citation="Policy 4.2"
    )
    refresh(clinic)
    assert row("week_one.buddy").state == Due.State.OVER


@pytest.mark.parametrize(
    ("key", "changes"),
    [
        ("alert.acknowledge.acute", {}),  # signed by the medical director
        ("plan.signed.mn-245g", {}),  # the state's
        ("plan.signed", {"citation": " "}),
        ("plan.signed", {"within_amount": None}),
        ("plan.signed", {"within_amount": 0, "within_unit": "hours"}),
        ("plan.signed", {"at_most_days": 9}),  # calendar days twice
        ("", {"title": " "}),
        ("", {"after": "moon.full"}),
        ("", {"role": "pilot"}),
        ("", {"repeats": "each"}),  # an admission and a first service are not about one thing
        ("", {"after": "episode.first_service"}),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_in_a_sentence(
    clinic: Clinic, key: str, changes: dict[str, Any]
) -> None:
    with pytest.raises(Refused):
        services.set_rule(actor=SETUP, key=key, site=None, since=LONG_AGO, **{**OWN, **changes})


def test_the_newest_word_holds_and_the_database_keeps_one_at_a_time(clinic: Clinic) -> None:
    first = services.set_rule(actor=SETUP, key="plan.signed", site=None, since=LONG_AGO, **NUMBER)
    later = services.set_rule(actor=SETUP, key="plan.signed", site=None, since=date(2026, 6, 1), **NUMBER)
    again = services.set_rule(actor=SETUP, key="plan.signed", site=None, since=date(2026, 5, 1), **NUMBER)
    first.refresh_from_db()
    later.refresh_from_db()
    assert (first.effective_to, later.withdrawn_at is not None, again.effective_to) == (
        date(2026, 5, 1),
        True,
        None,
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        PolicyRule.objects.create(key="plan.signed", title="x", why="x", effective_from=LONG_AGO, **NUMBER)
    entry = Entry.objects.filter(action="standards.set_rule").latest("pk")
    assert entry.detail["rule"] == "plan.signed" and entry.reason == "Policy 4.2"


def test_a_pack_holds_by_state_and_as_the_clinic_says(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = clinic.admit(1)
    site = person.site
    assert site is not None

    def in_minnesota(people: object) -> Reading[list[Subject]]:
        return known([Subject(1, person.pk, site.pk, CHICAGO, "MN", "p", "substance_use", "adult")])

    monkeypatch.setattr(kernel.subjects, "_items", {"test": in_minnesota})
    clinic.tell("episode.first_service")
    assert row("plan.signed.mn-245g").due_at == datetime(2026, 4, 2, 4, 59, 59, tzinfo=UTC)
    use = services.set_use(
        actor=SETUP, pack="mn-245g", site=site, applies=False, since=LONG_AGO, reason="Licensed under 245I"
    )
    refresh(clinic)
    assert row("plan.signed.mn-245g").state == Due.State.OVER
    services.end_use(actor=SETUP, use=use, on=LONG_AGO)
    refresh(clinic)
    assert row("plan.signed.mn-245g").state == Due.State.OPEN
    assert Entry.objects.filter(action="standards.set_use").exists()


def test_a_payers_pack_is_for_whom_it_pays(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    person = clinic.admit(1)
    clinic.tell("episode.first_service")
    assert not Due.objects.filter(rule__startswith="certification").exists()
    paid = [PaidBy(person.pk, "medicare", date.min, None)]
    monkeypatch.setattr(kernel.payers, "_items", {"test": lambda people: known(paid)})
    refresh(clinic)
    assert row("certification.first.medicare-iop").state == Due.State.OPEN


def test_days_on_which_the_site_is_closed_come_as_data(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = site_of(clinic)
    number = {**NUMBER, "within_unit": "open_days"}
    services.set_rule(actor=SETUP, key="plan.signed", site=None, since=LONG_AGO, **number)
    clinic.tell("episode.first_service")
    before = row("plan.signed").due_at
    closed = {site.pk: {date(2026, 3, 4)}}
    monkeypatch.setattr(kernel.closed_days, "_items", {"test": lambda sites: known(closed)})
    refresh(clinic)
    assert row("plan.signed").due_at == before + timedelta(days=1)


def test_only_a_state_can_be_set_aside_and_only_with_a_reason(clinic: Clinic) -> None:
    site = site_of(clinic)
    for pack, reason in [("generic", "x"), ("mn-245g", " "), ("moon", "x")]:
        with pytest.raises(Refused):
            services.set_use(actor=SETUP, pack=pack, site=site, applies=False, since=LONG_AGO, reason=reason)
    assert not PackUse.objects.exists()


def test_the_preview_says_what_would_become_overdue_and_keeps_nothing(clinic: Clinic) -> None:
    for episode in (1, 2):
        clinic.admit(episode)
        clinic.tell("episode.first_service", episode)
    clinic.tell("plan.signed", 2, hours=30)
    site = clinic.episodes[1].site
    assert site is not None
    now = BASE + timedelta(days=5)
    draft = services.draft_rule(key="plan.signed", site=None, since=LONG_AGO, **NUMBER)
    found = preview(changes.of_rule(draft), [site], now)
    assert (found.now.overdue, found.then.overdue, found.charts) == (0, 1, 2)
    assert [late.person for late in found.becomes_overdue] == [clinic.episodes[1]]
    assert (found.would_be.in_time, found.would_be.overdue, found.was.waiting) == (1, 1, 1)
    assert not PolicyRule.objects.exists() and row_of(1).due_at > now
    ahead = services.draft_rule(key="plan.signed", site=None, since=date(2026, 4, 1), **NUMBER)
    later = preview(changes.of_rule(ahead), [site], now)
    assert (later.then.overdue, later.would_be.overdue) == (
        0,
        1,
    )  # nobody at once, and what it would have been


def row_of(episode: int) -> Due:
    return Due.objects.get(rule="plan.signed", episode=episode)


def test_every_night_every_chart_is_looked_at(clinic: Clinic) -> None:
    site = site_of(clinic)
    clinic.admit(2)
    clinic.tell("service.delivered", 1, ref="s1")
    clinic.tell("service.delivered", 2, ref="s2")
    clinic.tell("note.signed", 2, ref="s2", hours=60)
    (early,) = services.audit_charts(at=BASE + timedelta(hours=30))
    (audit,) = services.audit_charts(at=BASE + timedelta(hours=80))
    assert (early.charts, early.charts_with_gaps, early.gaps) == (2, 2, 2)  # the second was late then
    assert (audit.site, audit.charts, audit.charts_with_gaps, audit.gaps) == (site, 2, 1, 1)
    (line,) = audit.lines.all()
    assert (line.rule, line.overdue, line.past_hard_line) == ("note.service", 1, 1)
    assert line.dues == [Due.objects.get(start_ref="s1").pk]
    assert jobs.audit_charts_nightly(0) == 1 and ChartAudit.objects.count() == 3


def test_the_page_of_the_nights_reads_sixty_days_of_many_sites_at_once(
    clinic: Clinic, django_assert_num_queries: Any
) -> None:
    here = site_of(clinic)
    there = make_site("Riverbend South")
    for site in (here, there):
        for days in (0, 7, 59, 60, 800):
            audit = ChartAudit.objects.create(
                site=site,
                made_at=BASE - timedelta(days=days),
                made_by="x",
                charts=9,
                charts_with_gaps=1,
                gaps=1,
            )
            ChartAuditLine.objects.create(
                audit=audit, rule="plan.signed", overdue=days, past_hard_line=0, dues=[]
            )
    with django_assert_num_queries(2):
        found = audits.nights([here, there])
    assert sorted(each.site.name for each in found) == sorted([here.name, there.name])
    assert [len(each.every) for each in found] == [3, 3]
    library.rules()
    with django_assert_num_queries(3):  # the clinic's own rules, the weeks before, the lines
        rules = audits.by_rule_each([each.newest for each in found])
    assert [[row.change for row in rules[each.newest.pk]] for each in found] == [[-7], [-7]]


def as_(staff: StaffMember) -> Client:
    client = Client()
    assert staff.user is not None
    client.force_login(staff.user)
    return client


def text_of(client: Client, name: str, *args: str, status: int = 200) -> str:
    response = client.get(reverse(name, args=args))
    assert response.status_code == status, response.status_code
    return response.content.decode()


def test_the_pages_say_what_is_asked_how_sure_that_is_and_what_is_lacking(clinic: Clinic) -> None:
    clinic.admit(1)
    client = as_(make_staff_with("compliance"))
    assert "Minnesota 245G" in text_of(client, "standards:packs")
    ny = text_of(client, "standards:pack", "ny-822")
    assert "Second hand: warns only" in ny and "Read at the source" in ny and "LOCADTR" in ny
    joint = text_of(client, "standards:pack", "joint-commission")
    assert "CTS.03.01.09" in joint and "PHQ-9 this week" in joint
    assert "Treatment plan signed" in text_of(client, "standards:policy")
    assert "14 days" in text_of(client, "standards:rule", "plan.signed")
    text_of(client, "standards:rule", "plan.signed.mn-245g", status=404)  # the state's, not the clinic's


def test_the_compliance_officer_says_where_a_pack_holds(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = site_of(clinic)
    sud = Treating("p1", "Evenings", site.pk, "substance_use", "adult")
    monkeypatch.setattr(kernel.programs, "_items", {"test": lambda sites: [sud]})
    officer = make_staff_with("compliance")
    client = as_(officer)
    page = reverse("standards:use", args=["carf", site.public_id])
    offered = client.get(page, {"program": "p1"}).content.decode()
    assert "Nobody has said that it is accredited" in offered and "Evenings" in offered
    said = {"program": "p1", "applies": "yes", "since": "2026-01-01", "reason": "Accredited, 2026-2029"}
    assert "What it would do" in client.post(page, said).content.decode()
    assert not PackUse.objects.exists()  # it was only shown
    client.post(page, {**said, "keep": "1"})
    use = PackUse.objects.get()
    assert (use.pack, use.program, use.applies) == ("carf", "p1", True)
    shown = text_of(client, "standards:pack", "carf")
    assert "Accredited, 2026-2029" in shown and officer.name in shown
    assert "Accredited, 2026-2029" in text_of(client, "standards:where")
    end = reverse("standards:end_use", args=[use.public_id])
    assert "What it would do" in client.post(end, {"on": "2026-02-01"}).content.decode()
    client.post(end, {"on": "2026-02-01", "keep": "1"})
    use.refresh_from_db()
    assert use.effective_to == date(2026, 2, 1)
    refused = client.post(page, {**said, "program": "p9"}).content.decode()
    assert "p9 is not one of the available choices" in refused


def test_before_a_pack_is_put_in_use_its_consequences_are_seen(
    clinic: Clinic,
) -> None:
    person = clinic.admit(1)
    clinic.tell("episode.first_service")
    site = person.site
    assert site is not None
    now = BASE + timedelta(days=40)
    draft = services.draft_use(
        pack="mn-245g", site=site, applies=True, since=now.date(), reason="Licensed under 245G"
    )
    found = preview(changes.of_use(draft), [site], now)
    plan = next(each for each in found.rules if each.rule.key == "plan.signed.mn-245g")
    assert (plan.now, plan.then, plan.always) == (0, 0, 1)  # its clock began before that day
    assert [(late.person, late.due.rule) for late in found.had_it_held] == [(person, "plan.signed.mn-245g")]
    back = services.draft_use(pack="mn-245g", site=site, applies=True, since=LONG_AGO, reason="Licensed")
    assert [late.person for late in preview(changes.of_use(back), [site], now).becomes_overdue] == [person]


SAID = st.lists(st.tuples(st.integers(1, 28), st.sampled_from(["", "p1"]), st.booleans()), max_size=4)


@given(said=SAID, now=st.tuples(st.integers(1, 28), st.sampled_from(["", "p1"]), st.booleans()))
def test_what_is_shown_before_is_what_holds_afterwards(
    said: list[tuple[int, str, bool]], now: tuple[int, str, bool]
) -> None:
    """The way words give way to a new one: on each day and in each program as if they had been said in turn."""
    place = Place(1, "MN", "p1", "substance_use", "adult")
    words: list[Use] = []
    for day, program, applies in (*said, now):
        use = Use("carf", 1, program, applies, date(2026, 2, day), None)
        words = [*giving_way(words, use, use.since), use]
    (carf,) = (each for each in library.packs() if each.key == "carf")
    for day in range(1, 29):
        told = [
            (word.program, word.applies)
            for word in words
            if word.since <= date(2026, 2, day) < (word.until or date.max)
        ]
        assert len({program for program, _applies in told}) == len(told)  # one word at a time
        newest = dict(told).get("p1", dict(told).get("", False))
        assert holds(carf, place, words, date(2026, 2, day)) == newest


def test_who_opens_no_charts_sees_numbers_and_no_names(clinic: Clinic) -> None:
    person = clinic.admit(1)
    clinic.tell("episode.first_service")
    site = person.site
    assert site is not None
    page = reverse("standards:use", args=["mn-245g", site.public_id])
    said = {"applies": "yes", "since": "2026-01-01", "reason": "Licensed"}
    shown = as_(make_staff_with("administrator")).post(page, said).content.decode()
    assert "What it would do" in shown and person.called not in shown


def test_a_rule_is_shown_on_the_charts_before_it_is_kept(clinic: Clinic) -> None:
    person = clinic.admit(1)
    clinic.tell("episode.first_service")
    client = as_(make_staff_with("compliance"))
    page = reverse("standards:change", args=["plan.signed"])
    data = {"asked": "yes", "within_amount": 3, "within_unit": "days", "since": "2026-01-01", "site": ""}
    data["citation"] = "Policy 4.2"
    shown = client.post(page, data).content.decode()
    assert "What it would do" in shown and not PolicyRule.objects.exists()
    if (
        row("plan.signed").due_at > timezone.now()
    ):  # the machine's clock stands before the day it is due anyway
        assert person.called in shown or "Overdue today" in shown
    answer = client.post(page, {**data, "keep": "1"})
    assert answer.status_code == 302 and PolicyRule.objects.get().within_amount == 3
    assert "Policy 4.2" in text_of(client, "standards:rule", "plan.signed")
    own = PolicyRule.objects.get()
    end = reverse("standards:end", args=[own.public_id])
    assert "the plan is signed" in client.post(end, {"on": "2026-01-01"}).content.decode()
    own.refresh_from_db()
    assert own.withdrawn_at is None  # it was only shown
    client.post(end, {"on": "2026-01-01", "keep": "1"})
    own.refresh_from_db()
    assert own.withdrawn_at is not None  # it had not begun


def test_a_new_rule_is_written_in_plain_words(clinic: Clinic) -> None:
    clinic.admit(1)
    client = as_(make_staff_with("director"))
    data = {
        **{key: str(value) for key, value in OWN.items() if key != "outlives"},
        "since": "2026-01-01",
        "site": "",
    }
    shown = client.post(reverse("standards:add"), data).content.decode()
    assert "Within 3 days after the person is admitted: the first service is delivered." in shown
    assert client.post(reverse("standards:add"), {**data, "keep": "1"}).status_code == 302
    assert "Welcome letter" in text_of(client, "standards:policy")
    wrong = client.post(reverse("standards:add"), {**data, "repeats": "each"}).content.decode()
    assert "Each time needs two events about the same thing" in wrong


@pytest.mark.parametrize("role", ["therapist", "intake", "supervisor", "administrator"])
def test_nobody_else_sets_rules(clinic: Clinic, role: str) -> None:
    clinic.admit(1)
    assert as_(make_staff_with(role)).get(reverse("standards:add")).status_code == 403


def test_the_night_leads_to_each_gap(clinic: Clinic) -> None:
    person = clinic.admit(1)
    clinic.tell("service.delivered", 1, ref="s1")
    (audit,) = services.audit_charts(at=BASE + timedelta(hours=30))
    client = as_(make_staff_with("compliance"))
    assert "Service note" in text_of(client, "worklist:audits")
    assert "Service note" in text_of(client, "worklist:audit", audit.public_id)
    gaps = text_of(client, "worklist:gaps", audit.public_id, "note.service")
    place = f"{reverse('worklist:person', args=[person.public_id])}#due-{row('note.service').public_id}"
    assert place in gaps and person.called in gaps
    assert f'id="due-{row("note.service").public_id}"' in text_of(client, "worklist:person", person.public_id)
    clinic.tell("note.signed", 1, ref="s1", hours=40)
    assert "Closed since" in text_of(client, "worklist:gaps", audit.public_id, "note.service")
