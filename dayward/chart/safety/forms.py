from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dayward.chart.safety.models import OutsideInstrument, RiskStatement
from dayward.chart.safety.rules.merge import fingerprint
from dayward.chart.safety.rules.plan import PARTS
from dayward.chart.safety.rules.risk import QUESTIONS
from dayward.ui.widgets import ChoiceButtons, DateInput

ROWS = 3


class TextsForm(forms.Form):
    """Texts by key. Each carries the fingerprint of the text it was shown with, so that two writers lose neither."""

    def __init__(self, *args: Any, shown: Mapping[str, str], **kwargs: Any) -> None:
        self.shown = dict(shown)
        kwargs.setdefault("initial", {}).update(shown)
        super().__init__(*args, **kwargs)

    def add_texts(self, parts: Iterable[tuple[str, str, str, bool]], rows: int = ROWS) -> None:
        """A box for each (key, title, help, needed for signing)."""
        for key, title, help_text, needed in parts:
            self.fields[key] = forms.CharField(
                label=gettext(title),
                help_text=gettext(help_text),
                required=False,
                strip=False,
                widget=forms.Textarea(
                    attrs={"rows": rows, "data-grow": "", "data-needed": "" if needed else None}
                ),
            )

    @property
    def base(self) -> list[tuple[str, str]]:
        """Hidden fields: what each text was shown with."""
        return [(key, fingerprint(text)) for key, text in self.shown.items()]

    @staticmethod
    def posted_base(data: Mapping[str, Any]) -> dict[str, str]:
        return {key[5:]: str(data[key]) for key in data if key.startswith("base_")}


class StatementForm(TextsForm):
    level = forms.ChoiceField(
        label=_("Risk, in your judgment"),
        choices=RiskStatement.Level.choices,
        widget=ChoiceButtons,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_texts((item.key, item.title, item.help, True) for item in QUESTIONS)


class PlanForm(TextsForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_texts((part.key, part.title, part.help, part.needed) for part in PARTS)


class PlanSignForm(forms.Form):
    copy_given = forms.BooleanField(label=_("The person has a copy"), required=False)
    review_on = forms.DateField(label=_("Look at it again on"), required=False, widget=DateInput)


class InstrumentForm(forms.Form):
    name = forms.ChoiceField(label=_("Instrument"), choices=OutsideInstrument.Name.choices)
    done_on = forms.DateField(label=_("Done on"), widget=DateInput)
    rater = forms.CharField(label=_("Rater"), max_length=160, help_text=_("Who used it, with credential."))
    result = forms.CharField(
        label=_("Result"),
        max_length=200,
        help_text=_("The total, level or finding as the sheet says it. No items."),
    )
    file = forms.FileField(label=_("The sheet, scanned"), required=False)
