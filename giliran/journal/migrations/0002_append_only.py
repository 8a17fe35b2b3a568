"""The history protects itself: no row of it is ever changed, deleted or truncated."""

from django.db import migrations

FORWARDS = """
CREATE FUNCTION journal_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The journal is append-only: % is refused.', TG_OP
        USING ERRCODE = 'restrict_violation',
              HINT = 'Record a new event that corrects the earlier one.';
END $$;
CREATE TRIGGER journal_no_change BEFORE UPDATE OR DELETE ON journal_event
    FOR EACH ROW EXECUTE FUNCTION journal_is_append_only();
CREATE TRIGGER journal_no_truncate BEFORE TRUNCATE ON journal_event
    FOR EACH STATEMENT EXECUTE FUNCTION journal_is_append_only();
"""
BACKWARDS = """
DROP TRIGGER journal_no_change ON journal_event;
DROP TRIGGER journal_no_truncate ON journal_event;
DROP FUNCTION journal_is_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
