"""What was said differently for the same day stays with the row."""

from __future__ import annotations

import django.core.serializers.json
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalog", "0004_kinds_of_ones_own")]

    operations = [
        migrations.AddField(
            model_name=model,
            name="corrections",
            field=models.JSONField(
                blank=True,
                db_default=models.Value([], models.JSONField()),
                default=list,
                encoder=django.core.serializers.json.DjangoJSONEncoder,
            ),
        )
        for model in ("programterms", "kindcounting")
    ]
