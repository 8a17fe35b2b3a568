"""What people were promised; a new promise rings the boards' bell as a change of the turn does.

The bell's id comes from the journal's sequence, because readers tell events apart by it; no event
is written, for the promises themselves are kept.
"""

import django.db.models.deletion
from django.db import migrations, models

FORWARDS = """
CREATE FUNCTION turns_ring_for_promise() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('giliran', jsonb_build_object(
        'id', nextval(pg_get_serial_sequence('journal_event', 'id')), 'subject', 'turn',
        'office', NEW.office_id, 'move', 'promise', 'turn', t.code, 'number', t.number,
        'at', NEW.made_at, 'counter', NULL)::text)
    FROM turns_turn AS t WHERE t.id = NEW.turn_id;
    RETURN NULL;
END $$;
CREATE TRIGGER turns_promise_bell AFTER INSERT ON turns_promise
    FOR EACH ROW EXECUTE FUNCTION turns_ring_for_promise();
"""
BACKWARDS = """
DROP TRIGGER turns_promise_bell ON turns_promise;
DROP FUNCTION turns_ring_for_promise();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('offices', '0002_draws'),
        ('turns', '0003_applications'),
        ('journal', '0002_append_only'),
    ]

    operations = [
        migrations.CreateModel(
            name='Learned',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(help_text='For which it was made: learned from the days before')),
                ('data', models.JSONField()),
                ('office', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='offices.office')),
            ],
        ),
        migrations.CreateModel(
            name='OfficeCalibration',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('data', models.JSONField()),
                ('updated_at', models.DateTimeField()),
                ('office', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='offices.office')),
            ],
        ),
        migrations.CreateModel(
            name='Outlook',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('made_at', models.DateTimeField()),
                ('data', models.JSONField()),
                ('office', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='offices.office')),
            ],
        ),
        migrations.CreateModel(
            name='Journey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('minutes', models.PositiveSmallIntegerField()),
                ('turn', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='journey', to='turns.turn')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('minutes__lte', 600)), name='journey_minutes')],
            },
        ),
        migrations.CreateModel(
            name='Promise',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stage', models.CharField(choices=[('home', 'Di rumah'), ('here', 'Di kantor')], max_length=4)),
                ('made_at', models.DateTimeField()),
                ('begins', models.DateTimeField(help_text='As told: a whole five minutes of the clock')),
                ('ends', models.DateTimeField()),
                ('come_at', models.DateTimeField(help_text='For somebody at home', null=True)),
                ('is_first', models.BooleanField()),
                ('hour', models.PositiveSmallIntegerField(help_text='In which it was made, local time')),
                ('group', models.CharField(help_text='priority, standard; with home: at home', max_length=16)),
                ('low', models.FloatField(help_text='Minutes from made_at, as forecast')),
                ('middle', models.FloatField()),
                ('high', models.FloatField()),
                ('from_minutes', models.FloatField(help_text='The calibrated window, before rounding')),
                ('till_minutes', models.FloatField()),
                ('called_at', models.DateTimeField(help_text='The first call after made_at', null=True)),
                ('kept', models.BooleanField(help_text='None: not known yet, or counts nowhere', null=True)),
                ('settled_at', models.DateTimeField(null=True)),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='promises', to='offices.office')),
                ('turn', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='promises', to='turns.turn')),
            ],
            options={
                'indexes': [models.Index(fields=['turn', '-id'], name='promise_last'), models.Index(models.F('office'), models.F('made_at'), condition=models.Q(('is_first', True)), name='promise_of_office'), models.Index(models.F('office'), condition=models.Q(('is_first', True), ('settled_at__isnull', True)), name='promise_unsettled')],
                'constraints': [models.UniqueConstraint(models.F('turn'), models.F('stage'), condition=models.Q(('is_first', True)), name='one_first_promise'), models.CheckConstraint(condition=models.Q(('ends__gt', models.F('begins'))), name='promise_order')],
            },
        ),
        migrations.RunSQL(FORWARDS, BACKWARDS),
    ]
