import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """People whose window can't be served are asked whether another would do."""

    dependencies = [("capacity", "0004_leave_suggested"), ("turns", "0007_application_claim")]

    operations = [
        migrations.CreateModel(
            name="OtherWindow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("asked_by", models.CharField(max_length=40)),
                (
                    "answer",
                    models.CharField(
                        blank=True,
                        choices=[("", "Belum dijawab"), ("yes", "Setuju"), ("no", "Tetap")],
                        default="",
                        max_length=3,
                    ),
                ),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "from_offer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="capacity.offer",
                    ),
                ),
                (
                    "to_offer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="capacity.offer",
                    ),
                ),
                (
                    "turn",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="other_windows",
                        to="turns.turn",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        models.F("turn"),
                        models.F("from_offer"),
                        name="asked_once_for_each_window",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("from_offer", models.F("to_offer")), _negated=True),
                        name="other_window_is_another",
                    ),
                ],
            },
        ),
    ]
