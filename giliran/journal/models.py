from django.db import models


class Event(models.Model):
    """Who did what, to what, when. The database refuses to change or delete a row."""

    at = models.DateTimeField()
    actor = models.TextField(help_text="citizen, kiosk:3, officer:12, system, ...")
    kind = models.TextField(help_text="subject.verb, such as turn.call or person.seen")
    office_id = models.BigIntegerField(null=True)
    subject = models.TextField(help_text="turn, counter, offer, office, officer, ...")
    subject_id = models.BigIntegerField(null=True)
    data = models.JSONField(
        default=dict, help_text="What changed; ids only, never a name or a phone"
    )

    class Meta:
        db_table = "journal_event"
        indexes = [
            models.Index("subject", "subject_id", "id", name="journal_of_subject"),
            models.Index("office_id", "at", name="journal_of_office"),
            models.Index("kind", "at", name="journal_of_kind"),
        ]
