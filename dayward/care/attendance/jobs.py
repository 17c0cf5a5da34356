from __future__ import annotations

from datetime import date

from procrastinate.contrib.django import app

from dayward.care.attendance import services


@app.task(name="attendance.refresh_weeks")
def refresh_weeks(person: int, since: str) -> None:
    """After two transactions at once; only an id and a day travel through the queue."""
    services.refresh_waiting(person=person, since=date.fromisoformat(since))


@app.task(name="attendance.refresh_people")
def refresh_people(people: list[int], since: str) -> None:
    """After the numbers of a program or payer changed for many."""
    services.refresh_weeks(actor=services.KEEPER, people=people, since=date.fromisoformat(since))


@app.task(name="attendance.refresh_kind")
def refresh_kind(kind: int, since: str) -> None:
    """After a kind of service began or ceased to count, from a day on."""
    services.refresh_kind(kind=kind, since=date.fromisoformat(since))


@app.periodic(cron="11 3 * * *")
@app.task(name="attendance.keep_up", queueing_lock="attendance.keep_up", pass_context=False)
def keep_up_nightly(timestamp: int) -> int:
    """Every night: how many stored weeks were other than the rules say."""
    return services.keep_up().changed
