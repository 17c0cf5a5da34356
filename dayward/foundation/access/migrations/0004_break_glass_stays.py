"""A break-glass opening may end early and be reviewed once; nothing else of it ever changes."""

from __future__ import annotations

from django.db import migrations

FORWARD = """
CREATE FUNCTION access_refuse_glass_change() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.person_id, NEW.opened_by_id, NEW.opened_at, NEW.reason, NEW.public_id)
        IS DISTINCT FROM (OLD.person_id, OLD.opened_by_id, OLD.opened_at, OLD.reason, OLD.public_id)
        OR NEW.expires_at > OLD.expires_at THEN
        RAISE EXCEPTION 'an opening by break-glass only ends' USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.reviewed_at IS NOT NULL AND (NEW.reviewed_at, NEW.reviewed_by_id, NEW.review_outcome)
        IS DISTINCT FROM (OLD.reviewed_at, OLD.reviewed_by_id, OLD.review_outcome) THEN
        RAISE EXCEPTION 'an opening is reviewed once' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.reviewed_by_id = NEW.opened_by_id THEN
        RAISE EXCEPTION 'nobody reviews their own opening' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER access_break_glass_stays BEFORE UPDATE ON access_breakglass
    FOR EACH ROW EXECUTE FUNCTION access_refuse_glass_change();
"""

BACK = """
DROP TRIGGER access_break_glass_stays ON access_breakglass;
DROP FUNCTION access_refuse_glass_change();
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0003_sign_in_links")]
    operations = [migrations.RunSQL(FORWARD, BACK)]
