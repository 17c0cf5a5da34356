"""What the record says of an episode, part by part: a title, its lines, and what is missing.

One function for each package below; each knows its own gaps. A discharge summary and a transfer packet are lists of
these functions.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dayward.care.attendance.queries import read_attended
from dayward.care.journey.models import DischargePlan, FollowUpAppointment, Segment
from dayward.care.journey.queries.leaving import lacking_words, lacks
from dayward.care.journey.rules import leaving
from dayward.chart.assessments.queries import read_allergies, read_diagnoses, read_signed
from dayward.chart.casework.models import Need
from dayward.chart.casework.queries.subject import Section, Subject
from dayward.chart.measures import library as instruments
from dayward.chart.measures.queries import ScorePoint, read_course
from dayward.chart.medications.models import Medication, MedicationChange
from dayward.chart.medications.queries import change_words, list_of, reconciliations_of
from dayward.chart.notes.models import Note
from dayward.chart.plans.models import ObjectiveProgress, PlanReview
from dayward.chart.plans.queries.plans import read_last_signed
from dayward.chart.plans.queries.tree import read_tree
from dayward.chart.safety.models import RiskStatement, SafetyPlan
from dayward.chart.safety.queries import Paper, papers, read_safety
from dayward.chart.safety.rules.plan import PARTS as SAFETY_PARTS
from dayward.kernel.gathering import Reading, all_of, any_of, both, first_of, together
from dayward.kernel.prepared import Among, Prepared, Slot
from dayward.kernel.time import local_day
from dayward.ui.charts import hours

OLD_SCORE_DAYS = 14
LAST_NOTES = 3


def written(day: date | datetime) -> str:
    return date_format(day, "F j, Y")


# -- the stay ------------------------------------------------------------------------------------------------------


def stay(about: Subject) -> Reading[Section]:
    """Admission, levels of care, end."""
    episode = about.episode
    lines = [
        _("Admitted %(day)s to %(program)s.")
        % {"day": written(about.first_day), "program": episode.program.name}
    ]
    lines += [_segment_line(each) for each in (yield from about.read_segments())]
    if episode.last_service_on:
        lines.append(_("Last service on %(day)s.") % {"day": written(episode.last_service_on)})
    if episode.ended_at:
        words = {"how": episode.get_discharge_type_display(), "day": written(about.last_day)}
        lines.append(_("Discharged %(day)s: %(how)s.") % words)
        lines += [episode.end_reason] if episode.end_reason else []
    return Section("stay", _("Treatment here"), tuple(lines))


def _segment_line(segment: Segment) -> str:
    words = {
        "level": segment.get_level_display(),
        "days": segment.days_per_week,
        "hours": hours(segment.prescribed_minutes),
        "since": written(segment.starts_on),
    }
    return _("%(level)s from %(since)s: %(days)d days, %(hours)s a week.") % words


def dose(about: Subject) -> Reading[Section]:
    """Hours prescribed and delivered, days, sessions."""
    days = (about.first_day, about.last_day)
    found, segments = yield from both(
        read_attended(about.person, *days, now=about.now, episode=about.episode), about.read_segments()
    )
    prescribed = sum(_prescribed(each, about.last_day) for each in segments)
    words = {
        "prescribed": hours(round(prescribed)),
        "delivered": hours(int(found.counted)),
        "days": len(found.days),
        "kept": found.kept,
        "booked": found.booked,
    }
    lines = (
        _("Prescribed %(prescribed)s in all, delivered %(delivered)s that count.") % words,
        _("Came on %(days)d days; %(kept)d of %(booked)d sessions kept.") % words,
    )
    gaps = () if found.kept else (_("No attended session is on file."),)
    return Section("dose", _("Hours and attendance"), lines, gaps)


def _prescribed(segment: Segment, last: date) -> float:
    """Minutes of a stretch, by the day."""
    until = min(segment.ends_on or date.max, date.fromordinal(last.toordinal() + 1))
    return max((until - segment.starts_on).days, 0) / 7 * segment.prescribed_minutes


# -- what is known -------------------------------------------------------------------------------------------------


def diagnoses(about: Subject) -> Reading[Section]:
    """Of the signed assessment, the primary one first."""
    title, case = _("Diagnoses"), about.episode.case
    signed = (yield from read_signed(case)) if case else None
    if signed is None:
        return Section("diagnoses", title, gaps=(_("No assessment is signed for this stay."),))
    own = yield from read_diagnoses(signed)
    lines = tuple(
        " ".join(filter(None, (row.icd.code if row.icd else "", row.icd.title if row.icd else "", row.note)))
        for row in own
    )
    return Section("diagnoses", title, lines, () if lines else (_("No diagnosis is written."),))


def allergies(about: Subject) -> Reading[Section]:
    found = yield from read_allergies(about.person)
    if found.state == "unknown":
        return Section("allergies", _("Allergies"), gaps=(_("Nobody asked about allergies."),))
    lines = tuple(row.text for row in found.known) or (_("Asked; none known."),)
    return Section("allergies", _("Allergies"), lines)


def measures(about: Subject) -> Reading[Section]:
    """Each questionnaire from the first score of this stay to the last."""
    courses: dict[str, list[ScorePoint]] = {}
    for point in (yield from read_course(about.person)):
        of_this = point.episode in (None, about.episode.pk) and point.total is not None
        if of_this and instruments.instrument(point.instrument).weekly:
            courses.setdefault(point.instrument, []).append(point)
    lines, gaps = [], []
    for key, known in instruments.instruments().items():
        if known.weekly:
            points = courses.get(key, [])
            lines += [_course_line(known.name, points)] if points else []
            gaps += _course_gaps(known.name, points, about.last_day)
    return Section("measures", _("Questionnaires"), tuple(lines), tuple(gaps))


def _course_line(name: str, points: list[ScorePoint]) -> str:
    first, last = points[0], points[-1]
    words = {
        "name": name,
        "first": first.total,
        "first_day": written(first.day),
        "last": last.total,
        "last_day": written(last.day),
    }
    if first is last:
        return _("%(name)s: %(first)d on %(first_day)s; no other score.") % words
    return _("%(name)s: %(first)d on %(first_day)s, %(last)d on %(last_day)s.") % words


def _course_gaps(name: str, points: list[ScorePoint], last_day: date) -> list[str]:
    if not points:
        return [_("%(name)s was never answered.") % {"name": name}]
    if (last_day - points[-1].day).days > OLD_SCORE_DAYS:
        return [_("The last %(name)s is from %(day)s.") % {"name": name, "day": written(points[-1].day)}]
    return []


def medications(about: Subject) -> Reading[Section]:
    """What is taken now, or was when the stay ended, with the last change of each."""
    over, looked = about.over_at, reconciliations_of(about.person)
    rows = list_of(about.person, everything=over is not None)
    day = local_day(about.episode.ended_at, about.zone) if about.episode.ended_at else None
    if over is not None and day is not None:
        looked = looked.filter(made_at__lt=over)
        rows = rows.filter(started_on__lte=day).exclude(ended_on__lte=day)
    taken, asked = yield from both(all_of(rows), any_of(looked))
    lines = tuple(_medication_line(row, day) for row in taken)
    gaps = () if asked else (_("The medication list was never gone through with the person."),)
    title = _("Medication now") if day is None else _("Medication at the end of the stay")
    return Section("medications", title, lines or (_("Nothing on the list."),), gaps)


def _medication_line(row: Medication, day: date | None) -> str:
    told: list[MedicationChange] = getattr(row, "told")  # noqa: B009 - prefetched by list_of, newest first
    later = [each for each in told if day is not None and each.on > day]
    then = told[len(later) :]
    if later:  # as it was taken before the first change after the stay
        before = next((each for each in then if each.dose), None)
        row.dose = (before.dose if before else "") or later[-1].dose_before or row.dose
        row.frequency = (before.frequency if before else "") or later[-1].frequency_before or row.frequency
    return ": ".join(filter(None, (f"{row.name}, {row.taken}", change_words(then[0]) if then else "")))


def plan(about: Subject) -> Reading[Section]:
    """Goals and objectives with how each stood at the last signed review."""
    title = _("Plan and progress")
    asked = {"people": about.person.all_ids, "episode": about.episode.pk}
    held, last = yield from both(read_last_signed(about.episode), _LAST_REVIEW.first(**asked))
    if held is None:
        return Section("plan", title, gaps=(_("No treatment plan was signed."),))
    tree, said_of = yield from both(read_tree(held), _PROGRESS.reading(review=last))
    progress = {row.objective.thread: _how(row) for row in said_of if row.progress}
    lines, silent = [], 0
    for row in tree.goals:
        lines.append(_("Goal: %(words)s") % {"words": row.goal.words})
        for each in row.objectives:
            said = progress.get(each.thread, "")
            lines.append(f"– {each.text} ({said})" if said else f"– {each.text}")
            silent += not said
    sentence = ngettext(
        "The last review says nothing of %(count)d objective.",
        "The last review says nothing of %(count)d objectives.",
        silent,
    ) % {"count": silent}
    if last is None:
        sentence = _("The plan was never reviewed.")
    return Section("plan", title, tuple(lines), (sentence,) if silent else ())


_LAST_REVIEW = Prepared(
    lambda: (
        PlanReview.objects.filter(Among("person", Slot("people")), episode=Slot("episode"))
        .filter(signature__isnull=False, entered_in_error_at__isnull=True)
        .order_by("-written_at", "-id")
        .values_list("pk", flat=True)[:1]
    )
)
_PROGRESS = Prepared(
    lambda: ObjectiveProgress.objects.select_related("objective").filter(review=Slot("review"))
)


def _how(row: ObjectiveProgress) -> str:
    """The word, and the sentence."""
    return ": ".join(filter(None, (row.get_progress_display(), row.note)))


# -- safety --------------------------------------------------------------------------------------------------------


def safety(about: Subject) -> Reading[Section]:
    """That there is a plan, and the last statement of risk."""
    return _safety(about, whole=False)


def whole_safety(about: Subject) -> Reading[Section]:
    """The statement of risk and the safety plan, word for word: who takes over needs them at once."""
    return _safety(about, whole=True)


def _safety(about: Subject, *, whole: bool) -> Reading[Section]:
    lines, gaps, over = [], [], about.over_at
    if over is None:
        known = yield from read_safety(about.person)
    else:
        then = both(_then(RiskStatement, about, over), _then(SafetyPlan, about, over))
        known, (statement, plan) = yield from both(read_safety(about.person), then)
        known = replace(known, statement=statement, plan=plan)
    if known.statement is not None and known.statement.signature is not None:
        day = written(known.statement.signature.signed_at.astimezone(about.zone))
        lines.append(
            _("Statement of risk of %(day)s: %(level)s.") % {"day": day, "level": known.statement.word}
        )
    else:
        gaps.append(_("No statement of risk is signed."))
    if known.plan is not None and known.plan.signature is not None:
        day = written(known.plan.signature.signed_at.astimezone(about.zone))
        has = _("Safety plan of %(day)s; the person has a copy.")
        lines.append((has if known.plan.copy_given else _("Safety plan of %(day)s.")) % {"day": day})
        if whole:
            texts = known.plan.texts
            lines += [f"{_(part.title)}: {texts[part.key]}" for part in SAFETY_PARTS if texts[part.key]]
    else:
        gaps.append(_("No safety plan is signed."))
    return Section("safety", _("Safety"), tuple(lines), tuple(gaps))


def _then(model: type[Paper], about: Subject, over: datetime) -> Reading[Paper | None]:
    """The one signed last in the stay or before."""
    rows = papers(model, about.person).filter(entered_in_error_at__isnull=True, signature__signed_at__lt=over)
    return first_of(rows.order_by("-signature__signed_at", "-id"))


# -- from here on --------------------------------------------------------------------------------------------------


def leaving_plan(about: Subject) -> Reading[Section]:
    """The discharge plan with its appointments."""
    plans = DischargePlan.objects.filter(episode=about.episode).order_by("pk")
    dates = FollowUpAppointment.objects.filter(episode=about.episode).order_by("at", "id")
    found, visits = yield from both(first_of(plans), all_of(dates))
    lines = [
        _("%(day)s: %(kind)s, %(name)s")
        % {
            "day": date_format(row.at.astimezone(about.zone), "F j, Y, g:i A"),
            "kind": row.get_kind_display(),
            "name": ", ".join(filter(None, (row.name, row.place, row.phone))),
        }
        + f" ({row.get_state_display()})"
        for row in visits
    ]
    if found is not None:
        lines += [
            f"{_(leaving.TITLES[key])}: {getattr(found, key)}" for key in leaving.TEXTS if getattr(found, key)
        ]
        if found.supports:
            named = ", ".join(_(leaving.SUPPORTS[key]) for key in found.supports)
            lines.append(_("Support groups: %(named)s") % {"named": named})
    return Section(
        "leaving", _("Discharge plan and appointments"), tuple(lines), _leaving_gaps(about, found, visits)
    )


def _leaving_gaps(
    about: Subject, found: DischargePlan | None, visits: list[FollowUpAppointment]
) -> tuple[str, ...]:
    if found is None and not visits:
        return (_("There is no discharge plan, and no appointment after discharge."),)
    lacking = "; ".join(lacking_words(lacks(about.episode, found, visits)))
    return (_("The discharge plan lacks: %(parts)s.") % {"parts": lacking},) if lacking else ()


def needs(about: Subject) -> Reading[Section]:
    """What is still looked after around treatment."""
    rows = Need.objects.filter(person_id__in=about.person.all_ids)
    over = about.over_at
    if over is None:
        rows = rows.filter(closed_at__isnull=True)
    else:
        rows = rows.filter(Q(closed_at__isnull=True) | Q(closed_at__gte=over), opened_at__lt=over)
        rows = rows.prefetch_related("steps")
    found = yield from all_of(rows)
    lines = tuple(
        " · ".join(
            filter(
                None,
                (
                    f"{row.get_kind_display()}: {row.wanted}",
                    _stage(row, over),
                    written(row.next_on) if row.next_on and over is None else "",
                ),
            )
        )
        for row in found
    )
    return Section("needs", _("Open needs"), lines or (_("None."),))


def _stage(row: Need, over: datetime | None) -> str:
    """How far it is, or was."""
    if over is None:
        return row.get_stage_display()
    done = [each for each in row.steps.all() if each.done_at < over]
    return str(done[-1].get_stage_display() if done else Need.Stage.OPEN.label)


def last_notes(about: Subject) -> Reading[Section]:
    """The last signed notes of this stay, word for word."""
    texts = yield from _LAST_NOTES.reading(people=about.person.all_ids, episode=about.episode.pk)
    lines = tuple(text.strip() for text in texts)
    gaps = () if lines else (_("No note is signed."),)
    return Section("notes", _("Last notes"), lines, gaps)


def _last_notes() -> QuerySet[Note, str]:
    amended = Note.objects.signed().filter(amends=OuterRef("pk"))
    rows = Note.objects.signed().filter(Among("person", Slot("people")), ~Exists(amended))
    return rows.filter(episode=Slot("episode")).values_list("signed_text", flat=True)[:LAST_NOTES]


_LAST_NOTES = Prepared(_last_notes)


Maker = Callable[[Subject], Reading[Section]]
OF_DISCHARGE: tuple[Maker, ...] = (
    stay, dose, diagnoses, allergies, measures, medications, plan, safety, leaving_plan, needs,
)  # fmt: skip
OF_TRANSFER: tuple[Maker, ...] = (
    whole_safety, diagnoses, allergies, medications, stay, dose, measures, plan, last_notes, needs,
)  # fmt: skip


def assemble(about: Subject, makers: tuple[Maker, ...]) -> list[Section]:
    """Every part, in its order; as many statements as the longest has steps."""
    return together(make(about) for make in makers)
