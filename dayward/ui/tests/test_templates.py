"""All templates of the program: words can be translated, icons exist, nothing the policy refuses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest

from dayward.ui import icons

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted(path for path in ROOT.glob("**/templates/**/*.html") if "tests" not in path.parts)

COMMENT = re.compile(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}|<!--.*?-->", re.S)
TRANSLATED = re.compile(r"\{% blocktrans(?:late)?\b.*?\{% endblocktrans(?:late)? %\}", re.S)
DATA = re.compile(r"<script[^>]*>.*?</script>", re.S)  # JSON for a script: never shown
CLASSES = re.compile(r"\{% block (?:body_class|width|home_url) %\}.*?\{% endblock %\}", re.S)
TAG = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.S)
HTML = re.compile(r"""<(?:"[^"]*"|'[^']*'|[^>"'])*>""", re.S)
WORD = re.compile(r"[A-Za-z]{2,}")
# What people read or hear in an attribute or in an argument of one of our tags.
READ = ("aria-label", "alt", "placeholder", "title")
ARGUMENTS = re.compile(
    r"""\b(?:title|subtitle|label|back_label|help|link|button|note)=(["'])(?P<text>[^"']*)\1"""
)
COMPONENTS = re.compile(
    r"\{% (?:page_header|panel|empty|notice|modal|why_not|menu|sign|timeline_item|steps|week_grid|field) "
    r"(?P<body>.*?)%\}"
)
QUOTED = re.compile(
    r"\{% (?:badge \S+|stat \S+|fact|tab|copy \S+|dropzone \S+|sort_link \S+) "
    r"(?P<text>\"[^\"]*\"|'[^']*')"
)
NOT_WORDS = {"Ctrl", "Enter", "Esc"}  # keys as they stand on the keyboard


@pytest.fixture(scope="module")
def sources() -> dict[str, str]:
    """Each template by its place, without comments."""
    return {
        str(path.relative_to(ROOT)): COMMENT.sub("", path.read_text(encoding="utf-8")) for path in TEMPLATES
    }


def words(text: str) -> list[str]:
    return [word for word in WORD.findall(text) if word not in NOT_WORDS]


def flat(source: str) -> str:
    """The HTML without template tags."""
    return TAG.sub(" ", CLASSES.sub(" ", TRANSLATED.sub(" ", source)))


def untranslated(source: str) -> Iterator[str]:
    """Words for people that no translator would see."""
    html = flat(source)
    for attribute in READ:
        for value in re.findall(rf'<[^>]*\s{attribute}="([^"]*)"', html):
            yield from words(value)
    for component in COMPONENTS.finditer(source):
        for argument in ARGUMENTS.finditer(component["body"]):
            yield from words(argument["text"])
    for quoted in QUOTED.finditer(source):
        yield from words(quoted["text"])
    yield from words(unescape(HTML.sub(" ", DATA.sub(" ", html))))


def refused(source: str) -> list[str]:
    """What the content security policy or the escaping of texts does not allow."""
    html = flat(source)
    return [
        *re.findall(r"<[a-z][^>]*\s(?:style|on[a-z]+)=", html),
        *re.findall(r"<style|<script(?![^>]*\s(?:src=|type=\"application/json\"))", html),
        *re.findall(r"\|safe\b", source),
    ]


def icons_named(source: str) -> list[str]:
    by_tag = re.findall(r"\{% icon [\"']([^\"']+)[\"']", source)
    return by_tag + re.findall(r"\bicon=[\"']([^\"']+)[\"']", source)


def test_every_word_can_be_translated(sources: dict[str, str]) -> None:
    found = {place: list(untranslated(source)) for place, source in sources.items()}
    assert {place: said for place, said in found.items() if said} == {}
    assert len(found) > 300


def test_there_is_no_inline_style_or_script(sources: dict[str, str]) -> None:
    found = {place: refused(source) for place, source in sources.items()}
    assert {place: inline for place, inline in found.items() if inline} == {}


def test_every_icon_named_is_there(sources: dict[str, str]) -> None:
    named = {place: icons_named(source) for place, source in sources.items()}
    known = set(icons.paths())
    assert {place: set(names) - known for place, names in named.items() if set(names) - known} == {}
    assert sum(map(len, named.values())) > 100


@pytest.mark.parametrize(
    "planted",
    [
        '<p style="color: red">', '<a onclick="go()">', "<style>", "<script>go()</script>", "{{ note|safe }}",
    ],
)  # fmt: skip
def test_what_is_not_allowed_is_found(planted: str) -> None:
    assert refused(planted)
    assert not refused('<p class="h3">{{ note }}</p><script src="/static/x.js" defer></script>')


@pytest.mark.parametrize(
    ("planted", "found"),
    [
        ("<p>Hello</p>", ["Hello"]),
        ('<a aria-label="Close">{% icon "x" %}</a>', ["Close"]),
        ('{% panel title="Plan" %}{% endpanel %}', ["Plan"]),
        ('{% panel title=_("Plan") key="plan" %}{% endpanel %}', []),
        ('{% badge "ok" "Present" %}', ["Present"]),
        ('{% badge "ok" _("Present") %}', []),
        ("{% translate 'Hello' %} {{ name }} <b class=\"big\">&nbsp;</b>", []),
        ("{% blocktranslate %}Hello {{ name }}{% endblocktranslate %}", []),
    ],
)
def test_the_search_for_untranslated_words_finds_them(planted: str, found: list[str]) -> None:
    assert list(untranslated(planted)) == found
