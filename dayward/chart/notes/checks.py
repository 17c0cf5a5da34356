from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error

from dayward.care.catalog.models import ServiceKind
from dayward.chart.notes import library
from dayward.chart.notes.rules.signing import UNLICENSED
from dayward.foundation.people.models import Credential
from dayward.kernel.errors import Misconfigured

UNDOCUMENTED = {"outside"}  # logged by case work, and nobody's service


def check_templates(**kwargs: Any) -> list[CheckMessage]:
    """Every template can be read and knows its words; every form of service has one."""
    try:
        found = library.templates()
        for name in found:
            library.examples(name)
    except (Misconfigured, KeyError) as problem:
        return [Error(str(problem), id="notes.E001")]
    wrong: list[CheckMessage] = []
    known = {*Credential.Kind.values, UNLICENSED}
    for name, template in found.items():
        if strange := sorted(template.signers - known):
            wrong.append(Error(f"notes/library/{name}: unknown credential {strange}", id="notes.E002"))
    forms = {form for template in found.values() for form in template.forms}
    if lacking := sorted(set(ServiceKind.Form.values) - forms - UNDOCUMENTED):
        wrong.append(Error(f"notes/library: no template for {', '.join(lacking)}", id="notes.E003"))
    return wrong
