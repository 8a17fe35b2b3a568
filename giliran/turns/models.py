from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from giliran.core.turn import AT_A_COUNTER, OPEN, Move, State

IS_OPEN = Q(state__in=sorted(OPEN))


class Turn(models.Model):
    """One person's turn at one office for one service.

    A trigger writes every change of a row to the journal and rings the boards' bell, so the
    history is complete whoever changes it. ``move``, ``moved_at`` and ``moved_by`` name the change.
    """

    class Kind(models.TextChoices):
        APPOINTMENT = "appointment", "Janji"
        WALK_IN = "walk_in", "Datang langsung"

    code = models.CharField(max_length=8, unique=True)
    request_key = models.UUIDField(unique=True, help_text="The form or message that asked")
    office = models.ForeignKey("offices.Office", models.PROTECT, related_name="turns")
    service = models.ForeignKey("offices.Service", models.PROTECT, related_name="turns")
    offer = models.ForeignKey("capacity.Offer", models.PROTECT, related_name="turns")
    citizen = models.ForeignKey("people.Citizen", models.PROTECT, null=True, related_name="turns")
    name_sealed = models.BinaryField(default=b"")
    phone_sealed = models.BinaryField(default=b"")
    kind = models.CharField(max_length=12, choices=Kind)
    channel = models.CharField(max_length=12, help_text="web, kiosk, clerk, api")
    day = models.DateField(help_text="In the office's time zone")
    window_from = models.DateTimeField(null=True)
    window_till = models.DateTimeField(null=True)
    number = models.CharField(  # noqa: DJ001 -- none before arrival; many nulls, one of each number
        max_length=6, null=True, help_text="A014; given on arrival"
    )
    is_priority = models.BooleanField(default=False)
    needs = ArrayField(
        models.CharField(max_length=16), default=list, help_text="Need codes, never a diagnosis"
    )

    state = models.CharField(max_length=12, choices=[(s.value, s.value) for s in State])
    asked_at = models.DateTimeField()
    arrived_at = models.DateTimeField(null=True)
    place_since = models.DateTimeField(
        null=True, help_text="Place kept through a transfer or parking"
    )
    called_at = models.DateTimeField(null=True)
    times_called = models.PositiveSmallIntegerField(default=0)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    counter = models.ForeignKey(
        "offices.Counter",
        models.PROTECT,
        null=True,
        related_name="turns",
        help_text="Where the person is called or served, or must be (transfer)",
    )
    officer = models.ForeignKey("people.Officer", models.PROTECT, null=True, related_name="turns")

    move = models.CharField(max_length=12, choices=[(m.value, m.value) for m in Move])
    moved_at = models.DateTimeField()
    moved_by = models.CharField(max_length=40)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "citizen", "service", condition=IS_OPEN, name="one_open_turn_per_person_and_service"
            ),
            models.UniqueConstraint("office", "day", "number", name="number_given_once"),
            models.UniqueConstraint(
                "counter",
                condition=Q(state__in=sorted(AT_A_COUNTER)),
                name="one_person_at_a_counter",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=sorted(AT_A_COUNTER)) | Q(counter__isnull=False),
                name="called_to_a_counter",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["booked", "cancelled", "no_show"]) | Q(number__isnull=False),
                name="who_is_here_has_a_number",
            ),
        ]
        indexes = [
            models.Index(
                "office",
                condition=Q(state__in=["waiting", "called", "serving", "parked"]),
                name="turn_in_the_room",
            ),
            models.Index("office", "day", name="turn_of_day"),
            models.Index("offer", name="turn_of_offer"),
        ]


class LastNumber(models.Model):
    """The last queue number given under a letter on a day; one statement gives the next."""

    office = models.ForeignKey("offices.Office", models.PROTECT)
    day = models.DateField()
    letter = models.CharField(max_length=1)
    last = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint("office", "day", "letter", name="last_number_once")]
