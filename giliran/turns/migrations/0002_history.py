"""Every change of a turn becomes an event, and what happens in the room rings the boards' bell.

The notification is left out for bookings: PostgreSQL lets transactions that notify commit one at
a time, and nobody in the room waits for them.
"""

from django.db import migrations

FORWARDS = """
CREATE FUNCTION turns_write_history() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    sealed CONSTANT text[] := ARRAY['name_sealed', 'phone_sealed'];
    changed jsonb;
    event_id bigint;
BEGIN
    IF TG_OP = 'INSERT' THEN
        changed := to_jsonb(NEW) - sealed;
    ELSE
        SELECT jsonb_object_agg(n.key, n.value) INTO changed
        FROM jsonb_each(to_jsonb(NEW) - sealed) AS n
        WHERE n.value IS DISTINCT FROM to_jsonb(OLD) -> n.key;
        IF changed IS NULL THEN
            RETURN NULL;  -- only what the person stated was erased, as the law wants
        END IF;
        changed := changed || jsonb_build_object('move', NEW.move, 'state', NEW.state);
    END IF;
    INSERT INTO journal_event (at, actor, kind, office_id, subject, subject_id, data)
    VALUES (NEW.moved_at, NEW.moved_by, 'turn.' || NEW.move, NEW.office_id, 'turn', NEW.id, changed)
    RETURNING id INTO event_id;
    IF NEW.number IS NOT NULL THEN
        PERFORM pg_notify('giliran', jsonb_build_object(
            'id', event_id, 'subject', 'turn', 'office', NEW.office_id, 'move', NEW.move,
            'turn', NEW.code, 'number', NEW.number, 'at', NEW.moved_at,
            'counter', (SELECT label FROM offices_counter WHERE id = NEW.counter_id))::text);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER turns_history AFTER INSERT OR UPDATE ON turns_turn
    FOR EACH ROW EXECUTE FUNCTION turns_write_history();

CREATE FUNCTION turns_are_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'A turn is never deleted: cancel it, or erase what the person stated.'
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER turns_kept BEFORE DELETE ON turns_turn
    FOR EACH ROW EXECUTE FUNCTION turns_are_kept();
"""
BACKWARDS = """
DROP TRIGGER turns_history ON turns_turn;
DROP TRIGGER turns_kept ON turns_turn;
DROP FUNCTION turns_write_history();
DROP FUNCTION turns_are_kept();
"""


class Migration(migrations.Migration):
    dependencies = [("turns", "0001_initial"), ("journal", "0002_append_only")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
