"""Background work for alerts: the timer, the mail, and a heartbeat that notices when the timer stopped."""

from __future__ import annotations

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from dayward.chart.safety.alerts import services

MAIL_AGAIN = RetryStrategy(max_attempts=6, exponential_wait=5)


@app.task(name="safety.ring", queue="alerts", retry=MAIL_AGAIN)
def ring(alert_id: int) -> None:
    """An alert's time is up; only its id travels through the queue."""
    services.ring(alert_id=alert_id)


@app.task(name="safety.tell", queue="alerts", retry=MAIL_AGAIN)
def tell(step_id: int) -> None:
    """A mail to whom a step names."""
    services.tell(step_id=step_id)


@app.periodic(cron="*/5 * * * *")
@app.task(name="safety.heartbeat", queueing_lock="safety.heartbeat", pass_context=False)
def heartbeat(timestamp: int) -> int:
    """Every five minutes: alerts past their time without a ring."""
    return services.heartbeat()
