import django.db.models.deletion
from django.db import migrations, models

# Each index of a card is written a million times by an import; these were there twice.


class Migration(migrations.Migration):
    dependencies = [("people", "0005_heir_content")]

    operations = [
        migrations.AlterField(
            model_name="card", name="kpj", field=models.CharField(max_length=11)
        ),
        migrations.AddConstraint(
            model_name="card", constraint=models.UniqueConstraint("kpj", name="card_once")
        ),
        migrations.AlterField(
            model_name="card",
            name="citizen",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="cards",
                to="people.citizen",
            ),
        ),
        migrations.AlterField(
            model_name="spell",
            name="card",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="spells",
                to="people.card",
            ),
        ),
        migrations.AlterField(
            model_name="heir",
            name="citizen",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="heirs",
                to="people.citizen",
            ),
        ),
    ]
