from django.db import migrations, models


class Migration(migrations.Migration):
    """A draft that somebody typed blocks nobody: only what was handed in is one of its kind."""

    dependencies = [("claims", "0005_brought")]

    operations = [
        migrations.RemoveConstraint(model_name="claim", name="one_open_claim_per_person_and_kind"),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.UniqueConstraint(
                models.F("citizen"),
                models.F("claimant"),
                models.F("kind"),
                models.F("kpj"),
                condition=models.Q(
                    state__in=[
                        "approved",
                        "bounced",
                        "complete",
                        "returned",
                        "submitted",
                        "verified",
                    ]
                ),
                name="one_open_claim_per_person_and_kind",
            ),
        ),
    ]
