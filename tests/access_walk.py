"""Walks every address with every role, and says what each may (used by test_access.py)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from allauth.core.context import request_context
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.template.response import SimpleTemplateResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve, reverse

from dayward.foundation.access.roles import CHART_ROLES, ROLES
from dayward.kernel import permissions as kernel
from dayward.kernel.permissions import Access, Audience

TABLE = Path(__file__).with_name("access_table.md")
SIGNED_OUT, PATIENT = "signed out", "patient"
COLUMNS = (SIGNED_OUT, PATIENT, *ROLES)
OPEN, OWN, ALL, SIGN_IN, REFUSED = "open", "own", "all", "sign-in", "–"
# Open to all staff, but answering only those who have set up what they ask for.
NEEDS_A_SECOND_FACTOR = ("account_reauthenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn")
# Made of panels: what stands on them depends on who looks.
MADE_FOR_ITS_READER = ("staff:today", "staff:chart", "staff:search", "staff:palette")
NO_SUCH_ID = "zzzzzzzzzzzzzzzz"


@dataclass(frozen=True)
class Address:
    """One URL pattern."""

    name: str
    kwargs: dict[str, str]  # part -> the pattern it must fit
    access: Access | None
    sentence: str

    @property
    def of_a_chart(self) -> bool:
        return "person" in self.kwargs


def addresses() -> list[Address]:
    """Every address of the program, by name."""
    found = [_address(pattern, spaces) for pattern, spaces in _walk(get_resolver().url_patterns, ())]
    return sorted(found, key=lambda one: one.name)


def _walk(patterns: list[Any], spaces: tuple[str, ...]) -> Iterator[tuple[URLPattern, tuple[str, ...]]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = (*spaces, pattern.namespace) if pattern.namespace else spaces
            yield from _walk(pattern.url_patterns, inner)
        else:
            yield pattern, spaces


def _address(pattern: URLPattern, spaces: tuple[str, ...]) -> Address:
    view = pattern.callback
    name = ":".join((*spaces, pattern.name or f"unnamed {pattern.pattern}"))
    sentence = (view.__doc__ or "").strip().splitlines()[:1]
    return Address(
        name=name,
        kwargs={part: converter.regex for part, converter in pattern.pattern.converters.items()},
        access=getattr(view, "dayward_access", None),
        sentence=sentence[0].rstrip(".") if sentence else "",
    )


# -- the table a person reads ----------------------------------------------------------------------------------


def read_table() -> dict[str, dict[str, str]]:
    """Rows of the table: name -> column -> cell; what each is for stands under "what"."""
    rows: dict[str, dict[str, str]] = {}
    head: list[str] = []
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if not line.startswith("|") or set(line) <= set("|-: "):
            continue
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if not head:
            head = cells
        else:
            rows[cells[0].strip("`")] = dict(zip(head[1:], cells[1:], strict=True))
    return rows


def expected(address: Address) -> dict[str, str]:
    """What the declared decorator promises: how a missing row is proposed."""
    access = address.access
    if access is None or access.audience is Audience.PUBLIC:
        return dict.fromkeys(COLUMNS, OPEN)
    if access.audience is Audience.PORTAL:
        return {**dict.fromkeys(COLUMNS, REFUSED), SIGNED_OUT: SIGN_IN, PATIENT: OPEN}
    cells = {SIGNED_OUT: SIGN_IN, PATIENT: REFUSED}
    return cells | {key: _role_cell(key, access) for key in ROLES}


def _role_cell(key: str, access: Access) -> str:
    role = ROLES[key]
    if access.permission is not None and access.permission.key not in role.permissions:
        return REFUSED
    if access.audience is not Audience.CHART:
        return OPEN
    if key not in CHART_ROLES:
        return REFUSED
    return ALL if role.role_wide_charts else OWN


def write_table(rows: dict[str, dict[str, str]]) -> None:
    """Write the table, one row an address, in the order of the names."""
    text = TABLE.read_text(encoding="utf-8")
    intro = text[: text.index("| page")] if "| page" in text else text
    head = ["page", "what", *COLUMNS]
    body = [[f"`{name}`", *(row[column] for column in head[1:])] for name, row in sorted(rows.items())]
    widths = [max(len(line[place]) for line in [head, *body]) for place in range(len(head))]
    lines = [_line(head, widths), _line(["-" * width for width in widths], widths)]
    TABLE.write_text(
        intro + "\n".join([*lines, *(_line(row, widths) for row in body)]) + "\n", encoding="utf-8"
    )


def _line(cells: list[str], widths: list[int]) -> str:
    return "| " + " | ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)) + " |"


# -- requests --------------------------------------------------------------------------------------------------


@dataclass
class Verdicts:
    """Listens to the guard: which requests it let pass, and how the middleware left them.

    The guard knows a request by its reader, what the view declares and whose chart it is; where only the verdict is
    asked for, it is asked once of each of these, however many views declare the same.
    """

    passed: bool | None = None
    only_ask: bool = False  # the verdict alone, without the page behind it
    request: Any = None
    given: dict[tuple[Any, ...], Any] = field(default_factory=dict)

    def __call__(self, request: Any, access: Access, kwargs: dict[str, Any]) -> Any:
        self.passed, self.request = False, request  # also when the guard says that there is no such page
        refusal = (
            self._verdict(request, access, kwargs) if self.only_ask else self.guard(request, access, kwargs)
        )
        self.passed = refusal is None
        return HttpResponse() if self.passed and self.only_ask else refusal

    def _verdict(self, request: Any, access: Access, kwargs: dict[str, Any]) -> Any:
        signed_in = request.user.pk
        if signed_in is None:
            return self.guard(request, access, kwargs)
        asked = (signed_in, access.audience, access.permission, kwargs.get("person"))
        if asked not in self.given:
            self.given[asked] = self._first_verdict(request, access, kwargs)
        return self.given[asked]

    def _first_verdict(self, request: Any, access: Access, kwargs: dict[str, Any]) -> Any:
        try:
            return self.guard(request, access, kwargs)
        except Http404:
            return HttpResponse(status=404)

    def __post_init__(self) -> None:
        self.guard = kernel._guard[0]


@dataclass
class Walker:
    """Opens addresses as somebody, and judges what came back.

    Every pair of address and reader is asked of the view itself, with a request as the middleware made it for that
    reader; through the whole of the server goes each address signed out, and as one of those to whom it is open.
    """

    clients: dict[str, Client]
    inside: dict[str, str]  # values for the parts of an address, for the person on everybody's care team
    outside: dict[str, str]  # the same for a person on nobody's
    verdicts: Verdicts = field(default_factory=Verdicts)
    broken: list[str] = field(default_factory=list)
    next_reader: int = 0
    refusals: set[tuple[Any, str]] = field(default_factory=set)
    readers: dict[str, Any] = field(default_factory=dict)  # column -> a request of theirs

    def meet(self) -> None:
        """A first page each: the session notes a few things, and the middleware makes their request."""
        for column, client in self.clients.items():
            client.get("/")
            self.readers[column] = self.verdicts.request

    def cell(self, address: Address, column: str) -> str:
        """What the program answers: the word that should stand in the table."""
        if not self._may(address, column, self.inside):
            return SIGN_IN if self._asked_to_sign_in else REFUSED
        if address.access is None or address.access.audience is not Audience.CHART:
            return OPEN
        return ALL if self._may(address, column, self.outside) else OWN

    def show(self, address: Address, columns: list[str]) -> None:
        """Open the page itself, where it differs from reader to reader as each, else as one, in turn."""
        if columns and address.name not in MADE_FOR_ITS_READER:
            self.next_reader += 1
            columns = [columns[self.next_reader % len(columns)]]
        self.verdicts.only_ask = False
        for column in columns:
            url = _url(address, self.inside)
            response, passed = self._either(address, lambda method: self._serve(method, column, url))  # noqa: B023
            self._judge(address, column, self.inside, response, passed)

    def _may(self, address: Address, column: str, values: dict[str, str]) -> bool:
        self.verdicts.only_ask = True
        url, client = _url(address, values), self.clients[column]
        if column == SIGNED_OUT:
            response, passed = self._either(address, lambda method: getattr(client, method)(url))
        else:
            response, passed = self._either(address, lambda method: answer(self.readers[column], method, url))
        self._asked_to_sign_in = response.status_code in (302, 204) and not passed
        self._judge(address, column, values, response, passed)
        return passed

    def _either(self, address: Address, request: Callable[[str], Any]) -> tuple[Any, bool]:
        """The answer to reading the page, or to the act where there is nothing to read."""
        self.verdicts.passed = None
        response = request("get")
        if response.status_code == 405 and self.verdicts.passed is not False:
            self.verdicts.passed = None
            response = request("post")
        return response, bool(self.verdicts.passed)

    def _serve(self, method: str, column: str, url: str) -> Any:
        """The server's answer; whatever the page changed is undone, signing out as well."""
        client = self.clients[column]
        cookies = client.cookies.output()
        with transaction.atomic():
            response = getattr(client, method)(url)
            transaction.set_rollback(True)
        client.cookies.clear()
        client.cookies.load(cookies.replace("Set-Cookie: ", ""))
        return response

    def refuse(self, request: Any, template: str, context: dict[str, Any], status: int) -> HttpResponse:
        """The page that refuses: written out the first time each reader meets it, later only its number."""
        known = (request.user.pk or "", template)
        if known in self.refusals:
            return HttpResponse(status=status)
        self.refusals.add(known)
        return render(request, template, context, status=status)

    def _judge(
        self, address: Address, column: str, values: dict[str, str], response: Any, passed: bool
    ) -> None:
        """The response must be what the verdict says: a refusal shows nothing, a page that is open works."""
        status = response.status_code
        if self.verdicts.passed is None:
            self.broken.append(f"{address.name}: its access is not the outermost decorator (status {status})")
        elif not passed and status not in (302, 204, 403, 404):
            self.broken.append(f"{address.name} as {column}: refused, but answered {status}")
        elif passed and status in (401, 403, 500) and address.name not in NEEDS_A_SECOND_FACTOR:
            self.broken.append(f"{address.name} as {column}: open, but answered {status}")
        elif not passed and self.secret(values) in response.content.decode(errors="replace"):
            self.broken.append(f"{address.name} as {column}: refused, but names the person")

    @staticmethod
    def secret(values: dict[str, str]) -> str:
        return values["family name"]


def answer(reader: Any, method: str, url: str) -> Any:
    """What the view says to this reader, without the server before it; `reader`: a request as it reaches a view."""
    request, match = copy(reader), resolve(url)
    request.method, request.resolver_match = method.upper(), match
    request.path = request.path_info = url
    with request_context(request):  # as allauth's middleware does for its pages
        try:
            response = match.func(request, *match.args, **match.kwargs)
        except Http404:
            return HttpResponse(status=404)
        if isinstance(response, SimpleTemplateResponse):
            response.render()
    return response


def _url(address: Address, values: dict[str, str]) -> str:
    parts = {
        name: values.get(f"{address.name.split(':')[0]}:{name}", values.get(name)) for name in address.kwargs
    }
    kwargs = {name: part or _nothing(address.kwargs[name]) for name, part in parts.items()}
    return reverse(address.name, kwargs=kwargs)


def empty_url(address: Address) -> str:
    """The address with names of nothing in it."""
    return _url(address, {})


def _nothing(pattern: str) -> str:
    """A value that fits the address but names nothing."""
    return next(value for value in (NO_SUCH_ID, "999999999", "2026-01-01") if re.fullmatch(pattern, value))
