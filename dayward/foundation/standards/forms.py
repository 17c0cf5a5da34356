from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models.fields import BLANK_CHOICE_DASH
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dayward.foundation.access.roles import ROLES
from dayward.foundation.organization.models import Site
from dayward.foundation.standards.models import PolicyRule
from dayward.foundation.standards.rules.pack import Rule
from dayward.foundation.standards.words import EVENTS
from dayward.kernel.facts import Treating
from dayward.ui.widgets import ChoiceButtons, DateInput

EVERYWHERE = ""


def _roles() -> list[tuple[str, str]]:
    """Who may have something to see to: those who work with charts."""
    return [(key, _(role.name)) for key, role in ROLES.items() if "worklist.see" in role.permissions]


def _events() -> list[tuple[str, str]]:
    named = ((key, _(each.words)) for key, each in EVENTS.items())
    return [*BLANK_CHOICE_DASH, *sorted(named, key=lambda row: row[1])]


class SinceForm(forms.Form):
    """From which day, and where your policy says so."""

    since = forms.DateField(
        label=gettext_lazy("From"),
        widget=DateInput(),
        help_text=gettext_lazy("Clocks that began before this day stay under what held then."),
    )
    citation = forms.CharField(
        label=gettext_lazy("Where your policy says so"),
        max_length=200,
        help_text=gettext_lazy("Its name, section and date; it is shown wherever the rule is."),
    )
    site = forms.ChoiceField(label=gettext_lazy("For"), required=False)

    def __init__(self, *args: Any, sites: Sequence[Site], every: bool, **kwargs: Any) -> None:
        """`every`: the writer may speak for all sites."""
        super().__init__(*args, **kwargs)
        self.sites = {site.public_id: site for site in sites}
        choices = [(key, site.name) for key, site in self.sites.items()]
        field = self.fields["site"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(EVERYWHERE, _("Every site")), *choices] if every else choices

    def clean_site(self) -> Site | None:
        return self.sites.get(self.cleaned_data["site"])


class LengthForm(SinceForm):
    within_amount = forms.IntegerField(label=gettext_lazy("Within"), min_value=0, max_value=1000)
    within_unit = forms.ChoiceField(
        label=gettext_lazy("of"), choices=PolicyRule.Units.choices, initial="days"
    )
    at_most_days = forms.IntegerField(
        label=gettext_lazy("and at most, calendar days"),
        min_value=1,
        max_value=1000,
        required=False,
        help_text=gettext_lazy("For clocks that are not calendar days: whichever ends first."),
    )
    field_order = ["within_amount", "within_unit", "at_most_days"]


class NumberForm(LengthForm):
    """The clinic's number for a rule of the program policy."""

    asked = forms.ChoiceField(
        label=gettext_lazy("Is it asked?"),
        choices=[("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No longer"))],
        initial="yes",
        widget=ChoiceButtons,
    )
    field_order = ["asked", "within_amount", "within_unit", "at_most_days"]

    @staticmethod
    def initial_of(rule: Rule) -> dict[str, Any]:
        at_most = rule.at_most.amount if rule.at_most else None
        return {
            "within_amount": rule.within.amount,
            "within_unit": rule.within.unit.value,
            "at_most_days": at_most,
        }

    def clean_asked(self) -> bool:
        return bool(self.cleaned_data["asked"] == "yes")


class RuleForm(LengthForm):
    """A rule of the clinic's own."""

    title = forms.CharField(label=gettext_lazy("What has to be done"), max_length=120)
    why = forms.CharField(label=gettext_lazy("Why"), max_length=300)
    after = forms.ChoiceField(label=gettext_lazy("The clock starts when"), choices=_events)
    done = forms.ChoiceField(label=gettext_lazy("It is done when"), choices=_events)
    repeats = forms.ChoiceField(
        label=gettext_lazy("How often"),
        choices=PolicyRule.Repeats.choices,
        initial=PolicyRule.Repeats.ONCE,
        widget=forms.RadioSelect,
    )
    role = forms.ChoiceField(label=gettext_lazy("Who sees to it"), choices=_roles)
    harm = forms.ChoiceField(
        label=gettext_lazy("If it is not done"),
        choices=PolicyRule.Harms.choices,
        initial=PolicyRule.Harms.CARE,
        widget=ChoiceButtons,
        help_text=gettext_lazy("Work lists stand in this order."),
    )
    outlives = forms.BooleanField(label=gettext_lazy("Still due when the stay has ended"), required=False)
    field_order = [
        "title",
        "why",
        "after",
        "within_amount",
        "within_unit",
        "at_most_days",
        "done",
        "repeats",
        "role",
        "harm",
        "outlives",
    ]

    @staticmethod
    def initial_of(row: PolicyRule) -> dict[str, Any]:
        names = [name for name in RuleForm.base_fields if name not in ("since", "site")]
        return {
            **{name: getattr(row, name) for name in names},
            "site": row.site.public_id if row.site else "",
        }


class UseForm(forms.Form):
    """Whether a rule pack holds at a site, or in one program there."""

    program = forms.ChoiceField(label=gettext_lazy("Where"), required=False)
    applies = forms.ChoiceField(
        label=gettext_lazy("Does it hold here?"),
        choices=[("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No"))],
        widget=ChoiceButtons,
    )
    since = forms.DateField(label=gettext_lazy("From"), widget=DateInput())
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=200,
        help_text=gettext_lazy("The license or accreditation, its number and date; or why it does not hold."),
    )

    def __init__(self, *args: Any, programs: Sequence[Treating], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["program"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(EVERYWHERE, _("All of the site")), *((each.key, each.name) for each in programs)]

    def clean_applies(self) -> bool:
        return bool(self.cleaned_data["applies"] == "yes")


class EndForm(forms.Form):
    on = forms.DateField(label=gettext_lazy("No longer from"), widget=DateInput())
