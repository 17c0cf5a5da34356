from __future__ import annotations

from procrastinate.contrib.django import app

from dayward.foundation.messaging import services


@app.task(name="messaging.deliver", queue="messages")
def deliver(message_id: int) -> None:
    """Deliver one message; only its id travels through the queue."""
    services.deliver(message_id=message_id)
