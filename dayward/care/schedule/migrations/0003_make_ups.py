from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

# A make-up is of the same person and on a later day of the site than what it makes up for; also when it moves.
LATER = """
CREATE FUNCTION schedule_make_up_is_later() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1
        FROM schedule_booking b
        JOIN schedule_booking missed ON missed.id = b.makes_up_for_id
        JOIN schedule_session s ON s.id = b.session_id
        JOIN organization_site site ON site.id = s.site_id
        WHERE b.id = NEW.id AND b.status = 'booked'
          AND (missed.person_id <> b.person_id
               OR (lower(b.during) AT TIME ZONE site.time_zone)::date
                  <= (lower(missed.during) AT TIME ZONE site.time_zone)::date)
    ) THEN
        RAISE EXCEPTION 'a make-up is later, and of the same person'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'make_up_is_later';
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER make_up_is_later
    AFTER INSERT OR UPDATE ON schedule_booking DEFERRABLE INITIALLY IMMEDIATE
    FOR EACH ROW WHEN (NEW.makes_up_for_id IS NOT NULL) EXECUTE FUNCTION schedule_make_up_is_later();
"""
NOT_LATER = """
DROP TRIGGER make_up_is_later ON schedule_booking;
DROP FUNCTION schedule_make_up_is_later();
"""


class Migration(migrations.Migration):
    dependencies = [("schedule", "0002_promises")]

    operations = [
        migrations.AddField(
            model_name="booking",
            name="makes_up_for",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="make_ups",
                to="schedule.booking",
            ),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=models.UniqueConstraint(
                condition=models.Q(("makes_up_for__isnull", False), ("status", "booked")),
                fields=("makes_up_for",),
                name="made_up_for_once",
            ),
        ),
        migrations.AlterField(
            model_name="booking",
            name="cancel_kind",
            field=models.CharField(
                blank=True,
                choices=[
                    ("person", "Cancelled ahead by the person"),
                    ("program", "Cancelled by the program"),
                    ("timetable", "The timetable changed"),
                    ("enrollment", "The enrollment ended"),
                    ("hold", "On hold"),
                    ("undone", "Taken back right after booking"),
                ],
                max_length=10,
            ),
        ),
        migrations.RunSQL(LATER, NOT_LATER),
    ]
