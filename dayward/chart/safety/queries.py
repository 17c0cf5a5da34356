from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from dayward.care.journey.models import IntakeCase
from dayward.care.journey.rules.machine import Machine
from dayward.care.journey.rules.states import open_states
from dayward.chart.safety.models import OutsideInstrument, RiskStatement, SafetyPlan
from dayward.chart.safety.rules import plan as plan_rules
from dayward.chart.safety.rules import risk as risk_rules
from dayward.chart.safety.rules.qualification import Held
from dayward.foundation.people.models import Credential, Person, StaffMember
from dayward.kernel.evidence import Evidence, asked_about
from dayward.kernel.gathering import Reading, alone, both, first_of
from dayward.kernel.prepared import Among, Prepared, Slot
from dayward.kernel.time import local_day

Paper = TypeVar("Paper", RiskStatement, SafetyPlan)


@dataclass(frozen=True)
class Safety:
    """What is known about one person's safety, for the chart."""

    statement: RiskStatement | None
    plan: SafetyPlan | None
    statement_draft: RiskStatement | None
    plan_draft: SafetyPlan | None

    @property
    def plan_missing(self) -> bool:
        return self.statement is not None and risk_rules.positive(self.statement.level) and self.plan is None

    @property
    def imminent(self) -> bool:
        return self.statement is not None and self.statement.level == risk_rules.IMMINENT


def papers(model: type[Paper], person: Person) -> QuerySet[Paper]:
    """Everything of this kind, newest first, with who signed it."""
    rows = model._default_manager.filter(person_id__in=person.all_ids)
    return _newest_first(rows.select_related("signature__staff", "written_by", "saved_by"))


def _newest_first(rows: QuerySet[Paper]) -> QuerySet[Paper]:
    return rows.order_by("-written_at", "-id")


def read_safety(person: Person) -> Reading[Safety]:
    """The statements and the plans that stand."""
    statements, plans = yield from both(
        _STATEMENTS.reading(people=person.all_ids), _PLANS.reading(people=person.all_ids)
    )
    return Safety(_newest(statements), _newest(plans), _draft(statements), _draft(plans))


def _lately(model: type[Paper]) -> QuerySet[Paper]:
    rows = model._default_manager.filter(Among("person", Slot("people")), entered_in_error_at__isnull=True)
    return _newest_first(rows.select_related("signature", "saved_by"))[:12]


_STATEMENTS = Prepared(lambda: _lately(RiskStatement))
_PLANS = Prepared(lambda: _lately(SafetyPlan))


def safety_of(person: Person) -> Safety:
    """One query."""
    return alone(read_safety(person))


def _newest(rows: list[Paper]) -> Paper | None:
    signed = [row for row in rows if row.is_signed]
    return max(signed, key=_signed_at, default=None)


def _signed_at(paper: RiskStatement | SafetyPlan) -> tuple[object, int]:
    assert paper.signature is not None
    return paper.signature.signed_at, paper.pk


def _draft(rows: list[Paper]) -> Paper | None:
    return next((row for row in rows if not row.is_signed), None)


def draft(model: type[Paper], person: Person) -> Paper | None:
    """The one open draft of this kind."""
    rows = papers(model, person).filter(signature__isnull=True, entered_in_error_at__isnull=True)
    return rows.first()


def open_cases(person: Person) -> QuerySet[IntakeCase]:
    found = IntakeCase.objects.filter(person_id__in=person.all_ids, state__in=open_states(Machine.INTAKE))
    return found.order_by("-opened_at")


def open_case(person: Person) -> IntakeCase | None:
    """The way in that is under way, if there is one."""
    return open_cases(person).first()


def current_plan(person: Person) -> SafetyPlan | None:
    """The signed plan that holds today."""
    signed = papers(SafetyPlan, person).filter(signature__isnull=False, entered_in_error_at__isnull=True)
    return signed.order_by("-signature__signed_at", "-id").first()


def read_statement(case: IntakeCase) -> Reading[RiskStatement | None]:
    rows = RiskStatement.objects.filter(case=case, signature__isnull=False, entered_in_error_at__isnull=True)
    return first_of(rows.select_related("signature").order_by("-signature__signed_at", "-id"))


def instruments(person: Person) -> list[OutsideInstrument]:
    rows = OutsideInstrument.objects.filter(person_id__in=person.all_ids)
    return list(rows.select_related("recorded_by", "attachment"))


def credentials(staff: StaffMember) -> list[Held]:
    """What somebody may sign as."""
    return [as_held(row) for row in staff.credentials.all()]


def as_held(row: Credential) -> Held:
    """The row as the rules see it."""
    return Held(row.kind, str(row.get_kind_display()), row.expires_on)


def _case(key: int) -> IntakeCase:
    asked: IntakeCase | None = asked_about("case", key)
    return asked or IntakeCase.objects.select_related("person__site", "site").get(pk=key)


def statement_signed(*, kind: str, id: int) -> Reading[Evidence]:
    """Evidence `safety.risk_statement_signed`."""
    case = _case(id)
    found = yield from read_statement(case)
    page = reverse("safety:statement", args=[case.person.public_id])
    if found is None:
        return Evidence(False, _("There is no signed statement of risk for this way in."), url=page)
    return Evidence(True, _("Statement of risk signed: %(level)s.") % {"level": found.word}, url=page)


def plan_if_positive(*, kind: str, id: int) -> Reading[Evidence]:
    """Evidence `safety.plan_if_positive`: there when the statement is negative, or a plan was signed meanwhile."""
    case = _case(id)
    page = reverse("safety:plan", args=[case.person.public_id])
    statement = yield from read_statement(case)
    if statement is None:
        return Evidence(False, _("It is not known yet whether a safety plan is needed."), url=page)
    if not risk_rules.positive(statement.level):
        return Evidence(True, _("No safety plan is needed: no risk was found."), url=page)
    plan = current_plan(case.person)
    if plan_rules.holds_for(_signed_on(plan, case), local_day(case.opened_at, case.site.zone)):
        return Evidence(True, _("The safety plan is signed."), url=page)
    sentence = _("The safety plan is from before; go through it with the person and sign it anew.")
    return Evidence(False, sentence if plan else _("Risk was found and there is no safety plan."), url=page)


def _signed_on(plan: SafetyPlan | None, case: IntakeCase) -> date | None:
    if plan is None or plan.signature is None:
        return None
    return local_day(plan.signature.signed_at, case.site.zone)
