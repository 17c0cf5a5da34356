"""Letters and summaries as files."""

from __future__ import annotations

from django.http import Http404, HttpResponse

from dayward.chart.casework.models import Letter, Summary
from dayward.foundation.access.requests import ChartRequest
from dayward.foundation.audit.models import Entry
from dayward.foundation.audit.services import record
from dayward.foundation.documents import responses


def as_file(request: ChartRequest, paper: Letter | Summary, action: str) -> HttpResponse:
    """The signed paper; that it was opened is written down."""
    if paper.document is None:
        raise Http404
    record(actor=request.actor, action=action, kind=Entry.Kind.VIEW, person=request.person, subject=paper)
    return responses.send(paper.document)
