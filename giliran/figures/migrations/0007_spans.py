from django.db import migrations, models

# Weeks are sums of days that stand already: nothing need be counted anew.
WEEKS = """
INSERT INTO figures_cell (span, split, office_id, first, part, counts, waits)
SELECT 'week', split, office_id, monday, part,
       COALESCE(jsonb_object_agg(key, n) FILTER (WHERE NOT is_wait), '{}'),
       COALESCE(jsonb_object_agg(key, n) FILTER (WHERE is_wait), '{}')
FROM (
    SELECT split, office_id, date_trunc('week', first)::date AS monday, part, key, is_wait,
           sum(value::bigint)::bigint AS n
    FROM figures_cell CROSS JOIN LATERAL (
        SELECT key, value, false AS is_wait FROM jsonb_each_text(counts)
        UNION ALL SELECT key, value, true FROM jsonb_each_text(waits)
    ) numbers
    WHERE span = 'day'
    GROUP BY 1, 2, 3, 4, 5, 6
) weeks
WHERE n <> 0
GROUP BY split, office_id, monday, part
"""


class Migration(migrations.Migration):

    dependencies = [
        ('figures', '0006_alarm_above'),
    ]

    operations = [
        migrations.AlterField(
            model_name='cell',
            name='first',
            field=models.DateField(help_text="The day, the Monday, the month's first: the office's"),
        ),
        migrations.AlterField(
            model_name='cell',
            name='span',
            field=models.CharField(help_text='day, week, month', max_length=5),
        ),
        migrations.RunSQL(WEEKS, "DELETE FROM figures_cell WHERE span = 'week'"),
    ]
