"""A template of notes as it is in the library."""

from __future__ import annotations

from collections.abc import Collection

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dayward.care.catalog.models import ServiceKind
from dayward.chart.notes import library
from dayward.chart.notes.rules.signing import UNLICENSED
from dayward.chart.notes.rules.templates import Objective
from dayward.foundation.access.requests import StaffRequest
from dayward.foundation.people.models import Credential
from dayward.kernel.permissions import signed_in


@signed_in
@require_safe
def template(request: StaffRequest, template: str) -> HttpResponse:
    """Its headings, which services are written with it, and who signs."""
    found = library.templates().get(template)
    if found is None:
        raise Http404
    context = {
        "template": found,
        "services": ServiceKind.objects.in_use().filter(form__in=found.forms, documentable=True),
        "signers": _credentials(found.signers),
        "cosigned": _credentials(found.cosigned),
        "needs_objective": found.objective is Objective.NEEDED,
    }
    return render(request, "notes/template.html", context)


def _credentials(kinds: Collection[str]) -> list[str]:
    """In the order of the list of credentials."""
    named = [str(label) for kind, label in Credential.Kind.choices if kind in kinds]
    return [*named, _("staff without a credential")] if UNLICENSED in kinds else named
