from __future__ import annotations

from procrastinate.contrib.django import app

from dayward.foundation.audit import services


@app.task(name="audit.walk", queueing_lock="audit.walk")
def walk() -> bool:
    """Somebody asked whether the trail is whole."""
    return services.walk().whole


@app.periodic(cron="11 9 * * *")  # three in the morning in Chicago
@app.task(name="audit.walk_nightly", queueing_lock="audit.walk_nightly", pass_context=False)
def walk_nightly(timestamp: int) -> bool:
    """Every night: whether every chain is whole."""
    return services.walk().whole
