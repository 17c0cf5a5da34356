from __future__ import annotations

from procrastinate.contrib.django import app

from dayward.foundation.standards import services


@app.task(name="standards.refresh_person")
def refresh_person(person: int) -> None:
    """After two transactions at once; only an id travels through the queue."""
    services.refresh_waiting(person=person)


@app.task(name="standards.refresh_people")
def refresh_people(people: list[int]) -> None:
    """Seats of several people changed."""
    services.refresh(people=people)


@app.task(name="standards.refresh_site")
def refresh_site(site: int) -> None:
    """A day on which the site is closed, or a pack or rule that holds there, changed."""
    services.refresh_all(sites=[site])


@app.periodic(cron="41 2 * * *")
@app.task(name="standards.keep_up", queueing_lock="standards.keep_up", pass_context=False)
def keep_up_nightly(timestamp: int) -> int:
    """Every night: how many dues were other than the facts say."""
    return services.keep_up().total


@app.periodic(cron="11 8 * * *")  # two in the morning in Chicago
@app.task(name="standards.audit_charts", queueing_lock="standards.audit_charts", pass_context=False)
def audit_charts_nightly(timestamp: int) -> int:
    """Every night: how many gaps all charts have."""
    return sum(audit.gaps for audit in services.audit_charts())
