"""What this package can prove: one small function per key of rules/evidence.py."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dayward.care.journey.models import (
    AdmissionItem,
    AftercareCase,
    ContactAttempt,
    Episode,
    Handoff,
    IntakeCase,
    Segment,
    Transition,
    WaitlistEntry,
)
from dayward.care.journey.queries import facts, reopening
from dayward.care.journey.queries.first_week import PREFIX, ticked
from dayward.care.journey.queries.leaving import appointments_of, lacking_words, lacks, plan_of
from dayward.care.journey.queries.policy import policy_of
from dayward.care.journey.rules.first_week import BY_KEY as OWN_ITEMS
from dayward.care.journey.rules.first_week import still_open
from dayward.care.journey.rules.screening import immediate_danger, required_open
from dayward.care.journey.rules.waiting import is_soon
from dayward.foundation.consent.queries import subjects as consent_subjects
from dayward.foundation.people.models import Person, Relationship
from dayward.foundation.standards.queries import open_on
from dayward.kernel.evidence import Evidence, EvidenceProvider, asked_about, providers
from dayward.kernel.gathering import Reading, all_of, any_of
from dayward.kernel.time import at, local_day

ALERTS = "alert."


def page_of(case: IntakeCase, name: str) -> str:
    return reverse(f"journey:{name}", args=[case.person.public_id, case.public_id])


# ------------------------------------------------------------------ the way in
def inquiry_recorded(case: IntakeCase) -> Evidence:
    return Evidence(hasattr(case, "inquiry"))


def risk_answered(case: IntakeCase) -> Evidence:
    open_questions = required_open(facts.answers_of(facts.screening_of(case)))
    if not open_questions:
        return Evidence(True)
    sentence = ngettext(
        "%(count)d question about risk is not answered.",
        "%(count)d questions about risk are not answered.",
        len(open_questions),
    ) % {"count": len(open_questions)}
    return Evidence(False, sentence, url=page_of(case, "screening"))


def danger_answered(case: IntakeCase) -> Evidence:
    danger = immediate_danger(facts.answers_of(facts.screening_of(case)))
    answered = not danger or facts.emergency_answered(case)
    sentence = _("There is immediate danger: write down how the emergency path was taken.")
    return Evidence(answered, sentence, url=page_of(case, "hand_off") + "?route=emergency")


def slot_booked(case: IntakeCase) -> Evidence:
    sentence = _("No time with a clinician is booked.")
    return Evidence(facts.booked_slot(case) is not None, sentence, url=page_of(case, "book"))


def slot_soon(case: IntakeCase) -> Evidence:
    slot = facts.booked_slot(case)
    return Evidence(slot is not None and is_soon(slot.during.lower, slot.booked_at))


def slot_passed(case: IntakeCase) -> Evidence:
    slot = facts.booked_slot(case)
    sentence = _("The booked time has not passed yet.")
    return Evidence(slot is not None and slot.during.lower < timezone.now(), sentence)


def attempts_made(walker: IntakeCase | Episode) -> Evidence:
    of: dict[str, object] = {"case": walker}
    if isinstance(walker, Episode):
        of = {"episode": walker, "made_at__gte": _last_seen(walker)}
    policy = policy_of(walker)
    verdict = facts.contact_verdict(policy, **of)
    if verdict.enough:
        return Evidence(True)
    sentence = _("Attempts to reach the person: %(attempts)d more are needed (%(all)d, in %(modes)d ways).")
    numbers = {"attempts": max(verdict.attempts_missing, verdict.modes_missing), "all": policy.attempts}
    return Evidence(False, sentence % {**numbers, "modes": policy.modes})


def _last_seen(episode: Episode) -> datetime:
    """The beginning of the last day of service: what was tried before it says nothing of now."""
    last = episode.last_service_on
    return at(last, time.min, episode.program.site.zone) if last else episode.admitted_at


def handed_over(case: IntakeCase) -> Evidence:
    sentence = _("Nobody has taken over yet: write down the hand-off.")
    return Evidence(Handoff.objects.filter(case=case).exists(), sentence, url=page_of(case, "hand_off"))


def interim_plan(case: IntakeCase) -> Evidence:
    entry = WaitlistEntry.objects.filter(case=case, ended_at__isnull=True).first()
    return Evidence(
        entry is not None and bool(entry.interim_plan.strip()), _("No help for the meantime is agreed.")
    )


# ------------------------------------------------------------------ admission
def age_fits(case: IntakeCase) -> Evidence:
    if case.program is None:
        return Evidence(False, _("No program is chosen yet."), url=page_of(case, "edit"))
    age = facts.age_of(case)
    if age is None:
        corrected = reverse("people:edit", args=[case.person.public_id])
        return Evidence(False, _("The date of birth is not on file."), url=corrected)
    group = facts.age_group_of(case)
    if group is not None and group.holds(age):
        return Evidence(True)
    sentence = _("The person is %(age)d; %(program)s is for %(group)s.")
    label = case.program.get_age_group_display().lower()
    return Evidence(False, sentence % {"age": age, "program": case.program.name, "group": label})


def done_papers(case: IntakeCase) -> QuerySet[AdmissionItem, str]:
    """What was gone through."""
    return AdmissionItem.objects.filter(case=case).values_list("kind", flat=True)


def papers_done(case: IntakeCase) -> Reading[Evidence]:
    done = yield from all_of(done_papers(case))
    wanted = [kind for kind in AdmissionItem.Kind if kind is not AdmissionItem.Kind.FIRST_GOALS]
    left = [str(kind.label) for kind in wanted if kind.value not in done]
    return Evidence(not left, _("Not gone through yet: %(papers)s.") % {"papers": "; ".join(left)})


def first_goals(case: IntakeCase) -> Reading[Evidence]:
    done = yield from all_of(done_papers(case))
    return Evidence(AdmissionItem.Kind.FIRST_GOALS in done, _("No goals for the first days are written yet."))


def emergency_contact(case: IntakeCase) -> Reading[Evidence]:
    named = Relationship.objects.filter(
        person_id__in=case.person.all_ids, is_emergency_contact=True, ended_on__isnull=True
    )
    found = yield from any_of(named)
    sentence = _("Nobody to call in an emergency is on file.")
    return Evidence(found, sentence, url=reverse("people:person", args=[case.person.public_id]))


# ------------------------------------------------------------------ the episode
def first_week_open(episode: Episode) -> Evidence:
    return Evidence(_state_before_hold(episode) == "first_week")


def first_week_done(episode: Episode) -> Evidence:
    return Evidence(_state_before_hold(episode) == "active")


def _state_before_hold(episode: Episode) -> str:
    step = Transition.objects.filter(episode=episode, key="hold").order_by("-id").first()
    return step.from_state if step else ""


def hold_within_limit(episode: Episode) -> Evidence:
    hold = facts.open_hold(episode)
    if hold is None:
        return Evidence(False)
    limit = facts.terms_of(episode.program, hold.starts_on).hold_max_days
    if (hold.expected_return - hold.starts_on) <= timedelta(days=limit):
        return Evidence(True)
    sentence = _("The longest hold in this program is %(days)d days; a longer absence ends the episode.")
    return Evidence(False, sentence % {"days": limit})


def segment_differs(episode: Episode) -> Evidence:
    """The open segment differs from the one before it, and its track belongs to the program."""
    latest = list(Segment.objects.filter(episode=episode).select_related("track").order_by("-id")[:2])
    if len(latest) < 2:
        return Evidence(False)
    new, old = latest
    same = (new.track_id, new.days_per_week, new.prescribed_minutes) == (
        old.track_id,
        old.days_per_week,
        old.prescribed_minutes,
    )
    return Evidence(not same, _("The new track, days and hours are the same as now."))


def receiving_accepted(episode: Episode) -> Evidence:
    """The last word of the receiving program: the yes of one that was asked before does not count for another."""
    last = Handoff.objects.filter(episode=episode).order_by("-id").first()
    return Evidence(last is not None and last.accepted, _("The receiving program has not said yes yet."))


def discharge_type_given(episode: Episode) -> Evidence:
    """A type is given; an administrative discharge is signed by a director (4.3)."""
    if not episode.discharge_type:
        return Evidence(False)
    if episode.discharge_type != "ADMIN" or episode.director_signed_at:
        return Evidence(True)
    return Evidence(
        False, _("The program director has to sign an administrative discharge."), _("the director")
    )


def service_quiet(episode: Episode) -> Evidence:
    today = local_day(timezone.now(), episode.program.site.zone)
    last = episode.last_service_on or local_day(episode.admitted_at, episode.program.site.zone)
    sentence = _("The last service was on %(day)s, less than %(days)d days ago.")
    days = policy_of(episode).no_contact_days
    return Evidence(today - last >= timedelta(days=days), sentence % {"day": date_format(last), "days": days})


def letter_sent(episode: Episode) -> Evidence:
    letters = ContactAttempt.objects.filter(episode=episode, mode="letter", made_at__gte=_last_seen(episode))
    return Evidence(letters.exists(), _("No letter was sent yet."))


def week_one_done(episode: Episode) -> Evidence:
    """Journey's own lines, and what the packages above owe the first week, as standards know it."""
    left = [_(item.title) for item in still_open(ticked(episode))]
    for owed in open_on(episode.pk, PREFIX):
        if owed.rule.key.removeprefix(PREFIX) not in OWN_ITEMS:
            left.append(_(owed.rule.title))
    sentence = _("Still open in the first week: %(items)s.") % {"items": "; ".join(left)}
    return Evidence(not left, sentence, url=episode_page(episode, "first_week"))


def discharge_plan_ready(episode: Episode) -> Evidence:
    plan = plan_of(episode)
    left = lacking_words(lacks(episode, plan, appointments_of(episode)))
    sentence = _("The discharge plan lacks: %(parts)s.") % {"parts": "; ".join(left)}
    return Evidence(not left, sentence, url=episode_page(episode, "discharge_plan"))


def episode_page(episode: Episode, name: str) -> str:
    return reverse(f"journey:{name}", args=[episode.person.public_id])


# ------------------------------------------------------------------ aftercare, return, death
def episode_discharged(aftercare: AftercareCase) -> Evidence:
    return Evidence(aftercare.episode.state == "discharged")


def return_case_opened(aftercare: AftercareCase) -> Reading[Evidence]:
    opened = yield from any_of(IntakeCase.objects.filter(previous_episode=aftercare.episode))
    return Evidence(opened, _("Open a new intake case for the person first."))


def reopen_allowed(episode: Episode) -> Evidence:
    days = reopening.window_of(episode)
    if days is None:
        return Evidence(False)
    today = local_day(timezone.now(), episode.program.site.zone)
    sentence = _("It could be reopened from %(first)s to %(last)s; later, coming back is a new episode.")
    told = {"first": date_format(days.first), "last": date_format(days.last)}
    return Evidence(days.holds(today), sentence % told)


def payer_allows(episode: Episode) -> Evidence:
    """The last word since the end counts: a yes of last year says nothing of now."""
    word = reopening.payer_word_of(episode)
    url = reverse("journey:episode_payer_word", args=[episode.person.public_id, episode.public_id])
    if word is None:
        return Evidence(False, _("What the payer says about going on is not written down yet."), url=url)
    if not word.same_reason:
        sentence = _("The person is back for another reason: that is a new episode.")
        return Evidence(False, sentence, url=url)
    return Evidence(word.allows, _("The payer does not allow that the stay goes on."), url=url)


def episode_reopened(walker: IntakeCase | AftercareCase) -> Evidence:
    before = walker.previous_episode if isinstance(walker, IntakeCase) else walker.episode
    return Evidence(before is not None and before.ended_at is None)


def no_alert_open(episode: Episode) -> Evidence:
    """As what is due: alerts lie above, and each that is open is still to be closed."""
    sentence = _("An alert about the person is open: say who speaks with them, and when.")
    return Evidence(not open_on(episode.pk, ALERTS), sentence)


def death_recorded(walker: IntakeCase | Episode | AftercareCase) -> Reading[Evidence]:
    recorded = yield from any_of(Person.objects.filter(pk=walker.person.pk, deceased_on__isnull=False))
    return Evidence(recorded, _("No death is recorded on the person."))


OF_CASE: dict[str, Callable[[IntakeCase], Evidence | Reading[Evidence]]] = {
    "inquiry.recorded": inquiry_recorded,
    "screening.risk_answered": risk_answered,
    "screening.danger_answered": danger_answered,
    "assessment.slot": slot_booked,
    "assessment.slot_soon": slot_soon,
    "assessment.slot_passed": slot_passed,
    "handoff.given": handed_over,
    "waitlist.interim_plan": interim_plan,
    "program.age_fits": age_fits,
    "admission.papers": papers_done,
    "admission.first_goals": first_goals,
    "admission.emergency_contact": emergency_contact,
}
OF_EPISODE: dict[str, Callable[[Episode], Evidence]] = {
    "episode.first_week_open": first_week_open,
    "episode.first_week_done": first_week_done,
    "hold.within_limit": hold_within_limit,
    "segment.differs": segment_differs,
    "handoff.accepted": receiving_accepted,
    "discharge.type_given": discharge_type_given,
    "service.quiet": service_quiet,
    "contact.letter_sent": letter_sent,
    "reopen.policy_allows": reopen_allowed,
    "reopen.payer_allows": payer_allows,
    "alert.answered": no_alert_open,
    "week_one.checklist": week_one_done,
    "discharge_plan.ready": discharge_plan_ready,
}
OF_AFTERCARE: dict[str, Callable[[AftercareCase], Evidence | Reading[Evidence]]] = {
    "episode.discharged": episode_discharged,
    "return.case_opened": return_case_opened,
}


def case_of(id: int) -> IntakeCase:
    asked: IntakeCase | None = asked_about("case", id)
    return asked or IntakeCase.objects.select_related("person", "program", "site").get(pk=id)


def episode_of(id: int) -> Episode:
    asked: Episode | None = asked_about("episode", id)
    return asked or Episode.objects.select_related("program__site", "person").get(pk=id)


def aftercare_of(id: int) -> AftercareCase:
    asked: AftercareCase | None = asked_about("aftercare", id)
    return asked or AftercareCase.objects.select_related("episode__person").get(pk=id)


def _about_case(answer: Callable[[IntakeCase], Evidence | Reading[Evidence]]) -> EvidenceProvider:
    def provide(*, kind: str, id: int) -> Evidence | Reading[Evidence]:
        return answer(case_of(id)) if kind == "case" else Evidence(False)

    return provide


def _about_episode(answer: Callable[[Episode], Evidence]) -> EvidenceProvider:
    def provide(*, kind: str, id: int) -> Evidence:
        return answer(episode_of(id)) if kind == "episode" else Evidence(False)

    return provide


def _about_aftercare(answer: Callable[[AftercareCase], Evidence | Reading[Evidence]]) -> EvidenceProvider:
    def provide(*, kind: str, id: int) -> Evidence | Reading[Evidence]:
        return answer(aftercare_of(id)) if kind == "aftercare" else Evidence(False)

    return provide


def _attempts(*, kind: str, id: int) -> Evidence:
    return attempts_made(case_of(id) if kind == "case" else episode_of(id))


def _reopened(*, kind: str, id: int) -> Evidence:
    return episode_reopened(case_of(id) if kind == "case" else aftercare_of(id))


def _death(*, kind: str, id: int) -> Reading[Evidence]:
    if kind == "case":
        return death_recorded(case_of(id))
    return death_recorded(episode_of(id) if kind == "episode" else aftercare_of(id))


def register() -> None:
    """Called once, by `apps.py`."""
    for key, of_case in OF_CASE.items():
        providers.register(key, _about_case(of_case))
    for key, of_episode in OF_EPISODE.items():
        providers.register(key, _about_episode(of_episode))
    for key, of_aftercare in OF_AFTERCARE.items():
        providers.register(key, _about_aftercare(of_aftercare))
    providers.register("contact.attempts_made", _attempts)
    providers.register("person.death_recorded", _death)
    providers.register("return.episode_reopened", _reopened)
    consent_subjects.register("case", _person_of_case)
    consent_subjects.register("episode", _person_of_episode)
    consent_subjects.register("aftercare", _person_of_aftercare)


def _person_of_case(key: int) -> int:
    return case_of(key).person_id


def _person_of_episode(key: int) -> int:
    return episode_of(key).person_id


def _person_of_aftercare(key: int) -> int:
    return aftercare_of(key).episode.person_id
