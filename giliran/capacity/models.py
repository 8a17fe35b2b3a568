from django.db import models
from django.db.models import F, Q


class Offer(models.Model):
    """Places that an office promises: one window of a day, or the day's places for walk-ins.

    ``taken`` moves by one statement that also checks ``places``; the constraint keeps the promise
    against everything else. Where a region draws, places that are not yet drawn are ``held``.
    """

    class Kind(models.TextChoices):
        WINDOW = "window", "Jam janji"
        WALK_IN = "walk_in", "Datang langsung"

    office = models.ForeignKey("offices.Office", models.PROTECT, related_name="offers")
    kind = models.CharField(max_length=8, choices=Kind)
    day = models.DateField(help_text="In the office's time zone")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    places = models.PositiveSmallIntegerField()
    taken = models.PositiveSmallIntegerField(default=0)
    held = models.PositiveSmallIntegerField(
        default=0, help_text="Kept for the draw and for those standing by; can't be booked at once"
    )
    is_open = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(places__gte=F("taken") + F("held")), name="offer_never_overbooked"
            ),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="offer_order"),
            models.UniqueConstraint("office", "kind", "starts_at", name="offer_once"),
        ]
        indexes = [models.Index("office", "day", name="offer_of_day")]

    @property
    def left(self) -> int:
        """How many places can be booked at once, at the moment of reading."""
        return self.places - self.taken - self.held if self.is_open else 0


class CounterOpening(models.Model):
    """An officer sat at a counter from a moment until another."""

    counter = models.ForeignKey("offices.Counter", models.PROTECT, related_name="openings")
    officer = models.ForeignKey("people.Officer", models.PROTECT, related_name="openings")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "counter", condition=Q(closed_at__isnull=True), name="counter_has_one_officer"
            ),
            models.UniqueConstraint(
                "officer", condition=Q(closed_at__isnull=True), name="officer_has_one_counter"
            ),
        ]
