import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """A turn that is drawn knows its claim too."""

    dependencies = [("claims", "0006_drafts"), ("turns", "0006_turn_claim")]

    operations = [
        migrations.AddField(
            model_name="application",
            name="claim",
            field=models.ForeignKey(
                help_text="Its visit",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="applications",
                to="claims.claim",
            ),
        ),
    ]
