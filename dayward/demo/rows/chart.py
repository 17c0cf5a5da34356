"""What the clinician wrote and signed at the assessment: the story, the lists, the risk, the level of care."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from dayward.chart.assessments import library
from dayward.chart.assessments.models import Allergy, Assessment, Diagnosis, LevelOfCare, ReportedMedication
from dayward.chart.assessments.queries import Rows
from dayward.chart.assessments.rules.levels import Criteria
from dayward.chart.assessments.services.wording import assessment_text, level_text
from dayward.chart.safety.models import RiskStatement, SafetyPlan
from dayward.chart.safety.rules import plan as plan_rules
from dayward.chart.safety.rules import risk as risk_rules
from dayward.chart.safety.rules.wording import signed_text
from dayward.chart.safety.wording import about, in_words
from dayward.demo import clinic, sentences
from dayward.demo.dice import Dice
from dayward.demo.facts import Case, Step
from dayward.demo.ledger import AnyModel, Ledger, Values
from dayward.demo.rows.models import person_of
from dayward.demo.rows.signing import staff_signs
from dayward.demo.special import RISK
from dayward.foundation.people.models import Person
from dayward.foundation.terms.models import IcdCode

ELEVATED_SHARE = 0.2
TALKED = timedelta(minutes=8)  # after the beginning, the first words are written
REVIEWED_AFTER = timedelta(days=30)
RECOMMENDED = {"iop": "iop", "higher": "residential", "lower": "op", "other": "iop"}
PAYER = (
    "payer",
    "Partial hospitalization was asked for; the plan allows this level with daily contact first.",
)


@dataclass(frozen=True)
class Sitting:
    """One assessment: who sat with whom, and what is drawn for it."""

    ledger: Ledger
    dice: Dice
    case: Case
    person: Person
    titles: dict[str, str]  # of codes of ICD-10-CM
    began: datetime
    signed: datetime
    decided: datetime | None

    @property
    def key(self) -> str:
        return self.case.key

    @property
    def trouble(self) -> str:
        return sentences.kind_of_trouble(self.case.diagnosis[0])

    def paper(self) -> Values:
        """What every paper says of its writing."""
        who, case = self.case.assessor, self.case.key
        return {"person": case, "written_at": self.began + TALKED, "written_by": who,
                "saved_at": self.signed - timedelta(minutes=2), "saved_by": who}  # fmt: skip

    def listed(self) -> Values:
        return {"person": self.case.key, "assessment": self.case.key, "recorded_by": self.case.assessor,
                "recorded_at": self.began + timedelta(minutes=40)}  # fmt: skip

    def sign(self, model: AnyModel, text: str, at: datetime) -> Values:
        return {"signature": staff_signs(self.ledger, model, self.key, text, self.case.assessor, at),
                "signed_text": text}  # fmt: skip


def add_chart(ledger: Ledger, dice: Dice, case: Case, steps: list[Step], titles: dict[str, str]) -> None:
    """Everything signed at the assessment, once it is."""
    signed = next((step.at for step in steps if step.transition == "record_assessment"), None)
    decided = next((step.at for step in steps if step.transition == "decide_level"), None)
    if signed is None:
        return
    began = case.assessments[-1].at
    sitting = Sitting(ledger, dice, case, person_of(case), titles, began, signed, decided)
    _risk(sitting)
    _story(sitting)
    if decided is not None:
        _level(sitting, decided)


def _story(it: Sitting) -> None:
    texts = sentences.assessment(it.dice.of("story"), it.trouble)
    rows = Rows(_diagnoses(it), _medications(it), _allergies(it))
    none = not rows.medications
    words = assessment_text(Assessment(person=it.person, sections=texts, no_medications=none), rows)
    it.ledger.add(Assessment, it.key, case=it.key, sections=texts, no_medications=none, **it.paper(),
                  **it.sign(Assessment, words, it.signed))  # fmt: skip


def _diagnoses(it: Sitting) -> list[Diagnosis]:
    """The primary one, and for some a second."""
    codes = [it.case.diagnosis[0]]
    program = clinic.program(clinic.track(it.case.track).program)
    others = [code for code, _title in program.diagnoses if code != codes[0]]
    if it.dice.of("second").chance(0.35):
        codes.append(it.dice.of("second", "which").pick(others))
    made = []
    for rank, code in enumerate(codes, start=1):
        title = it.titles[code]
        it.ledger.add(Diagnosis, f"{it.key}-{rank}", icd=code, text=title, rank=rank, source="assessment",
                      **it.listed())  # fmt: skip
        made.append(
            Diagnosis(icd=IcdCode(code=code, title=title), text=title, rank=rank, source="assessment")
        )
    return made


def _medications(it: Sitting) -> list[ReportedMedication]:
    dice, made = it.dice.of("medications"), []
    wanted = dice.weighted([(0, 0.3), (1, 0.45), (2, 0.25)])
    choices = sentences.MEDICATIONS[it.trouble]
    first = dice.whole(0, len(choices) - 1)
    for number in range(wanted):
        text, dose, reason = choices[(first + number) % len(choices)]
        taking = dice.weighted([("yes", 0.75), ("sometimes", 0.2), ("no", 0.05)])
        values = {"text": text, "dose": dose, "reason": reason, "taking": taking, "source": "told"}
        it.ledger.add(ReportedMedication, f"{it.key}-{number}", **values, **it.listed())
        made.append(ReportedMedication(**values))
    return made


def _allergies(it: Sitting) -> list[Allergy]:
    dice = it.dice.of("allergies")
    if dice.chance(0.68):
        values: Values = {"none_known": True, "text": "", "source": "told"}
    else:
        text, reaction = dice.pick(sentences.ALLERGIES)
        values = {"text": text, "reaction": reaction, "source": "told"}
    it.ledger.add(Allergy, it.key, **values, **it.listed())
    return [Allergy(**values)]


def person_facts(person: Person) -> list[tuple[str, str]]:
    return about(person)


def _risk(it: Sitting) -> None:
    """The statement of risk; where it is positive, the safety plan written together."""
    elevated = it.case.special == RISK or (not it.case.special and it.dice.of("risk").chance(ELEVATED_SHARE))
    level = "elevated" if elevated else "none"
    answers = sentences.ELEVATED if elevated else sentences.NO_RISK
    facts = [("Risk", str(RiskStatement.Level(level).label)), *person_facts(it.person)]
    parts = [(question.title, answers.get(question.key, "")) for question in risk_rules.QUESTIONS]
    words = signed_text("Statement of risk", facts, parts)
    at = it.signed - timedelta(minutes=9)
    paper = it.paper() | {"saved_at": at}
    it.ledger.add(RiskStatement, it.key, case=it.key, level=level, **answers, **paper,
                  **it.sign(RiskStatement, words, at))  # fmt: skip
    if elevated:
        _plan(it, at + timedelta(minutes=4), paper)


def _plan(it: Sitting, at: datetime, paper: Values) -> None:
    texts = it.dice.of("plan").pick(sentences.PLANS)
    review: date = (at + REVIEWED_AFTER).date()
    facts = [*person_facts(it.person), ("Copy given", "yes"), ("To be looked at again", in_words(review))]
    words = signed_text("Safety plan", facts, [(part.title, texts[part.key]) for part in plan_rules.PARTS])
    it.ledger.add(SafetyPlan, it.key, **texts, copy_given=True, review_on=review, **(paper | {"saved_at": at}),
                  **it.sign(SafetyPlan, words, at))  # fmt: skip


def _level(it: Sitting, decided: datetime) -> None:
    group = clinic.program(clinic.track(it.case.track).program).age_group
    criteria = max((each for each in library.criteria_sets().values() if group in each.populations),
                   key=lambda each: each.edition)  # fmt: skip
    dice = it.dice.of("level")
    recommended = actual = RECOMMENDED[it.case.level]
    kind = reason = ""
    if it.case.level == "iop" and dice.chance(0.06):
        recommended, (kind, reason) = "php", PAYER
    values: Values = {
        "criteria_set": criteria.key, "population": group, "recommended": recommended, "actual": actual,
        "ratings": {criteria.key: _ratings(dice, criteria, it.case.level)}, "difference_kind": kind,
        "difference_reason": reason,
    }  # fmt: skip
    words = level_text(LevelOfCare(person=it.person, **values))
    paper = it.paper() | {"written_at": it.signed + timedelta(minutes=1), "saved_at": decided}
    it.ledger.add(LevelOfCare, it.key, case=it.key, **values, **paper, **it.sign(LevelOfCare, words, decided))


def _ratings(dice: Dice, criteria: Criteria, level: str) -> dict[str, dict[str, str]]:
    """Words per dimension that fit the level; what is not rated has grounds only."""
    likely = {"higher": ("support", "close", "close"), "lower": ("none", "watch", "watch")}
    scale = likely.get(level, ("watch", "support", "support", "close"))
    known = {rating.key for rating in criteria.scale}
    return {
        dimension.key: {
            "rating": next(word for word in (dice.pick(scale), *known) if word in known)
            if dimension.rated
            else "",
            "why": dice.pick(sentences.GROUNDS if dimension.rated else sentences.READY),
        }
        for dimension in criteria.dimensions
    }
