"""Who ended a session that has not ended is nobody, as everywhere else."""

from __future__ import annotations

from django.db import migrations, models
from django.db.models import Q

PAIRED = Q(ended_at__isnull=True, ended_by__isnull=True) | Q(ended_at__isnull=False, ended_by__isnull=False)


class Migration(migrations.Migration):
    dependencies = [("access", "0005_sessions_of_staff")]
    safe_because = (
        "the table is as new as this release: no code before it writes here, and it holds a few rows"
    )
    operations = [
        migrations.RemoveConstraint(model_name="signedin", name="signed_in_end_paired"),
        migrations.AlterField(
            model_name="signedin",
            name="ended_by",
            field=models.CharField(blank=True, max_length=40, null=True),
        ),
        migrations.RunSQL(
            "UPDATE access_signedin SET ended_by = NULL WHERE ended_by = ''",
            "UPDATE access_signedin SET ended_by = '' WHERE ended_by IS NULL",
        ),
        migrations.AddConstraint(
            model_name="signedin",
            constraint=models.CheckConstraint(condition=PAIRED, name="signed_in_end_paired"),
        ),
    ]
