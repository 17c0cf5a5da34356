"""States move only along the machine (house.md section 4): the database refuses anything else.

`journey_move` holds the pairs of rules/table.py and is filled after every migration. A state may change only along
one of them, every step in the log follows the one before it, and at the end of a transaction the state of a case is
the one its last step led to.
"""

from __future__ import annotations

from django.db import migrations

FUNCTIONS = """
CREATE FUNCTION journey_guard_state() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state IS DISTINCT FROM OLD.state AND NOT EXISTS (
        SELECT 1 FROM journey_move
        WHERE machine = TG_ARGV[0] AND source = OLD.state AND target = NEW.state
    ) THEN
        RAISE EXCEPTION 'not a move of the machine'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'journey_moves_along_the_machine', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION journey_guard_step() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    machine_name text := CASE WHEN NEW.case_id IS NOT NULL THEN 'intake'
                              WHEN NEW.episode_id IS NOT NULL THEN 'episode' ELSE 'aftercare' END;
    before text;
BEGIN
    -- One look-up by index for whichever it is: the log is written by the ten thousand, too.
    before := CASE
        WHEN NEW.case_id IS NOT NULL THEN
            (SELECT to_state FROM journey_transition WHERE case_id = NEW.case_id ORDER BY id DESC LIMIT 1)
        WHEN NEW.episode_id IS NOT NULL THEN
            (SELECT to_state FROM journey_transition WHERE episode_id = NEW.episode_id ORDER BY id DESC LIMIT 1)
        ELSE
            (SELECT to_state FROM journey_transition WHERE aftercare_id = NEW.aftercare_id ORDER BY id DESC LIMIT 1)
    END;
    IF coalesce(before, '') <> NEW.from_state OR NOT EXISTS (
        SELECT 1 FROM journey_move
        WHERE machine = machine_name AND source = NEW.from_state AND target = NEW.to_state
    ) THEN
        RAISE EXCEPTION 'the step does not follow the one before'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'journey_steps_follow', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION journey_state_is_logged() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    now_state text;
    logged text;
BEGIN
    EXECUTE format('SELECT state FROM %I WHERE id = $1', TG_TABLE_NAME) INTO now_state USING NEW.id;
    EXECUTE format('SELECT to_state FROM journey_transition WHERE %I = $1 ORDER BY id DESC LIMIT 1', TG_ARGV[0])
        INTO logged USING NEW.id;
    IF now_state IS DISTINCT FROM logged THEN
        RAISE EXCEPTION 'the state is not the one the last step led to'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'journey_state_is_logged', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NULL;
END $$;

CREATE INDEX journey_steps_of_case ON journey_transition (case_id, id) WHERE case_id IS NOT NULL;
CREATE INDEX journey_steps_of_episode ON journey_transition (episode_id, id) WHERE episode_id IS NOT NULL;
CREATE INDEX journey_steps_of_aftercare ON journey_transition (aftercare_id, id) WHERE aftercare_id IS NOT NULL;
CREATE TRIGGER journey_guard_step BEFORE INSERT ON journey_transition
    FOR EACH ROW EXECUTE FUNCTION journey_guard_step();
"""

PER_TABLE = """
CREATE TRIGGER journey_guard_state BEFORE UPDATE OF state ON {table}
    FOR EACH ROW EXECUTE FUNCTION journey_guard_state('{machine}');
CREATE CONSTRAINT TRIGGER journey_state_is_logged AFTER INSERT OR UPDATE OF state ON {table}
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION journey_state_is_logged('{column}');
"""

TABLES = (
    ("journey_intakecase", "intake", "case_id"),
    ("journey_episode", "episode", "episode_id"),
    ("journey_aftercarecase", "aftercare", "aftercare_id"),
)

BACK = """
DROP INDEX journey_steps_of_case, journey_steps_of_episode, journey_steps_of_aftercare;
DROP FUNCTION journey_guard_state, journey_guard_step, journey_state_is_logged CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [("journey", "0001_initial")]

    operations = [
        migrations.RunSQL(FUNCTIONS, BACK),
        *(
            migrations.RunSQL(
                PER_TABLE.format(table=table, machine=machine, column=column), migrations.RunSQL.noop
            )
            for table, machine, column in TABLES
        ),
    ]
