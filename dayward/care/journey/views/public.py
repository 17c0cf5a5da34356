"""The public page: ask for help for oneself or for somebody else. It tells nothing back about anybody."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language

from dayward.care.journey import services
from dayward.care.journey.forms.public import PublicInquiryForm
from dayward.foundation.access.addresses import visitor_address
from dayward.foundation.organization.models import Site
from dayward.kernel.errors import Refused
from dayward.kernel.permissions import public


@public
def inquire(request: HttpRequest) -> HttpResponse:
    """Show the form; thank in the same words whoever it was and whoever it is about."""
    sites = list(Site.objects.all())
    language = (get_language() or "en")[:2]
    form = PublicInquiryForm(request.POST or None, sites=sites, initial={"language": language})
    if request.method != "POST" or not form.is_valid():
        return render(request, "journey/inquire.html", {"form": form, "sites": sites})
    try:
        services.count_request(address=visitor_address(request))
        if not form.cleaned_data["website"]:
            _receive(form)
    except Refused as refused:
        form.add_error(None, refused.sentence)
        return render(request, "journey/inquire.html", {"form": form, "sites": sites}, status=429)
    return HttpResponseRedirect(reverse("inquire:thanks"))


def _receive(form: PublicInquiryForm) -> None:
    data = form.cleaned_data
    names = ("given", "family", "language", "phone", "email", "may_leave_message", "may_text")
    applicant = services.Applicant(**{name: data[name] for name in names})
    services.receive_public_inquiry(site=data["site"], applicant=applicant, contact=form.contact())


@public
def thanks(request: HttpRequest) -> HttpResponse:
    """What happens now, and what to do if it cannot wait."""
    return render(request, "journey/thanks.html", {"sites": Site.objects.all()})
