from django.db import migrations, models


class Migration(migrations.Migration):
    """The head of an office may suggest other days for a leave that was asked for."""

    dependencies = [("capacity", "0003_rosters")]

    operations = [
        migrations.AddField(
            model_name="leave",
            name="suggested_day",
            field=models.DateField(
                help_text="From which day the office's head would rather see it", null=True
            ),
        ),
    ]
