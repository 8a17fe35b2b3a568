from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0004_register_in_bulk")]

    operations = [
        migrations.AddField(
            model_name="heir",
            name="content_index",
            field=models.BinaryField(
                default=b"", help_text="Blind index of the imported row: what has not changed stays"
            ),
        ),
    ]
