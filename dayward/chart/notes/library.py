"""Reads the templates of notes; the system check `notes.E001` refuses a folder that is malformed."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from dayward.chart.notes.rules.templates import Objective, Part, Template
from dayward.kernel.errors import Misconfigured

LIBRARY = Path(__file__).parent / "library"
CONTACT = "contact"  # the template of what was no session
FLAGS = ("family", "guests")


@cache
def templates() -> dict[str, Template]:
    """All templates by the name of their folder; each form of service has one."""
    found = {name: read(name, _toml(name)) for name in names()}
    forms = [form for template in found.values() for form in template.forms]
    if len(set(forms)) != len(forms):
        raise Misconfigured("notes: two templates for one form of service")
    return found


def names() -> list[str]:
    return sorted(folder.name for folder in LIBRARY.iterdir() if folder.is_dir())


def template_for(form: str) -> Template | None:
    """The template of a form of service; None where nothing is documented here."""
    return next((each for each in templates().values() if form in each.forms), None)


def examples(name: str) -> list[dict[str, Any]]:
    """The worked examples beside a template."""
    rows: list[dict[str, Any]] = _toml(name)["example"]
    return rows


def read(name: str, content: dict[str, Any]) -> Template:
    """A template from what is in the file; Misconfigured with the place when something is wrong."""
    try:
        return _template(name, content)
    except (KeyError, ValueError, TypeError) as problem:
        raise Misconfigured(f"notes/library/{name}/template.toml: {problem!r}") from problem


def _template(name: str, content: dict[str, Any]) -> Template:
    shared = tuple(_part(row) for row in content.get("shared", ()))
    parts = tuple(_part(row) for row in content["part"])
    keys = [part.key for part in shared + parts]
    signers, cosigned = frozenset(content["signers"]), frozenset(content["cosigned"])
    if len(set(keys)) != len(keys) or not any(part.own and part.needed for part in parts):
        raise ValueError("each key once, and one needed part of the person's own")
    if not signers or cosigned - signers or not content["source"]:
        raise ValueError("who signs, and a source, are needed")
    flags = {flag: bool(content.get(flag, False)) for flag in FLAGS}
    return Template(
        key=name,
        title=content["title"],
        source=content["source"],
        forms=frozenset(content["forms"]),
        objective=Objective(content["objective"]),
        shared=shared,
        parts=parts,
        signers=signers,
        cosigned=cosigned,
        **flags,
    )


def _part(row: dict[str, Any]) -> Part:
    given = dict(row)
    choices = tuple((str(value), str(label)) for value, label in given.pop("choices", ()))
    if any(" " in value for value, _label in choices):
        raise ValueError("a choice is one word")
    return Part(**given, choices=choices)


def _toml(name: str) -> dict[str, Any]:
    try:
        return tomllib.loads((LIBRARY / name / "template.toml").read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as problem:
        raise Misconfigured(f"notes/library/{name}: {problem}") from problem
