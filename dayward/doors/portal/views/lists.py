"""A list of one's own with a form beside it: the shape of letters and of meetings outside."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render

from dayward.doors.portal import sessions
from dayward.foundation.access.requests import PortalRequest
from dayward.kernel.errors import Refused
from dayward.ui import toasts


def list_with_form(
    request: PortalRequest,
    *,
    template: str,
    form: forms.Form,
    write: Callable[..., object],
    done: str,
    rows: Callable[[], Mapping[str, object]],
) -> HttpResponse:
    """Read, or (POST) write one line with what the form says; what was refused stays typed, with its reason."""
    if request.method == "POST" and form.is_valid():
        try:
            write(actor=request.actor, person=request.person, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            toasts.done(request, done)
            return redirect(request.path)
    context = {**rows(), "form": form, "tablet": sessions.is_tablet(request)}
    return render(request, template, context, status=422 if request.method == "POST" else 200)
