"""Tries are counted in PostgreSQL: for all processes, exactly, and none is forgotten early."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from allauth.core.internal.ratelimit import consume
from django.core.cache import cache, caches
from django.db import connection
from django.test import Client, RequestFactory
from django.urls import reverse

from dayward.foundation.access.factories import make_staff_with
from dayward.foundation.access.tests.test_guard import sign_in
from dayward.foundation.people.factories import make_user

EMAIL, PASSWORD = "ana@clinic.example", "a calm sentence to keep"


def wrong(client: Client, email: str = EMAIL, **more: Any) -> str:
    data = {"login": email, "password": "wrong"}
    return str(client.post(reverse("account_login"), data, **more).content.decode())


@pytest.mark.django_db
def test_the_account_is_counted_from_wherever_it_is_tried() -> None:
    """Neither another address nor another host or port in the request begins anew."""
    make_staff_with("therapist", user=make_user(EMAIL, PASSWORD))
    for number in range(5):
        wrong(Client(), REMOTE_ADDR=f"192.0.2.{number}", HTTP_HOST=f"localhost:{number + 1}")
    said = wrong(Client(), REMOTE_ADDR="192.0.2.99", HTTP_HOST="127.0.0.1:77")
    assert "Too many failed tries. Try again in 5 minutes." in said
    client = Client(REMOTE_ADDR="192.0.2.100")
    sign_in(client, EMAIL.upper(), PASSWORD)
    assert "_auth_user_id" not in client.session


@pytest.mark.django_db
def test_an_address_is_counted_whatever_accounts_it_tries() -> None:
    for number in range(10):
        assert "Too many" not in wrong(Client(), f"nobody{number}@clinic.example")
    assert "Try again in 1 minute." in wrong(Client(), "nobody10@clinic.example")
    assert "Too many" not in wrong(Client(), "nobody11@clinic.example", REMOTE_ADDR="192.0.2.7")


@pytest.mark.django_db
@pytest.mark.parametrize(("proxies", "slowed"), [(0, True), (1, False)])
def test_behind_proxies_the_visitors_address_counts(settings: Any, proxies: int, slowed: bool) -> None:
    """Without proxies nobody chooses an address by a header; with one, each visitor has their own."""
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    for number in range(10):
        wrong(Client(), f"nobody{number}@clinic.example", HTTP_X_FORWARDED_FOR="198.51.100.1")
    said = wrong(Client(), "nobody10@clinic.example", HTTP_X_FORWARDED_FOR="198.51.100.2")
    assert ("Too many" in said) is slowed


@pytest.mark.django_db
def test_made_up_names_do_not_push_out_the_one_that_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Django's own table throws a third away when it is full."""
    monkeypatch.setattr(caches["default"], "_max_entries", 10)
    for number in range(5):
        wrong(Client(), REMOTE_ADDR=f"192.0.2.{number}")
    for number in range(30):
        wrong(Client(), f"nobody{number}@clinic.example", REMOTE_ADDR=f"198.51.100.{number}")
    assert "Too many" in wrong(Client(), REMOTE_ADDR="192.0.2.99")


@pytest.mark.django_db
def test_what_has_run_out_is_swept_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caches["default"], "_max_entries", 0)
    cache.set("old", 1, timeout=-5)
    cache.set("new", 1, timeout=60)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM access_cache WHERE cache_key LIKE '%%old'")
        assert cursor.fetchone() == (0,)


@pytest.mark.django_db
def test_codes_and_birth_dates_are_slowed_down_per_address() -> None:
    told = {"code": "aaaa-bbbb", "birth_date": "1990-01-01"}
    answers = [Client().post(reverse("portal:sign_in"), told).content.decode() for _try in range(21)]
    assert "Too many" not in answers[19]
    assert "Too many failed tries" in answers[20]


@pytest.mark.usefixtures("committed_db")
def test_many_at_once_are_counted_exactly() -> None:
    """Twenty threads, each with its own connection as a server process has: as many pass as may."""
    start, limit = threading.Barrier(20), {"tried": "5/5m/ip"}

    def one(_number: int) -> bool:
        try:
            start.wait()
            request = RequestFactory().post("/")
            return consume(request, app="test", action="tried", config=limit) is not None
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        passed = sum(pool.map(one, range(20)))
    assert passed == 5
