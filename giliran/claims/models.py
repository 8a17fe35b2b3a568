from django.db import models
from django.db.models import F, Q

from giliran.core.claim import OPEN, Move, State

# Anybody can type a NIK and a card into a draft: it must not stand in the way of whose they are.
HANDED_IN = OPEN - {State.DRAFTED}


class Claim(models.Model):
    """One person's claim for one benefit.

    A trigger writes every change of a row to the journal, as it does for turns. ``move``,
    ``moved_at`` and ``moved_by`` name the change. What the person stated stands sealed.
    """

    code = models.CharField(max_length=8, unique=True)
    request_key = models.UUIDField(unique=True, help_text="The form or message that began it")
    program = models.CharField(max_length=3, help_text="JHT, JKK, JKM, JP, JKP")
    kind = models.CharField(max_length=40, help_text="The checklist: jht/dismissed")
    citizen = models.ForeignKey(
        "people.Citizen", models.PROTECT, related_name="claims", help_text="Who was insured"
    )
    claimant = models.ForeignKey(
        "people.Citizen", models.PROTECT, related_name="claims_made", help_text="Who is paid"
    )
    kpj = models.CharField(max_length=11, blank=True, help_text="The card that is claimed")
    office = models.ForeignKey("offices.Office", models.PROTECT, related_name="claims")
    begun_at = models.ForeignKey(
        "offices.Office", models.PROTECT, null=True, related_name="+", help_text="Booth or branch"
    )
    channel = models.CharField(max_length=12, help_text="web, booth, clerk, whatsapp, sms")
    situation_sealed = models.BinaryField(help_text="The facts that the rights were told, JSON")
    name_sealed = models.BinaryField(help_text="Claimant's name as on the KTP")
    phone_sealed = models.BinaryField(default=b"")
    birth_index = models.BinaryField(help_text="Blind index of the claimant's birth date")
    account_sealed = models.BinaryField(default=b"", help_text="JSON: bank, number, holder")
    amount = models.DecimalField(max_digits=14, decimal_places=2, null=True, help_text="Rupiah")
    needs_visit = models.BooleanField(default=False, help_text="Originals must be seen")

    state = models.CharField(max_length=10, choices=[(s.value, s.value) for s in State])
    begun_on = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    complete_on = models.DateField(null=True, help_text="Day 0 of the legal clock, local")
    due_on = models.DateField(null=True, help_text="None: the clock stands still or hasn't begun")
    verified_by = models.ForeignKey("people.Officer", models.PROTECT, null=True, related_name="+")
    decided_by = models.ForeignKey("people.Officer", models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    article = models.CharField(max_length=200, blank=True, help_text="A refusal rests on it")
    reason_sealed = models.BinaryField(default=b"", help_text="Of a refusal, a sentence")
    paid_on = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)

    move = models.CharField(max_length=12, choices=[(m.value, m.value) for m in Move])
    moved_at = models.DateTimeField()
    moved_by = models.CharField(max_length=40)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "citizen",
                "claimant",
                "kind",
                "kpj",
                condition=Q(state__in=sorted(HANDED_IN)),
                name="one_open_claim_per_person_and_kind",
            ),
            models.CheckConstraint(
                condition=Q(verified_by__isnull=True)
                | Q(decided_by__isnull=True)
                | ~Q(verified_by=F("decided_by")),
                name="who_verifies_does_not_approve",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(article=""), name="refused_with_an_article"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "paid"]) | Q(amount__gt=0),
                name="approved_with_an_amount",
            ),
        ]
        indexes = [
            models.Index(
                "office", "due_on", condition=Q(state__in=sorted(OPEN)), name="claim_open"
            ),
            models.Index("due_on", condition=Q(due_on__isnull=False), name="claim_due"),
            models.Index("claimant", name="claim_of_claimant"),
        ]


class Pause(models.Model):
    """The legal clock stands still: papers were asked for. See core.deadline.Pause."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="pauses")
    stopped_on = models.DateField()
    resumed_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "claim", condition=Q(resumed_on__isnull=True), name="one_open_pause"
            ),
            models.CheckConstraint(
                condition=Q(resumed_on__isnull=True) | Q(resumed_on__gte=F("stopped_on")),
                name="pause_order",
            ),
        ]


class Paper(models.Model):
    """One line of a claim's checklist."""

    class State(models.TextChoices):
        MISSING = "missing", "Belum ada"
        SENT = "sent", "Sudah dikirim"
        BROUGHT = "brought", "Dibawa ke loket"
        GOOD = "good", "Diterima"
        WRONG = "wrong", "Perlu diperbaiki"
        SEEN = "seen", "Asli sudah dilihat"
        WAIVED = "waived", "Tidak diperlukan"

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="papers")
    code = models.CharField(max_length=24, help_text="core.checklist: KTP, SKAW")
    of = models.CharField(max_length=24, blank=True)
    need = models.CharField(max_length=12, help_text="yes, if, if_available")
    form = models.CharField(max_length=10, help_text="copy, original, only_copy")
    position = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=8, choices=State, default=State.MISSING)
    fault = models.CharField(max_length=40, blank=True, help_text="Code of what is wrong with it")
    fault_text = models.CharField(max_length=200, blank=True, help_text="An officer's own words")
    checked_by = models.ForeignKey("people.Officer", models.PROTECT, null=True, related_name="+")
    checked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint("claim", "code", "of", name="paper_once")]


class Document(models.Model):
    """A file of a paper, sealed in the store under the hash of what was sent."""

    paper = models.ForeignKey(Paper, models.PROTECT, related_name="documents")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField(help_text="bytes, as stored before sealing")
    kind = models.CharField(max_length=20, help_text="image/jpeg, image/png, application/pdf")
    pages = models.PositiveSmallIntegerField(default=1)
    findings = models.JSONField(default=dict, help_text="What the machine saw: codes and figures")
    sent_at = models.DateTimeField()
    sent_by = models.CharField(max_length=40)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "paper", "sha256", condition=Q(removed_at__isnull=True), name="document_once"
            ),
        ]
        indexes = [models.Index("sha256", name="document_hash")]


class Upload(models.Model):
    """A file on its way over a bad line: pieces are kept until the whole is there."""

    token = models.UUIDField(unique=True, help_text="Made by the phone; the same one goes on")
    paper = models.ForeignKey(Paper, models.CASCADE, related_name="uploads")
    size = models.PositiveIntegerField(help_text="bytes, announced")
    received = models.PositiveIntegerField(default=0)
    document = models.ForeignKey(
        Document, models.SET_NULL, null=True, related_name="+", help_text="What came of it"
    )
    begun_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(received__lte=F("size")), name="upload_size"),
        ]
        indexes = [models.Index("changed_at", name="upload_changed")]


class Piece(models.Model):
    """A part of an upload; a row each, so that a new one doesn't write all before it anew."""

    upload = models.ForeignKey(Upload, models.CASCADE, related_name="pieces", db_index=False)
    at = models.PositiveIntegerField(help_text="bytes before it")
    sealed = models.BinaryField()

    class Meta:
        ordering = ["at"]
        constraints = [models.UniqueConstraint("upload", "at", name="piece_once")]


class Batch(models.Model):
    """Payments that left together in one file."""

    class State(models.TextChoices):
        MADE = "made", "Dibuat"
        SENT = "sent", "Dikirim ke bank"
        ANSWERED = "answered", "Dijawab bank"
        VOID = "void", "Dibatalkan"

    code = models.CharField(max_length=35, unique=True, help_text="MsgId of ISO 20022")
    region = models.ForeignKey("offices.Region", models.PROTECT, related_name="batches")
    state = models.CharField(max_length=8, choices=State, default=State.MADE)
    count = models.PositiveIntegerField()
    total = models.DecimalField(max_digits=16, decimal_places=2, help_text="Rupiah")
    file_sealed = models.BinaryField(help_text="pain.001")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("people.Officer", models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(null=True)
    sent_by = models.ForeignKey("people.Officer", models.PROTECT, null=True, related_name="+")


class Payment(models.Model):
    """One transfer to one account. A claim has at most one that is on its way or has arrived."""

    class State(models.TextChoices):
        READY = "ready", "Siap dibayar"
        SENT = "sent", "Dikirim ke bank"
        PAID = "paid", "Sudah masuk"
        BOUNCED = "bounced", "Ditolak bank"
        VOID = "void", "Dibatalkan"  # its order was taken back before it left

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="payments")
    batch = models.ForeignKey(Batch, models.PROTECT, null=True, related_name="payments")
    end_to_end = models.CharField(max_length=35, unique=True, help_text="EndToEndId of ISO 20022")
    amount = models.DecimalField(max_digits=14, decimal_places=2, help_text="Rupiah")
    account_sealed = models.BinaryField(help_text="As it was when the payment was made")
    state = models.CharField(max_length=8, choices=State, default=State.READY)
    reason = models.CharField(max_length=4, blank=True, help_text="ISO 20022 code: AC01")
    made_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    doubted_at = models.DateTimeField(
        null=True, help_text="The bank contradicts itself: nothing is paid until an officer asked"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "claim",
                condition=Q(state__in=["ready", "sent", "paid"]),
                name="one_live_payment_per_claim",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_amount"),
        ]


class StatusReport(models.Model):
    """A bank's answer, taken once however often it is handed in."""

    sha256 = models.CharField(max_length=64, unique=True)
    batch = models.ForeignKey(Batch, models.PROTECT, related_name="reports")
    file_sealed = models.BinaryField(help_text="pain.002")
    paid = models.PositiveIntegerField()
    bounced = models.PositiveIntegerField()
    taken_at = models.DateTimeField()
    taken_by = models.CharField(max_length=40)


class Letter(models.Model):
    """What was written to somebody; its code lets anybody check that we wrote it."""

    class Kind(models.TextChoices):
        RECEIPT = "receipt", "Tanda terima"
        DECISION = "decision", "Keputusan"
        REFUSAL = "refusal", "Penolakan"
        MERGER = "merger", "Penggabungan kartu"

    code = models.CharField(max_length=12, unique=True)
    kind = models.CharField(max_length=8, choices=Kind)
    claim = models.ForeignKey(Claim, models.PROTECT, null=True, related_name="letters")
    citizen = models.ForeignKey("people.Citizen", models.PROTECT, related_name="letters")
    office = models.ForeignKey("offices.Office", models.PROTECT, related_name="letters")
    content_sealed = models.BinaryField(help_text="What stands in it, JSON")
    sha256 = models.CharField(max_length=64, help_text="Of the content")
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=40)


class Warned(models.Model):
    """A claim at risk or overdue was put before somebody, once per level."""

    class Level(models.TextChoices):
        OFFICE = "office", "Kepala cabang"
        REGION = "region", "Kantor wilayah"
        CENTRE = "centre", "Kantor pusat"

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="warnings")
    level = models.CharField(max_length=6, choices=Level)
    due_on = models.DateField(help_text="The deadline that it was about")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint("claim", "level", "due_on", name="warned_once"),
        ]
