"""The public inquiry form: in plain words, for oneself or for somebody else."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dayward.care.journey.forms.intake import by_public_id, choose
from dayward.care.journey.services import FirstContact
from dayward.foundation.organization.models import Site
from dayward.foundation.people.models import Language
from dayward.ui.widgets import ChoiceButtons


class PublicInquiryForm(forms.Form):
    """As little as is needed to call back."""

    for_whom = forms.ChoiceField(
        label=_("Who needs help?"),
        choices=[("me", _("I do")), ("other", _("Someone I know"))],
        initial="me",
        widget=ChoiceButtons,
    )
    site = by_public_id(Site.objects.none(), label=_("Which place is closer?"))
    given = forms.CharField(label=_("First name of the person who needs help"), max_length=100)
    family = forms.CharField(label=_("Last name, if you want to say it"), max_length=100, required=False)
    phone = forms.CharField(label=_("Phone number to call"), max_length=32, required=False)
    email = forms.EmailField(label=_("Email, if you like that better"), required=False)
    may_leave_message = forms.BooleanField(
        label=_("It is safe to leave a message"),
        required=False,
        help_text=_("If you leave this empty, we only say our first name when someone else picks up."),
    )
    may_text = forms.BooleanField(label=_("It is safe to send a text"), required=False)
    best_time = forms.CharField(label=_("Best time to reach you"), max_length=100, required=False)
    language = forms.ChoiceField(label=_("Language"), choices=Language.choices, initial=Language.ENGLISH)
    inquirer_name = forms.CharField(label=_("Your name"), max_length=200, required=False)
    inquirer_relation = forms.CharField(label=_("How you know the person"), max_length=100, required=False)
    person_knows = forms.ChoiceField(
        label=_("Does the person know that you are writing?"),
        choices=[("yes", _("Yes")), ("no", _("No")), ("", _("I am not sure"))],
        required=False,
        widget=ChoiceButtons,
    )
    message = forms.CharField(
        label=_("Anything you want us to know"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    # People do not see this field; programs that fill in every field do.
    website = forms.CharField(label=_("Leave this empty"), required=False)

    def __init__(self, *args: Any, sites: list[Site], **options: Any) -> None:
        super().__init__(*args, **options)
        choose(self, "site", Site.objects.filter(pk__in=[site.pk for site in sites]))
        if len(sites) == 1:
            self.fields["site"].initial = sites[0].public_id
            self.fields["site"].widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if not found.get("phone") and not found.get("email"):
            self.add_error("phone", _("Give us a phone number or an email, so that we can reach you."))
        if found.get("for_whom") == "other" and not found.get("inquirer_name"):
            self.add_error("inquirer_name", _("Tell us your name."))
        return found

    @property
    def by_other(self) -> bool:
        return bool(self.cleaned_data["for_whom"] == "other")

    def contact(self) -> FirstContact:
        """What was said; the phone number of somebody else is theirs, not the person's."""
        data = self.cleaned_data
        return FirstContact(
            by_other=self.by_other,
            inquirer_name=data["inquirer_name"] if self.by_other else "",
            inquirer_relation=data["inquirer_relation"] if self.by_other else "",
            inquirer_phone=data["phone"] if self.by_other else "",
            inquirer_email=data["email"] if self.by_other else "",
            person_knows={"yes": True, "no": False}.get(data["person_knows"]) if self.by_other else True,
            best_time=data["best_time"],
            message=data["message"],
        )
