"""One person: who they are, how to reach them, who belongs to them."""

from __future__ import annotations

from typing import Any

from django.forms import model_to_dict
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from dayward.foundation.audit.models import Entry
from dayward.foundation.people import permissions, queries, services
from dayward.foundation.people.forms import PersonForm
from dayward.foundation.people.models import Person, StaffMember
from dayward.foundation.people.requests import PersonRequest
from dayward.kernel.errors import Conflict, Refused
from dayward.kernel.permissions import permissions as words
from dayward.kernel.permissions import requires_chart
from dayward.ui import drafts, toasts
from dayward.ui.versions import differences, version_shown


@requires_chart(permissions.READ)
@require_GET
def person(request: PersonRequest, person: str) -> HttpResponse:
    """The person's page."""
    about = queries.about(request.person)
    context = {"person": request.person, "about": about, "age": about.age}
    return render(
        request,
        "people/person.html",
        {
            **context,
            "may_see_readers": _may(request, "access.readers"),
            "may_send_link": _may(request, "messaging.send_link"),
            "may_edit": request.may(permissions.EDIT),
        },
    )


def _may(request: PersonRequest, key: str) -> bool:
    """A permission that a package above declares."""
    word = words.get(key)
    return word is not None and request.may(word)


@requires_chart(permissions.EDIT)
@require_http_methods(["GET", "POST"])
@drafts.keeps_draft()
def edit(request: PersonRequest, person: str) -> HttpResponse:
    """Correct demographics; nothing that somebody else wrote meanwhile is overwritten unseen."""
    current = request.person
    if request.method == "GET":
        form = PersonForm(instance=current)
        drafts.restore(request, form)
        return _edit_page(request, form, version_shown(request, current.version))
    form = PersonForm(request.POST, instance=Person.objects.get(pk=current.pk))
    if not form.is_valid():
        return _edit_page(request, form, form.cleaned_data.get("version") or current.version)
    try:
        with drafts.sent(request):
            services.update_person(
                actor=request.actor,
                person=current,
                version=form.cleaned_data["version"] or 0,
                **form.demographics(),
            )
    except Conflict:
        return _edit_page(request, form, current.version, _conflict(form, current))
    except Refused as refused:
        form.add_error(None, refused.sentence)
        return _edit_page(request, form, current.version)
    toasts.done(request, _("Saved."))
    return redirect("people:person", person=current.public_id)


def _edit_page(
    request: PersonRequest, form: PersonForm, version: int, conflict: dict[str, Any] | None = None
) -> HttpResponse:
    context = {"person": request.person, "form": form, "version": version, **(conflict or {})}
    return render(request, "people/edit.html", context, status=409 if conflict else 200)


def _conflict(form: PersonForm, current: Person) -> dict[str, Any]:
    both = differences(form, form.demographics(), model_to_dict(current))
    last = Entry.objects.filter(person=current.public_id, action="people.update").order_by("-pk").first()
    who = StaffMember.objects.filter(user__public_id=last.actor).first() if last else None
    return {"differences": both, "who": who.name if who else "", "at": last.at if last else None}
