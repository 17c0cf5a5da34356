from __future__ import annotations

import dayward.kernel.models
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0002_how_weeks_count'),
        ('organization', '0002_initial'),
        ('people', '0005_entered_in_error'),
        ('schedule', '0003_make_ups'),
    ]

    operations = [
        migrations.CreateModel(
            name='LimitReason',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('public_id', models.CharField(default=dayward.kernel.models.new_public_id, editable=False, max_length=16, unique=True)),
                ('limit', models.CharField(max_length=60)),
                ('sentence', models.CharField(max_length=300)),
                ('week', models.DateField(blank=True, null=True)),
                ('reason', models.CharField(max_length=200)),
                ('given_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('given_by', models.CharField(max_length=40)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('withdrawn_by', models.CharField(blank=True, max_length=40, null=True)),
                ('group', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='limit_reasons', to='schedule.group')),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='limit_reasons', to='people.person')),
                ('program', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.program')),
                ('series', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='limit_reasons', to='schedule.series')),
                ('session', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='limit_reasons', to='schedule.session')),
                ('site', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.site')),
            ],
            options={
                'indexes': [models.Index(fields=['site', '-given_at'], name='limit_reason_newest')],
                'constraints': [models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='limit_reason_says_why'), models.UniqueConstraint(condition=models.Q(('withdrawn_at__isnull', True)), fields=('limit', 'group', 'series', 'session', 'program', 'person', 'week'), name='limit_reason_once', nulls_distinct=False), models.CheckConstraint(condition=models.Q(models.Q(('withdrawn_at__isnull', True), ('withdrawn_by__isnull', True)), models.Q(('withdrawn_at__isnull', False), ('withdrawn_by__isnull', False)), _connector='OR'), name='limit_reason_withdrawal_paired')],
            },
        ),
    ]
