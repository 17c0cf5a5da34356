"""The few seats that somebody gave a reason for: the list of reasons does not read all the others."""

from __future__ import annotations

from django.db import migrations, models
from django.db.models import Q

from dayward.kernel.live_changes import AddIndexBeside


class Migration(migrations.Migration):
    atomic = False  # the indexes are made while the clinic goes on writing

    dependencies = [("schedule", "0006_canceled")]

    operations = [
        AddIndexBeside(
            model_name="booking",
            index=models.Index(
                fields=["booked_at"],
                condition=~Q(over_cap_reason="") | ~Q(own_hours_reason=""),
                name="booking_with_reason",
            ),
        ),
        AddIndexBeside(
            model_name="enrollment",
            index=models.Index(
                fields=["made_at"],
                condition=~Q(over_cap_reason="") | ~Q(own_hours_reason="") | ~Q(below_floor_reason=""),
                name="enrollment_with_reason",
            ),
        ),
    ]
