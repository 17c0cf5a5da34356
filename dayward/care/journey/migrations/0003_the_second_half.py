from __future__ import annotations

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

import dayward.kernel.models


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0001_initial"),
        ("journey", "0002_moves_along_the_machine"),
        ("organization", "0002_initial"),
        ("people", "0004_fewer_indexes"),
    ]

    operations = [
        migrations.CreateModel(
            name="AftercareCall",
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
                ("slot", models.CharField(max_length=8)),
                (
                    "mode",
                    models.CharField(
                        choices=[
                            ("phone", "Phone call"),
                            ("text", "Text message"),
                            ("video", "Video call"),
                            ("visit", "In person"),
                            ("letter", "Letter"),
                        ],
                        default="phone",
                        max_length=10,
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("reached", "Reached the person"),
                            ("left_message", "Left a neutral message"),
                            ("no_answer", "No answer"),
                            ("wrong_number", "Wrong number or address"),
                            ("declined", "Does not want this call"),
                            ("sent", "Sent"),
                        ],
                        max_length=20,
                    ),
                ),
                ("how", models.TextField(blank=True)),
                (
                    "warning_signs",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=12), blank=True, default=list, size=None
                    ),
                ),
                ("handed_back", models.TextField(blank=True)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("made_by", models.CharField(max_length=40)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                ("withdrawn_by", models.CharField(blank=True, max_length=40, null=True)),
            ],
            options={
                "ordering": ["made_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="AlumniAttendance",
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
                    "answer",
                    models.CharField(
                        choices=[
                            ("coming", "Is coming"),
                            ("came", "Came"),
                            ("absent", "Did not come"),
                            ("withdrew", "Is not coming"),
                        ],
                        max_length=10,
                    ),
                ),
                ("answered_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("answered_by", models.CharField(max_length=40)),
            ],
        ),
        migrations.CreateModel(
            name="AlumniEvent",
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
                            ("group", "Alumni group"),
                            ("social", "Get-together"),
                            ("sport", "Sport or outdoors"),
                            ("service", "Volunteering"),
                            ("learning", "Talk or workshop"),
                        ],
                        max_length=10,
                    ),
                ),
                ("title", models.CharField(max_length=120)),
                ("place", models.CharField(blank=True, max_length=200)),
                ("note", models.TextField(blank=True)),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("made_by", models.CharField(max_length=40)),
                ("cancelled_at", models.DateTimeField(blank=True, null=True)),
                ("cancelled_by", models.CharField(blank=True, max_length=40, null=True)),
            ],
            options={
                "ordering": ["starts_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="DischargePlan",
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
                ("version", models.PositiveIntegerField(default=1)),
                ("planned_for", models.DateField()),
                ("criteria", models.TextField(blank=True)),
                ("gains", models.TextField(blank=True)),
                ("medication_supply", models.TextField(blank=True)),
                ("prescriber_after", models.TextField(blank=True)),
                ("early_signs", models.TextField(blank=True)),
                ("what_helps", models.TextField(blank=True)),
                ("who_helps", models.TextField(blank=True)),
                ("crisis", models.TextField(blank=True)),
                ("housing", models.TextField(blank=True)),
                ("legal", models.TextField(blank=True)),
                ("insurance", models.TextField(blank=True)),
                (
                    "supports",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20), blank=True, default=list, size=None
                    ),
                ),
                ("supports_note", models.TextField(blank=True)),
                (
                    "family",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("told", "Told, under the person's consent"),
                            ("unwanted", "The person does not want it"),
                            ("nobody", "There is nobody to tell"),
                        ],
                        max_length=10,
                    ),
                ),
                ("family_note", models.CharField(blank=True, max_length=300)),
                ("written_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("written_by", models.CharField(max_length=40)),
                ("copy_given_at", models.DateTimeField(blank=True, null=True)),
                ("copy_given_by", models.CharField(blank=True, max_length=40, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="FollowUpAppointment",
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
                            ("therapy", "Therapy"),
                            ("prescriber", "Prescriber"),
                            ("primary_care", "Primary care"),
                            ("program", "Another program"),
                            ("case_work", "Housing, court or benefits"),
                            ("other", "Other"),
                        ],
                        max_length=12,
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("place", models.CharField(blank=True, max_length=200)),
                ("phone", models.CharField(blank=True, max_length=40)),
                ("at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("made", "Made"),
                            ("confirmed", "Confirmed"),
                            ("attended", "Kept"),
                            ("missed", "Missed"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="made",
                        max_length=10,
                    ),
                ),
                ("result", models.CharField(blank=True, max_length=300)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("made_by", models.CharField(max_length=40)),
                ("confirmed_at", models.DateTimeField(blank=True, null=True)),
                ("confirmed_by", models.CharField(blank=True, max_length=40, null=True)),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                ("settled_by", models.CharField(blank=True, max_length=40, null=True)),
            ],
            options={
                "ordering": ["at", "id"],
            },
        ),
        migrations.CreateModel(
            name="TaperStep",
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
                ("starts_on", models.DateField()),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("php", "Partial hospitalization"),
                            ("iop", "Intensive outpatient"),
                            ("op", "Outpatient"),
                        ],
                        max_length=5,
                    ),
                ),
                ("days_per_week", models.PositiveSmallIntegerField()),
                ("prescribed_minutes", models.PositiveIntegerField()),
                ("planned_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("planned_by", models.CharField(max_length=40)),
                ("dropped_at", models.DateTimeField(blank=True, null=True)),
                ("dropped_by", models.CharField(blank=True, max_length=40, null=True)),
            ],
            options={
                "ordering": ["starts_on", "id"],
            },
        ),
        migrations.CreateModel(
            name="WeekOneItem",
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
                            ("orientation", "Shown around, and told how the days go"),
                            ("handbook", "Handbook and expectations gone through"),
                            ("schedule_given", "Schedule handed out"),
                            ("buddy", "Somebody to sit with"),
                            ("goals", "At least two goals in the person's own words"),
                            ("challenges", "What could get in the way"),
                        ],
                        max_length=20,
                    ),
                ),
                ("text", models.TextField(blank=True)),
                ("done_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("done_by", models.CharField(max_length=40)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                ("withdrawn_by", models.CharField(blank=True, max_length=40, null=True)),
            ],
            options={
                "ordering": ["done_at", "id"],
            },
        ),
        migrations.AddField(
            model_name="episode",
            name="administrative_reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("rules", "Broke the rules of the program again, after a warning"),
                    ("threats", "Threats or violence"),
                    ("attendance", "Attendance, after the agreed steps"),
                    ("payment", "Not paying, after the agreed steps"),
                    ("dealing", "Dealing or bringing drugs to others"),
                ],
                max_length=12,
            ),
        ),
        migrations.AddField(
            model_name="episode",
            name="appeal_told_on",
            field=models.DateField(blank=True, null=True),
        ),
        # Rows from before this rule stay as they are; from now on the database asks for it.
        AddConstraintNotValid(
            model_name="episode",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("discharge_type", "ADMIN"), _negated=True),
                    models.Q(
                        models.Q(("administrative_reason", ""), _negated=True),
                        ("appeal_told_on__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="episode_administrative_fair",
            ),
        ),
        migrations.AddField(
            model_name="aftercarecall",
            name="case",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="journey.intakecase",
            ),
        ),
        migrations.AddField(
            model_name="aftercarecall",
            name="episode",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="calls", to="journey.episode"
            ),
        ),
        migrations.AddField(
            model_name="alumniattendance",
            name="aftercare",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="attendances",
                to="journey.aftercarecase",
            ),
        ),
        migrations.AddField(
            model_name="alumnievent",
            name="led_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="people.staffmember",
            ),
        ),
        migrations.AddField(
            model_name="alumnievent",
            name="site",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="alumni_events",
                to="organization.site",
            ),
        ),
        migrations.AddField(
            model_name="alumniattendance",
            name="event",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="attendances",
                to="journey.alumnievent",
            ),
        ),
        migrations.AddField(
            model_name="dischargeplan",
            name="episode",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="discharge_plan",
                to="journey.episode",
            ),
        ),
        migrations.AddField(
            model_name="followupappointment",
            name="episode",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="follow_up_appointments",
                to="journey.episode",
            ),
        ),
        migrations.AddField(
            model_name="taperstep",
            name="episode",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="taper_steps", to="journey.episode"
            ),
        ),
        migrations.AddField(
            model_name="taperstep",
            name="segment",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="planned_as",
                to="journey.segment",
            ),
        ),
        migrations.AddField(
            model_name="weekoneitem",
            name="episode",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="week_one_items",
                to="journey.episode",
            ),
        ),
        migrations.AddIndex(
            model_name="aftercarecall",
            index=models.Index(fields=["episode", "slot"], name="call_of_episode"),
        ),
        migrations.AddConstraint(
            model_name="aftercarecall",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("warning_signs", []), models.Q(("handed_back", ""), _negated=True), _connector="OR"
                ),
                name="call_signs_are_answered",
            ),
        ),
        migrations.AddConstraint(
            model_name="aftercarecall",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("withdrawn_at__isnull", True), ("withdrawn_by__isnull", True)),
                    models.Q(("withdrawn_at__isnull", False), ("withdrawn_by__isnull", False)),
                    _connector="OR",
                ),
                name="call_withdrawal_paired",
            ),
        ),
        migrations.AddConstraint(
            model_name="alumnievent",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_at__gt", models.F("starts_at"))), name="alumni_event_times_in_order"
            ),
        ),
        migrations.AddConstraint(
            model_name="alumnievent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("cancelled_at__isnull", True), ("cancelled_by__isnull", True)),
                    models.Q(("cancelled_at__isnull", False), ("cancelled_by__isnull", False)),
                    _connector="OR",
                ),
                name="alumni_event_cancel_paired",
            ),
        ),
        migrations.AddConstraint(
            model_name="alumniattendance",
            constraint=models.UniqueConstraint(fields=("event", "aftercare"), name="alumni_attendance_once"),
        ),
        migrations.AddConstraint(
            model_name="dischargeplan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("copy_given_at__isnull", True), ("copy_given_by__isnull", True)),
                    models.Q(("copy_given_at__isnull", False), ("copy_given_by__isnull", False)),
                    _connector="OR",
                ),
                name="discharge_plan_copy_paired",
            ),
        ),
        migrations.AddConstraint(
            model_name="followupappointment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["made", "confirmed"]), ("settled_at__isnull", False), _connector="XOR"
                ),
                name="follow_up_settled_when_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="followupappointment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("confirmed_at__isnull", True), ("confirmed_by__isnull", True)),
                    models.Q(("confirmed_at__isnull", False), ("confirmed_by__isnull", False)),
                    _connector="OR",
                ),
                name="follow_up_confirmed_paired",
            ),
        ),
        migrations.AddConstraint(
            model_name="followupappointment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("settled_at__isnull", True), ("settled_by__isnull", True)),
                    models.Q(("settled_at__isnull", False), ("settled_by__isnull", False)),
                    _connector="OR",
                ),
                name="follow_up_settled_paired",
            ),
        ),
        migrations.AddConstraint(
            model_name="taperstep",
            constraint=models.UniqueConstraint(
                condition=models.Q(("dropped_at__isnull", True), ("segment__isnull", True)),
                fields=("episode", "starts_on"),
                name="taper_one_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="taperstep",
            constraint=models.CheckConstraint(
                condition=models.Q(("days_per_week__gte", 1), ("days_per_week__lte", 7)),
                name="taper_days_of_a_week",
            ),
        ),
        migrations.AddConstraint(
            model_name="taperstep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("dropped_at__isnull", True), ("dropped_by__isnull", True)),
                    models.Q(("dropped_at__isnull", False), ("dropped_by__isnull", False)),
                    _connector="OR",
                ),
                name="taper_drop_paired",
            ),
        ),
        migrations.AddConstraint(
            model_name="weekoneitem",
            constraint=models.UniqueConstraint(
                condition=models.Q(("withdrawn_at__isnull", True)),
                fields=("episode", "kind"),
                name="week_one_item_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="weekoneitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("withdrawn_at__isnull", True), ("withdrawn_by__isnull", True)),
                    models.Q(("withdrawn_at__isnull", False), ("withdrawn_by__isnull", False)),
                    _connector="OR",
                ),
                name="week_one_withdrawal_paired",
            ),
        ),
    ]
