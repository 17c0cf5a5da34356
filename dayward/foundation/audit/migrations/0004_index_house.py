"""The few acts that are about nobody's chart: what was done to accounts is found without reading all looks."""

from __future__ import annotations

from django.db import migrations, models

from dayward.kernel.live_changes import AddIndexBeside


class Migration(migrations.Migration):
    atomic = False  # the index is made while the clinic goes on writing

    dependencies = [("audit", "0003_index_detail")]

    operations = [
        AddIndexBeside(
            model_name="entry",
            index=models.Index(
                fields=["-at"],
                condition=models.Q(person="", kind__in=["change", "sign_in"]),
                name="audit_house_at",
            ),
        ),
    ]
