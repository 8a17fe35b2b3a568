from django.db import models
from django.db.models import Q


class Conversation(models.Model):
    """Where the talk with one person on one channel stands."""

    channel = models.CharField(max_length=10, help_text="whatsapp, sms, ussd, web, clerk")
    key_index = models.BinaryField(help_text="Blind index of the address or session")
    address_index = models.BinaryField(
        default=b"", help_text="Blind index of the browser's net address, to count a flood"
    )
    contact = models.ForeignKey(
        "giliran_messages.Contact", models.SET_NULL, null=True, related_name="conversations"
    )
    officer = models.ForeignKey(
        "people.Officer", models.PROTECT, null=True, help_text="Who speaks for the person"
    )
    office = models.ForeignKey(
        "offices.Office", models.PROTECT, null=True, help_text="Where an officer speaks for them"
    )
    state_sealed = models.BinaryField(default=b"")
    language = models.CharField(max_length=8, default="id")
    heard = models.PositiveIntegerField(default=0, help_text="Messages; names what they ask for")
    made_at = models.DateTimeField()
    heard_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint("channel", "key_index", name="conversation_once"),
        ]
        indexes = [
            models.Index("heard_at", name="conversation_heard"),
            models.Index(
                "address_index", name="conversation_address", condition=~Q(address_index=b"")
            ),
        ]


class Exchange(models.Model):
    """One message and its answer: heard again, it is answered the same and changes nothing."""

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="exchanges")
    key = models.CharField(max_length=250, help_text="The provider's or the form's id")
    said_sealed = models.BinaryField(default=b"")
    answer_sealed = models.BinaryField(default=b"")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint("conversation", "key", name="exchange_once"),
        ]


class Document(models.Model):
    """A file that somebody sent, sealed."""

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="documents")
    kind = models.CharField(max_length=40, help_text="Media type, by its first bytes")
    size = models.PositiveIntegerField(help_text="bytes")
    sha256 = models.CharField(max_length=64)
    content_sealed = models.BinaryField()
    at = models.DateTimeField()


class Handover(models.Model):
    """Something for an officer of one office: a talk, a document, a claim, a complaint."""

    class Kind(models.TextChoices):
        TALK = "talk", "Bicara dengan petugas"
        DOCUMENT = "document", "Dokumen"
        CLAIM = "claim", "Lacak klaim"
        COMPLAINT = "complaint", "Keluhan"

    code = models.CharField(max_length=8, unique=True, help_text="Receipt")
    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="handovers")
    office = models.ForeignKey("offices.Office", models.PROTECT, related_name="handovers")
    kind = models.CharField(max_length=10, choices=Kind)
    opened_at = models.DateTimeField()
    answer_by = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey("people.Officer", models.PROTECT, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "conversation",
                condition=Q(kind="talk", closed_at__isnull=True),
                name="one_open_talk",
            ),
        ]
        indexes = [
            models.Index(
                "office", "answer_by", name="handover_open", condition=Q(closed_at__isnull=True)
            ),
        ]


class Line(models.Model):
    """What was said about something handed over; without an officer it was the person."""

    handover = models.ForeignKey(Handover, models.CASCADE, related_name="lines")
    key = models.CharField(max_length=250)
    officer = models.ForeignKey("people.Officer", models.PROTECT, null=True)
    text_sealed = models.BinaryField(default=b"")
    document = models.ForeignKey(Document, models.CASCADE, null=True)
    at = models.DateTimeField()
    told_at = models.DateTimeField(null=True, help_text="When the person got an officer's line")

    class Meta:
        constraints = [models.UniqueConstraint("handover", "key", name="line_once")]
