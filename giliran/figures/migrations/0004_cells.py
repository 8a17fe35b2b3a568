"""What the journal adds up to, and which of its events aren't counted yet.

Each event that counts writes its own id down beside it, in the same transaction: a counter that
reads what is written down sees an event exactly when everybody does, however late its transaction
ended, and however often the database was restored elsewhere since (transaction ids begin anew
there; ours don't matter). Everything that is in the journal by now is written down as well, and is
counted by the clockwork piece by piece.

Four changes that figures need weren't in the journal: leave, loans, who was drawn after how many
lost draws, and the window that was told on arrival. They have subjects of their own, and their
office stands in ``data``: an office's history is a history of its turns.
"""

from django.db import migrations, models

TELL = """
CREATE FUNCTION figures_tell_absence() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO journal_event (at, actor, kind, subject, subject_id, data)
    VALUES (COALESCE(NEW.decided_at, NEW.asked_at), 'system', 'absence.state', 'absence', NEW.id,
            jsonb_build_object('office_id', NEW.office_id, 'state', NEW.state,
                               'first_day', NEW.first_day, 'last_day', NEW.last_day));
    RETURN NULL;
END $$;
CREATE TRIGGER absence_told AFTER INSERT OR UPDATE OF state, office_id, first_day, last_day
    ON capacity_leave FOR EACH ROW EXECUTE FUNCTION figures_tell_absence();

CREATE FUNCTION figures_tell_lending() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO journal_event (at, actor, kind, subject, subject_id, data)
    VALUES (COALESCE(NEW.answered_at, NEW.asked_at), 'system', 'lending.state', 'lending', NEW.id,
            jsonb_build_object('home', NEW.home_id, 'to', NEW.to_id, 'day', NEW.day,
                               'state', NEW.state));
    RETURN NULL;
END $$;
CREATE TRIGGER lending_told AFTER INSERT OR UPDATE OF state, home_id, to_id, day
    ON capacity_loan FOR EACH ROW EXECUTE FUNCTION figures_tell_lending();

CREATE FUNCTION figures_tell_placed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO journal_event (at, actor, kind, subject, subject_id, data)
    SELECT COALESCE(NEW.ended_at, NEW.changed_at), 'system', 'application.placed', 'application',
           NEW.id, jsonb_build_object('office_id', t.office_id, 'service_id', NEW.service_id,
               'channel', NEW.channel, 'is_priority', NEW.is_priority,
               'rounds_lost', NEW.rounds_lost)
    FROM turns_turn t WHERE t.id = NEW.turn_id;
    RETURN NULL;
END $$;
CREATE TRIGGER application_placed AFTER UPDATE OF state ON turns_application
    FOR EACH ROW WHEN (NEW.state = 'placed' AND OLD.state <> 'placed')
    EXECUTE FUNCTION figures_tell_placed();

CREATE FUNCTION figures_tell_promise() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO journal_event (at, actor, kind, subject, subject_id, data)
    VALUES (CASE TG_OP WHEN 'INSERT' THEN NEW.made_at
                       ELSE COALESCE(NEW.settled_at, NEW.made_at) END,
            'system', CASE TG_OP WHEN 'INSERT' THEN 'promise.made' ELSE 'promise.settled' END,
            'promise', NEW.id,
            jsonb_build_object('office_id', NEW.office_id, 'made_at', NEW.made_at,
                'begins', NEW.begins, 'ends', NEW.ends, 'calling_class', NEW."group",
                'kept', NEW.kept));
    RETURN NULL;
END $$;
CREATE TRIGGER promise_made AFTER INSERT ON turns_promise
    FOR EACH ROW WHEN (NEW.is_first AND NEW.stage = 'here')
    EXECUTE FUNCTION figures_tell_promise();
CREATE TRIGGER promise_settled AFTER UPDATE OF kept ON turns_promise
    FOR EACH ROW WHEN (NEW.is_first AND NEW.stage = 'here' AND NEW.kept IS DISTINCT FROM OLD.kept)
    EXECUTE FUNCTION figures_tell_promise();

INSERT INTO journal_event (at, actor, kind, subject, subject_id, data)
SELECT COALESCE(decided_at, asked_at), 'system', 'absence.state', 'absence', id,
       jsonb_build_object('office_id', office_id, 'state', state, 'first_day', first_day,
                          'last_day', last_day)
FROM capacity_leave;
INSERT INTO journal_event (at, actor, kind, subject, subject_id, data)
SELECT COALESCE(answered_at, asked_at), 'system', 'lending.state', 'lending', id,
       jsonb_build_object('home', home_id, 'to', to_id, 'day', day, 'state', state)
FROM capacity_loan;
INSERT INTO journal_event (at, actor, kind, subject, subject_id, data)
SELECT COALESCE(a.ended_at, a.changed_at), 'system', 'application.placed', 'application', a.id,
       jsonb_build_object('office_id', t.office_id, 'service_id', a.service_id,
           'channel', a.channel, 'is_priority', a.is_priority, 'rounds_lost', a.rounds_lost)
FROM turns_application a JOIN turns_turn t ON t.id = a.turn_id WHERE a.state = 'placed';
INSERT INTO journal_event (at, actor, kind, subject, subject_id, data)
SELECT made_at, 'system', 'promise.made', 'promise', id,
       jsonb_build_object('office_id', office_id, 'made_at', made_at, 'begins', begins,
           'ends', ends, 'calling_class', "group", 'kept', kept)
FROM turns_promise WHERE is_first AND stage = 'here';
"""
TELL_NO_MORE = """
DROP TRIGGER absence_told ON capacity_leave;
DROP TRIGGER lending_told ON capacity_loan;
DROP TRIGGER application_placed ON turns_application;
DROP TRIGGER promise_made ON turns_promise;
DROP TRIGGER promise_settled ON turns_promise;
DROP FUNCTION figures_tell_absence();
DROP FUNCTION figures_tell_lending();
DROP FUNCTION figures_tell_placed();
DROP FUNCTION figures_tell_promise();
"""

# A later subject of core.figures.SUBJECTS needs a migration that writes its events down.
_COUNTS = """{row}subject IN ('turn', 'door', 'promise', 'claim', 'complaint', 'opinion', 'counter',
    'absence', 'lending') OR {row}kind = 'application.placed'"""
WRITE_DOWN = f"""
CREATE FUNCTION figures_write_down() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO figures_uncounted (event_id) VALUES (NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER journal_uncounted AFTER INSERT ON journal_event
    FOR EACH ROW WHEN ({_COUNTS.format(row="NEW.")})
    EXECUTE FUNCTION figures_write_down();
INSERT INTO figures_uncounted (event_id)
SELECT id FROM journal_event WHERE {_COUNTS.format(row="")};
"""
WRITE_NOTHING_DOWN = """
DROP TRIGGER journal_uncounted ON journal_event;
DROP FUNCTION figures_write_down();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("figures", "0003_reviews"),
        ("journal", "0002_append_only"),
        ("capacity", "0003_rosters"),
        ("turns", "0007_application_claim"),
        ("claims", "0002_history"),
        ("voices", "0003_opinion_history"),
    ]

    operations = [
        migrations.CreateModel(
            name="Cell",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "span",
                        "split",
                        "office_id",
                        "first",
                        "part",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("span", models.CharField(help_text="day, month", max_length=5)),
                (
                    "split",
                    models.CharField(help_text="all, service, class, channel, hour", max_length=7),
                ),
                ("office_id", models.BigIntegerField(help_text="0: of no office")),
                (
                    "first",
                    models.DateField(
                        help_text="The day, or the month's first, in the office's time zone"
                    ),
                ),
                ("part", models.CharField(blank=True, max_length=20)),
                ("counts", models.JSONField()),
                (
                    "waits",
                    models.JSONField(
                        default=dict, help_text="How many waited so many minutes: 12s, 12p"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DayHours",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "office_id",
                        "day",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("office_id", models.BigIntegerField()),
                ("day", models.DateField()),
                (
                    "opens",
                    models.DateTimeField(
                        help_text="null: shut, or its calendar isn't known", null=True
                    ),
                ),
                ("closes", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Uncounted",
            fields=[("event_id", models.BigIntegerField(primary_key=True, serialize=False))],
        ),
        migrations.RunSQL(TELL, TELL_NO_MORE),
        migrations.RunSQL(WRITE_DOWN, WRITE_NOTHING_DOWN),
    ]
