"""Signed versions and reviews take no change, nor do their parts; only that a version is complete, superseded or
entered in error may be added. Who signed is only ever added to."""

from __future__ import annotations

from django.db import migrations

from dayward.foundation.signing.triggers import refuse_signed_change, refuse_signed_part_change

ERROR = ("entered_in_error_at", "entered_in_error_by_id", "entered_in_error_reason")
COMPLETED = ("completed_at", "completed_by", "superseded_at", "superseded_by")
PARTS = ("problem", "goal", "objective", "intervention", "dischargecriterion")


class Migration(migrations.Migration):
    dependencies = [("plans", "0001_initial"), ("signing", "0002_refuse_signed_change")]
    operations = [
        refuse_signed_change("plans_plan", *COMPLETED, *ERROR),
        refuse_signed_change("plans_planreview", *ERROR),
        *(
            refuse_signed_part_change(f"plans_{part}", parent="plans_plan", column="plan_id")
            for part in PARTS
        ),
        refuse_signed_part_change("plans_objectiveprogress", parent="plans_planreview", column="review_id"),
        refuse_signed_change("plans_plansignature"),
    ]
