"""Every change of a claim writes itself to the journal, whoever makes it."""

from django.db import migrations

FORWARDS = """
CREATE FUNCTION claims_write_history() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    sealed CONSTANT text[] := ARRAY['name_sealed', 'phone_sealed', 'situation_sealed',
                                    'birth_index', 'account_sealed', 'reason_sealed'];
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
    VALUES (NEW.moved_at, NEW.moved_by, 'claim.' || NEW.move, NEW.office_id, 'claim', NEW.id,
            changed);
    RETURN NULL;
END $$;
CREATE TRIGGER claims_history AFTER INSERT OR UPDATE ON claims_claim
    FOR EACH ROW EXECUTE FUNCTION claims_write_history();

CREATE FUNCTION claims_are_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'A claim is never deleted: withdraw it, or erase what the person stated.'
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER claims_kept BEFORE DELETE ON claims_claim
    FOR EACH ROW EXECUTE FUNCTION claims_are_kept();
"""
BACKWARDS = """
DROP TRIGGER claims_history ON claims_claim;
DROP TRIGGER claims_kept ON claims_claim;
DROP FUNCTION claims_write_history();
DROP FUNCTION claims_are_kept();
"""


class Migration(migrations.Migration):
    dependencies = [("claims", "0001_initial"), ("journal", "0002_append_only")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
