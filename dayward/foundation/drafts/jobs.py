from __future__ import annotations

from procrastinate.contrib.django import app

from dayward.foundation.drafts import services


@app.periodic(cron="23 9 * * *")  # three in the morning in Chicago
@app.task(name="drafts.sweep", queueing_lock="drafts.sweep", pass_context=False)
def sweep_nightly(timestamp: int) -> int:
    """Every night: how many rows of drafts went."""
    return services.sweep()
