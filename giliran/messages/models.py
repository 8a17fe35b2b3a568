from django.db import models
from django.db.models import Q


class Channel(models.TextChoices):
    WHATSAPP = "whatsapp", "WhatsApp"
    SMS = "sms", "SMS"
    EMAIL = "email", "E-mail"


class Contact(models.Model):
    """An address at which somebody may be reached, and what its owner has allowed."""

    channel = models.CharField(max_length=10, choices=Channel)
    address_index = models.BinaryField(
        null=True, help_text="Blind index of the address; none once it is erased"
    )
    address_sealed = models.BinaryField(
        default=b"", help_text="WhatsApp user id, E.164 number or e-mail address"
    )
    phone_sealed = models.BinaryField(
        default=b"", help_text="E.164, where the channel's address is another thing"
    )
    same_as = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        help_text="The contact under which this person is known; this address only leads there",
    )
    language = models.CharField(max_length=8, default="id")
    confirmed_at = models.DateTimeField(
        null=True, help_text="Since when its owner is known to read it: wrote, or typed a code"
    )
    code_hash = models.BinaryField(default=b"")
    code_expires_at = models.DateTimeField(null=True)
    code_tries = models.PositiveSmallIntegerField(default=0)
    opted_in_at = models.DateTimeField(null=True)
    opted_out_at = models.DateTimeField(null=True)
    last_heard_at = models.DateTimeField(null=True, help_text="Opens WhatsApp's 24 hours")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint("channel", "address_index", name="contact_once"),
            models.CheckConstraint(
                condition=Q(opted_in_at__isnull=True) | Q(opted_out_at__isnull=True),
                name="contact_in_or_out",
            ),
        ]


class Subscription(models.Model):
    """Who is told about what, and in which order channels are tried."""

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="subscriptions")
    subject = models.CharField(max_length=20, help_text="turn, application")
    subject_id = models.BigIntegerField()
    position = models.PositiveSmallIntegerField(default=0, help_text="Lowest first")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint("subject", "subject_id", "contact", name="subscription_once"),
        ]


class Message(models.Model):
    """Something to tell. What it says is worded when it is sent, so that it is true then."""

    class State(models.TextChoices):
        WAITING = "waiting", "Menunggu"
        SENDING = "sending", "Sedang dikirim"
        SENT = "sent", "Terkirim"
        DELIVERED = "delivered", "Sampai"
        READ = "read", "Dibaca"
        STALE = "stale", "Tidak berlaku lagi"
        FAILED = "failed", "Gagal"
        UNKNOWN = "unknown", "Belum pasti"
        UNSENT = "unsent", "Tidak terkirim"

    key = models.CharField(max_length=120, unique=True, help_text="The same news, the same key")
    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=20)
    subject_id = models.BigIntegerField()
    about = models.JSONField(default=list, help_text="[subject, id] pairs whose subscribers hear")
    data = models.JSONField(default=dict, help_text="Ids and ISO times only")
    body_sealed = models.BinaryField(default=b"", help_text="What a conversation answers")
    contact = models.ForeignKey(
        Contact, models.PROTECT, null=True, help_text="The one recipient of an answer"
    )
    urgency = models.PositiveSmallIntegerField(help_text="0 now, 1 reminder, 2 news")
    zone = models.CharField(max_length=40, default="Asia/Jakarta", help_text="For quiet hours")
    not_before = models.DateTimeField(null=True)
    due_at = models.DateTimeField(help_text="When it is next tried")
    expires_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(urgency__lte=2), name="message_urgency"),
        ]
        indexes = [
            models.Index(
                "urgency", "due_at", "id", name="message_waiting", condition=Q(state="waiting")
            ),
            models.Index(
                "contact",
                "id",
                name="message_answers_open",
                condition=Q(state__in=["waiting", "sending"], contact__isnull=False),
            ),
            models.Index(
                "id", name="message_hanging", condition=Q(state__in=["sending", "unknown"])
            ),
            models.Index("subject", "subject_id", name="message_of_subject"),
            models.Index("made_at", name="message_made"),
        ]


class Attempt(models.Model):
    """One message on its way to one contact. Its id is our reference at the provider."""

    class State(models.TextChoices):
        WAITING = "waiting", "Akan dicoba lagi"
        SENDING = "sending", "Sedang dikirim"
        SENT = "sent", "Terkirim"
        DELIVERED = "delivered", "Sampai"
        READ = "read", "Dibaca"
        FAILED = "failed", "Gagal"
        UNKNOWN = "unknown", "Belum pasti"

    message = models.ForeignKey(Message, models.CASCADE, related_name="attempts")
    contact = models.ForeignKey(Contact, models.PROTECT, related_name="attempts")
    channel = models.CharField(max_length=10, choices=Channel)
    state = models.CharField(max_length=10, choices=State, default=State.SENDING)
    provider_id = models.CharField(max_length=200, blank=True)
    error = models.CharField(max_length=200, blank=True, help_text="code: sentence")
    cost = models.DecimalField(max_digits=12, decimal_places=4, null=True, help_text="rupiah")
    tries = models.PositiveSmallIntegerField(default=1)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("message", "contact", name="attempt_once"),
            models.UniqueConstraint(
                "channel", "provider_id", condition=~Q(provider_id=""), name="attempt_provider_id"
            ),
        ]
        indexes = [
            models.Index("started_at", name="attempt_started"),
            models.Index("contact", "started_at", name="attempt_of_contact"),
        ]


class Inbound(models.Model):
    """What a provider handed over: kept before it is answered 200, worked off afterwards."""

    channel = models.CharField(max_length=10, choices=Channel)
    external_id = models.CharField(max_length=250, help_text="The provider's id of the event")
    kind = models.CharField(max_length=20)
    speaker_index = models.BinaryField(
        default=b"", help_text="Blind index: one person's events are heard in their order"
    )
    body_sealed = models.BinaryField(default=b"", help_text="Erased once it is handled")
    received_at = models.DateTimeField()
    due_at = models.DateTimeField(help_text="When it is next tried")
    handled_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("channel", "external_id", name="inbound_once"),
        ]
        indexes = [
            models.Index("id", name="inbound_waiting", condition=Q(handled_at__isnull=True)),
            models.Index(
                "speaker_index",
                "id",
                name="inbound_of_speaker",
                condition=Q(handled_at__isnull=True),
            ),
            models.Index("received_at", name="inbound_received"),
        ]


class Muted(models.Model):
    """A kind of news that an officer doesn't want on their phone; the pages show it anyway."""

    class Topic(models.TextChoices):
        ALARMS = "alarms", "Peringatan keadaan kantor"
        STAFFING = "staffing", "Izin, pinjaman petugas, jadwal"
        CLAIMS = "claims", "Batas waktu klaim"
        COMPLAINTS = "complaints", "Pengaduan dan temuan"

    officer = models.ForeignKey("people.Officer", models.CASCADE, related_name="muted")
    topic = models.CharField(max_length=10, choices=Topic)

    class Meta:
        constraints = [models.UniqueConstraint("officer", "topic", name="muted_once")]
