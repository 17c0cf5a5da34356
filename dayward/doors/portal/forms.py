from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from dayward.ui.widgets import ChoiceButtons, DateInput


class BirthDateForm(forms.Form):
    """The second thing, besides the link, that says who somebody is."""

    birth_date = forms.DateField(label=_("Your date of birth"), widget=DateInput())


class CodeForm(BirthDateForm):
    """For those who were told a code."""

    code = forms.CharField(
        label=_("Your code"), max_length=20, help_text=_("8 letters and numbers. Capitals do not matter.")
    )

    field_order = ("code", "birth_date")


class SignForm(forms.Form):
    """What comes back with a signature: the name, and which words were read."""

    typed_name = forms.CharField(max_length=200, required=False)
    seen = forms.CharField(max_length=64)
    language = forms.ChoiceField(choices=[("en", "en"), ("es", "es")])


class LetterAskForm(forms.Form):
    """Which letter, and what for."""

    kind = forms.ChoiceField(
        label=_("Who is it for?"),
        choices=[("work", _("My work")), ("school", _("My school")), ("court", _("A court or probation"))],
        widget=ChoiceButtons,
    )
    note = forms.CharField(
        label=_("What do you need it for?"),
        required=False,
        max_length=300,
        help_text=_("For example: since when, and until when you need it. You can leave this empty."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )


MEETING_KINDS = [
    ("twelve_step", _("12-step meeting (AA, NA or another)")),
    ("smart", _("Self-help group (SMART or another)")),
    ("faith", _("Group of a church or faith")),
    ("peer", _("Group of peers or families")),
    ("other", _("Another meeting")),
]


class MeetingForm(forms.Form):
    """A meeting outside: 12-step and other mutual help."""

    kind = forms.ChoiceField(label=_("What kind of meeting?"), choices=MEETING_KINDS)
    on = forms.DateField(label=_("On which day?"), widget=DateInput())
    minutes = forms.IntegerField(label=_("How many minutes?"), required=False, min_value=1, max_value=600)
    note = forms.CharField(
        label=_("A note"),
        required=False,
        max_length=300,
        help_text=_("You can leave this empty. Your team can read it. Please name nobody else."),
    )
