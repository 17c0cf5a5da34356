from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dayward.care.catalog.models import ServiceKind
from dayward.care.schedule.queries.family import Relative
from dayward.chart.notes import library
from dayward.chart.notes.rules.templates import Objective as Wanted
from dayward.chart.notes.rules.templates import Part, Template
from dayward.chart.notes.services.drafting import FAMILY, GUESTS, LONGEST_CONTACT, OBJECTIVE, REASON
from dayward.chart.plans.models import Objective
from dayward.chart.safety.forms import TextsForm
from dayward.foundation.organization.models import Site
from dayward.kernel.time import at
from dayward.ui.widgets import CheckButtons, ChoiceButtons, DateInput, TimeInput

NOT_YET = _("The plan is not signed yet.")


class PartsForm(TextsForm):
    """Headings of a template. `prefix_` goes before each key, so that a page may hold many rows."""

    def __init__(self, parts: Iterable[Part], *args: Any, before: str = "", **kwargs: Any) -> None:
        self.before = before
        self.parts = tuple(parts)
        kwargs["shown"] = {before + key: text for key, text in kwargs["shown"].items()}
        super().__init__(*args, **kwargs)
        for part in self.parts:
            self.fields[before + part.key] = _part_field(part)
            if part.choices and part.many:
                self.initial[before + part.key] = self.shown.get(before + part.key, "").split()

    def posted(self, data: QueryDict) -> dict[str, str]:
        """What was typed and chosen, by plain key; several choices as words."""
        return {key.removeprefix(self.before): " ".join(data.getlist(key)) for key in self.fields}

    def posted_marks(self, data: QueryDict) -> dict[str, str]:
        """What each of these texts was shown with, by plain key."""
        marks = self.posted_base(data)
        return {key.removeprefix(self.before): marks[key] for key in self.fields if key in marks}

    @property
    def bound_parts(self) -> list[forms.BoundField]:
        return [self[self.before + part.key] for part in self.parts]

    def has(self, key: str) -> bool:
        """Whether the form asks for it, by plain key."""
        return self.before + key in self.fields


def _part_field(part: Part) -> forms.Field:
    label, hint = gettext(part.title), gettext(part.hint) if part.hint else ""
    choices = [(value, gettext(word)) for value, word in part.choices]
    if part.many:
        return forms.MultipleChoiceField(
            label=label, help_text=hint, choices=choices, required=False, widget=CheckButtons
        )
    if choices:
        return forms.ChoiceField(
            label=label, help_text=hint, choices=choices, required=False, widget=ChoiceButtons
        )
    attrs = {"rows": 2, "data-grow": "", "data-needed": "" if part.needed else None}
    return forms.CharField(
        label=label, help_text=hint, required=False, strip=False, widget=forms.Textarea(attrs=attrs)
    )


class NoteForm(PartsForm):
    """One person's part, with the objective it is tied to and who of the family was there."""

    def __init__(
        self,
        template: Template,
        parts: Iterable[Part],
        *args: Any,
        objectives: Sequence[Objective] = (),
        offered: Objective | None = None,
        family: Sequence[Relative] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(parts, *args, **kwargs)
        self._add_objective(template, objectives, offered)
        allowed = [each for each in family if each.allowed]
        if template.family and allowed:
            self._add_family(allowed)

    def _add_objective(
        self, template: Template, objectives: Sequence[Objective], offered: Objective | None
    ) -> None:
        key, why = self.before + OBJECTIVE, self.before + REASON
        none = gettext("None") if objectives else gettext("No plan yet")
        choices = [("", none), *((each.public_id, _short(each)) for each in objectives)]
        self.fields[key] = forms.ChoiceField(label=gettext("Objective"), choices=choices, required=False)
        self.fields[why] = forms.CharField(
            label=gettext("Why no objective"), max_length=200, required=False, widget=forms.TextInput
        )
        chosen = self.shown.get(key, "")
        if not chosen and not self.shown.get(why) and offered is not None:
            self.initial[key] = offered.public_id
        if not objectives and not self.shown.get(why) and template.objective is Wanted.NEEDED:
            self.initial[why] = str(NOT_YET)

    def _add_family(self, allowed: Sequence[Relative]) -> None:
        key = self.before + FAMILY
        self.fields[key] = forms.MultipleChoiceField(
            label=gettext("Family who were there"),
            choices=[
                (each.key, f"{each.name} ({each.kind})" if each.kind else each.name) for each in allowed
            ],
            required=False,
            widget=CheckButtons,
        )
        self.initial[key] = self.shown.get(key, "").split()

    @property
    def objective(self) -> forms.BoundField:
        return self[self.before + OBJECTIVE]

    @property
    def objective_reason(self) -> forms.BoundField:
        return self[self.before + REASON]

    @property
    def family(self) -> forms.BoundField | None:
        return self[self.before + FAMILY] if self.has(FAMILY) else None


def _short(objective: Objective) -> str:
    text = " ".join(objective.text.split())
    return text if len(text) <= 90 else text[:89] + "…"


class SharedForm(PartsForm):
    """The session's own block."""

    def __init__(self, template: Template, *args: Any, **kwargs: Any) -> None:
        super().__init__(template.shared, *args, **kwargs)
        if template.guests:
            self.fields[self.before + GUESTS] = forms.IntegerField(
                label=gettext("Guests from outside"),
                help_text=gettext("How many; their names stand nowhere without a consent."),
                min_value=0,
                max_value=999,
                required=False,
            )

    @property
    def guests(self) -> forms.BoundField | None:
        return self[self.before + GUESTS] if self.has(GUESTS) else None


class ContactForm(forms.Form):
    """What there was without a booking, and when."""

    kind = forms.ChoiceField(label=_("What"))
    day = forms.DateField(label=_("Day"), widget=DateInput)
    clock = forms.TimeField(label=_("Time"), widget=TimeInput(attrs={"step": "60"}))
    minutes = forms.IntegerField(label=_("Minutes"), min_value=0, max_value=LONGEST_CONTACT, initial=10)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        documented = {form for template in library.templates().values() for form in template.forms}
        rows = ServiceKind.objects.in_use().filter(documentable=True, form__in=documented, max_people=1)
        choices = [("", gettext("A call, a message, a word"))]
        kind = self.fields["kind"]
        assert isinstance(kind, forms.ChoiceField)
        kind.required = False
        kind.choices = choices + [(row.public_id, row.name) for row in rows.order_by("name")]

    def service(self) -> ServiceKind | None:
        chosen = self.cleaned_data["kind"]
        return ServiceKind.objects.get(public_id=chosen) if chosen else None

    def happened_at(self, site: Site) -> datetime:
        return at(self.cleaned_data["day"], self.cleaned_data["clock"], site.zone)


class OutreachForm(forms.Form):
    """One tap: how it went."""

    outcome = forms.ChoiceField(
        choices=[
            ("reached", _("Reached")),
            ("left_message", _("Left a message")),
            ("no_answer", _("No answer")),
        ]
    )
