from __future__ import annotations

from procrastinate.contrib.django import app

from dayward.foundation.standards import services


@app.task(name="standards.refresh_person")
def refresh_person(person: int) -> None:
    """After two transactions at once; only an id travels through the queue."""
    services.refresh_waiting(person=person)


@app.periodic(cron="41 2 * * *")
@app.task(name="standards.keep_up", queueing_lock="standards.keep_up", pass_context=False)
def keep_up_nightly(timestamp: int) -> int:
    """Every night: how many dues were other than the facts say."""
    return services.keep_up().total
