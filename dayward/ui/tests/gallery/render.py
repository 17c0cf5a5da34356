"""Renders the gallery with the product's template settings and its own folder of pages."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from django.conf import settings
from django.http import HttpRequest
from django.template.backends.django import DjangoTemplates
from django.test import RequestFactory

from dayward.kernel.registry import Registry
from dayward.ui import banners
from dayward.ui.tests.gallery.data import context

FOLDER = Path(__file__).with_name("templates")
PAGES = ("staff", "portal", "public")


def request(path: str = "/") -> HttpRequest:
    """A request of somebody who may see everything."""
    made = RequestFactory().get(path)
    made.may = lambda permission: True  # type: ignore[attr-defined]
    made.user = SimpleNamespace(  # type: ignore[assignment]
        is_authenticated=True, email="lena@clinic.example", has_perm=lambda p: True, person=None
    )
    made.staff = SimpleNamespace(name="Lena Adeyemi")  # type: ignore[attr-defined]
    return made


def engine() -> DjangoTemplates:
    """The product's engine, which also finds the gallery."""
    product: dict[str, Any] = {**settings.TEMPLATES[0], "NAME": "gallery", "DIRS": [str(FOLDER)]}
    del product["BACKEND"]
    return DjangoTemplates(product)


def page(name: str) -> str:
    """The HTML of one page; the banners of packages, which ask the database, stay away."""
    with patch.object(banners, "sources", Registry("banners")):
        return engine().get_template(f"gallery/{name}.html").render(context(), request())


def snippet(source: str, values: dict[str, Any] | None = None) -> str:
    """The HTML of a piece of template."""
    return engine().from_string(source).render(values or {}, request())
