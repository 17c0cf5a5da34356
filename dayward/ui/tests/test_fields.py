from __future__ import annotations

import re

from django import forms

from dayward.ui.tests.gallery.data import ExampleForm
from dayward.ui.tests.gallery.render import snippet
from dayward.ui.widgets import ChoiceButtons


def wrong_form() -> ExampleForm:
    form = ExampleForm({"name": "", "note": "Typed <text> stays.", "days": ["mon"]})
    assert not form.is_valid()
    return form


def test_a_control_is_described_by_its_help_and_its_error() -> None:
    html = snippet("{% field form.name %}", {"form": wrong_form()})
    assert 'aria-describedby="id_name_help id_name_error"' in html
    assert 'id="id_name_help"' in html
    assert 'id="id_name_error"' in html
    assert 'aria-invalid="true"' in html


def test_help_given_in_the_template_describes_the_control_too() -> None:
    html = snippet('{% field form.note help="In their words." %}', {"form": ExampleForm()})
    assert 'aria-describedby="id_note_help"' in html
    assert "In their words." in html


def test_every_line_of_the_summary_leads_to_a_control() -> None:
    html = snippet("{% form_errors form %}{% form_fields form %}", {"form": wrong_form()})
    targets = re.findall(r'<a href="#([^"]+)">', html)
    assert len(targets) == 5
    for target in targets:
        assert f'id="{target}"' in html, target


def test_typed_text_and_choices_stay() -> None:
    html = snippet("{% form_fields form %}", {"form": wrong_form()})
    assert "Typed &lt;text&gt; stays." in html
    assert re.search(r'value="mon"[^>]*checked', html)


def test_the_whole_of_a_required_field_is_marked_in_words() -> None:
    assert "(required)" in snippet("{% field form.name %}", {"form": ExampleForm()})
    assert "(required)" not in snippet("{% field form.note %}", {"form": ExampleForm()})


def test_choices_are_a_group_with_a_legend() -> None:
    html = snippet("{% field form.mode %}", {"form": ExampleForm()})
    assert "<fieldset" in html
    assert re.search(r"<legend[^>]*>How do they come", html)


def test_extra_attributes_reach_the_control() -> None:
    html = snippet('{% field form.name hx_get="/check/" %}', {"form": ExampleForm()})
    assert 'hx-get="/check/"' in html


def test_a_label_that_is_not_seen_is_still_read() -> None:
    html = snippet("{% field form.name hide_label=True %}", {"form": ExampleForm()})
    assert re.search(r'<label class="[^"]*visually-hidden[^"]*" for="id_name"', html)


def test_errors_of_the_whole_form_stand_in_the_summary() -> None:
    class Pair(forms.Form):
        mode = forms.ChoiceField(choices=[("a", "A")], widget=ChoiceButtons)

        def clean(self) -> None:
            raise forms.ValidationError("The two times cross.")

    form = Pair({"mode": "a"})
    form.is_valid()
    assert "The two times cross." in snippet("{% form_errors form %}", {"form": form})


def test_no_errors_no_summary() -> None:
    assert snippet("{% form_errors form %}", {"form": ExampleForm()}).strip() == ""
