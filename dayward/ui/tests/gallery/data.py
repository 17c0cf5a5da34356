"""Made-up values for a page that shows every component once."""

from __future__ import annotations

from typing import Any

from django import forms

from dayward.ui.timegrid import Block, Column, Grid, lay_out
from dayward.ui.widgets import CheckButtons, ChoiceButtons, DateInput, TimeInput

DAYS = [("mon", "Mon"), ("tue", "Tue"), ("wed", "Wed"), ("thu", "Thu"), ("fri", "Fri")]


class ExampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label="Legal first name", help_text="As on the insurance card.")
    born = forms.DateField(label="Date of birth", widget=DateInput)
    at = forms.TimeField(label="Time", widget=TimeInput, required=False)
    language = forms.ChoiceField(label="Language", choices=[("en", "English"), ("es", "Spanish")])
    mode = forms.ChoiceField(
        label="How do they come to us?",
        choices=[("alone", "On their own"), ("down", "Step-down"), ("up", "Step-up")],
        widget=ChoiceButtons,
    )
    days = forms.MultipleChoiceField(label="Days they can come", choices=DAYS, widget=CheckButtons)
    living = forms.ChoiceField(
        label="Living situation",
        choices=[("family", "With family"), ("alone", "Alone"), ("none", "No fixed place")],
        widget=forms.RadioSelect,
    )
    interpreter = forms.BooleanField(label="Needs an interpreter", required=False)
    note = forms.CharField(label="What happened", widget=forms.Textarea(attrs={"rows": 3}), required=False)


def group(start: int, minutes: int, title: str, tone: int, **more: Any) -> Block:
    """A session that starts at `start` minutes after midnight."""
    clock = f"{start // 60 % 12 or 12}:{start % 60:02d}"
    return Block(start, start + minutes, title, time=clock, tone=tone, url="#", **more)


def person(name: str, pronouns: str, then: str, wait: str, state: str) -> dict[str, str]:
    """A row of a list."""
    return {"name": name, "pronouns": pronouns, "next": then, "wait": wait, "state": state}


def week() -> Grid:
    """A plausible week."""
    morning = (
        group(540, 50, "Process group", 1, lines=("Cedar room", "9 of 12")),
        group(600, 50, "DBT skills", 2, lines=("Cedar room", "8 of 12")),
        group(660, 50, "Relapse prevention", 3, lines=("Birch room", "11 of 12")),
    )
    columns = [
        Column("Monday", (*morning, group(680, 30, "Med visit", 6, lines=("Dr. Okafor",))), note="Nov 16"),
        Column("Tuesday", morning[:2], note="Nov 17"),
        Column(
            "Wednesday",
            (
                *morning,
                group(785, 20, "Check-in", 4),
                group(840, 60, "Family group", 5, state="warn", word="No cover"),
            ),
            note="Nov 18",
            today=True,
        ),
        Column(
            "Thursday",
            (*morning, Block(900, 960, "Free for individual", ghost=True, time="3:00")),
            note="Nov 19",
        ),
        Column("Friday", (), note="Closed"),
    ]
    return lay_out(columns, last_hour=17, now=630)


def context() -> dict[str, Any]:
    """For `gallery.html`."""
    wrong = ExampleForm({"name": "", "born": "yesterday", "note": "Typed text stays."})
    wrong.is_valid()
    return {
        "form": ExampleForm(),
        "wrong": wrong,
        "grid": week(),
        "steps": [
            {"label": "Inquiry", "state": "done", "url": "#"},
            {"label": "Screening", "state": "done"},
            {"label": "Assessment", "state": "now", "note": "today 2 pm"},
            {"label": "Consents", "state": "missing", "url": "#"},
            {"label": "Admission", "state": "next"},
        ],
        "people": [
            person("Maribel Ortega-Quist", "she/her", "Call back", "3 h", "ok"),
            person("Devon Achterberg", "they/them", "Book assessment", "2 days", "warn"),
            person("Tomasz Lindqvist-Abara", "he/him", "Third attempt", "6 days", "bad"),
        ],
        "differences": [
            {
                "label": "What happened",
                "mine": "He says the night was quiet.",
                "theirs": "Slept 4 h, mother called.",
            }
        ],
        "values": [14, 15, 12, 13, 9, 8, 7],
    }
