from __future__ import annotations

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import dayward.kernel.models
from dayward.kernel.states import STATES


class Migration(migrations.Migration):
    dependencies = [
        ("attendance", "0003_service_weeks"),
        ("people", "0005_entered_in_error"),
        ("schedule", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Whereabouts",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "public_id",
                    models.CharField(
                        default=dayward.kernel.models.new_public_id,
                        editable=False,
                        max_length=16,
                        unique=True,
                    ),
                ),
                ("place", models.CharField(max_length=160)),
                ("state", models.CharField(choices=STATES, max_length=2)),
                ("at_home", models.BooleanField(default=False)),
                ("told_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("told_by", models.CharField(max_length=40)),
                (
                    "booking",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="whereabouts",
                        to="schedule.booking",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="whereabouts",
                        to="people.person",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "whereabouts",
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("place", ""), _negated=True), name="whereabouts_names_a_place"
                    )
                ],
            },
        ),
    ]
