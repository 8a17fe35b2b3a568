from django.db import models
from django.db.models import F, Q

from giliran.core.complaint import Move, State


class Complaint(models.Model):
    """Somebody says that something went wrong, and is owed an answer by a date.

    A trigger writes every change of a row to the journal, as it does for turns. ``move``,
    ``moved_at`` and ``moved_by`` name the change. What the person stated stands sealed.
    """

    class Level(models.TextChoices):
        OFFICE = "office", "Kantor cabang"
        REGION = "region", "Kantor wilayah"
        CENTRE = "centre", "Kantor pusat"

    class Category(models.TextChoices):
        QUEUE = "queue", "Antrean atau kuota"
        STAFF_AWAY = "staff_away", "Petugas tidak ada"
        PAPERS = "papers", "Berkas ditolak"
        DATA = "data", "Data tidak sesuai"
        EMPLOYER = "employer", "Perusahaan belum menonaktifkan"
        LATE_CLAIM = "late_claim", "Klaim melewati batas waktu"
        BALANCE = "balance", "Saldo atau KPJ ganda"
        BRIBE = "bribe", "Pungutan atau calo"
        ACCESS = "access", "Aksesibilitas"
        APP = "app", "Aplikasi atau JMO"
        LEAK = "leak", "Kebocoran data"
        CONDUCT = "conduct", "Sikap petugas"
        OTHER = "other", "Lainnya"

    class Weight(models.TextChoices):
        """Classes of PermenPANRB 62/2018, each with its time: rules/complaints/classes."""

        LIGHT = "light", "Ringan"
        NORMATIVE = "normative", "Normatif"
        NOT_SUPERVISION = "not_supervision", "Tidak berkadar pengawasan"
        SUPERVISION = "supervision", "Berkadar pengawasan"

    code = models.CharField(max_length=8, unique=True)
    request_key = models.UUIDField(unique=True, help_text="The form or message that complained")
    channel = models.CharField(
        max_length=12, help_text="web, door, booth, clerk, phone, whatsapp, sms, lapor"
    )
    office = models.ForeignKey(
        "offices.Office", models.PROTECT, null=True, related_name="complaints"
    )
    region = models.ForeignKey(
        "offices.Region",
        models.PROTECT,
        null=True,
        related_name="complaints",
        help_text="None: it's about no place, and the centre has it",
    )
    level = models.CharField(
        max_length=6, choices=Level, help_text="The highest before which it stands"
    )
    lowest = models.CharField(
        max_length=6,
        choices=Level,
        default=Level.OFFICE,
        help_text="Below this nobody handles or sees it",
    )
    category = models.CharField(max_length=12, choices=Category, default=Category.OTHER)
    weight = models.CharField(max_length=16, choices=Weight, blank=True)
    turn = models.ForeignKey("turns.Turn", models.PROTECT, null=True, related_name="complaints")
    claim = models.ForeignKey("claims.Claim", models.PROTECT, null=True, related_name="complaints")
    officer = models.ForeignKey(
        "people.Officer",
        models.PROTECT,
        null=True,
        related_name="complaints",
        help_text="Complained about: never handles it, and doesn't see it",
    )
    handler = models.ForeignKey(
        "people.Officer", models.PROTECT, null=True, related_name="complaints_handled"
    )
    group = models.ForeignKey(
        "self", models.SET_NULL, null=True, related_name="similar", help_text="The first like it"
    )
    external_id = models.CharField(max_length=40, blank=True, help_text="SP4N-LAPOR! tracking id")
    forwarded_to = models.CharField(max_length=120, blank=True, help_text="Whose it is")

    is_anonymous = models.BooleanField(default=False)
    is_protected = models.BooleanField(
        default=False, help_text="The region's unit alone may see the name"
    )
    is_proxy = models.BooleanField(default=False, help_text="Complains for somebody else")
    language = models.CharField(max_length=8, default="id")
    name_sealed = models.BinaryField(default=b"")
    phone_sealed = models.BinaryField(default=b"")
    text_sealed = models.BinaryField()
    text_trigrams = models.BinaryField(
        default=b"",
        help_text="Keyed hashes, to find similar ones; see voices.likeness",
    )

    state = models.CharField(max_length=12, choices=[(s.value, s.value) for s in State])
    received_at = models.DateTimeField()
    acknowledge_by = models.DateField()
    due_on = models.DateField(null=True, help_text="The answer's legal date; None: not owed now")
    acknowledged_at = models.DateTimeField(null=True)
    classified_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True, help_text="The last answer")
    answered_in_time = models.BooleanField(null=True, help_text="The first answer, by its date")
    confirm_by = models.DateField(null=True, help_text="Silence closes it after this day")
    times_disputed = models.PositiveSmallIntegerField(default=0)
    disputed_at = models.DateTimeField(
        null=True, help_text="The last time; from then the next date counts"
    )
    ended_at = models.DateTimeField(null=True)

    move = models.CharField(max_length=12, choices=[(m.value, m.value) for m in Move])
    moved_at = models.DateTimeField()
    moved_by = models.CharField(max_length=40)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(officer__isnull=True)
                | Q(handler__isnull=True)
                | ~Q(officer=F("handler")),
                name="nobody_handles_a_complaint_about_themselves",
            ),
            models.CheckConstraint(
                condition=Q(is_anonymous=False) | (Q(name_sealed=b"") & Q(phone_sealed=b"")),
                name="anonymous_has_no_name",
            ),
            models.UniqueConstraint(
                "external_id", condition=~Q(external_id=""), name="external_complaint_once"
            ),
        ]
        indexes = [
            models.Index("office", "due_on", name="complaint_of_office"),
            models.Index("due_on", condition=Q(due_on__isnull=False), name="complaint_due"),
            models.Index("region", "received_at", name="complaint_of_region"),
        ]

    @property
    def reference(self) -> str:
        """Return the staff's name for it: whoever has the code could confirm their own answer."""
        return f"no-{self.pk}"


class Remark(models.Model):
    """One thing said in a complaint: by whoever complained, in answer, or among the staff."""

    class Kind(models.TextChoices):
        SAID = "said", "Keterangan pelapor"
        ANSWER = "answer", "Jawaban"
        NOTE = "note", "Catatan dalam"

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="remarks")
    request_key = models.UUIDField(unique=True)
    kind = models.CharField(max_length=6, choices=Kind)
    text_sealed = models.BinaryField()
    at = models.DateTimeField()
    by = models.CharField(max_length=40)


class Attachment(models.Model):
    """A photo or PDF that shows what a complaint says; the file lies sealed outside the database.

    The row goes with its file: when whoever complained takes it back, and when what they stated is
    erased.
    """

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="attachments")
    key = models.CharField(
        max_length=64,
        unique=True,
        help_text="Keyed hash of what was sent, another one for each complaint: who sent the same "
        "photo to two of them, or with a claim, isn't told",
    )
    kind = models.CharField(max_length=20, help_text="image/jpeg, image/png, application/pdf")
    size = models.PositiveIntegerField(help_text="bytes, before sealing")
    pages = models.PositiveSmallIntegerField(default=1)
    sent_at = models.DateTimeField()
    sent_by = models.CharField(max_length=40)


class Flood(models.Model):
    """How many complaints one address sent in one hour; gone an hour later."""

    trace = models.CharField(
        max_length=64, primary_key=True, help_text="Keyed hash of the address and the hour"
    )
    hour = models.PositiveIntegerField(help_text="since 1970", db_index=True)
    complaints = models.PositiveIntegerField()


class Escalation(models.Model):
    """A complaint whose date nears was put before the next level, once each."""

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="escalations")
    level = models.CharField(max_length=6, choices=Complaint.Level)
    due_on = models.DateField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint("complaint", "level", "due_on", name="escalated_once"),
        ]


class Exchange(models.Model):
    """A file of the national complaint system, taken once however often it is handed in."""

    sha256 = models.CharField(max_length=64, unique=True)
    format = models.CharField(max_length=4, help_text="csv, json")
    taken = models.PositiveIntegerField(help_text="complaints that were new")
    known = models.PositiveIntegerField()
    at = models.DateTimeField()
    by = models.CharField(max_length=40)


class Opinion(models.Model):
    """Whoever was served was asked once how it was, and perhaps said so."""

    turn = models.OneToOneField("turns.Turn", models.PROTECT, related_name="opinion")
    token = models.CharField(max_length=22, unique=True, help_text="Opens the page of the question")
    office = models.ForeignKey("offices.Office", models.PROTECT, related_name="opinions")
    service = models.ForeignKey("offices.Service", models.PROTECT, related_name="+")
    day = models.DateField(help_text="Of the visit, in the office's time zone")
    channel = models.CharField(max_length=12, help_text="By which it was asked")
    asked_at = models.DateTimeField()
    score = models.PositiveSmallIntegerField(null=True, help_text="1 bad to 4 very good, overall")
    elements = models.JSONField(
        default=dict, help_text="Of the nine of PermenPANRB 14/2017, those asked: u1..u9 to 1-4"
    )
    asked_elements = models.JSONField(default=list, help_text="The two that were asked as well")
    words_sealed = models.BinaryField(default=b"")
    words_group = models.CharField(max_length=20, blank=True, help_text="What the words are about")
    replied_at = models.DateTimeField(null=True)
    replied_by = models.CharField(max_length=12, blank=True, help_text="Channel of the reply")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(score__isnull=True) | Q(score__gte=1, score__lte=4),
                name="opinion_score",
            ),
            models.CheckConstraint(
                condition=Q(score__isnull=True, replied_at__isnull=True)
                | Q(score__isnull=False, replied_at__isnull=False),
                name="opinion_replied",
            ),
        ]
        indexes = [models.Index("office", "day", name="opinion_of_office")]


class Finding(models.Model):
    """A report of an ombudsman or an auditor on an office, a region, or all."""

    code = models.SlugField(max_length=40, unique=True)
    source = models.CharField(max_length=120, help_text="Ombudsman RI Perwakilan Banten")
    number = models.CharField(max_length=80, blank=True)
    received_on = models.DateField()
    office = models.ForeignKey("offices.Office", models.PROTECT, null=True, related_name="findings")
    region = models.ForeignKey("offices.Region", models.PROTECT, null=True, related_name="findings")
    title = models.CharField(max_length=200)
    summary = models.TextField()
    url = models.URLField(blank=True)
    entered_at = models.DateTimeField()
    entered_by = models.CharField(max_length=40)


class CorrectiveAction(models.Model):
    """What is to be done about a finding, by whom and when, and the figure that would show it."""

    class State(models.TextChoices):
        OPEN = "open", "Belum selesai"
        REPORTED = "reported", "Dilaporkan selesai"
        ACCEPTED = "accepted", "Diterima"
        REJECTED = "rejected", "Belum diterima"

    class Direction(models.TextChoices):
        AT_MOST = "at_most", "paling banyak"
        AT_LEAST = "at_least", "paling sedikit"

    finding = models.ForeignKey(Finding, models.CASCADE, related_name="actions")
    position = models.PositiveSmallIntegerField()
    what = models.TextField()
    who = models.CharField(max_length=120, help_text="The post that answers for it")
    due_on = models.DateField()
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    reported_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=40, blank=True)
    measure = models.CharField(max_length=40, blank=True, help_text="giliran.figures.measures")
    direction = models.CharField(max_length=8, choices=Direction, blank=True)
    target = models.DecimalField(max_digits=10, decimal_places=4, null=True)

    class Meta:
        ordering = ["finding", "position"]
        constraints = [
            models.UniqueConstraint("finding", "position", name="action_position_once"),
            models.CheckConstraint(
                condition=Q(measure="") | (~Q(direction="") & Q(target__isnull=False)),
                name="measured_against_a_target",
            ),
        ]


class Evidence(models.Model):
    """What shows that a corrective action was done."""

    action = models.ForeignKey(CorrectiveAction, models.CASCADE, related_name="evidence")
    request_key = models.UUIDField(unique=True)
    text = models.TextField()
    url = models.URLField(blank=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=40)
