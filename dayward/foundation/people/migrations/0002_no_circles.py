"""`same_as` and supervision never go in a circle, whoever writes at the same moment."""

from __future__ import annotations

from django.db import migrations

FORWARD = """
CREATE FUNCTION people_refuse_circle() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    here bigint;
    link text := TG_ARGV[0];
BEGIN
    -- One writer of such links at a time: two that are right alone can close a circle together.
    PERFORM pg_advisory_xact_lock(7042, TG_RELID::int);
    here := (to_jsonb(NEW) ->> link)::bigint;
    WHILE here IS NOT NULL LOOP
        IF here = NEW.id THEN
            RAISE EXCEPTION 'this link would close a circle' USING ERRCODE = 'check_violation';
        END IF;
        EXECUTE format('SELECT %I FROM %I.%I WHERE id = $1', link, TG_TABLE_SCHEMA, TG_TABLE_NAME)
            INTO here USING here;
    END LOOP;
    RETURN NEW;
END
$$;

CREATE TRIGGER person_same_as_no_circle BEFORE INSERT OR UPDATE OF same_as_id ON people_person
    FOR EACH ROW WHEN (NEW.same_as_id IS NOT NULL)
    EXECUTE FUNCTION people_refuse_circle('same_as_id');
CREATE TRIGGER staff_supervisor_no_circle BEFORE INSERT OR UPDATE OF supervisor_id ON people_staffmember
    FOR EACH ROW WHEN (NEW.supervisor_id IS NOT NULL)
    EXECUTE FUNCTION people_refuse_circle('supervisor_id');
"""

BACK = """
DROP TRIGGER staff_supervisor_no_circle ON people_staffmember;
DROP TRIGGER person_same_as_no_circle ON people_person;
DROP FUNCTION people_refuse_circle();
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACK)]
