"""A payment may be doubted or taken back; what it pays, and to which claim, never changes."""

from django.db import migrations, models

FORWARDS = """
CREATE FUNCTION claims_payment_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'A payment is never deleted: it is taken back, or the bank refuses it.'
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF (NEW.claim_id, NEW.batch_id, NEW.amount, NEW.end_to_end)
        IS DISTINCT FROM (OLD.claim_id, OLD.batch_id, OLD.amount, OLD.end_to_end) THEN
        RAISE EXCEPTION 'What a payment pays, and for which claim, never changes.'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER claims_payment_stands BEFORE UPDATE OR DELETE ON claims_payment
    FOR EACH ROW EXECUTE FUNCTION claims_payment_stands();
"""
BACKWARDS = """
DROP TRIGGER claims_payment_stands ON claims_payment;
DROP FUNCTION claims_payment_stands();
"""

BATCH_STATES = [
    ("made", "Dibuat"),
    ("sent", "Dikirim ke bank"),
    ("answered", "Dijawab bank"),
    ("void", "Dibatalkan"),
]
PAYMENT_STATES = [
    ("ready", "Siap dibayar"),
    ("sent", "Dikirim ke bank"),
    ("paid", "Sudah masuk"),
    ("bounced", "Ditolak bank"),
    ("void", "Dibatalkan"),
]


class Migration(migrations.Migration):
    dependencies = [("claims", "0003_documents")]
    operations = [
        migrations.AlterField(
            "batch",
            "state",
            models.CharField(choices=BATCH_STATES, default="made", max_length=8),
        ),
        migrations.AlterField(
            "payment",
            "state",
            models.CharField(choices=PAYMENT_STATES, default="ready", max_length=8),
        ),
        migrations.AddField(
            "payment",
            "doubted_at",
            models.DateTimeField(
                help_text="The bank contradicts itself: nothing is paid until an officer asked",
                null=True,
            ),
        ),
        migrations.RunSQL(FORWARDS, BACKWARDS),
    ]
