"""Alerts with each of their steps, and the documentation that closes them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dayward.chart.safety.alerts.models import Alert, AlertClosing, AlertStep
from dayward.chart.safety.alerts.services.closing import closing_text
from dayward.chart.safety.rules import escalation
from dayward.demo import papers
from dayward.demo.facts import Course
from dayward.demo.ledger import Ledger, Values
from dayward.demo.rows.clinic import user_id
from dayward.demo.rows.first_week import SAFETY_KINDS, write_safety_plan
from dayward.demo.rows.models import person_of
from dayward.demo.rows.signing import staff_signs
from dayward.demo.scores import EACH, Filled
from dayward.demo.special import OPEN_ANSWER, RISK_ANSWER
from dayward.demo.times import moment, working_day
from dayward.foundation.standards.queries import by_when

SAME_DAY, REVIEW, WATCH = "same_day", "review", "watch"
ONE_A_WEEK = timedelta(days=7)
#: What is written when an alert is closed: by its class.
TEXTS: dict[str, dict[str, str]] = {
    SAME_DAY: {
        "contact": "By phone twenty minutes after the answer, then half an hour in the office the same afternoon.",
        "findings": "Asked directly: thoughts on three evenings, no plan, no wish to act. One attempt long ago.",
        "protective": "Called a sister in the evening. Wants to come to the group tomorrow. Looks after a dog.",
        "means": "No firearms, asked. Tablets go to the sister tonight; she said so by phone, the person beside.",
        "actions": "Safety plan gone through and written anew. Prescriber told. A call on the next two evenings.",
        "reassess": "The therapist asks again in each session this week, and the questionnaire is answered on Monday.",
    },
    REVIEW: {
        "contact": "Spoke after the group, alone, for ten minutes.",
        "findings": "Asked directly: a thought of not wanting to wake up, once, after a quarrel. No plan, no intent.",
        "protective": "Children, the group, a brother who calls.",
        "means": "Asked: none at home beyond small packs of painkillers.",
        "actions": "Safety plan read together; the first two steps were said by heart.",
        "reassess": "Asked again in the weekly session.",
    },
    WATCH: {
        "findings": "Score is clearly up. Sleep broke down after a change of shift; no thoughts of dying, asked.",
        "actions": "Session on sleep moved forward; prescriber told before the next visit.",
        "reassess": "Next questionnaire, and in the individual session.",
    },
}


@dataclass(frozen=True)
class Told:
    """Whose answer it is, and up to when is told."""

    ledger: Ledger
    course: Course
    by: str  # who answered, an actor's id
    now: datetime
    zone: ZoneInfo

    @property
    def staff(self) -> str:
        """Whoever closes it: the therapist, or the supervisor where the credential is not enough."""
        return papers.able(self.course.therapist, SAFETY_KINDS)


@dataclass(frozen=True)
class Handled:
    """When people act."""

    seen: datetime
    spoke: datetime
    closed: datetime


def add_answer(to: Told, key: str, at: datetime, filled: Filled) -> None:
    """Item 9 was answered with more than zero: raised with the answer, acknowledged, contacted, closed."""
    lowered = at + EACH * 4 if filled.answers["9"] == 1 else None
    found = _handled(to, at)
    risk = REVIEW if lowered and lowered <= to.now else SAME_DAY
    steps: list[Values] = [_step(to, "raised", at, SAME_DAY, named=True)]
    if lowered is not None:
        steps.append(_step(to, "lowered", lowered, REVIEW))
    else:
        steps.append(_step(to, "raised_again", at + EACH, SAME_DAY, named=True))
    steps += _acts(to, found, risk)
    _alert(to, key, at, f"{key}-9", risk, found, steps)
    if to.course.case.special == RISK_ANSWER and found.closed <= to.now:
        before = f"{to.course.key}-first"
        write_safety_plan(
            to.ledger, to.course, f"{key}-plan", found.spoke + timedelta(minutes=70), before, to.staff
        )


def add_watch(to: Told, key: str, at: datetime) -> None:
    """A reliably worse score: a line on the team's list, unless one is open or was raised within a week."""
    mine = [
        row
        for row in to.ledger.rows(Alert).values()
        if row["person"] == to.course.key and row["risk_class"] == WATCH
    ]
    if any(row["closed_at"] is None or row["raised_at"] > at - ONE_A_WEEK for row in mine):
        return
    dice = to.course.dice.of("watch", key)
    day = working_day(at.astimezone(to.zone).date() + timedelta(days=dice.whole(1, 4)))
    found = Handled(at, at, moment(day, dice.between(9.2, 16.8), to.zone))
    steps = [_step(to, "raised", at, WATCH, named=True)]
    if found.closed <= to.now:
        steps += [_step(to, kind, found.closed, WATCH, by=to.staff) for kind in ("signed", "closed")]
    _alert(to, key, at, None, WATCH, found, steps)


def _handled(to: Told, at: datetime) -> Handled:
    """Within the hour; the documentation on the same day, or the next where the story wants it open."""
    dice = to.course.dice.of("alert")
    seen = at + timedelta(minutes=dice.whole(3, 18))
    spoke = seen + timedelta(minutes=dice.whole(10, 40))
    closed = spoke + timedelta(minutes=dice.whole(90, 160))
    if to.course.case.special == OPEN_ANSWER:
        closed = moment(working_day(at.astimezone(to.zone).date() + timedelta(days=2)), 9.6, to.zone)
    return Handled(seen, spoke, closed)


def _acts(to: Told, found: Handled, risk: str) -> list[Values]:
    steps = [
        _step(to, "acknowledged", found.seen, risk, by=to.course.therapist),
        _step(
            to,
            "contacted",
            found.spoke,
            risk,
            by=to.course.therapist,
            how="phone",
            note="Is at home, a sister is with them; comes to the office today.",
        ),
        _step(to, "signed", found.closed, risk, by=to.staff),
        _step(to, "closed", found.closed, risk, by=to.staff),
    ]
    return [step for step in steps if step["at"] <= to.now]


def _step(
    to: Told, kind: str, at: datetime, risk: str, *, by: str = "", named: bool = False, **said: Any
) -> Values:
    staff = by or (to.course.therapist if named else None)
    return {
        "kind": kind,
        "at": at,
        "by": user_id(by) if by else to.by,
        "staff": staff,
        "risk_class": risk,
        **said,
    }


def _alert(
    to: Told, key: str, at: datetime, answer: str | None, risk: str, found: Handled, steps: list[Values]
) -> None:
    done = {step["kind"]: step["at"] for step in steps}
    until = {
        act: by_when(f"alert.{act}.{risk}", at, to.zone) if risk != WATCH else None for act in escalation.ACTS
    }
    state = escalation.State(
        risk,
        until["acknowledge"],
        until["contact"],
        until["close"],
        "acknowledged" in done,
        "contacted" in done,
        "closed" in done,
    )
    to.ledger.add(
        Alert,
        key,
        person=to.course.key,
        episode=to.course.key,
        risk_class=risk,
        administration=key,
        answer=answer,
        named=to.course.therapist,
        named_because="primary_therapist",
        raised_at=at,
        raised_by=to.by,
        class_since=at,
        acknowledge_until=until["acknowledge"],
        contact_until=until["contact"],
        close_until=until["close"],
        rings_next=escalation.next_ring(state, steps[-1]["at"]),
        **_answered(to, done),
    )
    for number, step in enumerate(steps):
        to.ledger.add(AlertStep, f"{key}-{number}", alert=key, **step)
    if "closed" in done:
        _closing(to, key, at, risk, found.closed)


def _answered(to: Told, done: dict[str, datetime]) -> Values:
    """Who acknowledged, spoke with the person and closed, as far as it went."""
    seen = "acknowledged" if "acknowledged" in done else "closed"
    values: Values = {"acknowledged_at": None, "contacted_at": None, "closed_at": None}
    for column, kind, by in (
        ("acknowledged", seen, to.course.therapist if seen == "acknowledged" else to.staff),
        ("contacted", "contacted", to.course.therapist),
        ("closed", "closed", to.staff),
    ):
        if kind in done:
            values |= {f"{column}_at": done[kind], f"{column}_by": by}
    return values


def _closing(to: Told, key: str, raised: datetime, risk: str, at: datetime) -> None:
    again = at.astimezone(to.zone).date() + timedelta(days=3 if risk == SAME_DAY else 7)
    level = "elevated" if risk == SAME_DAY else "none"
    texts = dict.fromkeys(TEXTS[SAME_DAY], "") | TEXTS[risk]
    person = person_of(to.course.case)
    alert = Alert(risk_class=risk, raised_at=raised.astimezone(UTC))
    row = AlertClosing(person=person, level=level, reassess_on=again, **texts)
    text = closing_text(row, alert, texts)
    to.ledger.add(
        AlertClosing,
        key,
        alert=key,
        person=to.course.key,
        level=level,
        reassess_on=again,
        **texts,
        written_at=at - timedelta(minutes=20),
        written_by=to.staff,
        saved_at=at - timedelta(minutes=1),
        saved_by=to.staff,
        signature=staff_signs(to.ledger, AlertClosing, key, text, to.staff, at),
        signed_text=text,
    )
