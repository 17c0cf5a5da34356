from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from dayward.foundation.access.requests import StaffRequest
from dayward.foundation.terms import queries
from dayward.foundation.terms.models import IcdCode
from dayward.kernel.permissions import signed_in


@signed_in
@require_http_methods(["GET", "POST"])
def icd(request: StaffRequest) -> HttpResponse:
    """Look up a code. As a part (htmx, with the name of a field) it is the list of a picker. What is searched for is
    posted: it stands in no address, and so in no log.
    """
    name = request.POST.get("name", "")
    q = request.POST.get("q") or request.POST.get(f"{name}_q", "")
    found = queries.search(q)
    if request.htmx and name:
        results = [
            {"value": row.code, "label": f"{row.code} {row.title}", "detail": row.also} for row in found
        ]
        return render(request, "ui/picker_results.html", {"results": results, "name": name, "q": q})
    release = IcdCode.objects.filter(current=True).values_list("release", flat=True).first()
    template = "terms/icd_found.html" if request.htmx else "terms/icd.html"
    return render(request, template, {"found": found, "q": q, "release": release})
