import django.db.models.deletion
from django.db import migrations, models

# A row without its card is refused as a foreign key would, for a whole statement at once. Who
# deletes a card waits for those who are writing contributions, and they for the deletion.
TRIGGERS = """
CREATE FUNCTION people_contribution_has_card() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM fresh LEFT JOIN people_card card ON card.id = fresh.card_id
        WHERE card.id IS NULL
    ) THEN
        RAISE foreign_key_violation USING MESSAGE = 'a contribution has no card';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER people_contribution_inserted AFTER INSERT ON people_contribution
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT
    EXECUTE FUNCTION people_contribution_has_card();
CREATE TRIGGER people_contribution_updated AFTER UPDATE ON people_contribution
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT
    EXECUTE FUNCTION people_contribution_has_card();

CREATE FUNCTION people_card_has_no_contribution() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    LOCK TABLE people_contribution IN SHARE MODE;
    IF EXISTS (
        SELECT FROM gone JOIN people_contribution paid ON paid.card_id = gone.id
        WHERE NOT EXISTS (SELECT FROM people_card card WHERE card.id = gone.id)
    ) THEN
        RAISE foreign_key_violation USING MESSAGE = 'a card still has contributions';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER people_card_deleted AFTER DELETE ON people_card
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT
    EXECUTE FUNCTION people_card_has_no_contribution();
"""
NO_TRIGGERS = """
DROP TRIGGER people_card_deleted ON people_card;
DROP FUNCTION people_card_has_no_contribution;
DROP TRIGGER people_contribution_inserted ON people_contribution;
DROP TRIGGER people_contribution_updated ON people_contribution;
DROP FUNCTION people_contribution_has_card;
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0003_identities")]

    operations = [
        migrations.AddField(
            model_name="card",
            name="content_index",
            field=models.BinaryField(
                default=b"", help_text="Blind index of the imported row: what has not changed stays"
            ),
        ),
        migrations.AlterField(
            model_name="heir",
            name="relation",
            field=models.CharField(
                help_text="As core.eligibility.words.HEIRS, or other", max_length=16
            ),
        ),
        migrations.AlterField(
            model_name="import",
            name="kind",
            field=models.CharField(help_text="members, spells, contributions, heirs", max_length=16),
        ),
        # Django can't change a primary key into one of two columns. No release had this table.
        migrations.DeleteModel(name="Contribution"),
        migrations.CreateModel(
            name="Contribution",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "card_id",
                        "month",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("month", models.DateField(help_text="Its first day")),
                (
                    "wage",
                    models.DecimalField(decimal_places=2, help_text="Rupiah", max_digits=14),
                ),
                (
                    "amount",
                    models.DecimalField(decimal_places=2, help_text="Rupiah, JHT", max_digits=14),
                ),
                ("paid_on", models.DateField(help_text="None: owed", null=True)),
                (
                    "card",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contributions",
                        to="people.card",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount__gte", 0), ("wage__gte", 0)),
                        name="contribution_sum",
                    )
                ],
            },
        ),
        migrations.RunSQL(TRIGGERS, NO_TRIGGERS),
    ]
