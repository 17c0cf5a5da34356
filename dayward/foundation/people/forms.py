from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dayward.foundation.people import rules
from dayward.foundation.people.models import Address, ContactPoint, Identifier, Person, Relationship
from dayward.foundation.people.services.persons import DEMOGRAPHICS
from dayward.foundation.people.widgets import PhoneInput
from dayward.ui.versions import TwoWriters
from dayward.ui.widgets import DateInput


class PersonForm(forms.ModelForm):  # type: ignore[type-arg]
    """Demographics; `version` comes back so that two writers of one form lose neither text."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Person
        fields = sorted(DEMOGRAPHICS)
        widgets = {
            "birth_date": DateInput(),
            "deceased_on": DateInput(),
            "contact_note": forms.Textarea(attrs={"rows": 3}),
        }
        labels = {
            "language": _("Language"),
            "interpreter_needed": _("Needs an interpreter"),
            "deceased_on": _("Died on"),
        }
        help_texts = {
            "chosen_name": _("What to call them, if it is not the legal first name."),
            "sex": _("As payers and documents ask for it."),
            "contact_note": _(
                "Who may hear what, and when: “only call the mobile, after six; my partner does not know”."
            ),
        }

    def demographics(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in DEMOGRAPHICS}


class ContactPointForm(TwoWriters, forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = ContactPoint
        fields = [
            "kind",
            "value",
            "may_call",
            "may_leave_message",
            "may_text",
            "may_email",
            "note",
            "preferred",
        ]
        labels = {
            "kind": _("Kind"),
            "value": _("Number or mail address"),
            "preferred": _("The one to use first"),
        }
        widgets = {"value": PhoneInput()}

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        kind, value = values.get("kind"), values.get("value", "")
        if kind == ContactPoint.Kind.EMAIL and "@" not in value:
            self.add_error("value", _("A mail address has an @."))
        if kind != ContactPoint.Kind.EMAIL and not rules.normal_phone(value).startswith("+"):
            self.add_error("value", _("Write a phone number with its area code, such as 512 555 0147."))
        return values


class AddressForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Address
        fields = ["street", "city", "state", "zip_code", "may_mail"]
        labels = {
            "street": _("Street and number"),
            "city": _("City"),
            "state": _("State"),
            "zip_code": _("ZIP code"),
        }


class IdentifierForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Identifier
        fields = ["label", "system", "value"]
        labels = {"label": _("What it is"), "system": _("Who gave it"), "value": _("Number")}
        help_texts = {"label": _("Such as: record number of the hospital.")}


class RelativeForm(forms.Form):
    """A relative: somebody known already (by search), or somebody new."""

    given = forms.CharField(label=_("First name"), max_length=100)
    family = forms.CharField(label=_("Last name"), max_length=100, required=False)
    phone = forms.CharField(label=_("Phone"), max_length=32, required=False)
    kind = forms.ChoiceField(label=_("Who they are"), choices=Relationship.Kind.choices)
    is_guardian = forms.BooleanField(label=_("Legal guardian"), required=False)
    is_emergency_contact = forms.BooleanField(label=_("To call in an emergency"), required=False)
    lives_together = forms.BooleanField(label=_("Live together"), required=False)
    note = forms.CharField(
        label=_("What to know"),
        max_length=200,
        required=False,
        help_text=_("Such as: knows about treatment; do not discuss money."),
    )

    def clean_phone(self) -> str:
        phone = rules.normal_phone(self.cleaned_data["phone"])
        if phone and not phone.startswith("+"):
            raise forms.ValidationError(_("Write a phone number with its area code, such as 512 555 0147."))
        return phone

    def link(self) -> dict[str, Any]:
        names = ("is_guardian", "is_emergency_contact", "lives_together", "note")
        return {name: self.cleaned_data[name] for name in names}


class RegisterForm(forms.Form):
    """Somebody new: just enough to look whether they are new."""

    legal_given = forms.CharField(label=_("Legal first name"), max_length=100)
    legal_family = forms.CharField(label=_("Legal last name"), max_length=100)
    chosen_name = forms.CharField(label=_("Chosen name"), max_length=100, required=False)
    birth_date = forms.DateField(label=_("Date of birth"), required=False, widget=DateInput())
    phone = forms.CharField(label=_("Phone"), max_length=32, required=False)

    clean_phone = RelativeForm.clean_phone


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("How you know"),
        max_length=200,
        help_text=_("Such as: same birth date and phone, confirmed on the call today."),
    )
