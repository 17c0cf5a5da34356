"""What the clinic works with from the library folders: each with its versions, and where it stands as it is."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from dayward.chart.measures.library import instruments
from dayward.chart.notes.library import templates
from dayward.foundation.access.requests import StaffRequest
from dayward.foundation.organization.permissions import SETUP
from dayward.kernel.permissions import permissions, signed_in


@dataclass(frozen=True)
class Shelf:
    """What came with Dayward and has a list of its own; who may see that holds `permission`."""

    title: str | Promise
    about: str | Promise
    icon: str
    url_name: str
    permission: str


SHELVES = (
    Shelf(
        _("Rules that make things due"),
        _("Packs of states, payers, accreditors and our own policy: each rule with its source and its days."),
        "gavel",
        "standards:packs",
        "standards.see",
    ),
    Shelf(
        _("Limits of the week"),
        _(
            "How many in a group, how many hours, how many people for one clinician: of states and of our own."
        ),
        "scale",
        "schedule:limits",
        "schedule.see",
    ),
    Shelf(
        _("Kinds of services"),
        _("What came, what you call it, and what counts toward the floor."),
        "tags",
        "catalog:kinds",
        "catalog.see",
    ),
    Shelf(
        _("Consents and the notice"),
        _("The words that people sign, each version with its days."),
        "file-text",
        "consent:texts",
        "consent.texts",
    ),
    Shelf(
        _("Payers"),
        _("Known names of payers, and what each asks of a week."),
        "credit-card",
        "coverage:payers",
        "coverage.payers",
    ),
)


@signed_in
@require_GET
def library(request: StaffRequest) -> HttpResponse:
    """Questionnaires and templates of notes; the rest has pages of its own."""
    context = {
        "instruments": instruments().values(),
        "templates": templates().values(),
        "back": reverse("staff:setup") if request.may(SETUP) else "",
        "shelves": [each for each in SHELVES if _may_open(request, each)],
    }
    return render(request, "staff/library.html", context)


def _may_open(request: StaffRequest, shelf: Shelf) -> bool:
    word = permissions.get(shelf.permission)
    return word is not None and request.may(word)
