from __future__ import annotations

from procrastinate.contrib.django import app

from dayward.care.journey import services


@app.periodic(cron="47 9 * * *")  # three in the morning in Chicago
@app.task(name="journey.end_teams", queueing_lock="journey.end_teams", pass_context=False)
def end_teams_nightly(timestamp: int) -> int:
    """Every night: how many left a care team that had nothing to do any more."""
    return services.end_teams()
