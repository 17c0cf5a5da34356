import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import dayward.kernel.models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("organization", "0002_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="ServiceKind",
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
                ("key", models.CharField(max_length=40, unique=True)),
                ("requirement", models.CharField(max_length=8)),
                ("name", models.CharField(max_length=120)),
                ("patient_name", models.CharField(max_length=120)),
                ("patient_name_es", models.CharField(max_length=120)),
                (
                    "form",
                    models.CharField(
                        choices=[
                            ("group", "Group"),
                            ("individual", "Individual"),
                            ("family", "Family"),
                            ("medication", "Medication visit"),
                            ("assessment", "Assessment"),
                            ("education", "Education"),
                            ("case_management", "Case management"),
                            ("peer", "Peer support"),
                            ("holistic", "Holistic practice"),
                            ("outside", "Outside meeting"),
                        ],
                        max_length=20,
                    ),
                ),
                ("bookable", models.BooleanField(default=True)),
                ("documentable", models.BooleanField(default=True)),
                ("clinical", models.BooleanField(default=True)),
                (
                    "counting",
                    models.CharField(
                        choices=[
                            ("yes", "Counts"),
                            ("no", "Does not count"),
                            ("payer", "Depends on the payer: not counted until one says so"),
                        ],
                        max_length=5,
                    ),
                ),
                ("usual_minutes", models.PositiveSmallIntegerField(default=60)),
                ("max_people", models.PositiveSmallIntegerField(default=1)),
            ],
            options={
                "ordering": ["requirement", "key"],
            },
        ),
        migrations.CreateModel(
            name="Program",
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
                ("name", models.CharField(max_length=120)),
                (
                    "stream",
                    models.CharField(
                        choices=[
                            ("mental_health", "Mental health"),
                            ("substance_use", "Substance use"),
                            ("co_occurring", "Co-occurring"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "age_group",
                    models.CharField(
                        choices=[("adult", "Adults"), ("adolescent", "Adolescents")], max_length=10
                    ),
                ),
                (
                    "part_two",
                    models.CharField(
                        choices=[
                            ("inside", "Inside Part 2"),
                            ("outside", "Outside Part 2"),
                            ("unknown", "Not known: treated as inside"),
                        ],
                        default="unknown",
                        max_length=10,
                    ),
                ),
                ("closed_on", models.DateField(blank=True, null=True)),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="programs",
                        to="organization.site",
                    ),
                ),
            ],
            options={
                "ordering": ["site", "name"],
            },
        ),
        migrations.CreateModel(
            name="ProgramTerms",
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
                ("effective_from", models.DateField()),
                ("effective_to", models.DateField(blank=True, null=True)),
                ("floor_minutes", models.PositiveIntegerField()),
                ("floor_reason", models.CharField(blank=True, max_length=200)),
                ("week_starts", models.CharField(default="sunday", max_length=6)),
                ("prescribed_minutes", models.PositiveIntegerField()),
                ("hours_day_min", models.DecimalField(decimal_places=1, default=3, max_digits=3)),
                ("hours_day_max", models.DecimalField(decimal_places=1, default=5, max_digits=3)),
                ("days_week_min", models.PositiveSmallIntegerField(default=3)),
                ("days_week_max", models.PositiveSmallIntegerField(default=5)),
                ("stay_min_days", models.PositiveSmallIntegerField()),
                ("stay_target_days", models.PositiveSmallIntegerField()),
                ("stay_max_days", models.PositiveSmallIntegerField()),
                ("stay_is_hard", models.BooleanField(default=False)),
                ("hold_max_days", models.PositiveSmallIntegerField(default=14)),
                ("reopen_days", models.PositiveSmallIntegerField(default=0)),
                ("severity_band", models.CharField(blank=True, max_length=80)),
                ("source", models.CharField(blank=True, max_length=200)),
                ("set_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("set_by", models.CharField(max_length=40)),
                (
                    "program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="terms",
                        to="catalog.program",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "program terms",
                "ordering": ["program", "effective_from"],
            },
        ),
        migrations.CreateModel(
            name="Room",
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
                ("name", models.CharField(max_length=80)),
                ("seats", models.PositiveSmallIntegerField()),
                ("closed_on", models.DateField(blank=True, null=True)),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rooms",
                        to="organization.site",
                    ),
                ),
            ],
            options={
                "ordering": ["site", "name"],
            },
        ),
        migrations.CreateModel(
            name="Track",
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
                ("name", models.CharField(max_length=120)),
                ("summary", models.CharField(blank=True, max_length=200)),
                ("part_of_day", models.CharField(blank=True, max_length=10)),
                ("cap", models.PositiveSmallIntegerField(default=12)),
                ("closed_on", models.DateField(blank=True, null=True)),
                (
                    "program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tracks",
                        to="catalog.program",
                    ),
                ),
            ],
            options={
                "ordering": ["program", "name"],
            },
        ),
        migrations.CreateModel(
            name="Closure",
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
                ("day", models.DateField()),
                (
                    "reason",
                    models.CharField(
                        choices=[("holiday", "Holiday"), ("weather", "Weather"), ("other", "Other")],
                        max_length=10,
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("made_by", models.CharField(max_length=40)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                ("withdrawn_by", models.CharField(blank=True, max_length=40, null=True)),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="closures",
                        to="organization.site",
                    ),
                ),
            ],
            options={
                "ordering": ["day"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at__isnull", True)),
                        fields=("site", "day"),
                        name="closure_once_per_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("withdrawn_at__isnull", True), ("withdrawn_by__isnull", True)),
                            models.Q(("withdrawn_at__isnull", False), ("withdrawn_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="closure_withdrawal_paired",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="program",
            constraint=models.UniqueConstraint(fields=("site", "name"), name="program_name_once"),
        ),
        migrations.AddConstraint(
            model_name="programterms",
            constraint=models.UniqueConstraint(
                fields=("program", "effective_from"), name="terms_once_per_day"
            ),
        ),
        migrations.AddConstraint(
            model_name="programterms",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("effective_to__isnull", True),
                    ("effective_to__gt", models.F("effective_from")),
                    _connector="OR",
                ),
                name="terms_dates_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="programterms",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    ("program", "="),
                    (
                        models.Func(
                            "effective_from",
                            "effective_to",
                            function="DATERANGE",
                            output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                        ),
                        "&&",
                    ),
                ],
                name="terms_never_overlap",
            ),
        ),
        migrations.AddConstraint(
            model_name="room",
            constraint=models.UniqueConstraint(fields=("site", "name"), name="room_name_once"),
        ),
        migrations.AddConstraint(
            model_name="track",
            constraint=models.UniqueConstraint(fields=("program", "name"), name="track_name_once"),
        ),
    ]
