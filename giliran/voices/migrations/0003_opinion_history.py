"""Each question after a visit, and its answer, writes itself to the journal.

Neither the turn nor the office stands in the event's own columns: an office's history is read by
those who were judged, and an hour and a counter would name one of them. Figures read the office
from ``data``.
"""

from django.db import migrations

FORWARDS = """
CREATE FUNCTION voices_write_opinion() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO journal_event (at, actor, kind, subject, subject_id, data)
        VALUES (NEW.asked_at, 'system', 'opinion.ask', 'opinion', NEW.id, jsonb_build_object(
            'office_id', NEW.office_id, 'service_id', NEW.service_id, 'day', NEW.day,
            'channel', NEW.channel, 'asked_elements', NEW.asked_elements));
    ELSIF (NEW.score, NEW.elements, NEW.words_group)
          IS DISTINCT FROM (OLD.score, OLD.elements, OLD.words_group) THEN
        INSERT INTO journal_event (at, actor, kind, subject, subject_id, data)
        VALUES (NEW.replied_at, 'citizen', 'opinion.reply', 'opinion', NEW.id, jsonb_build_object(
            'office_id', NEW.office_id, 'service_id', NEW.service_id, 'day', NEW.day,
            'channel', NEW.channel, 'replied_by', NEW.replied_by, 'score', NEW.score,
            'elements', NEW.elements, 'words_group', NEW.words_group));
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER opinions_history AFTER INSERT OR UPDATE ON voices_opinion
    FOR EACH ROW EXECUTE FUNCTION voices_write_opinion();
"""
BACKWARDS = """
DROP TRIGGER opinions_history ON voices_opinion;
DROP FUNCTION voices_write_opinion();
"""


class Migration(migrations.Migration):
    dependencies = [("voices", "0002_history"), ("journal", "0002_append_only")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
