"""A malformed consent library is refused at start-up."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error, register

from dayward.foundation.consent import texts
from dayward.foundation.consent.models import Consent, NoticeGiven
from dayward.kernel.errors import Misconfigured


@register("consent")
def library_is_readable(app_configs: Any, **_: Any) -> list[CheckMessage]:
    """Every kind has a text in each language, its placeholders are known; state rules and statements can be read."""
    try:
        found = [problem for text in texts.every_text() for problem in texts.problems(text)]
        texts.minor_rules()
        if texts.STATEMENT_LONG not in texts.statements():
            found.append("The statement of 42 CFR 2.32 is missing.")
    except Misconfigured as problem:
        return [Error(problem.sentence, id="consent.E001")]
    kinds = {*Consent.Kind.values, NoticeGiven.PATIENT_NOTICE}
    found += [f"No text for {kind}." for kind in sorted(kinds - {text.kind for text in texts.every_text()})]
    return [Error(each, id="consent.E002") for each in found]
