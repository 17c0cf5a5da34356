from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.checks import CheckMessage, Error

from dayward.care.journey.rules.questions import BY_KEY
from dayward.chart.assessments import library
from dayward.kernel.errors import Misconfigured

FIELDS = {"prior_treatment", "support", "living", "own_hours"}  # of the screening, beside its questions


def check_library(**kwargs: Any) -> list[CheckMessage]:
    """The sections and criteria sets can be read, and ask for nothing that the screening does not know."""
    found = [_problem(read) for read in (library.groups, library.criteria_sets, _known_answers, _examples)]
    return [Error(text, id="assessments.E001") for text in found if text]


def _problem(read: Callable[[], object]) -> str:
    try:
        read()
    except (Misconfigured, KeyError) as problem:
        return str(problem)
    return ""


def _known_answers() -> None:
    unknown = {key for section in library.sections() for key in section.told} - set(BY_KEY) - FIELDS
    if unknown:
        raise Misconfigured(
            f"biopsychosocial/sections.toml: the screening has no {', '.join(sorted(unknown))}"
        )


def _examples() -> None:
    for name in library.criteria_sets():
        library.examples(name)
