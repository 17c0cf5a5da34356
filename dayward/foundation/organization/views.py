"""Set-up of the clinic: its names and its sites."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.forms import model_to_dict
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from dayward.foundation.organization import permissions, services
from dayward.foundation.organization.forms import NewSiteForm, OrganizationForm, SiteForm
from dayward.foundation.organization.models import Organization, Site
from dayward.foundation.organization.requests import ActingRequest
from dayward.kernel.errors import Conflict, Refused
from dayward.kernel.permissions import requires
from dayward.ui import drafts, toasts
from dayward.ui.versions import differences, version_posted, version_shown

BOTH = ["GET", "POST"]


@requires(permissions.SETUP)
@require_GET
def setup(request: ActingRequest) -> HttpResponse:
    """The clinic and its sites."""
    own, sites = request.powers.sites(permissions.SETUP), list(Site.objects.all())
    context = {
        "organization": Organization.objects.first(),
        "sites": sites,
        "own": own,
        "may_all": own == sites,
    }
    return render(request, "organization/setup.html", context)


@requires(permissions.SETUP)
@require_http_methods(BOTH)
def names(request: ActingRequest) -> HttpResponse:
    """The clinic's names."""
    found = get_object_or_404(Organization)
    form = OrganizationForm(request.POST or None, instance=found)

    def save() -> None:
        _only_own(request, Site.objects.all())
        services.update_organization(actor=request.actor, organization=found, **form.cleaned_data)

    return _page(request, form, save, _("Names of the clinic"))


@requires(permissions.SETUP)
@require_http_methods(BOTH)
@drafts.keeps_draft()
def add_site(request: ActingRequest) -> HttpResponse:
    """A new site, with its time zone."""
    found = get_object_or_404(Organization)
    form = NewSiteForm(request.POST or None)

    def save() -> None:
        _only_own(request, Site.objects.all())
        services.open_site(actor=request.actor, organization=found, **form.cleaned_data)

    return _page(request, form, save, _("New site"))


@requires(permissions.SETUP)
@require_http_methods(BOTH)
@drafts.keeps_draft()
def site(request: ActingRequest, site: str) -> HttpResponse:
    """Correct a site's name and address."""
    found = get_object_or_404(Site, public_id=site)
    form = SiteForm(request.POST or None, instance=found)

    def save() -> None:
        _only_own(request, [found])
        services.update_site(
            actor=request.actor, site=found, version=version_posted(request), **form.cleaned_data
        )

    return _page(request, form, save, _("Correct the site"), version=found.version)


def _only_own(request: ActingRequest, sites: Iterable[Site]) -> None:
    """Who sets up some sites leaves the others, and what all share, as they are."""
    if not set(sites) <= set(request.powers.sites(permissions.SETUP)):
        raise Refused(_("Your own role is for some sites only. Ask somebody whose role is for every site."))


def _page(
    request: ActingRequest, form: Any, save: Callable[[], None], title: str, version: int = 0
) -> HttpResponse:
    both: list[dict[str, Any]] = []
    drafts.restore(request, form)
    if request.method == "POST" and form.is_valid():
        try:
            with drafts.sent(request):
                save()
        except Conflict as conflict:
            form.add_error(None, conflict.sentence)
            now = model_to_dict(Site.objects.get(pk=form.instance.pk))
            version, both = now["version"], differences(form, form.cleaned_data, now)
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            toasts.done(request, _("Saved."))
            return redirect("organization:setup")
    context = {"form": form, "title": title, "version": version_shown(request, version), "differences": both}
    return render(request, "organization/form.html", context, status=409 if both else 200)
