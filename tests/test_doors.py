"""What every door keeps to: headers, cookies and keys."""

from __future__ import annotations

import json
import os
import re
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from dayward.foundation.access.factories import make_staff_with, make_treating
from dayward.foundation.access.tests.test_guard import as_staff
from dayward.foundation.documents import services as documents
from dayward.foundation.organization.factories import make_site
from dayward.foundation.people.factories import SETUP, make_person
from dayward.foundation.people.models import StaffMember
from dayward.kernel import local

ASKED = (
    "SESSION_COOKIE_SECURE CSRF_COOKIE_SECURE LANGUAGE_COOKIE_SECURE SESSION_COOKIE_HTTPONLY CSRF_COOKIE_HTTPONLY "
    "SESSION_COOKIE_NAME CSRF_COOKIE_NAME SECURE_SSL_REDIRECT SECURE_HSTS_SECONDS SECURE_PROXY_SSL_HEADER DEBUG "
    "SESSION_EXPIRE_AT_BROWSER_CLOSE SECOND_FACTOR_UNLESS_SAID MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN"
).split()


def settings_with(var: Path, **environment: str) -> dict[str, Any]:
    """The product's settings in a process of their own."""
    code = "import json; from dayward.config import settings as s; "
    code += f"print(json.dumps({{name: getattr(s, name, None) for name in {ASKED!r}}}))"
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("DAYWARD_", "DJANGO_"))}
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**kept, "DAYWARD_VAR": str(var), "DATABASE_URL": "postgresql://a:b@localhost/c", **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.program
def test_over_https_everything_is_secure(tmp_path: Path) -> None:
    found = settings_with(tmp_path, DAYWARD_HTTPS="1", DAYWARD_PROXIES="1")
    assert [name for name in ASKED if name.endswith("COOKIE_SECURE") and not found[name]] == []
    assert found["SESSION_COOKIE_NAME"].startswith("__Host-")
    assert found["CSRF_COOKIE_NAME"].startswith("__Host-")
    assert found["SECURE_SSL_REDIRECT"] is True
    assert found["SECURE_HSTS_SECONDS"] >= 31536000
    assert found["SECURE_PROXY_SSL_HEADER"] == ["HTTP_X_FORWARDED_PROTO", "https"]
    assert found["MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN"] is False


@pytest.mark.program
def test_what_holds_with_and_without_https(tmp_path: Path) -> None:
    plain, https = settings_with(tmp_path), settings_with(tmp_path, DAYWARD_HTTPS="1")
    assert https["SECURE_PROXY_SSL_HEADER"] is None  # nobody says by a header that it was HTTPS
    for found in (plain, https):
        assert found["SESSION_COOKIE_HTTPONLY"] and found["CSRF_COOKIE_HTTPONLY"]
        assert found["SESSION_EXPIRE_AT_BROWSER_CLOSE"] and found["SECOND_FACTOR_UNLESS_SAID"]
        assert found["DEBUG"] is False


def test_keys_are_readable_by_their_owner_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the umask of who starts it."""
    monkeypatch.setenv("DAYWARD_VAR", str(tmp_path))
    before = os.umask(0)
    try:
        key = local._kept_key(tmp_path / "secret-key")
    finally:
        os.umask(before)
    assert len(key) >= 48
    assert stat.S_IMODE((tmp_path / "secret-key").stat().st_mode) == 0o600
    assert local._kept_key(tmp_path / "secret-key") == key
    assert [path.name for path in tmp_path.iterdir()] == ["secret-key"]


POLICY = {
    "default-src": "'self'",
    "script-src": "'self'",
    "style-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
INLINE = re.compile(
    r"<style\b|<[^>]*\sstyle=|<[^>]*\son[a-z]+=|href=[\"']?javascript:|<script(?![^>]*\b(?:src|type=\"application/json\"))",
    re.IGNORECASE,
)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name", ["account_login", "portal:sign_in", "inquire:form", "staff:today", "access:roles"]
)
def test_headers_of_a_page(name: str) -> None:
    client = as_staff(make_staff_with("director")) if ":" in name and "staff" in name else Client()
    answer = client.get(reverse(name))
    policy = dict(part.strip().split(" ", 1) for part in answer.headers["Content-Security-Policy"].split(";"))
    assert {key: policy.get(key) for key in POLICY} == POLICY
    assert "unsafe" not in str(policy)
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert {"no-store", "private"} <= set(answer.headers["Cache-Control"].split(", "))
    assert "Server" not in answer.headers
    assert not INLINE.search(answer.content.decode())


@pytest.mark.django_db
def test_what_others_wrote_leaves_as_a_file_in_a_sandbox() -> None:
    person = make_person()
    paper = documents.keep(
        actor=SETUP,
        person=person,
        content=b"<script>alert(1)</script>",
        kind="other",
        title="x",
        media_type="text/html",
    )
    url = reverse("documents:content", args=[person.public_id, paper.public_id])
    answer = as_staff(make_treating(person)).get(url)
    assert answer.headers["Content-Disposition"].startswith("attachment; ")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["trace", "put", "delete", "patch"])
def test_other_methods_do_nothing(method: str) -> None:
    client = as_staff(make_staff_with("director"))
    for name in ("staff:today", "people:register", "account_login"):
        assert getattr(client, method)(reverse(name)).status_code in (200, 302, 403, 405), name


@pytest.mark.django_db
def test_a_form_without_its_token_is_refused() -> None:
    staff = make_staff_with("intake")
    client = as_staff(staff, enforce_csrf_checks=True)
    assert (
        client.post(reverse("people:register"), {"legal_given": "Nia", "legal_family": "X"}).status_code
        == 403
    )


@pytest.mark.django_db
def test_zero_bytes_are_taken_out_and_break_no_page() -> None:
    """Text copied from a PDF may have some; PostgreSQL keeps none."""
    site, web = make_site(), as_staff(make_staff_with("administrator", "compliance"))
    told = {"given": "N\0ia", "family": "Newhall", "sites": [site.pk], "started_on": "2026-01-05"}
    web.post(reverse("access:add_staff"), told)
    assert StaffMember.objects.get(family="Newhall").given == "Nia"
    assert web.get(reverse("access:trail") + "?before=%00").status_code == 200
    assert web.get("/access/staff/%00/").status_code == 404
    draft = {"_draft": "keep", "name": "Har\0bor %00 & West", "ot\0her": "x"}
    assert web.post(reverse("organization:add_site"), draft).status_code == 200
    assert "Harbor %00 &amp; West" in web.get(reverse("organization:add_site")).content.decode()
