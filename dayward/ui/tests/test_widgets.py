"""The quick select writes what Django's own writes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from django import forms
from django.db.models.fields import BLANK_CHOICE_DASH
from lxml import html

from dayward.ui.widgets import QuickSelect

PLAIN = [("", "Anybody"), ("a", "A & B"), (2, '<b>"two"</b>')]
GROUPS = [("", "Any"), ("Here", [("1", "One"), ("2", "Two")])]


def said(text: str) -> list[Any]:
    """Elements with their attributes and texts, white space aside."""
    return [
        (each.tag, dict(each.attrib), (each.text or "").strip())
        for each in html.fragment_fromstring(text).iter()
    ]


@pytest.mark.parametrize("choices", [PLAIN, GROUPS, []])
@pytest.mark.parametrize("value", [None, "", "a", 2, "2", "gone"])
@pytest.mark.parametrize("required", [True, False])
def test_it_says_the_same(choices: Sequence[Any], value: Any, required: bool) -> None:
    own = forms.Select(attrs={"class": "form-select", "data-x": '"1"', "disabled": True}, choices=choices)
    own.is_required = required
    quick = QuickSelect.of(own)
    given = {"id": "id_x", "hx-get": "/a?b=1&c=2"}
    mine, theirs = quick.render("x", value, given), own.render("x", value, given)
    assert said(mine) == [
        (tag, {key: "selected" if key == "selected" else one for key, one in attributes.items()}, text)
        for tag, attributes, text in said(theirs)
    ]
    assert quick.use_required_attribute(value) == own.use_required_attribute(value)


@pytest.mark.parametrize(("required", "words"), [(True, "Choose"), (False, "–")])
def test_no_row_of_dashes_stands_where_nothing_is_chosen(required: bool, words: str) -> None:
    own = forms.Select(choices=[BLANK_CHOICE_DASH[0], ("a", "A")])
    own.is_required = required
    drawn = QuickSelect.of(own).render("x", None)
    assert f">{words}</option>" in drawn
    assert "---" not in drawn
