"""Every change of a complaint writes itself to the journal, whoever makes it."""

from django.db import migrations

FORWARDS = """
CREATE FUNCTION voices_write_history() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    sealed CONSTANT text[] := ARRAY['name_sealed', 'phone_sealed', 'text_sealed',
                                    'text_trigrams'];
    changed jsonb;
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
    VALUES (NEW.moved_at, NEW.moved_by, 'complaint.' || NEW.move, NEW.office_id, 'complaint', NEW.id,
            changed);
    RETURN NULL;
END $$;
CREATE TRIGGER complaints_history AFTER INSERT OR UPDATE ON voices_complaint
    FOR EACH ROW EXECUTE FUNCTION voices_write_history();

CREATE FUNCTION complaints_are_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'A complaint is never deleted: withdraw it, or erase what the person stated.'
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER complaints_kept BEFORE DELETE ON voices_complaint
    FOR EACH ROW EXECUTE FUNCTION complaints_are_kept();
"""
BACKWARDS = """
DROP TRIGGER complaints_history ON voices_complaint;
DROP TRIGGER complaints_kept ON voices_complaint;
DROP FUNCTION voices_write_history();
DROP FUNCTION complaints_are_kept();
"""


class Migration(migrations.Migration):
    dependencies = [("voices", "0001_initial"), ("journal", "0002_append_only")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
