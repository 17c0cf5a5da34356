"""The words that are signed: the whole version, and the whole review."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dayward.chart.assessments.rules import levels
from dayward.chart.plans.models import Intervention, Objective
from dayward.chart.plans.queries.reviews import Sheet
from dayward.chart.plans.queries.tree import Tree, dose_of
from dayward.chart.plans.rules.content import AFTER, BEFORE, BLOCKS
from dayward.chart.safety.rules.wording import signed_text
from dayward.chart.safety.wording import about
from dayward.ui.charts import hours


def plan_text(tree: Tree) -> str:
    """Title, who and when, then every part under its heading."""
    plan = tree.plan
    facts = [*about(plan.person), (_("Program"), plan.episode.program.name), (_("Version"), str(plan.number))]
    facts.append((_("Each week"), hours(dose_of(tree, 0).minutes)))
    parts = [(_(text.title), plan.texts[text.key]) for text in BEFORE]
    parts += [problem_part(tree, number) for number in range(len(tree.problems))]
    for block in BLOCKS:
        lines = [plan.texts[block.key], *map(doing_line, tree.doings_of(block.key))]
        parts.append((_(block.title), "\n".join(line for line in lines if line.strip())))
    parts.append((_("Other help"), "\n".join(map(doing_line, tree.doings_of("")))))
    parts.append((_("Ready to leave when"), "\n".join(f"- {row.text}" for row in tree.criteria if row.text)))
    parts += [(_(text.title), plan.texts[text.key]) for text in AFTER]
    return signed_text(_("Treatment plan"), facts, parts)


def problem_part(tree: Tree, number: int) -> tuple[str, str]:
    """ "Problem 1: Low mood (F33.1)", and under it statement, goals and objectives."""
    row = tree.problems[number]
    code = f" ({row.problem.icd_id})" if row.problem.icd_id else ""
    lines = [row.problem.statement]
    for goal in row.goals:
        lines.append(_("Goal, in the person's words: “%(words)s”") % {"words": goal.goal.words.strip()})
        lines += [f"- {objective_line(each)}" for each in goal.objectives]
    title = _("Problem %(number)d: %(title)s") % {"number": number + 1, "title": row.problem.title}
    return title + code, "\n".join(line for line in lines if line.strip())


def objective_line(row: Objective) -> str:
    """ "Text. Reached when: target. Followed by PHQ-9. By Jan 5, 2027." """
    said = [row.text.strip(), _("Reached when: %(target)s.") % {"target": row.target.strip().rstrip(".")}]
    if row.measure:
        said.append(_("Followed by %(measure)s.") % {"measure": row.get_measure_display()})
    if row.due_on:
        said.append(_("By %(day)s.") % {"day": date_format(row.due_on)})
    return " ".join(said)


def doing_line(row: Intervention) -> str:
    """ "Individual therapy (CBT): 50 minutes, once a week, for 8 weeks; Nora Birchholt." """
    how = f" ({row.method.strip()})" if row.method.strip() else ""
    weeks = ngettext("for %(count)d week", "for %(count)d weeks", row.weeks or 0) % {"count": row.weeks or 0}
    minutes = _("%(count)d minutes") % {"count": row.minutes or 0}
    who = f"; {row.responsible.name}" if row.responsible else ""
    alone = _("; a missed one may be made up for in a session of their own") if row.if_missed else ""
    return f"{row.service.name}{how}: {minutes}, {often(row.per_week)}, {weeks}{who}{alone}"


def often(per_week: Decimal) -> str:
    """How often, as people say it."""
    if per_week == Decimal("0.25"):
        return _("every four weeks")
    if per_week == Decimal("0.5"):
        return _("every two weeks")
    if per_week == 1:
        return _("once a week")
    return _("%(count)s times a week") % {"count": f"{per_week.normalize():f}"}


def review_text(sheet: Sheet) -> str:
    """The review in the same form: what changed, and on what it rests."""
    review, plan = sheet.review, sheet.review.plan
    facts = [*about(review.person), (_("Plan"), _("Version %(number)d") % {"number": plan.number})]
    facts.append((_("Level of care now"), _(levels.LABELS[review.level]) if review.level else ""))
    facts.append((_("Next review"), _day(review.next_review_on)))
    facts.append((_("Stable since"), _day(review.stable_since)))
    facts.append((_("The plan itself changes"), _("Yes") if review.changes_plan else _("No")))
    for row in plan.not_signed:
        word = _("%(word)s: %(why)s") % {"word": row.get_outcome_display(), "why": row.reason}
        facts.append((_("Signature under the plan, %(who)s") % {"who": row.get_role_display()}, word))
    said = review.get_person_agrees_display() if review.person_agrees else ""
    parts = [
        (_("What matters now"), review.summary),
        (_("Objectives"), "\n".join(_step_lines(sheet))),
        (_("Dimensions now"), "\n".join(_dimension_lines(sheet))),
        (_("Ready to leave when"), "\n".join(_criterion_lines(sheet))),
        (_("Hours delivered"), "\n".join(_hours_lines(sheet))),
        (_("Questionnaires"), "\n".join(f"- {each['words']}" for each in review.scores)),
        (_("What the person says"), "\n".join(line for line in (review.person_words, str(said)) if line)),
    ]
    return signed_text(str(review.get_kind_display()), facts, parts)


def _day(day: date | None) -> str:
    return date_format(day) if day else ""


def _step_lines(sheet: Sheet) -> list[str]:
    return [line_of_review(row.objective.text, row.get_progress_display(), row.note) for row in sheet.steps]


def line_of_review(what: str, how: str, why: str = "") -> str:
    """ "- Ride the bus alone: Getting closer. Twice last week." """
    said = " ".join(filter(None, (f"{how}." if how else "", why.strip())))
    about = what.strip().removesuffix(".")
    return f"- {about}: {said}" if said else f"- {about}"


def _dimension_lines(sheet: Sheet) -> list[str]:
    return [
        line_of_review(each.name, sheet.scale.get(each.rating, ""), each.why)
        for each in sheet.dimensions
        if each.rating or each.why.strip()
    ]


def _criterion_lines(sheet: Sheet) -> list[str]:
    words = {"yes": _("Reached"), "no": _("Not yet")}
    return [line_of_review(row.text, words.get(said, _("Not looked at"))) for row, said in sheet.criteria]


def _hours_lines(sheet: Sheet) -> list[str]:
    words = _("- Week of %(day)s: %(delivered)s delivered of %(prescribed)s prescribed")
    return [
        words
        % {
            "day": date_format(date.fromisoformat(each["week"])),
            "delivered": hours(each["minutes"]),
            "prescribed": hours(each["prescribed"] or 0),
        }
        for each in sheet.review.hours
    ]
