"""Signed assessments, their lists and signed levels of care take no change; only that they were entered in error."""

from __future__ import annotations

from django.db import migrations

from dayward.foundation.signing.triggers import refuse_signed_change, refuse_signed_part_change

ERROR = ("entered_in_error_at", "entered_in_error_by_id", "entered_in_error_reason")
PARTS = ("assessments_diagnosis", "assessments_reportedmedication", "assessments_allergy")


class Migration(migrations.Migration):
    dependencies = [("assessments", "0001_initial"), ("signing", "0002_refuse_signed_change")]
    operations = [
        refuse_signed_change("assessments_assessment", *ERROR),
        refuse_signed_change("assessments_levelofcare", *ERROR),
        *(
            refuse_signed_part_change(table, parent="assessments_assessment", column="assessment_id")
            for table in PARTS
        ),
    ]
