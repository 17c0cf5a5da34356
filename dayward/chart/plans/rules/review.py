"""What a review must say (T17), and when a step-down is well founded (T18)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dayward.chart.safety.rules.words import gettext_noop

STABLE_DAYS = 14  # T18: stable for at least two weeks
MET, PROGRESSING, SAME, WORSE = "met", "progressing", "same", "worse"
PROGRESS = (MET, PROGRESSING, SAME, WORSE)


@dataclass(frozen=True, slots=True)
class Step:
    """One objective in a review."""

    key: str
    text: str
    progress: str
    note: str


@dataclass(frozen=True, slots=True)
class Dimension:
    """One dimension of the criteria set, as rated now."""

    key: str
    name: str
    rated: bool
    rating: str
    why: str


@dataclass(frozen=True, slots=True)
class Review:
    """A review as plain values."""

    steps: tuple[Step, ...]
    dimensions: tuple[Dimension, ...]
    summary: str
    person_words: str
    person_agrees: str
    level: str
    next_review_on: date | None
    step_down: bool = False
    stable_since: date | None = None
    signature_wanted: bool = (
        False  # the person has not agreed to the plan and was not asked since the review began
    )


@dataclass(frozen=True, slots=True)
class Gap:
    sentence: str
    key: str = ""
    what: str = ""


def gaps(review: Review, today: date) -> tuple[Gap, ...]:
    """What a review still lacks before it is signed. A word alone is no progress: each carries its sentence."""
    found = [gap for step in review.steps for gap in _step_gaps(step)]
    found += [
        Gap(gettext_noop("Say where this stands now."), f"rating_{each.key}", each.name)
        for each in review.dimensions
        if each.rated and not each.rating
    ]
    if not review.summary.strip():
        found.append(Gap(gettext_noop("Say in a sentence what matters now."), "summary"))
    if not review.person_words.strip():
        found.append(Gap(gettext_noop("Write what the person says about it."), "person_words"))
    if review.signature_wanted:
        found.append(
            Gap(gettext_noop("Ask again whether the person signs the plan, and write down what they say."))
        )
    if not review.level:
        found.append(Gap(gettext_noop("Choose the level of care that is right now."), "level"))
    if review.next_review_on is None:
        found.append(Gap(gettext_noop("Say when the plan is looked at again."), "next_review_on"))
    elif review.next_review_on <= today:
        found.append(Gap(gettext_noop("The next review is not after today."), "next_review_on"))
    if review.step_down:
        found += [Gap(sentence, key) for key, sentence in step_down_lacks(review, today)]
    return tuple(found)


def _step_gaps(step: Step) -> list[Gap]:
    if step.progress not in PROGRESS:
        return [Gap(gettext_noop("Say how it stands."), f"progress_{step.key}", step.text)]
    if not step.note.strip():
        return [Gap(gettext_noop("Say in a sentence what shows it."), f"note_{step.key}", step.text)]
    return []


def step_down_lacks(review: Review, today: date) -> tuple[tuple[str, str], ...]:
    """T18: stable two weeks, objectives met or getting closer and none worse, level reassessed, the person agrees."""
    found = []
    if review.stable_since is None:
        found.append(("stable_since", gettext_noop("Say since when the person has been stable.")))
    elif (today - review.stable_since).days < STABLE_DAYS:
        found.append(("stable_since", gettext_noop("Stable for less than two weeks.")))
    if not any(step.progress in (MET, PROGRESSING) for step in review.steps):
        found.append(("", gettext_noop("No objective is met or getting closer.")))
    if any(step.progress == WORSE for step in review.steps):
        found.append(("", gettext_noop("An objective is getting worse: a step down waits for that.")))
    if not review.level:
        found.append(("level", gettext_noop("The level of care is not reassessed.")))
    if review.person_agrees != "yes":
        found.append(("person_agrees", gettext_noop("The person does not agree, or was not asked.")))
    return tuple(found)
