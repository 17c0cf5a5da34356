from __future__ import annotations

from django.db import migrations

# An interval is written once; only an open out time is filled in. Whatever was wrong is corrected by a new row.
KEEP = """
CREATE FUNCTION attendance_keep_interval() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.went_out IS NULL AND NEW.went_out IS NOT NULL
       AND (to_jsonb(NEW) - '{went_out,out_at,out_by_id,left_early_reason}'::text[])
         = (to_jsonb(OLD) - '{went_out,out_at,out_by_id,left_early_reason}'::text[]) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'an attendance row is corrected by a new row'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'interval_never_changes';
END
$$;
CREATE TRIGGER interval_never_changes BEFORE UPDATE ON attendance_interval
    FOR EACH ROW EXECUTE FUNCTION attendance_keep_interval();
"""
UNDO = """
DROP TRIGGER interval_never_changes ON attendance_interval;
DROP FUNCTION attendance_keep_interval();
"""


class Migration(migrations.Migration):
    dependencies = [("attendance", "0001_initial")]

    operations = [migrations.RunSQL(KEEP, UNDO)]
