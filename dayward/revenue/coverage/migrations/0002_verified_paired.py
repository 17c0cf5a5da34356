from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("coverage", "0001_initial")]
    operations = [
        migrations.AddConstraint(
            model_name="coverage",
            constraint=models.CheckConstraint(
                condition=models.Q(verified_at__isnull=True, verified_by="")
                | (models.Q(verified_at__isnull=False) & ~models.Q(verified_by="")),
                name="coverage_verified_paired",
            ),
        )
    ]
