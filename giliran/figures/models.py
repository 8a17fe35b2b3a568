from django.db import models
from django.db.models import Q


class Rehearsal(models.Model):
    """A manager's "what if" about one office, and what the laboratory found.

    The same question on the same day is one row: what an office's days taught changes once a day.
    """

    office = models.ForeignKey("offices.Office", models.PROTECT, related_name="rehearsals")
    day = models.DateField(help_text="On which it was asked, in the office's time zone")
    more_counters = models.SmallIntegerField()
    prechecked_percent = models.PositiveSmallIntegerField()
    fewer_no_shows_percent = models.PositiveSmallIntegerField(help_text="Of all who are booked")
    asked_at = models.DateTimeField()
    answer = models.JSONField(null=True, help_text="figures.rehearsals.Answer; null: not played")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "office",
                "day",
                "more_counters",
                "prechecked_percent",
                "fewer_no_shows_percent",
                name="rehearsal_once",
            ),
            models.CheckConstraint(
                condition=Q(prechecked_percent__lte=100, fewer_no_shows_percent__lte=100),
                name="rehearsal_percents",
            ),
        ]


class CapacityCheck(models.Model):
    """Somebody asked whether a region's or an office's staff was or is enough for a month.

    The same question on the same day is one row: what is known of the work changes once a day.
    """

    region = models.ForeignKey("offices.Region", models.PROTECT, related_name="+")
    office = models.ForeignKey(
        "offices.Office", models.PROTECT, null=True, related_name="+", help_text="null: all of it"
    )
    month = models.DateField(help_text="Its first day")
    day = models.DateField(help_text="On which it was asked, in the office's or region's time zone")
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=40)
    made_at = models.DateTimeField(null=True)
    answer = models.JSONField(null=True, help_text="figures.capacity_check.Answer; null: not made")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["region", "office", "month", "day"],
                nulls_distinct=False,
                name="capacity_check_once",
            ),
            models.CheckConstraint(condition=Q(month__day=1), name="capacity_check_of_a_month"),
        ]
