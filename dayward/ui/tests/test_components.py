from __future__ import annotations

import pytest
from django.template import TemplateSyntaxError

from dayward.ui.tests.gallery.render import snippet


def test_a_component_shows_its_arguments_slots_and_content() -> None:
    html = snippet(
        '{% panel title="Plan" key="plan" url="/plan/" %}{% slot actions %}<a>Add</a>{% endslot %}'
        "<p>Body</p>{% endpanel %}"
    )
    assert 'id="panel-plan"' in html
    assert html.index("<a>Add</a>") < html.index("<p>Body</p>")


def test_variables_are_escaped_once_wherever_they_stand() -> None:
    html = snippet(
        "{% panel title=name %}{% slot actions %}{{ name }}{% endslot %}<p>{{ name }}</p>{% endpanel %}",
        {"name": "<b>O'Neil & Sons</b>"},
    )
    assert "<b>" not in html
    assert html.count("&lt;b&gt;O&#x27;Neil &amp; Sons&lt;/b&gt;") >= 3
    assert "&amp;amp;" not in html


def test_a_slot_sees_the_variables_around_the_component() -> None:
    html = snippet(
        "{% for n in names %}{% notice %}{{ n }}-{{ forloop.counter }}{% endnotice %}{% endfor %}",
        {"names": "ab"},
    )
    assert "a-1" in html
    assert "b-2" in html


def test_a_form_in_a_component_carries_the_csrf_token() -> None:
    assert "csrfmiddlewaretoken" in snippet("{% panel %}<form>{% csrf_token %}</form>{% endpanel %}")


def test_positional_arguments_are_refused() -> None:
    with pytest.raises(TemplateSyntaxError, match="keyword arguments only"):
        snippet('{% panel "Plan" %}{% endpanel %}')


def test_a_disabled_control_says_why_and_links_to_the_fix() -> None:
    html = snippet('{% why_not label="Admit" url="/fix/" link="Give consent" %}No consent.{% endwhy_not %}')
    assert 'aria-disabled="true"' in html
    assert "No consent." in html
    assert '<a href="/fix/">Give consent</a>' in html


def test_a_panel_refreshes_itself_only_when_it_knows_when_and_from_where() -> None:
    assert "hx-get" not in snippet('{% panel title="Plan" url="/plan/" %}{% endpanel %}')
    html = snippet('{% panel title="Plan" key="plan" url="/plan/" refresh_on="plan-changed" %}{% endpanel %}')
    assert 'hx-get="/plan/"' in html
    assert 'hx-select="#panel-plan"' in html


def test_initials_are_of_the_first_and_last_word() -> None:
    assert ">MQ<" in snippet('{% avatar "Maribel de la Quist" %}')
    assert ">M<" in snippet('{% avatar "Maribel" %}')
    assert ">?<" in snippet('{% avatar "" %}')


def test_an_unknown_fact_is_a_dash_with_a_name_and_zero_is_a_value() -> None:
    assert "not known" in snippet('{% fact "Phone" "" %}')
    assert "<dd>0</dd>" in snippet('{% fact "Absences" 0 %}')


@pytest.mark.parametrize(
    ("told", "shown"),
    [("2012-04-11", "Apr 11, 2012"), ("2012-04-11T08:00:00Z", "Apr 11, 2012"), ("2012-04", "Apr 2012"),
     ("2012", "2012"), ("last spring", "last spring"), ("", "")],
)  # fmt: skip
def test_a_day_from_another_houses_paper_reads_like_ours(told: str, shown: str) -> None:
    assert snippet("{{ told|told_day }}", {"told": told}) == shown


@pytest.mark.parametrize(("code", "word"), [("en", "English"), ("es", "Spanish"), ("not said", "not said")])
def test_a_language_is_called_by_its_name(code: str, word: str) -> None:
    assert snippet("{{ code|language_word }}", {"code": code}) == word
