"""Links to their own page for some people, good as long as the demo lasts. Demo data only runs on loopback."""

from __future__ import annotations

from datetime import datetime, timedelta

from dayward.demo.ledger import Ledger
from dayward.demo.rows.clinic import BY
from dayward.foundation.access.models import PortalKey
from dayward.foundation.access.services import portal_digest
from dayward.foundation.people.models import Person

#: Who is told -> the key of the person.
LINKS = {
    "Patient": "special-clara-ninewell",
    "Patient (Spanish)": "special-josefina-claravale",
    "Guardian": "special-maeve-fernholt-relative",
}
LASTS = timedelta(days=3650)


def secret(role: str) -> str:
    """The same in every demo."""
    letters = "".join(letter for letter in role.lower() if letter.isalpha())
    return f"demo-link-of-a-made-up-{letters}"


def path(role: str) -> str:
    return f"/my/in/{secret(role)}/"


def add_links(ledger: Ledger) -> None:
    for role, key in LINKS.items():
        if key not in ledger.rows(Person):
            continue
        made: datetime = ledger.rows(Person)[key]["created_at"]
        ledger.add(PortalKey, f"demo-{key}", person=key, kind="link", digest=portal_digest(secret(role)),
                   made_at=made, made_by=BY, expires_at=made + LASTS)  # fmt: skip
