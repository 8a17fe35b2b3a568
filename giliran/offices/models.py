from django.db import models
from django.db.models import F, Q


class Region(models.Model):
    """Kantor wilayah. Where ``draw_at`` is set, places in windows are drawn, not raced for."""

    class Beacon(models.TextChoices):
        DRAND = "drand", "drand quicknet"
        REVEAL = "reveal", "Commit and reveal"

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    time_zone = models.CharField(max_length=40, default="Asia/Jakarta")
    draw_at = models.TimeField(null=True, help_text="On working days, in the region's time zone")
    draw_days_ahead = models.PositiveSmallIntegerField(default=5, help_text="working days")
    draw_rule = models.CharField(max_length=20, default="2026-1")
    draw_beacon = models.CharField(max_length=8, choices=Beacon, default=Beacon.DRAND)
    near_km = models.PositiveSmallIntegerField(
        default=60, help_text='How far "any office near me" reaches from home'
    )
    far_km = models.PositiveSmallIntegerField(
        default=40, help_text="Whose nearest office is further than this comes from far away"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(draw_days_ahead__gte=1) & Q(draw_days_ahead__lte=10),
                name="region_draw_days_ahead",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class HomeArea(models.Model):
    """A district where people live, with one point in it: for distances, never for an address."""

    region = models.ForeignKey(Region, models.CASCADE, related_name="home_areas")
    code = models.SlugField(max_length=13, unique=True, help_text="Kemendagri code: 36-01-05")
    name = models.CharField(max_length=80)
    latitude = models.DecimalField(max_digits=8, decimal_places=5)
    longitude = models.DecimalField(max_digits=8, decimal_places=5)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Service(models.Model):
    """What people come for. The letter begins the queue number."""

    code = models.SlugField(unique=True)
    letter = models.CharField(max_length=1, unique=True)
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    hint = models.CharField(max_length=200, blank=True)
    hint_en = models.CharField(max_length=200, blank=True)
    typical_minutes = models.PositiveSmallIntegerField(default=12)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "code"]
        constraints = [
            models.CheckConstraint(condition=Q(letter__regex=r"^[A-Z]$"), name="service_letter"),
        ]

    def __str__(self) -> str:
        return self.name


class Office(models.Model):
    class Kind(models.TextChoices):
        BRANCH = "branch", "Kantor cabang"
        SUB_BRANCH = "sub_branch", "Kantor cabang perintis"
        MPP_BOOTH = "mpp_booth", "Gerai Mal Pelayanan Publik"

    region = models.ForeignKey(Region, models.PROTECT, related_name="offices")
    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=12, choices=Kind)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="booths")
    address = models.CharField(max_length=240)
    latitude = models.DecimalField(max_digits=8, decimal_places=5)
    longitude = models.DecimalField(max_digits=8, decimal_places=5)
    time_zone = models.CharField(max_length=40)
    seats = models.PositiveSmallIntegerField()
    calling_policy = models.CharField(max_length=24, default="accumulating")
    window_minutes = models.PositiveSmallIntegerField(default=30)
    walk_in_percent = models.PositiveSmallIntegerField(default=30)
    doors_open_minutes_before = models.PositiveSmallIntegerField(
        default=60, help_text="From when the kiosk gives numbers"
    )
    booked_days_ahead = models.PositiveSmallIntegerField(default=5, help_text="working days")
    closes_on_collective_leave = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    time_zone__in=[
                        "Asia/Jakarta",
                        "Asia/Pontianak",
                        "Asia/Makassar",
                        "Asia/Jayapura",
                    ]
                ),
                name="office_time_zone",
            ),
            models.CheckConstraint(
                condition=Q(walk_in_percent__lte=100), name="office_walk_in_percent"
            ),
            models.CheckConstraint(
                condition=Q(window_minutes__gte=5), name="office_window_minutes"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Counter(models.Model):
    """Loket: where one officer serves one person at a time."""

    office = models.ForeignKey(Office, models.PROTECT, related_name="counters")
    label = models.CharField(max_length=4, help_text="What the board and the voice say: 3")
    services = models.ManyToManyField(Service, related_name="counters")

    class Meta:
        ordering = ["office", "label"]
        constraints = [models.UniqueConstraint("office", "label", name="counter_label_once")]

    def __str__(self) -> str:
        return self.label


class Screen(models.Model):
    """A screen that an office has put up. Whoever carries its token is that device.

    When it was seen is told by the database's own clock: a device lives in real time, also where
    the office runs on a simulated one.
    """

    label = models.CharField(max_length=20)
    token = models.CharField(max_length=43, unique=True)
    first_seen_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True, help_text="Kept to the minute")
    retired_at = models.DateTimeField(null=True, help_text="Taken down on purpose")

    class Meta:
        abstract = True


class Kiosk(Screen):
    """A touch screen at the door. The token lets the device, and nobody at home, take numbers."""

    office = models.ForeignKey(Office, models.PROTECT, related_name="kiosks")
    printer = models.CharField(
        max_length=80, blank=True, help_text="host:port of an ESC/POS printer"
    )
    paper_mm = models.PositiveSmallIntegerField(default=80)


class Board(Screen):
    """A screen in the waiting room. Anybody may look at a board; the token says it hangs there."""

    office = models.ForeignKey(Office, models.PROTECT, related_name="boards")

    class Meta:
        constraints = [models.UniqueConstraint("office", "label", name="board_label_once")]


class WeeklyHours(models.Model):
    """Opening hours of one weekday (0 is Monday), from a day, until a day or further notice."""

    office = models.ForeignKey(Office, models.CASCADE, related_name="weekly_hours")
    weekday = models.PositiveSmallIntegerField()
    opens = models.TimeField()
    closes = models.TimeField()
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(weekday__lte=6), name="hours_weekday"),
            models.CheckConstraint(condition=Q(closes__gt=F("opens")), name="hours_order"),
            models.UniqueConstraint("office", "weekday", "since", name="hours_once"),
        ]


class Break(models.Model):
    """A pause of the whole office on one weekday, such as Friday prayer."""

    office = models.ForeignKey(Office, models.CASCADE, related_name="breaks")
    weekday = models.PositiveSmallIntegerField()
    starts = models.TimeField()
    ends = models.TimeField()
    reason = models.CharField(max_length=80)
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(weekday__lte=6), name="break_weekday"),
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="break_order"),
        ]


class Closure(models.Model):
    """A day on which one office is shut beyond the national calendar: local election, flood."""

    office = models.ForeignKey(Office, models.CASCADE, related_name="closures")
    day = models.DateField()
    reason = models.CharField(max_length=120)

    class Meta:
        constraints = [models.UniqueConstraint("office", "day", name="closure_once")]


class Post(models.Model):
    """What an officer may do, and where."""

    class Role(models.TextChoices):
        OFFICER = "officer", "Petugas loket"
        DOOR = "door", "Petugas pintu"
        MANAGER = "manager", "Kepala cabang"
        REGIONAL = "regional", "Kantor wilayah"
        AUDITOR = "auditor", "Auditor"
        OMBUDSMAN = "ombudsman", "Ombudsman"
        ADMINISTRATOR = "administrator", "Administrator"

    officer = models.ForeignKey("people.Officer", models.CASCADE, related_name="posts")
    role = models.CharField(max_length=16, choices=Role)
    office = models.ForeignKey(Office, models.CASCADE, null=True, related_name="posts")
    region = models.ForeignKey(Region, models.CASCADE, null=True, related_name="posts")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(
                        role__in=["officer", "door", "manager"],
                        office__isnull=False,
                        region__isnull=True,
                    )
                    | Q(role="regional", office__isnull=True, region__isnull=False)
                    | Q(role="ombudsman", office__isnull=True)
                    | Q(
                        role__in=["auditor", "administrator"],
                        office__isnull=True,
                        region__isnull=True,
                    )
                ),
                name="post_where",
            ),
            models.UniqueConstraint(
                "officer", "role", "office", "region", name="post_once", nulls_distinct=False
            ),
        ]
