from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


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


class Skill(models.Model):
    """An officer can serve this. Who has none named serves whatever their counter serves."""

    officer = models.ForeignKey("people.Officer", models.CASCADE, related_name="skills")
    service = models.ForeignKey("offices.Service", models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint("officer", "service", name="skill_once")]


class Work(models.Model):
    """How much work an office has, estimated from its days; see giliran.core.need."""

    office = models.OneToOneField("offices.Office", models.PROTECT, related_name="+")
    made_on = models.DateField(help_text="Estimated from the days before")
    data = models.JSONField()


class Roster(models.Model):
    """Who works where in one week of a region, as solved and as published."""

    class State(models.TextChoices):
        SOLVING = "solving", "Sedang disusun"
        DRAFT = "draft", "Rancangan"
        PUBLISHED = "published", "Berlaku"
        REPLACED = "replaced", "Diganti"

    region = models.ForeignKey("offices.Region", models.PROTECT, related_name="rosters")
    monday = models.DateField()
    state = models.CharField(max_length=10, choices=State, default=State.SOLVING)
    cost = models.FloatField(null=True)
    bound = models.FloatField(null=True, help_text="Nothing cheaper exists")
    seconds = models.FloatField(default=0)
    progress = models.JSONField(default=list, help_text="[seconds, cost, bound] as it got better")
    shorts = models.JSONField(default=list, help_text="What couldn't be met: office, when, missing")
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=40)
    published_at = models.DateTimeField(null=True)
    published_by = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "region",
                "monday",
                condition=Q(state="published"),
                name="one_roster_in_force",
            ),
            models.CheckConstraint(condition=Q(monday__week_day=2), name="roster_from_monday"),
        ]


class Loan(models.Model):
    """An officer of one office helps at another for a day; the neighbour must say yes."""

    class State(models.TextChoices):
        ASKED = "asked", _("Diminta")
        ACCEPTED = "accepted", _("Disetujui")
        REFUSED = "refused", _("Ditolak")
        WITHDRAWN = "withdrawn", _("Ditarik")

    officer = models.ForeignKey("people.Officer", models.PROTECT, related_name="loans")
    home = models.ForeignKey("offices.Office", models.PROTECT, related_name="lent")
    to = models.ForeignKey("offices.Office", models.PROTECT, related_name="borrowed")
    day = models.DateField()
    travel_minutes = models.PositiveSmallIntegerField()
    leave = models.ForeignKey(
        "Leave",
        models.PROTECT,
        null=True,
        related_name="loans",
        help_text="Because of which somebody is missing",
    )
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    asked_by = models.ForeignKey("people.Officer", models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answered_by = models.ForeignKey("people.Officer", models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "officer",
                "day",
                condition=Q(state__in=["asked", "accepted"]),
                name="lent_once_a_day",
            ),
            models.CheckConstraint(condition=~Q(home=F("to")), name="lent_elsewhere"),
        ]


class Shift(models.Model):
    """An officer works at an office on a day. An officer has one a day, wherever it is."""

    officer = models.ForeignKey("people.Officer", models.PROTECT, related_name="shifts")
    office = models.ForeignKey("offices.Office", models.PROTECT, related_name="shifts")
    day = models.DateField(help_text="In the office's time zone")
    kind = models.CharField(max_length=8, help_text="full, early, late, am, pm")
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    roster = models.ForeignKey(Roster, models.PROTECT, null=True, related_name="shifts")
    loan = models.ForeignKey(Loan, models.PROTECT, null=True, related_name="shifts")
    is_draft = models.BooleanField(default=False)
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "officer",
                "day",
                condition=Q(cancelled_at__isnull=True, is_draft=False),
                name="one_shift_a_day",
            ),
            models.CheckConstraint(condition=Q(ends_at__gt=F("begins_at")), name="shift_order"),
        ]
        indexes = [models.Index("office", "day", name="shift_of_day")]


class Leave(models.Model):
    """An officer isn't there. Why somebody is ill is nobody's business, so it isn't asked."""

    class Kind(models.TextChoices):
        ANNUAL = "annual", _("Cuti tahunan")
        SICK = "sick", _("Sakit")
        TRAINING = "training", _("Pelatihan")
        OTHER = "other", _("Izin lain")

    class State(models.TextChoices):
        ASKED = "asked", _("Diajukan")
        APPROVED = "approved", _("Disetujui")
        REFUSED = "refused", _("Ditolak")
        WITHDRAWN = "withdrawn", _("Ditarik")

    request_key = models.UUIDField(unique=True, help_text="The form that asked")
    officer = models.ForeignKey("people.Officer", models.PROTECT, related_name="leaves")
    office = models.ForeignKey("offices.Office", models.PROTECT, related_name="leaves")
    kind = models.CharField(max_length=8, choices=Kind)
    first_day = models.DateField()
    last_day = models.DateField()
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=40)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey("people.Officer", models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=200, blank=True, help_text="Of a refusal")
    suggested_day = models.DateField(
        null=True, help_text="From which day the office's head would rather see it"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="leave_order"),
        ]
        indexes = [models.Index("office", "first_day", name="leave_of_office")]


class ShiftWish(models.Model):
    """An officer would like a kind of shift, or to be off, on a day."""

    officer = models.ForeignKey("people.Officer", models.CASCADE, related_name="wishes")
    day = models.DateField()
    kind = models.CharField(max_length=8, help_text="early, late, full, off")

    class Meta:
        constraints = [models.UniqueConstraint("officer", "day", name="one_wish_a_day")]


class Override(models.Model):
    """A manager set a window's places by hand, said why, and was shown what it costs."""

    offer = models.ForeignKey(Offer, models.PROTECT, related_name="overrides")
    computed = models.PositiveSmallIntegerField()
    places = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=200)
    expected = models.JSONField(help_text="Promise kept, minutes waited and idle, then and now")
    made_by = models.ForeignKey("people.Officer", models.PROTECT, related_name="+")
    made_at = models.DateTimeField()


class RosterFeed(models.Model):
    """The secret address under which an officer's calendar reads their shifts."""

    officer = models.OneToOneField("people.Officer", models.CASCADE, related_name="roster_feed")
    token = models.CharField(max_length=43, unique=True)
