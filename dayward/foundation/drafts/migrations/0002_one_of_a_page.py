"""Two windows with the same form keep what is typed in each."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("drafts", "0001_initial")]
    safe_because = "few rows, and the program before writes one of a form, which is one of a page too"

    operations = [
        migrations.RemoveConstraint(model_name="draft", name="one_draft_of_a_form"),
        migrations.AddConstraint(
            model_name="draft",
            constraint=models.UniqueConstraint(
                fields=["writer", "form", "person", "tab"], name="one_draft_of_a_page", nulls_distinct=False
            ),
        ),
    ]
