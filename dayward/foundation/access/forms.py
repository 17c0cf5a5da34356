from __future__ import annotations

from typing import Any

from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dayward.foundation.access.models import CareTeamMember
from dayward.foundation.access.programs import programs_at
from dayward.foundation.access.roles import ROLES
from dayward.foundation.organization.models import Site
from dayward.foundation.people import rules
from dayward.foundation.people.models import Credential, Person, StaffMember
from dayward.foundation.people.widgets import PhoneInput
from dayward.ui.versions import TwoWriters
from dayward.ui.widgets import DateInput


class BreakGlassForm(forms.Form):
    reason = forms.CharField(
        label=_("Why you need this chart now"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Compliance reads this. Such as: on call tonight, they phoned in a crisis."),
    )


class ReviewForm(forms.Form):
    outcome = forms.CharField(label=_("What you found"), widget=forms.Textarea(attrs={"rows": 2}))


class WatchForm(forms.Form):
    reason = forms.CharField(
        label=_("Why"),
        max_length=300,
        help_text=_(
            "Such as: a colleague; somebody the newspapers write about. Compliance alone reads this."
        ),
    )


class CareTeamForm(forms.Form):
    """Who works where the person is treated."""

    staff = forms.ModelChoiceField(label=_("Who"), queryset=StaffMember.objects.none())
    function = forms.ChoiceField(label=_("As what"), choices=CareTeamMember.Function.choices)

    def __init__(self, person: Person, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        staff = self.fields["staff"]
        assert isinstance(staff, forms.ModelChoiceField)
        here = StaffMember.objects.filter(ended_on=None)
        staff.queryset = here.filter(sites=person.site_id) if person.site_id else here


def role_choices() -> list[tuple[str, str]]:
    return [(role.key, gettext(role.name)) for role in ROLES.values()]


def program_choices() -> list[tuple[str, str]]:
    sites = dict(Site.objects.values_list("pk", "name"))
    words = "%(site)s: %(program)s" if len(sites) > 1 else "%(program)s"
    found = [
        (each.key, words % {"site": sites[each.site], "program": each.name}) for each in programs_at(sites)
    ]
    return sorted(found, key=lambda each: each[1].casefold())


def programs_field() -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=_("Only for people of these programs"),
        choices=program_choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("None chosen: everybody of the site. People of no program yet are everybody’s."),
    )


class RoleForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"), choices=role_choices)
    site = forms.ModelChoiceField(
        label=_("Site"), queryset=Site.objects.all(), required=False, empty_label=_("every site")
    )
    programs = programs_field()
    starts_on = forms.DateField(label=_("First day"), widget=DateInput())
    ends_on = forms.DateField(label=_("Last day"), required=False, widget=DateInput())


class StaffForm(TwoWriters, forms.ModelForm):  # type: ignore[type-arg]
    sites = forms.ModelMultipleChoiceField(
        label=_("Sites"), queryset=Site.objects.all(), widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = StaffMember
        fields = [
            "given",
            "family",
            "pronouns",
            "title",
            "npi",
            "phone",
            "supervisor",
            "started_on",
            "ended_on",
            "sites",
        ]
        widgets = {"phone": PhoneInput(), "started_on": DateInput(), "ended_on": DateInput()}
        labels = {
            "title": _("Title"),
            "phone": _("Work phone"),
            "supervisor": _("Supervisor"),
            "started_on": _("First day"),
            "ended_on": _("Last day"),
        }
        help_texts = {"ended_on": _("After it they can no longer sign in.")}

    def clean_npi(self) -> str:
        npi: str = self.cleaned_data["npi"].strip()
        if npi and not rules.npi_is_valid(npi):
            raise forms.ValidationError(_("This NPI has a wrong digit: its check does not come out."))
        return npi

    def clean_phone(self) -> str:
        return rules.normal_phone(self.cleaned_data["phone"])

    def told(self) -> dict[str, Any]:
        values = dict(self.cleaned_data)
        values["sites"] = tuple(values["sites"])
        return values


def _with_last_day(form: forms.BaseForm, told: dict[str, Any]) -> dict[str, Any]:
    """Without its last day nothing can be signed by a license: better asked for now than found out at a signature."""
    kind = told.get("kind")
    if kind and kind not in rules.HELD_WITHOUT_LICENSE and not told.get("expires_on"):
        form.add_error(
            "expires_on", gettext("Write down its last day: until then nothing can be signed with it.")
        )
    return told


class InviteForm(forms.Form):
    """All that is needed so that somebody new can begin."""

    given = forms.CharField(label=_("First name"), max_length=100)
    family = forms.CharField(label=_("Last name"), max_length=100)
    email = forms.EmailField(label=_("Mail address"), help_text=_("They sign in with it."))
    title = forms.CharField(label=_("Title"), max_length=100, required=False)
    starts_on = forms.DateField(
        label=_("First day"), widget=DateInput(), required=False, help_text=_("Empty: today.")
    )
    sites = forms.ModelMultipleChoiceField(
        label=_("Sites"), queryset=Site.objects.all(), widget=forms.CheckboxSelectMultiple
    )
    everywhere = forms.BooleanField(
        label=_("Their roles hold at every site, also at later ones"), required=False
    )
    roles = forms.MultipleChoiceField(
        label=_("Roles"), choices=role_choices, widget=forms.CheckboxSelectMultiple, required=False
    )
    programs = programs_field()
    supervisor = forms.ModelChoiceField(
        label=_("Supervisor"), queryset=StaffMember.objects.filter(ended_on=None), required=False
    )
    kind = forms.ChoiceField(
        label=_("Credential"), choices=[("", _("None")), *Credential.Kind.choices], required=False
    )
    license_number = forms.CharField(label=_("License number"), max_length=40, required=False)
    license_state = forms.CharField(label=_("State"), max_length=2, required=False)
    expires_on = forms.DateField(label=_("Last day"), widget=DateInput(), required=False)

    def clean(self) -> dict[str, Any]:
        return _with_last_day(self, super().clean() or {})

    def told(self) -> dict[str, Any]:
        """For `services.invite`."""
        values = dict(self.cleaned_data)
        names = ("kind", "license_number", "license_state", "expires_on")
        credential = {name: values.pop(name) for name in names}
        return {
            **values,
            "sites": tuple(values["sites"]),
            "credential": credential if credential["kind"] else None,
        }


class SignInForm(forms.Form):
    email = forms.EmailField(label=_("Mail address"))


class PasskeyForm(AddWebAuthnForm):  # type: ignore[misc]
    """A passkey that signs in alone, unless its owner says otherwise."""

    passwordless = forms.BooleanField(
        label=_("Sign in with it alone, without a password"),
        required=False,
        initial=True,
        help_text=_(
            "A key that asks for no fingerprint, face or PIN cannot: it is then the second step after the password."
        ),
    )


class OwnPasswordForm(forms.Form):
    password = forms.CharField(
        label=_("New password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least twelve characters; a sentence is easier to keep than a puzzle."),
    )
    again = forms.CharField(
        label=_("Once more"), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def clean_again(self) -> str:
        again: str = self.cleaned_data["again"]
        if self.cleaned_data.get("password") != again:
            raise forms.ValidationError(gettext("These two are not the same."))
        return again


class CredentialForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Credential
        fields = ["kind", "license_number", "license_state", "issued_on", "expires_on"]
        widgets = {"issued_on": DateInput(), "expires_on": DateInput()}
        labels = {
            "kind": _("Credential"),
            "license_number": _("License number"),
            "license_state": _("State"),
            "issued_on": _("Valid from"),
            "expires_on": _("Last day"),
        }

    def clean(self) -> dict[str, Any]:
        return _with_last_day(self, super().clean() or {})
