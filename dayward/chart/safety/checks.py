from __future__ import annotations

import tomllib
from typing import Any

from django.core.checks import CheckMessage, Error

from dayward.chart.safety import library
from dayward.chart.safety.rules.escalation import ACTS, TIMED
from dayward.chart.safety.rules.guardians import asks, mails, policy_of
from dayward.foundation.people.models import Credential
from dayward.foundation.standards import library as standards
from dayward.kernel.errors import Misconfigured


def check_qualifications(**kwargs: Any) -> list[CheckMessage]:
    """Each table can be read, and knows every kind of credential."""
    found: list[CheckMessage] = []
    for name in library.names():
        try:
            table = library.qualifications(name)
            library.examples(name)
        except (Misconfigured, OSError, tomllib.TOMLDecodeError, KeyError) as problem:
            found.append(Error(f"qualifications/{name}: {problem}", id="safety.E001"))
            continue
        missing = sorted(set(Credential.Kind.values) - set(table))
        if missing:
            found.append(
                Error(f"qualifications/{name} says nothing about {', '.join(missing)}", id="safety.E002")
            )
    return found


def check_alert_times(**kwargs: Any) -> list[CheckMessage]:
    """Every timer of an alert has its rule: without one an answer could not be kept."""
    rules = standards.rules()
    wanted = [f"alert.{act}.{risk_class}" for act in ACTS for risk_class in TIMED]
    return [
        Error(f"No rule pack has a rule {key!r}.", id="safety.E003") for key in wanted if key not in rules
    ]


def check_guardians(**kwargs: Any) -> list[CheckMessage]:
    """The table of guardians can be read, and says what its examples say."""
    try:
        table = library.guardian_policies()
        rows = library.guardian_examples()
    except (Misconfigured, OSError, tomllib.TOMLDecodeError, KeyError) as problem:
        return [Error(f"guardians: {problem}", id="safety.E004")]
    wrong = [
        row
        for row in rows
        if asks(policy_of(table, row["state"]), row["age"], row["class"]) != row["asks"]
        or mails(policy_of(table, row["state"]), row["age"], row["class"]) != row["mails"]
    ]
    rules, asked = standards.rules(), {each for policy in table.values() for each in policy.ask}
    without = sorted(each for each in asked if f"alert.guardian.{each}" not in rules)
    return [
        *(Error(f"guardians: not as its example says: {row}", id="safety.E004") for row in wrong),
        *(
            Error(f"No rule says until when the guardian is told: {each}", id="safety.E005")
            for each in without
        ),
    ]
