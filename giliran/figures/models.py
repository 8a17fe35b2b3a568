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


class Review(models.Model):
    """A week or a month of an office, a region or all, as it was put before its head.

    ``figures`` are those of the moment when it was made: a review that was signed doesn't change.
    """

    class Span(models.TextChoices):
        WEEK = "week", "Mingguan"
        MONTH = "month", "Bulanan"

    office = models.ForeignKey("offices.Office", models.PROTECT, null=True, related_name="reviews")
    region = models.ForeignKey("offices.Region", models.PROTECT, null=True, related_name="reviews")
    span = models.CharField(max_length=5, choices=Span)
    first_day = models.DateField()
    last_day = models.DateField()
    made_at = models.DateTimeField()
    figures = models.JSONField(help_text="giliran.figures.reviews.Content")
    comment = models.TextField(blank=True, help_text="Of the head who signs")
    signed_at = models.DateTimeField(null=True)
    signed_by = models.ForeignKey("people.Officer", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "office", "region", "span", "first_day", name="review_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=Q(last_day__gte=models.F("first_day")), name="review_order"
            ),
            models.CheckConstraint(
                condition=Q(signed_at__isnull=True, signed_by__isnull=True)
                | Q(signed_at__isnull=False, signed_by__isnull=False),
                name="review_signed",
            ),
        ]


class Agreed(models.Model):
    """What was agreed in a review, by whom and when; the next review asks what came of it."""

    class State(models.TextChoices):
        OPEN = "open", "Belum"
        DONE = "done", "Selesai"
        DROPPED = "dropped", "Tidak jadi"

    review = models.ForeignKey(Review, models.CASCADE, related_name="agreed")
    request_key = models.UUIDField(unique=True)
    what = models.CharField(max_length=300)
    who = models.CharField(max_length=120)
    due_on = models.DateField()
    state = models.CharField(max_length=7, choices=State, default=State.OPEN)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=40)


class Alarm(models.Model):
    """Something is wrong now: put before whoever can mend it, once, until it is over."""

    class Kind(models.TextChoices):
        EARLY_CROWD = "early_crowd", "Orang menunggu sebelum kantor buka"
        QUOTA_GONE = "quota_gone", "Tempat habis dalam beberapa menit"
        COUNTER_EMPTY = "counter_empty", "Loket kosong saat orang menunggu"
        PROMISE_BROKEN = "promise_broken", "Janji waktu meleset"
        DEADLINE = "deadline", "Batas waktu terancam"
        CHANNEL_DOWN = "channel_down", "Saluran tidak jalan"
        SCREEN_SILENT = "screen_silent", "Layar kantor tidak tersambung"

    kind = models.CharField(max_length=14, choices=Kind)
    office = models.ForeignKey("offices.Office", models.PROTECT, null=True, related_name="alarms")
    region = models.ForeignKey("offices.Region", models.PROTECT, null=True, related_name="alarms")
    about = models.CharField(max_length=40, blank=True, help_text="counter:3, whatsapp")
    data = models.JSONField(default=dict, help_text="Figures of the sentence; never a name")
    raised_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True, help_text="By message, to who can mend it")
    above_at = models.DateTimeField(
        null=True, help_text="When the region was told, for nobody at the office had it in hand"
    )
    seen_at = models.DateTimeField(null=True)
    seen_by = models.ForeignKey("people.Officer", models.PROTECT, null=True, related_name="+")
    over_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "kind",
                "office",
                "region",
                "about",
                condition=Q(over_at__isnull=True),
                name="alarm_rings_once",
                nulls_distinct=False,
            ),
        ]
        indexes = [models.Index("office", "raised_at", name="alarm_of_office")]


class Pulse(models.Model):
    """When a process that pages can't ask was last alive, by the database's own clock.

    The live streams write theirs themselves, each quarter of a minute (``live.listen``).
    """

    name = models.CharField(max_length=10, primary_key=True)
    seen_at = models.DateTimeField()


class Cell(models.Model):
    """What the journal adds up to in an office's day, week or month, whole or one part of it.

    Kept by ``figures.folding`` and equal to a recount at any moment; see ``core.figures``.
    """

    pk = models.CompositePrimaryKey("span", "split", "office_id", "first", "part")
    span = models.CharField(max_length=5, help_text="day, week, month")
    split = models.CharField(max_length=7, help_text="all, service, class, channel, hour")
    office_id = models.BigIntegerField(help_text="0: of no office")
    first = models.DateField(help_text="The day, the Monday, the month's first: the office's")
    part = models.CharField(max_length=20, blank=True)
    counts = models.JSONField()
    waits = models.JSONField(default=dict, help_text="How many waited so many minutes: 12s, 12p")


class DayHours(models.Model):
    """When an office was open on a day, as it stood when the day was first counted.

    Opening hours that are corrected later don't change what was counted, until a recount is told
    to look anew.
    """

    pk = models.CompositePrimaryKey("office_id", "day")
    office_id = models.BigIntegerField()
    day = models.DateField()
    opens = models.DateTimeField(null=True, help_text="null: shut, or its calendar isn't known")
    closes = models.DateTimeField(null=True)


class Uncounted(models.Model):
    """An event of the journal that isn't in the cells yet; a trigger writes it with the event.

    It is seen exactly when the event is, however late its transaction ended: so no event is lost.
    """

    event_id = models.BigIntegerField(primary_key=True)
