"""What begins when, of a site, a member of staff and a person: lists by day do not read all the days there were."""

from __future__ import annotations

from django.contrib.postgres.fields.ranges import RangeStartsWith
from django.db import migrations, models

from dayward.kernel.live_changes import AddIndexBeside


class Migration(migrations.Migration):
    atomic = False  # the indexes are made while the clinic goes on writing

    dependencies = [("schedule", "0004_limit_reasons")]

    operations = [
        AddIndexBeside(
            model_name=model, index=models.Index(of, RangeStartsWith("during"), name=name)
        )
        for model, of, name in (
            ("session", "site", "session_site_begins"),
            ("sessionstaff", "staff", "session_staff_begins"),
            ("booking", "person", "booking_person_begins"),
        )
    ]
