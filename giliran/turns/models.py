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
    claim = models.ForeignKey(
        "claims.Claim", models.PROTECT, null=True, related_name="turns", help_text="What it is for"
    )
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


class Application(models.Model):
    """Somebody asks for a turn that is drawn: it stays in every draw until served or withdrawn.

    ``credit`` counts the draws that were lost with a list so broad that nothing more could be
    asked of the person; it is what makes the next draw theirs.
    """

    class State(models.TextChoices):
        OPEN = "open", "Menunggu undian"
        PLACED = "placed", "Mendapat giliran"
        WITHDRAWN = "withdrawn", "Ditarik"

    class Prefers(models.TextChoices):
        OFFICE = "office", "Kantor"
        TIME = "time", "Waktu"

    class ShownBy(models.TextChoices):
        CARD = "card", "KTP"
        SIGHT = "sight", "Terlihat"
        LETTER = "letter", "Kartu atau surat"

    code = models.CharField(max_length=8, unique=True)
    request_key = models.UUIDField(unique=True, help_text="The form or message that asked")
    region = models.ForeignKey("offices.Region", models.PROTECT, related_name="applications")
    service = models.ForeignKey("offices.Service", models.PROTECT, related_name="applications")
    citizen = models.ForeignKey("people.Citizen", models.PROTECT, related_name="applications")
    party = models.UUIDField(null=True, help_text="Those who come together share it")
    claim = models.ForeignKey(
        "claims.Claim",
        models.PROTECT,
        null=True,
        related_name="applications",
        help_text="Its visit",
    )
    name_sealed = models.BinaryField(default=b"")
    phone_sealed = models.BinaryField(default=b"")
    phone_index = models.BinaryField(default=b"", help_text="Blind index, to count NIKs of a phone")
    address_index = models.BinaryField(default=b"", help_text="Blind index of the net address")
    channel = models.CharField(max_length=12, help_text="web, clerk, booth, sms, api")
    asked_by = models.CharField(max_length=40, help_text="citizen, officer:12")

    home = models.ForeignKey("offices.HomeArea", models.PROTECT, null=True)
    is_far = models.BooleanField(default=False)
    office_ids = ArrayField(models.BigIntegerField(), help_text="Ranked")
    any_near = models.BooleanField(default=False, help_text="Any office near me as well")
    halves = ArrayField(
        models.CharField(max_length=6),
        default=list,
        help_text="Ranked: mon-am, thu-pm; empty is any day and any time",
    )
    prefers = models.CharField(max_length=6, choices=Prefers, default=Prefers.OFFICE)
    is_broad = models.BooleanField(
        default=False, help_text="Asks for so little that a lost draw earns credit"
    )
    is_priority = models.BooleanField(default=False)
    shown_by = models.CharField(max_length=6, choices=ShownBy, blank=True)
    needs = ArrayField(models.CharField(max_length=16), default=list)
    stands_by = models.BooleanField(default=False, help_text="Takes a place that gets free")
    notice_hours = models.PositiveSmallIntegerField(default=3, help_text="Needed to get there")

    credit = models.PositiveSmallIntegerField(default=0)
    declined = models.PositiveSmallIntegerField(default=0, help_text='"That doesn\'t suit"')
    rounds_lost = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    turn = models.OneToOneField(Turn, models.PROTECT, null=True, related_name="application")
    asked_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True, help_text="A clerk told them the last result")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "citizen",
                "service",
                condition=Q(state="open"),
                name="one_open_application_per_person_and_service",
            ),
            models.CheckConstraint(
                condition=Q(office_ids__len__gte=1) & Q(office_ids__len__lte=5),
                name="application_offices",
            ),
            models.CheckConstraint(
                condition=~Q(state="placed") | Q(turn__isnull=False), name="placed_has_a_turn"
            ),
        ]
        indexes = [
            models.Index("region", condition=Q(state="open"), name="application_open"),
            models.Index(fields=["citizen", "service", "-id"], name="application_last"),
            models.Index("phone_index", condition=Q(state="open"), name="application_phone"),
            models.Index("address_index", condition=Q(state="open"), name="application_address"),
        ]


class Round(models.Model):
    """One draw of a region: open, then sealed (list and seats fixed), then drawn."""

    class State(models.TextChoices):
        OPEN = "open", "Menerima permohonan"
        SEALED = "sealed", "Menunggu angka acak"
        DRAWN = "drawn", "Sudah diundi"

    region = models.ForeignKey("offices.Region", models.PROTECT, related_name="rounds")
    serial = models.PositiveIntegerField()
    state = models.CharField(max_length=6, choices=State, default=State.OPEN)
    opened_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    first_day = models.DateField(null=True, help_text="Of the windows that are drawn")
    last_day = models.DateField(null=True)
    beacon = models.JSONField(help_text="Named when the round opens; see core.draw_file")
    rule = models.CharField(max_length=20)
    sealed_at = models.DateTimeField(null=True)
    root = models.CharField(max_length=64, blank=True)
    applications = models.PositiveIntegerField(default=0)
    places = models.PositiveIntegerField(default=0)
    drawn_at = models.DateTimeField(null=True)
    placed = models.PositiveIntegerField(default=0)
    file = models.BinaryField(default=b"", help_text="The public file, gzip")

    class Meta:
        constraints = [
            models.UniqueConstraint("region", "serial", name="round_serial_once"),
            models.UniqueConstraint(
                "region", condition=Q(state="open"), name="one_open_round_per_region"
            ),
        ]


class Secret(models.Model):
    """What one party adds to a round's chance: committed before closing, revealed after."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="secrets")
    party = models.CharField(max_length=40)
    commitment = models.CharField(max_length=64)
    revealed = models.CharField(max_length=64, blank=True)
    sealed = models.BinaryField(default=b"", help_text="The agency's own, revealed by itself")

    class Meta:
        constraints = [models.UniqueConstraint("round", "party", name="secret_once")]


class Entry(models.Model):
    """One application in one round: what proves to a person that they were in, and the result."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="entries")
    application = models.ForeignKey(Application, models.PROTECT, related_name="entries")
    position = models.PositiveIntegerField(help_text="In the file's list of applications")
    salt = models.BinaryField()
    credit = models.PositiveSmallIntegerField()
    offer = models.ForeignKey("capacity.Offer", models.PROTECT, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("round", "application", name="entry_once"),
            models.UniqueConstraint("round", "position", name="entry_position_once"),
        ]


class Promise(models.Model):
    """From when till when somebody was told that they'll be called; written once, then settled.

    A turn has at most one first promise made at home and one made on arrival. The one on arrival
    decides whether the office kept its word; later ones tell how the window moved.
    """

    class Stage(models.TextChoices):
        HOME = "home", "Di rumah"
        HERE = "here", "Di kantor"

    turn = models.ForeignKey(Turn, models.PROTECT, related_name="promises")
    office = models.ForeignKey("offices.Office", models.PROTECT, related_name="promises")
    stage = models.CharField(max_length=4, choices=Stage)
    made_at = models.DateTimeField()
    begins = models.DateTimeField(help_text="As told: a whole five minutes of the clock")
    ends = models.DateTimeField()
    come_at = models.DateTimeField(null=True, help_text="For somebody at home")
    is_first = models.BooleanField()

    hour = models.PositiveSmallIntegerField(help_text="In which it was made, local time")
    group = models.CharField(max_length=16, help_text="priority, standard; with home: at home")
    low = models.FloatField(help_text="Minutes from made_at, as forecast")
    middle = models.FloatField()
    high = models.FloatField()
    from_minutes = models.FloatField(help_text="The calibrated window, before rounding")
    till_minutes = models.FloatField()

    called_at = models.DateTimeField(null=True, help_text="The first call after made_at")
    kept = models.BooleanField(null=True, help_text="None: not known yet, or counts nowhere")
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "turn", "stage", condition=Q(is_first=True), name="one_first_promise"
            ),
            models.CheckConstraint(condition=Q(ends__gt=models.F("begins")), name="promise_order"),
        ]
        indexes = [
            models.Index(fields=["turn", "-id"], name="promise_last"),
            models.Index("office", "made_at", condition=Q(is_first=True), name="promise_of_office"),
            models.Index(
                "office",
                condition=Q(is_first=True, settled_at__isnull=True),
                name="promise_unsettled",
            ),
        ]


class OfficeCalibration(models.Model):
    """What an office's forecasts got wrong of late; see core.promise.Calibration."""

    office = models.OneToOneField("offices.Office", models.PROTECT, related_name="+")
    data = models.JSONField()
    updated_at = models.DateTimeField()


class Learned(models.Model):
    """What an office's last days taught about services and arrivals; made once a day."""

    office = models.OneToOneField("offices.Office", models.PROTECT, related_name="+")
    day = models.DateField(help_text="For which it was made: learned from the days before")
    data = models.JSONField()


class Outlook(models.Model):
    """The last forecast of an office's line, as pages read it: for newcomers, and whom to call."""

    office = models.OneToOneField("offices.Office", models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    data = models.JSONField()


class Journey(models.Model):
    """How long somebody says that they need to the office."""

    turn = models.OneToOneField(Turn, models.PROTECT, related_name="journey")
    minutes = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(minutes__lte=600), name="journey_minutes")
        ]


class Planned(models.Model):
    """When somebody was told first to come, within their window; see turns.planned."""

    turn = models.OneToOneField(Turn, models.PROTECT, related_name="planned")
    offer = models.ForeignKey(
        "capacity.Offer", models.PROTECT, related_name="+", help_text="Holds for this window only"
    )
    come_at = models.DateTimeField()


class OtherWindow(models.Model):
    """Somebody was asked whether another window would do; theirs stays theirs until they agree."""

    class Answer(models.TextChoices):
        OPEN = "", "Belum dijawab"
        YES = "yes", "Setuju"
        NO = "no", "Tetap"

    turn = models.ForeignKey(Turn, models.PROTECT, related_name="other_windows")
    from_offer = models.ForeignKey("capacity.Offer", models.PROTECT, related_name="+")
    to_offer = models.ForeignKey("capacity.Offer", models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=40)
    answer = models.CharField(max_length=3, choices=Answer, default=Answer.OPEN, blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("turn", "from_offer", name="asked_once_for_each_window"),
            models.CheckConstraint(
                condition=~Q(from_offer=models.F("to_offer")), name="other_window_is_another"
            ),
        ]
