from __future__ import annotations

from django.db import migrations

# Staff and bookings are where their session is: the pair (session, time) is a foreign key that follows it.
FOLLOW = """
ALTER TABLE schedule_session ADD CONSTRAINT session_id_during UNIQUE (id, during);
ALTER TABLE schedule_sessionstaff ADD CONSTRAINT staff_follows_session
    FOREIGN KEY (session_id, during) REFERENCES schedule_session (id, during) ON UPDATE CASCADE;
ALTER TABLE schedule_booking ADD CONSTRAINT booking_follows_session
    FOREIGN KEY (session_id, during) REFERENCES schedule_session (id, during) ON UPDATE CASCADE;
"""
UNFOLLOW = """
ALTER TABLE schedule_booking DROP CONSTRAINT booking_follows_session;
ALTER TABLE schedule_sessionstaff DROP CONSTRAINT staff_follows_session;
ALTER TABLE schedule_session DROP CONSTRAINT session_id_during;
"""

# A pull-out lies inside a standing booking of the same person; also when that booking moves or goes.
# The row lock lets two transactions not pass each other by.
PULL_OUT = """
CREATE FUNCTION schedule_pull_out_inside() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    container schedule_booking%ROWTYPE;
BEGIN
    SELECT * INTO NEW FROM schedule_booking WHERE id = NEW.id;
    IF NEW.status = 'booked' AND NEW.pulled_out_of_id IS NOT NULL THEN
        SELECT * INTO container FROM schedule_booking WHERE id = NEW.pulled_out_of_id FOR SHARE;
        IF container.person_id <> NEW.person_id OR container.status <> 'booked'
           OR container.pulled_out_of_id IS NOT NULL OR NOT container.during @> NEW.during THEN
            RAISE EXCEPTION 'a pull-out lies inside another booking of the same person'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'pull_out_lies_inside';
        END IF;
    END IF;
    IF EXISTS (
        SELECT 1 FROM schedule_booking inner_one
        WHERE inner_one.pulled_out_of_id = NEW.id AND inner_one.status = 'booked'
          AND (NEW.status <> 'booked' OR NEW.pulled_out_of_id IS NOT NULL
               OR inner_one.person_id <> NEW.person_id OR NOT NEW.during @> inner_one.during)
    ) THEN
        RAISE EXCEPTION 'a booking with pull-outs keeps them inside'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'pull_out_lies_inside';
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER pull_out_lies_inside
    AFTER INSERT OR UPDATE ON schedule_booking DEFERRABLE INITIALLY IMMEDIATE
    FOR EACH ROW EXECUTE FUNCTION schedule_pull_out_inside();
CREATE INDEX booking_pull_outs ON schedule_booking (pulled_out_of_id) WHERE pulled_out_of_id IS NOT NULL;
"""
NO_PULL_OUT = """
DROP INDEX booking_pull_outs;
DROP TRIGGER pull_out_lies_inside ON schedule_booking;
DROP FUNCTION schedule_pull_out_inside();
"""

# Nobody sits over the cap (or the room's seats) without a reason on their own booking. Locking the session
# makes the count true for two who book the last seat at once.
CAP = """
CREATE FUNCTION schedule_hold_the_cap(arrived_ids bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM schedule_session
        WHERE id IN (SELECT session_id FROM schedule_booking WHERE id = ANY (arrived_ids))
        ORDER BY id FOR NO KEY UPDATE;
    IF EXISTS (
        SELECT 1
        FROM schedule_session s
        LEFT JOIN catalog_room r ON r.id = s.room_id AND s.modality = 'in_person'
        JOIN schedule_booking b ON b.session_id = s.id AND b.status = 'booked'
        WHERE s.id IN (SELECT session_id FROM schedule_booking WHERE id = ANY (arrived_ids))
        GROUP BY s.id, s.cap, r.seats
        HAVING count(*) FILTER (WHERE b.id = ANY (arrived_ids) AND b.over_cap_reason = '') > 0
           AND count(*) FILTER (WHERE b.id <> ALL (arrived_ids) OR b.over_cap_reason = '')
               > least(s.cap, coalesce(r.seats, s.cap))
    ) THEN
        RAISE EXCEPTION 'no seat is left'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'session_never_over_cap';
    END IF;
END
$$;
CREATE FUNCTION schedule_cap_on_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM schedule_hold_the_cap(ARRAY(SELECT id FROM arrived WHERE status = 'booked'));
    RETURN NULL;
END
$$;
CREATE FUNCTION schedule_cap_on_update() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    back bigint[];
BEGIN
    back := ARRAY(
        SELECT arrived.id FROM arrived JOIN gone USING (id)
        WHERE arrived.status = 'booked'
          AND (gone.status <> 'booked' OR gone.session_id <> arrived.session_id
               OR (gone.over_cap_reason <> '' AND arrived.over_cap_reason = ''))
    );
    IF cardinality(back) > 0 THEN
        PERFORM schedule_hold_the_cap(back);
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER session_never_over_cap_insert AFTER INSERT ON schedule_booking
    REFERENCING NEW TABLE AS arrived FOR EACH STATEMENT EXECUTE FUNCTION schedule_cap_on_insert();
CREATE TRIGGER session_never_over_cap_update AFTER UPDATE ON schedule_booking
    REFERENCING NEW TABLE AS arrived OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION schedule_cap_on_update();
"""
NO_CAP = """
DROP TRIGGER session_never_over_cap_update ON schedule_booking;
DROP TRIGGER session_never_over_cap_insert ON schedule_booking;
DROP FUNCTION schedule_cap_on_update();
DROP FUNCTION schedule_cap_on_insert();
DROP FUNCTION schedule_hold_the_cap(bigint[]);
"""


class Migration(migrations.Migration):
    dependencies = [("schedule", "0001_initial")]

    operations = [
        migrations.RunSQL(FOLLOW, UNFOLLOW),
        migrations.RunSQL(PULL_OUT, NO_PULL_OUT),
        migrations.RunSQL(CAP, NO_CAP),
    ]
