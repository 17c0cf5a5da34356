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


@app.task(name="safety.ring_test", queue="alerts")
def ring_test(test_id: int) -> None:
    """The timer of a test of the way of alerts."""
    services.ring_test(test_id=test_id)


@app.periodic(cron="7 * * * *")
@app.task(name="safety.test", queueing_lock="safety.test", pass_context=False)
def test_alerts(timestamp: int) -> int:
    """Every hour: the test of the day at sites where it is time."""
    return services.start_tests()


@app.periodic(cron="20 11 * * *")
@app.task(name="safety.checkins", queueing_lock="safety.checkins", pass_context=False)
def checkins(timestamp: int) -> int:
    """Every morning: who said something positive and then stayed silent."""
    return services.missed_checkins()


@app.periodic(cron="*/5 * * * *")
@app.task(name="safety.heartbeat", queueing_lock="safety.heartbeat", pass_context=False)
def heartbeat(timestamp: int) -> int:
    """Every five minutes: alerts past their time without a ring, and tests that never rang."""
    return services.heartbeat() + services.give_up_tests()
