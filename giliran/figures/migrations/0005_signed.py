"""A review that was signed doesn't change, and what was agreed in it keeps its words."""

from django.db import migrations

FORWARDS = """
CREATE FUNCTION figures_signed_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'A signed review doesn''t change.' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER review_signed_stays BEFORE UPDATE OR DELETE ON figures_review
    FOR EACH ROW WHEN (OLD.signed_at IS NOT NULL) EXECUTE FUNCTION figures_signed_stays();

CREATE FUNCTION figures_agreed_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF ROW(NEW.review_id, NEW.what, NEW.who, NEW.due_on)
                IS NOT DISTINCT FROM ROW(OLD.review_id, OLD.what, OLD.who, OLD.due_on) THEN
            RETURN NEW;
        END IF;
    ELSIF NOT EXISTS (SELECT FROM figures_review
                      WHERE id = NEW.review_id AND signed_at IS NOT NULL) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'What was agreed keeps its words; nothing is added to a signed review.'
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER agreed_stays BEFORE INSERT OR UPDATE ON figures_agreed
    FOR EACH ROW EXECUTE FUNCTION figures_agreed_stays();
"""
BACKWARDS = """
DROP TRIGGER review_signed_stays ON figures_review;
DROP FUNCTION figures_signed_stays();
DROP TRIGGER agreed_stays ON figures_agreed;
DROP FUNCTION figures_agreed_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("figures", "0004_cells")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
