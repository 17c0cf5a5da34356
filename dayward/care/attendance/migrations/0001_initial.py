import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import dayward.kernel.models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("people", "0001_initial"),
        ("schedule", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Absence",
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
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("excused", "Excused"),
                            ("unexcused", "No-show"),
                            ("not_admitted", "Came too late, not admitted"),
                        ],
                        max_length=14,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("recorded_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Interval",
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
                ("came_in", models.DateTimeField()),
                ("went_out", models.DateTimeField(blank=True, null=True)),
                ("out_at", models.DateTimeField(blank=True, null=True)),
                (
                    "modality",
                    models.CharField(
                        choices=[("in_person", "In person"), ("telehealth", "Telehealth")], max_length=10
                    ),
                ),
                ("location", models.CharField(blank=True, max_length=80)),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("roll", "Roll call"),
                            ("kiosk", "Check-in tablet"),
                            ("telehealth_log", "Telehealth log"),
                            ("correction", "Correction"),
                        ],
                        max_length=14,
                    ),
                ),
                ("recorded_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("voided", models.BooleanField(default=False)),
                ("left_early_reason", models.CharField(blank=True, max_length=200)),
            ],
        ),
        migrations.CreateModel(
            name="RollCall",
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
                ("opened_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.AddField(
            model_name="absence",
            name="booking",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="absences", to="schedule.booking"
            ),
        ),
        migrations.AddField(
            model_name="absence",
            name="recorded_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.staffmember"
            ),
        ),
        migrations.AddField(
            model_name="absence",
            name="withdrawn_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="people.staffmember",
            ),
        ),
        migrations.AddField(
            model_name="interval",
            name="booking",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="intervals", to="schedule.booking"
            ),
        ),
        migrations.AddField(
            model_name="interval",
            name="out_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="people.staffmember",
            ),
        ),
        migrations.AddField(
            model_name="interval",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="intervals", to="people.person"
            ),
        ),
        migrations.AddField(
            model_name="interval",
            name="recorded_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.staffmember"
            ),
        ),
        migrations.AddField(
            model_name="interval",
            name="replaces",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="replaced_by",
                to="attendance.interval",
            ),
        ),
        migrations.AddField(
            model_name="interval",
            name="session",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="intervals", to="schedule.session"
            ),
        ),
        migrations.AddField(
            model_name="rollcall",
            name="closed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="people.staffmember",
            ),
        ),
        migrations.AddField(
            model_name="rollcall",
            name="opened_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.staffmember"
            ),
        ),
        migrations.AddField(
            model_name="rollcall",
            name="session",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="roll", to="schedule.session"
            ),
        ),
        migrations.AddConstraint(
            model_name="absence",
            constraint=models.UniqueConstraint(
                condition=models.Q(("withdrawn_at__isnull", True)),
                fields=("booking",),
                name="absence_one_standing",
            ),
        ),
        migrations.AddConstraint(
            model_name="absence",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("withdrawn_at__isnull", True), ("withdrawn_by__isnull", True)),
                    models.Q(("withdrawn_at__isnull", False), ("withdrawn_by__isnull", False)),
                    _connector="OR",
                ),
                name="absence_withdrawal_paired",
            ),
        ),
        migrations.AddIndex(
            model_name="interval",
            index=models.Index(fields=["person", "came_in"], name="interval_person_in"),
        ),
        migrations.AddConstraint(
            model_name="interval",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("went_out__isnull", True), ("went_out__gte", models.F("came_in")), _connector="OR"
                ),
                name="interval_in_before_out",
            ),
        ),
        migrations.AddConstraint(
            model_name="interval",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("replaces__isnull", True), models.Q(("reason", ""), _negated=True), _connector="OR"
                ),
                name="interval_correction_has_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="interval",
            constraint=models.CheckConstraint(
                condition=models.Q(("voided", False), ("replaces__isnull", False), _connector="OR"),
                name="interval_void_replaces",
            ),
        ),
        migrations.AddConstraint(
            model_name="interval",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("out_at__isnull", True), ("out_by__isnull", True)),
                    models.Q(("out_at__isnull", False), ("out_by__isnull", False)),
                    _connector="OR",
                ),
                name="interval_out_paired",
            ),
        ),
        migrations.AddConstraint(
            model_name="rollcall",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at__isnull", True), ("closed_by__isnull", True)),
                    models.Q(("closed_at__isnull", False), ("closed_by__isnull", False)),
                    _connector="OR",
                ),
                name="roll_closing_paired",
            ),
        ),
    ]
