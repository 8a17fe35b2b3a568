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
