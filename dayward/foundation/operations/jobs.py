"""What keeps the queue well for years: work of a killed worker is begun again, and what is long done goes."""

from __future__ import annotations

from procrastinate.contrib.django import app

from dayward.foundation.operations import services


@app.periodic(cron="*/5 * * * *")
@app.task(name="operations.begin_again", queueing_lock="operations.begin_again", pass_context=False)
def begin_again(timestamp: int) -> int:
    """Every five minutes: how much work a worker that is no more had left half done."""
    return services.begin_again()


@app.periodic(cron="31 9 * * *")  # three in the morning in Chicago
@app.task(name="operations.sweep", queueing_lock="operations.sweep", pass_context=False)
def sweep_nightly(timestamp: int) -> int:
    """Every night: how many pieces of finished work and sign-ins that are over went."""
    return services.sweep()
