"""Cards whose doubles are still to be looked for, what officers say of a match, and no cycles."""

from django.db import migrations, models
from django.db.models import Q

FORWARDS = """
CREATE FUNCTION people_note_new_cards() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO people_newcard (card_id) SELECT id FROM came ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER people_card_came AFTER INSERT ON people_card
    REFERENCING NEW TABLE AS came
    FOR EACH STATEMENT EXECUTE FUNCTION people_note_new_cards();

CREATE FUNCTION people_note_changed_card() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO people_newcard (card_id) VALUES (NEW.id) ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER people_card_changed
    AFTER UPDATE OF name_index, birth_index, citizen_id ON people_card FOR EACH ROW
    WHEN (OLD.name_index <> NEW.name_index OR OLD.birth_index <> NEW.birth_index
        OR OLD.citizen_id <> NEW.citizen_id)
    EXECUTE FUNCTION people_note_changed_card();
INSERT INTO people_newcard (card_id) SELECT id FROM people_card;

-- Who joins cards goes one by one, or two at once could close a ring that neither of them sees.
CREATE FUNCTION people_no_ring_of_cards() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    above bigint := NEW.merged_into_id;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('people.merging'));
    WHILE above IS NOT NULL LOOP
        IF above = NEW.id THEN
            RAISE EXCEPTION 'Card % would be merged into itself.', NEW.id
                USING ERRCODE = 'check_violation', CONSTRAINT = 'card_no_ring';
        END IF;
        SELECT merged_into_id INTO above FROM people_card WHERE id = above;
    END LOOP;
    RETURN NEW;
END $$;
CREATE TRIGGER people_card_no_ring
    BEFORE INSERT OR UPDATE OF merged_into_id ON people_card FOR EACH ROW
    WHEN (NEW.merged_into_id IS NOT NULL) EXECUTE FUNCTION people_no_ring_of_cards();

CREATE FUNCTION people_root_of_card(card bigint) RETURNS bigint LANGUAGE plpgsql STABLE AS $$
DECLARE
    root bigint;
    above bigint := card;
BEGIN
    WHILE above IS NOT NULL LOOP
        root := above;
        SELECT merged_into_id INTO above FROM people_card WHERE id = root;
    END LOOP;
    RETURN root;
END $$;
"""
BACKWARDS = """
DROP FUNCTION people_root_of_card(bigint);
DROP TRIGGER people_card_no_ring ON people_card;
DROP FUNCTION people_no_ring_of_cards();
DROP TRIGGER people_card_changed ON people_card;
DROP FUNCTION people_note_changed_card();
DROP TRIGGER people_card_came ON people_card;
DROP FUNCTION people_note_new_cards();
"""
KINDS = [
    ("same_nik", "NIK sama"),
    ("near_name", "Tanggal lahir sama, nama mirip"),
    ("asked", "Diajukan petugas"),
]


class Migration(migrations.Migration):
    dependencies = [("people", "0002_register")]
    operations = [
        migrations.CreateModel(
            name="NewCard",
            fields=[("card_id", models.BigIntegerField(primary_key=True, serialize=False))],
        ),
        migrations.AddField(
            model_name="match",
            name="asked_because",
            field=models.CharField(blank=True, default="", max_length=200),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="match",
            name="apart_because",
            field=models.CharField(blank=True, default="", max_length=200),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="merging",
            name="before",
            field=models.JSONField(help_text="Ids only: each card's citizen, and who was chosen"),
        ),
        migrations.AlterField(
            model_name="match",
            name="kind",
            field=models.CharField(choices=KINDS, max_length=10),
        ),
        migrations.AddIndex(
            model_name="match",
            index=models.Index(
                "likeness", "id", condition=Q(state="open"), name="match_open"
            ),
        ),
        migrations.RunSQL(FORWARDS, BACKWARDS),
    ]
