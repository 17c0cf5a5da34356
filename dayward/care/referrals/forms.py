from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dayward.care.journey.models import EntryMode
from dayward.care.journey.services import ComesFrom
from dayward.care.referrals.models import ReferralDocument
from dayward.care.referrals.packet import Packet, last_stay, whole_date
from dayward.care.referrals.services import Decision
from dayward.foundation.people.models import Language, Person, Sex
from dayward.foundation.people.queries import Candidate
from dayward.ui.widgets import DateInput

NEW = "new"
DEMOGRAPHICS = ("legal_given", "legal_middle", "legal_family", "suffix", "birth_date", "sex", "language")


class AcceptForm(forms.Form):
    """Who it is, and how they come. Filled in from the document; people correct the exceptions."""

    who = forms.ChoiceField(label=_("Who is this?"), widget=forms.RadioSelect)
    legal_given = forms.CharField(label=_("Legal first name"), max_length=100, required=False)
    legal_middle = forms.CharField(label=_("Middle names"), max_length=100, required=False)
    legal_family = forms.CharField(label=_("Legal last name"), max_length=100, required=False)
    suffix = forms.CharField(label=_("Suffix"), max_length=20, required=False)
    birth_date = forms.DateField(label=_("Date of birth"), widget=DateInput, required=False)
    sex = forms.ChoiceField(label=_("Sex"), choices=[("", _("Not said")), *Sex.choices], required=False)
    language = forms.ChoiceField(label=_("Language"), choices=Language.choices)
    entry_mode = forms.ChoiceField(label=_("How they come"), choices=EntryMode.choices)
    sending_facility = forms.CharField(label=_("From which facility"), max_length=200, required=False)
    discharge_date = forms.DateField(label=_("Discharged on"), widget=DateInput, required=False)
    clinician = forms.CharField(label=_("Referring clinician"), max_length=200, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, candidates: list[Candidate], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people: dict[str, Person] = {one.person.public_id: one.person for one in candidates}
        who = self.fields["who"]
        assert isinstance(who, forms.ChoiceField)
        who.choices = [
            *((public_id, person.called) for public_id, person in self.people.items()),
            (NEW, _("Somebody new")),
        ]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("who") == NEW and not (given.get("legal_given") or given.get("legal_family")):
            self.add_error("legal_family", _("Write down at least one name; the document gives none."))
        return given

    def decision(self, packet: Packet) -> Decision:
        """What was decided, in the words of the service."""
        given = self.cleaned_data
        comes_from = ComesFrom(
            entry_mode=given["entry_mode"],
            sending_facility=given["sending_facility"],
            facility_discharge_date=given["discharge_date"],
            referring_clinician=given["clinician"],
        )
        if given["who"] != NEW:
            return Decision(comes_from, self.people[given["who"]])
        demographics = {name: given[name] for name in DEMOGRAPHICS}
        return Decision(comes_from, None, demographics | _also_said(packet))


def _also_said(packet: Packet) -> dict[str, Any]:
    """What the form does not ask, because it only repeats the document."""
    name = packet.patient.name
    nicknames = [
        other.given[0] for other in packet.patient.other_names if other.use == "nickname" and other.given
    ]
    return {
        "chosen_name": ((name.preferred if name else "") or next(iter(nicknames), ""))[:100],
        "pronouns": packet.patient.pronouns[:40],
        "gender": packet.patient.gender_identity[:80],
        "deceased_on": whole_date(packet.patient.deceased_date),
    }


def offered(referral: ReferralDocument, packet: Packet, candidates: list[Candidate]) -> dict[str, Any]:
    """The answers the document suggests."""
    patient, stay = packet.patient, last_stay(packet, referral.document.received_at.date())
    name = patient.name
    given = name.given if name else ()
    likely = [one.person.public_id for one in candidates if one.likeness.likely]
    return {
        "who": likely[0] if likely else NEW if not candidates else "",
        "legal_given": (given[0] if given else "")[:100],
        "legal_middle": " ".join(given[1:])[:100],
        "legal_family": (name.family if name else "")[:100],
        "suffix": (name.suffix if name else "")[:20],
        "birth_date": whole_date(patient.birth_date),
        "sex": patient.sex or "",
        "language": _language(patient.language),
        "entry_mode": EntryMode.STEP_DOWN if stay else EntryMode.STAND_ALONE,
        "sending_facility": referral.sender,
        "discharge_date": whole_date(stay.end) if stay else None,
        "clinician": packet.document.author[:200],
        "version": referral.version,
    }


def _language(spoken: str) -> str:
    start = spoken.strip().lower()[:2]
    if start in ("", "en"):
        return Language.ENGLISH
    return Language.SPANISH if start in ("es", "sp") else Language.OTHER


class SetAsideForm(forms.Form):
    reason = forms.CharField(label=_("Why"), max_length=300)
    version = forms.IntegerField(widget=forms.HiddenInput)
