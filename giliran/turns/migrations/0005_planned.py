"""When each place of a window should come, as it was told first."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('capacity', '0002_held'),
        ('turns', '0004_promises'),
    ]

    operations = [
        migrations.CreateModel(
            name='Planned',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('come_at', models.DateTimeField()),
                ('offer', models.ForeignKey(help_text='Holds for this window only', on_delete=django.db.models.deletion.PROTECT, related_name='+', to='capacity.offer')),
                ('turn', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='planned', to='turns.turn')),
            ],
        ),
    ]
