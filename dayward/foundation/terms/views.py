from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from dayward.foundation.access.requests import StaffRequest
from dayward.foundation.terms import queries
from dayward.foundation.terms.models import IcdCode
from dayward.kernel.permissions import signed_in


@signed_in
def icd(request: StaffRequest) -> HttpResponse:
    """Look up a code. As a part (htmx, with the name of a field) it is the list of a picker."""
    name = request.GET.get("name", "")
    q = request.GET.get("q") or request.GET.get(f"{name}_q", "")
    found = queries.search(q)
    if request.htmx and name:
        results = [
            {"value": row.code, "label": f"{row.code} {row.title}", "detail": row.also} for row in found
        ]
        return render(request, "ui/picker_results.html", {"results": results, "name": name, "q": q})
    release = IcdCode.objects.filter(current=True).values_list("release", flat=True).first()
    template = "terms/icd_found.html" if request.htmx else "terms/icd.html"
    return render(request, template, {"found": found, "q": q, "release": release})
