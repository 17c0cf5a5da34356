from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models.fields import BLANK_CHOICE_DASH
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dayward.foundation.consent import words
from dayward.foundation.consent.models import Disclosure
from dayward.foundation.consent.rules.kinds import ExpiryEvent, Information, Kind, Purpose, RecipientClass
from dayward.foundation.people.models import Person, Relationship
from dayward.ui.widgets import DateInput

NAMED = {Kind.RELEASE, Kind.PROCEEDINGS, Kind.CRIMINAL_JUSTICE, Kind.COUNSELING_NOTES}
FREE_INFORMATION = {Kind.RELEASE, Kind.PROCEEDINGS, Kind.CRIMINAL_JUSTICE}
ALONE = {Purpose.PROCEEDINGS, Purpose.MONITORING, Purpose.AFTERCARE}
EVENTS = {
    Kind.RELEASE: [ExpiryEvent.END_OF_TREATMENT],
    Kind.COUNSELING_NOTES: [ExpiryEvent.END_OF_TREATMENT],
    Kind.PROCEEDINGS: [ExpiryEvent.FINAL_DISPOSITION],
    Kind.CRIMINAL_JUSTICE: [ExpiryEvent.FINAL_DISPOSITION],
    Kind.TREATMENT: [ExpiryEvent.END_OF_TREATMENT],
    Kind.TELEHEALTH: [ExpiryEvent.END_OF_TREATMENT],
    Kind.TPO: [ExpiryEvent.NONE, ExpiryEvent.END_OF_TREATMENT],
    Kind.ALUMNI: [],
}


class TermsForm(forms.Form):
    """What a form of one kind says: only the fields that this kind has."""

    relative = forms.ChoiceField(label=gettext_lazy("Somebody on file"), required=False)
    recipient = forms.CharField(
        label=gettext_lazy("With whom: a name or an office"), max_length=200, required=False
    )
    information = forms.MultipleChoiceField(
        label=gettext_lazy("What may be shared"), widget=forms.CheckboxSelectMultiple, required=False
    )
    purposes = forms.MultipleChoiceField(
        label=gettext_lazy("For what"), widget=forms.CheckboxSelectMultiple, required=False
    )
    expiry_event = forms.ChoiceField(label=gettext_lazy("It ends"), widget=forms.RadioSelect, required=False)
    expires_on = forms.DateField(label=gettext_lazy("Last day"), widget=DateInput(), required=False)
    binds = forms.ChoiceField(
        label=gettext_lazy("It can be taken back"), widget=forms.RadioSelect, required=False
    )
    irrevocable_until = forms.DateField(
        label=gettext_lazy("From this day on"), widget=DateInput(), required=False
    )

    def __init__(self, kind: Kind, person: Person, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        self.relatives = {row.relative.public_id: row.relative for row in _relatives(person)}
        for name in set(self.fields) - _fields(kind):
            del self.fields[name]
        self._fill_choices()

    def _fill_choices(self) -> None:
        choices = {
            "relative": [("", _("Nobody: the name below"))]
            + [(key, relative.called) for key, relative in self.relatives.items()],
            "information": _without(words.INFORMATION, {Information.COUNSELING_NOTES, Information.CONTACT}),
            "purposes": _without(words.PURPOSES, ALONE),
            "expiry_event": [*_only(words.EVENTS, EVENTS[self.kind]), ("", _("on a day"))],
            "binds": [
                ("", _("at any time")),
                ("final_disposition", _("when the court case is over")),
                ("day", _("from a day on")),
            ],
        }
        for name, values in choices.items():
            if name in self.fields:
                self.fields[name].choices = values  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("expires_on") and data.get("expiry_event"):
            self.add_error("expires_on", _("Choose “on a day” for a last day, or leave the day empty."))
        if "expires_on" in self.fields and not data.get("expires_on") and not data.get("expiry_event"):
            self.add_error("expires_on", _("Say when it ends."))
        if data.get("binds") == "day" and not data.get("irrevocable_until"):
            self.add_error("irrevocable_until", _("Say from which day on."))
        return data

    def terms(self) -> dict[str, Any]:
        """For `services.offer`."""
        data = self.cleaned_data
        relative = self.relatives.get(data.get("relative", ""))
        names = ("information", "purposes", "expires_on", "expiry_event")
        found = {name: data[name] for name in names if data.get(name)}
        if relative is not None:
            found |= {"recipient_person": relative, "recipient": relative.legal_name}
        elif data.get("recipient"):
            found["recipient"] = data["recipient"].strip()
        if data.get("binds") == "day":
            found["irrevocable_until"] = data["irrevocable_until"]
        elif data.get("binds"):
            found["irrevocable_event"] = data["binds"]
        return found


def _fields(kind: Kind) -> set[str]:
    found = {"expires_on"} | ({"expiry_event"} if EVENTS[kind] else set())
    found |= {"relative", "recipient"} if kind in NAMED else set()
    found |= {"information"} if kind in FREE_INFORMATION else set()
    found |= {"purposes"} if kind in {Kind.RELEASE, Kind.COUNSELING_NOTES} else set()
    return found | ({"binds", "irrevocable_until"} if kind is Kind.CRIMINAL_JUSTICE else set())


def _relatives(person: Person) -> Iterable[Relationship]:
    rows = Relationship.objects.filter(person_id__in=person.all_ids, ended_on__isnull=True)
    return rows.select_related("relative").order_by("id")


def _without(every: words.Words, left_out: Iterable[str]) -> list[tuple[str, str]]:
    return [(str(key), str(word)) for key, word in every.items() if key not in set(left_out)]


def _only(every: words.Words, wanted: Iterable[str]) -> list[tuple[str, str]]:
    return [(str(key), str(every[key])) for key in wanted]


class TextForm(forms.Form):
    """Other words for a form, from a day on."""

    english = forms.CharField(label=gettext_lazy("English"), widget=forms.Textarea(attrs={"rows": 18}))
    spanish = forms.CharField(label=gettext_lazy("Spanish"), widget=forms.Textarea(attrs={"rows": 18}))
    says = forms.MultipleChoiceField(
        label=gettext_lazy("Both still say"), widget=forms.CheckboxSelectMultiple, required=False
    )
    effective_from = forms.DateField(label=gettext_lazy("From"), widget=DateInput())
    source = forms.CharField(label=gettext_lazy("Where the words come from"), max_length=200)
    counsel = forms.CharField(
        label=gettext_lazy("Read by counsel: who, and when"), max_length=200, required=False
    )
    anew = forms.BooleanField(
        label=gettext_lazy("Whoever signed older words signs these too"),
        help_text=gettext_lazy("What they signed before holds on until they do."),
        required=False,
    )

    def __init__(self, statements: Iterable[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.statements = sorted(str(each) for each in statements)
        if not self.statements:
            del self.fields["says"]
            return
        says = self.fields["says"]
        assert isinstance(says, forms.MultipleChoiceField)
        says.choices = [(each, str(words.STATEMENTS[each])) for each in self.statements]

    def clean_says(self) -> list[str]:
        said: list[str] = self.cleaned_data["says"]
        if set(said) != set(self.statements):
            raise forms.ValidationError(
                _("Without it the form is not valid: put it into both languages first.")
            )
        return said

    def told(self) -> dict[str, Any]:
        """For `services.write_text`."""
        return {name: value for name, value in self.cleaned_data.items() if name != "says"}


class DisclosureForm(forms.Form):
    """What left, to whom, for what, on which ground."""

    basis = forms.ChoiceField(
        label=gettext_lazy("On which ground"), choices=[*BLANK_CHOICE_DASH, *Disclosure.Basis.choices]
    )
    recipient = forms.CharField(label=gettext_lazy("To whom: name and affiliation"), max_length=200)
    recipient_class = forms.ChoiceField(
        label=gettext_lazy("Who that is"), choices=words.choices(words.CLASSES), initial=RecipientClass.NAMED
    )
    purpose = forms.ChoiceField(
        label=gettext_lazy("For what"), choices=[*BLANK_CHOICE_DASH, *words.choices(words.PURPOSES)]
    )
    information = forms.MultipleChoiceField(
        label=gettext_lazy("What was shared"),
        choices=words.choices(words.INFORMATION),
        widget=forms.CheckboxSelectMultiple,
    )
    description = forms.CharField(
        label=gettext_lazy("In a sentence"), widget=forms.Textarea(attrs={"rows": 2}), max_length=1000
    )
    circumstances = forms.CharField(
        label=gettext_lazy("The emergency, order or report"),
        help_text=gettext_lazy("Its nature, and who received it there. Needed where there is no consent."),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=1000,
        required=False,
    )
    content = forms.FileField(
        label=gettext_lazy("The file that was sent"),
        help_text=gettext_lazy(
            "Only its hash is kept, as proof of what was sent. For a call, leave it empty."
        ),
        required=False,
    )
