"""Signing in to the served tiny clinic as one of its staff, in a browser."""

from __future__ import annotations

import json

from playwright.sync_api import Page, expect

from dayward.foundation.access.roles import ROLES
from tests.fixtures.server import ClinicServer


def sign_in(page: Page, clinic: ClinicServer, role: str) -> dict[str, str]:
    """As the first of this role, and let in; what the clinic's list says of them."""
    rows = json.loads((clinic.var / "demo-sign-ins.json").read_text(encoding="utf-8"))
    found: dict[str, str] = next(row for row in rows if row["role"] == ROLES[role].name)
    page.goto(f"{clinic.url}/account/sign-in/")
    give_password(page, found["email"], found["password"])
    return found


def give_password(page: Page, email: str, password: str) -> None:
    """And the page is another one afterwards."""
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(password)
    button = page.get_by_role("button", name="Sign in", exact=True)
    button.click()
    expect(button).to_have_count(0)
