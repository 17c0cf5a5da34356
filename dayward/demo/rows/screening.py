"""Answers to the screening that fit how the case went on."""

from __future__ import annotations

from typing import Any

from dayward.care.journey.rules.questions import QUESTIONS, VERSION
from dayward.demo.dice import Dice
from dayward.demo.facts import Case

TOLD = {
    "F05": "Weekly therapy for about a year; did not hold through the last months.",
    "F11": "Has a family doctor we may write to.",
    "F13": "Prefers messages after 4 pm.",
}


def answers(dice: Dice, case: Case) -> dict[str, Any]:
    """Values of a screening: answers by question, and what is asked beside them."""
    ends = case.steps[-1]
    referred = next((step for step in case.steps if step.transition == "refer_out"), None)
    given = {question.key: _answer(dice, question.key, question.fits, case) for question in QUESTIONS}
    if referred is not None and "withdrawal" in referred.reason:
        given["withdrawal"] = {"answer": "yes", "note": "Shaking in the mornings, last drink today."}
    far = referred is not None and "far" in referred.reason
    return {
        "questions_version": VERSION,
        "answers": given,
        "travel_minutes": dice.whole(70, 120) if far else dice.whole(8, 50),
        "telehealth_possible": not far and dice.chance(0.7),
        "living": dice.weighted([("own_home", 0.55), ("family", 0.3), ("sober_living", 0.15)]),
        "support": dice.pick(("A sister close by.", "Partner at home.", "A friend from work.", "Parents.")),
        "own_hours": [
            {"kind": b.kind, "weekdays": list(b.weekdays), "starts": b.starts, "ends": b.ends, "note": b.note}
            for b in case.own_hours
        ],
        "outcome": "refer_out" if referred else "assess",
        "outcome_note": ends.reason if referred else "",
    }


def _answer(dice: Dice, key: str, fits: str, case: Case) -> dict[str, str]:
    if key == "F07":
        return {"answer": "yes" if case.facility else "no", "note": case.facility}
    answer = fits or ("yes" if dice.chance(0.4) else "no")
    if key.startswith("F") and dice.chance(0.06):
        answer = "unsure"
    return {"answer": answer, "note": TOLD.get(key, "") if dice.chance(0.5) else ""}
