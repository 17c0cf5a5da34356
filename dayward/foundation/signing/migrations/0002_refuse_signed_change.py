"""What is signed never changes: the functions that signed tables attach as triggers (house.md section 4).

Attach them with `dayward.foundation.signing.triggers`.
"""

from __future__ import annotations

from django.db import migrations

FORWARD = """
-- Arguments: columns that may be set once after signing (a pointer to the amendment, a revocation).
CREATE FUNCTION dayward_refuse_signed_change() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    before jsonb := to_jsonb(OLD);
    after jsonb;
    col text;
BEGIN
    IF before->>'signature_id' IS NULL THEN
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a signed row of % is never deleted', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    after := to_jsonb(NEW);
    FOREACH col IN ARRAY TG_ARGV LOOP
        IF coalesce(before->>col, '') = '' THEN
            before := before - col;
            after := after - col;
        END IF;
    END LOOP;
    IF before IS DISTINCT FROM after THEN
        RAISE EXCEPTION 'a signed row of % never changes', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;

-- Arguments: the parent's table, the column here that points to it. Rows that belong to a signed row are signed too.
CREATE FUNCTION dayward_refuse_signed_part_change() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    parents bigint[] := '{}';
    signed boolean;
BEGIN
    IF TG_OP <> 'INSERT' THEN parents := parents || (to_jsonb(OLD)->>TG_ARGV[1])::bigint; END IF;
    IF TG_OP <> 'DELETE' THEN parents := parents || (to_jsonb(NEW)->>TG_ARGV[1])::bigint; END IF;
    EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I WHERE id = ANY ($1) AND signature_id IS NOT NULL)', TG_ARGV[0])
        INTO signed USING parents;
    IF signed THEN
        RAISE EXCEPTION 'a part of a signed row of % never changes', TG_ARGV[0] USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END
$$;

CREATE FUNCTION dayward_refuse_signature_change() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a signature never changes' USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER signing_signature_unchanged BEFORE UPDATE OR DELETE ON signing_signature
    FOR EACH ROW EXECUTE FUNCTION dayward_refuse_signature_change();
"""

BACK = """
DROP TRIGGER signing_signature_unchanged ON signing_signature;
DROP FUNCTION dayward_refuse_signature_change();
DROP FUNCTION dayward_refuse_signed_part_change();
DROP FUNCTION dayward_refuse_signed_change();
"""


class Migration(migrations.Migration):
    dependencies = [("signing", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACK)]
