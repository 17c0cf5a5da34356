"""A signed note takes no change: only the supervisor's signature and that it was entered in error may be added."""

from __future__ import annotations

from django.db import migrations

from dayward.foundation.signing.triggers import refuse_signed_change, refuse_signed_part_change

LATER = ("cosignature_id", "entered_in_error_at", "entered_in_error_by_id", "entered_in_error_reason")


class Migration(migrations.Migration):
    dependencies = [("notes", "0001_initial"), ("signing", "0002_refuse_signed_change")]
    operations = [
        refuse_signed_change("notes_note", *LATER),
        refuse_signed_part_change("notes_familypresent", parent="notes_note", column="note_id"),
    ]
