"""The tags of the kit; examples of each are in `dayward/ui/README.md`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import template
from django.contrib.messages.storage.base import Message
from django.forms import BaseForm
from django.forms.boundfield import BoundField
from django.http import HttpRequest
from django.template import Context
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import get_language_info, gettext

from dayward.ui import charts, fields, icons, papers, timegrid, toasts
from dayward.ui.components import register_components
from dayward.ui.navigation import Link

register = template.Library()
register_components(
    register, "page_header", "panel", "empty", "notice", "modal", "why_not", "timeline_item", "sign", "menu"
)

STATE_ICONS = {
    "ok": "circle-check",
    "warn": "alert-triangle",
    "bad": "alert-octagon",
    "info": "info-circle",
    "quiet": "circle-dot",
}


@register.simple_tag
def icon(name: str, label: str = "", size: str = "") -> SafeString:
    """`{% icon "calendar" %}`; give `label` when no text stands beside it."""
    return icons.svg(name, label=label, size=size)


@register.inclusion_tag("ui/nav_links.html")
def nav_links(links: Sequence[Link]) -> dict[str, Any]:
    """The list items of a shell's links."""
    return {"links": links}


@register.inclusion_tag("ui/badge.html")
def badge(state: str, text: object, icon: str = "") -> dict[str, Any]:
    """A state in icon, word and color: ok, warn, bad, info, quiet."""
    return {"state": state, "text": text, "icon": icon or STATE_ICONS[state]}


@register.inclusion_tag("ui/avatar.html")
def avatar(name: str, size: str = "") -> dict[str, Any]:
    """Initials on a tone that stays with the name; the name itself stands beside it."""
    words = [word for word in str(name).split() if word[:1].isalpha()] or ["?"]
    letters = words[0][0] + (words[-1][0] if len(words) > 1 else "")
    tone = sum(ord(letter) for letter in str(name)) % 6 + 1
    return {"initials": letters.upper(), "tone": tone, "size": size}


@register.inclusion_tag("ui/person_line.html")
def person_line(name: str, pronouns: str = "", url: str = "", note: object = "") -> dict[str, Any]:
    """Chosen name and pronouns; `note` only what this reader may see."""
    return {"name": name, "pronouns": pronouns, "url": url, "note": note}


@register.inclusion_tag("ui/stat.html")
def stat(
    value: object, label: object, note: object = "", url: str = "", state: str = "", icon: str = ""
) -> dict[str, Any]:
    """A number that opens to its rows (`url`)."""
    shown = icon or (STATE_ICONS[state] if state else "")
    return {"value": value, "label": label, "note": note, "url": url, "state": state, "icon": shown}


@register.inclusion_tag("ui/fact.html")
def fact(term: object, value: object = "", note: object = "", url: str = "") -> dict[str, Any]:
    """One row of a `<dl class="dw-facts">`; nothing known shows as a dash."""
    return {"term": term, "value": value, "note": note, "url": url}


@register.inclusion_tag("ui/tab.html")
def tab(
    label: object, url: str, active: bool = False, count: int | None = None, icon: str = ""
) -> dict[str, Any]:
    """One link inside `<nav class="dw-tabs">`."""
    return {"label": label, "url": url, "active": active, "count": count, "icon": icon}


@register.inclusion_tag("ui/steps.html")
def steps(items: Sequence[Any], label: object = "") -> dict[str, Any]:
    """A stepper; each item has label, state (done, now, next, missing), and optionally url and note."""
    return {"items": items, "label": label}


@register.inclusion_tag("ui/copy.html")
def copy(value: object, label: object = "") -> dict[str, Any]:
    """A value with a button that copies it."""
    return {"value": value, "label": label or gettext("Copy")}


@register.inclusion_tag("ui/field.html")
def field(bound: BoundField, **options: Any) -> dict[str, Any]:
    """A form field with label, help and errors."""
    return fields.field_context(bound, options)


@register.inclusion_tag("ui/fields.html")
def form_fields(form: BaseForm) -> dict[str, Any]:
    """All fields of a form, hidden ones first."""
    return {"form": form}


@register.inclusion_tag("ui/form_errors.html")
def form_errors(form: BaseForm, *others: BaseForm) -> dict[str, Any]:
    """What is wrong, on top of the form, each line leading to its field."""
    forms_of_page = (form, *others)
    return {
        "errors": [error for each in forms_of_page for error in fields.error_list(each)],
        "differences": [both for each in forms_of_page for both in getattr(each, "differences", ())],
    }


@register.inclusion_tag("ui/signed_text.html")
def signed_text(text: str, heading: str = "") -> dict[str, Any]:
    """A signed paper, every word of it; its title is not said twice where `heading` has said it."""
    paper = papers.read(text)
    return {"paper": paper, "said": bool(paper.title) and heading.startswith(paper.title)}


@register.inclusion_tag("ui/form_version.html")
def form_version(version: int) -> dict[str, Any]:
    """The hidden version that tells two writers of one form apart."""
    return {"version": version}


@register.inclusion_tag("ui/draft_status.html", takes_context=True)
def draft_status(context: Context, url: str) -> dict[str, Any]:
    """Inside a form: saves what is typed to `url` shortly after each change."""
    return {"url": url}


@register.inclusion_tag("ui/draft_kept.html", takes_context=True)
def draft_kept(context: Context) -> dict[str, Any]:
    """Above a form: what stands in it was typed before and not sent, and may be thrown away."""
    return {"draft": _draft(context), "csrf_token": context.get("csrf_token")}


@register.inclusion_tag("ui/draft.html", takes_context=True)
def draft(context: Context) -> dict[str, Any]:
    """Inside a form whose view has `@keeps_draft`: keeps what is typed shortly after each change."""
    return {"draft": _draft(context)}


def _draft(context: Context) -> Any:
    return getattr(context.get("request"), "draft", None)


@register.inclusion_tag("ui/conflict.html")
def conflict(differences: Iterable[Any], who: object = "", at: object = "") -> dict[str, Any]:
    """Both texts where two people wrote; each difference has label, mine, theirs."""
    return {"differences": list(differences), "who": who, "at": at}


@register.inclusion_tag("ui/picker.html")
def picker(
    name: str,
    url: str,
    label: object,
    chosen: object = None,
    help: object = "",
    required: bool = False,
) -> dict[str, Any]:
    """Search as you type, then choose; `chosen` has value, label, detail."""
    return {"name": name, "url": url, "label": label, "chosen": chosen, "help": help, "required": required}


@register.inclusion_tag("ui/dropzone.html")
def dropzone(
    name: str,
    label: object,
    accept: str = "",
    multiple: bool = True,
    help: object = "",
) -> dict[str, Any]:
    """A file input that also takes dropped files."""
    return {"name": name, "label": label, "accept": accept, "multiple": multiple, "help": help}


@register.inclusion_tag("ui/sort_link.html", takes_context=True)
def sort_link(context: Context, key: str, label: object) -> dict[str, Any]:
    """A column head that sorts by `key` (`?sort=key`, again for `?sort=-key`)."""
    request: HttpRequest = context["request"]
    current = request.GET.get("sort", "")
    query = request.GET.copy()
    query["sort"] = f"-{key}" if current == key else key
    query.pop("page", None)
    direction = {key: "ascending", f"-{key}": "descending"}.get(current, "none")
    return {"url": f"?{query.urlencode()}", "label": label, "direction": direction}


@register.inclusion_tag("ui/pages.html", takes_context=True)
def pages(context: Context, page: Any) -> dict[str, Any]:
    """Links to the other pages of a list."""
    request: HttpRequest = context["request"]
    kept = {key: value for key, value in request.GET.items() if key != "page"}
    return {"page": page, "query": urlencode(kept)}


@register.inclusion_tag("ui/week_bar.html")
def week_bar(
    delivered: int,
    floor: int = 0,
    scheduled: int = 0,
    prescribed: int = 0,
    name: str = "",
    over: bool = False,
) -> dict[str, Any]:
    """Minutes of a service week against the floor."""
    return {
        "bar": charts.week_bar(delivered, floor=floor, scheduled=scheduled, prescribed=prescribed, over=over),
        "name": name,
    }


@register.inclusion_tag("ui/sparkline.html")
def sparkline(values: Sequence[float], text: str) -> dict[str, Any]:
    """A small line; `text` says the same in words."""
    return {"line": charts.sparkline(values), "text": text}


@register.inclusion_tag("ui/week_grid.html")
def week_grid(grid: timegrid.Grid, label: object = "") -> dict[str, Any]:
    """Columns of a day or week with blocks of time (`timegrid.lay_out`)."""
    return {"grid": grid, "label": label}


@register.filter
def as_toast(message: Message) -> toasts.Toast:
    """A message of Django's with its state and Undo."""
    return toasts.toast(message)


@register.filter
def told_day(text: str) -> str:
    """A day as other houses' papers write it: "2012-04-11" as "Apr 11, 2012", "2012-04" as "Apr 2012"."""
    said = str(text or "")
    try:
        if len(said) == len("2012-04"):
            return str(date_format(date.fromisoformat(f"{said}-01"), "M Y"))
        return str(date_format(date.fromisoformat(said[:10]), "M j, Y"))
    except ValueError:
        return said


@register.filter
def language_word(code: str) -> str:
    """The code en as English; what is no code stays."""
    try:
        return str(get_language_info(str(code))["name_translated"])
    except KeyError:
        return str(code)


@register.filter
def hours(minutes: int | None) -> str:
    """540 as "9 h", 565 as "9 h 25 min"."""
    return charts.hours(minutes or 0)
