"""What is typed into a long form is kept on the server until it is sent, and given back to its writer.

A view has `@keeps_draft`; where it makes its form it asks `restore(request, form)`, and its one service call stands in
`with sent(request):`. The template has `{% draft_kept %}` above the form and `{% draft %}` in it. Where drafts are kept
is known to the package that registers the store.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from datetime import datetime, timedelta
from functools import cached_property, wraps
from typing import Any, Protocol
from urllib.parse import urlencode

from django import forms
from django.core import signing
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from dayward.ui import toasts

ACT, KEY = "_draft", "_draft_key"
PICK, NONE = "_kept", "none"  # which of several drafts a page is opened with: its tab, or none
NEVER_KEPT = frozenset({ACT, KEY, "csrfmiddlewaretoken", "typed_name", "password"})
MOST = 400_000  # characters of one form; far beyond what a person types
# How long a page may lie open until what is sent from it is no longer known as its writer's.
LONGEST_OPEN = timedelta(days=7)
_SALT = "dayward.ui.drafts"

Typed = Mapping[str, list[str]]
AnyView = Callable[..., HttpResponseBase]


@dataclass(frozen=True)
class Place:
    """Which form of whom, about whom (public ids), in which open page; and the draft that the page began with."""

    writer: str
    form: str
    person: str
    tab: str
    origin: str = ""


@dataclass(frozen=True)
class Kept:
    """What was typed into one open page, and when it was kept."""

    typed: Typed
    at: datetime
    tab: str

    @property
    def origin(self) -> str:
        """Names this draft as it is now: when its page goes on typing, it is another."""
        return f"{self.tab}@{self.at.isoformat()}"


class Store(Protocol):
    """Keeps drafts; each has one writer, who alone reads it."""

    def find(self, place: Place) -> list[Kept]: ...
    def keep(self, place: Place, typed: Typed) -> bool: ...
    def end(self, place: Place) -> None: ...
    def throw_away(self, place: Place) -> bool: ...
    def bring_back(self, place: Place) -> None: ...


_store: list[Store] = []


def register_store(store: Store) -> None:
    """Called once, by the package that keeps them."""
    _store[:] = [store]


class Sheet:
    """The draft of the form on this page: `request.draft`."""

    def __init__(self, request: HttpRequest, by: tuple[str, ...]) -> None:
        self.request = request
        self.by = {name: request.GET[name] for name in by if name in request.GET}

    @property
    def address(self) -> str:
        """Where the form stands."""
        return f"{self.request.path}?{urlencode(self.by)}" if self.by else self.request.path

    @cached_property
    def found(self) -> list[Kept]:
        """What was typed here before and not sent, the latest first: of each page one. Only where the page is shown
        anew, not where its form asks.
        """
        is_new = self.request.method == "GET" and KEY not in self.request.GET
        return _store[0].find(self._place("")) if is_new and _store else []

    @cached_property
    def kept(self) -> Kept | None:
        """The one this page begins with: that which was picked, or the latest."""
        picked = self.request.GET.get(PICK)
        latest = self.found[0] if self.found and picked != NONE else None
        return next((each for each in self.found if each.tab == picked), latest)

    @property
    def others(self) -> list[tuple[Kept, str]]:
        """What else is kept, with the address that opens it."""
        return [(each, self._picking(each.tab)) for each in self.found if each is not self.kept]

    @property
    def anew(self) -> str:
        """Opens the form as if nothing had been typed, beside what is kept."""
        return self._picking(NONE)

    def _picking(self, tab: str) -> str:
        return f"{self.request.path}?{urlencode({**self.by, PICK: tab})}"

    @cached_property
    def typed(self) -> QueryDict | None:
        if self.kept is None:
            return None
        made = QueryDict(mutable=True)
        for name, values in self.kept.typed.items():
            made.setlist(name, values)
        return made

    @cached_property
    def posted(self) -> Place | None:
        """The place that the page sent with its form; None where it sent none, or one we did not make."""
        return read_key(self.request)

    @cached_property
    def place(self) -> Place:
        if self.posted is not None:
            return self._place(self.posted.tab, self.posted.origin)
        return self._place(secrets.token_hex(8), self.kept.origin if self.kept else "")

    @property
    def sent_place(self) -> Place:
        """The place of what is being sent; without a page's key, the latest that is kept of this form."""
        return self.place if self.posted is not None else self._place("")

    @property
    def key(self) -> str:
        """Names the place in the form itself, so that what is sent after the session has ended finds it."""
        return signing.dumps(astuple(self.place), salt=_SALT)

    def _place(self, tab: str, origin: str = "") -> Place:
        match, person = self.request.resolver_match, getattr(self.request, "person", None)
        assert match is not None
        parts = {name: part for name, part in match.kwargs.items() if name != "person" or person is None}
        words = [match.view_name, *(f"{name}={part}" for name, part in sorted((parts | self.by).items()))]
        return Place(_writer(self.request), " ".join(words), person.public_id if person else "", tab, origin)


def _writer(request: HttpRequest) -> str:
    return str(getattr(request.user, "public_id", ""))


def typed_in(request: HttpRequest) -> Typed:
    """What a form sent, without what is never kept."""
    return {name: values for name, values in request.POST.lists() if name not in NEVER_KEPT}


def read_key(request: HttpRequest) -> Place | None:
    try:
        return Place(*signing.loads(request.POST.get(KEY, ""), salt=_SALT, max_age=LONGEST_OPEN))
    except signing.BadSignature:
        return None


# -- what a view says ---------------------------------------------------------------------------------------------


def keeps_draft(*by: str) -> Callable[[AnyView], AnyView]:
    """The form of this page is kept while it is typed; `by` names parts of the query that make it another form.

    It stands under the decorator that says who may: a draft is kept, shown and thrown away by the same right.
    """

    def decorate(view: AnyView) -> AnyView:
        @wraps(view)
        def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            sheet = request.draft = Sheet(request, by)  # type: ignore[attr-defined]
            if request.method != "POST":
                return view(request, *args, **kwargs)
            if sheet.posted is not None and sheet.posted.writer != _writer(request):
                return _of_somebody_else(request, sheet)
            act = request.POST.get(ACT) or request.GET.get(ACT)
            return _answer(request, sheet, act) if act else view(request, *args, **kwargs)

        wrapper.keeps_draft = True  # type: ignore[attr-defined]
        return wrapper

    return decorate


def _answer(request: HttpRequest, sheet: Sheet, act: str) -> HttpResponse:
    if act == "keep":
        return _keep(request, sheet)
    if act == "away":
        _throw_away(request, sheet)
    elif act == "back":
        _store[0].bring_back(sheet.place)
    return HttpResponseRedirect(sheet.address)


def _throw_away(request: HttpRequest, sheet: Sheet) -> None:
    back = urlencode({**sheet.by, ACT: "back"})
    if _store[0].throw_away(sheet.place):
        toasts.done(request, _("What you had typed is thrown away."), undo_url=f"{request.path}?{back}")
    else:
        toasts.refuse(request, _("It goes on in another window. Nothing was thrown away."))


def _keep(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    """The page says "Draft saved" only where it was."""
    typed = typed_in(request)
    if _size(typed) > MOST:
        return HttpResponse(status=413)
    is_kept = _store[0].keep(sheet.place, typed)
    return render(request, "ui/draft_kept_now.html") if is_kept else HttpResponse(status=409)


def _size(typed: Typed) -> int:
    return sum(len(name) + sum(map(len, values)) for name, values in typed.items())


def _of_somebody_else(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    """Two people at one computer: what one typed is not sent in the name of the other."""
    keep_for_later(request)
    toasts.refuse(
        request,
        _("This page was opened by somebody else. What was typed is kept for them; nothing was sent."),
    )
    return HttpResponseRedirect(sheet.address)


def restore(request: HttpRequest, *made: forms.BaseForm) -> None:
    """Give each form back what was typed into it; a file is chosen again."""
    typed = typed_here(request)
    if typed is None:
        return
    for form in made:
        if form.is_bound:
            continue
        for name, field in form.fields.items():
            at = form.add_prefix(name)
            is_told = not field.widget.value_omitted_from_data(typed, {}, at)
            if is_told and not isinstance(field, forms.FileField):
                form.initial[name] = field.widget.value_from_datadict(typed, {}, at)


def typed_here(request: HttpRequest) -> QueryDict | None:
    """What was typed here before and not sent, as it was posted; for what is no field of a form."""
    sheet: Sheet | None = getattr(request, "draft", None)
    return sheet.typed if sheet is not None else None


@contextmanager
def sent(request: HttpRequest) -> Iterator[None]:
    """Around the one service call: the draft ends with it, or neither happens."""
    with transaction.atomic():
        ended(request)
        yield


def ended(request: HttpRequest) -> None:
    """The form was taken; for views that know it only inside their own transaction."""
    sheet: Sheet | None = getattr(request, "draft", None)
    if sheet is not None and _store:
        _store[0].end(sheet.sent_place)


def keep_for_later(request: HttpRequest) -> bool:
    """What was sent and could not be taken (the session had ended) is a draft of whoever had opened the page."""
    place = read_key(request) if request.method == "POST" and _store else None
    if place is None:
        return False
    typed = typed_in(request)
    return _size(typed) <= MOST and _store[0].keep(place, typed)
