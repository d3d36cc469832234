import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('places', '0001_initial'),
        ('rules', '0001_initial'),
        ('sensing', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Alarm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=200, verbose_name='告警内容')),
                ('started_ms', models.BigIntegerField(verbose_name='开始时间')),
                ('ended_ms', models.BigIntegerField(null=True, verbose_name='结束时间')),
                ('end_reason', models.CharField(blank=True, choices=[('ended', '条件解除'), ('rule_change', '规则变更'), ('late', '补判截止')], max_length=12, verbose_name='结束原因')),
                ('severity', models.PositiveSmallIntegerField(choices=[(1, '蓝'), (2, '黄'), (3, '橙'), (4, '红')], verbose_name='当前等级')),
                ('peak', models.PositiveSmallIntegerField(choices=[(1, '蓝'), (2, '黄'), (3, '橙'), (4, '红')], verbose_name='最高等级')),
                ('is_active', models.BooleanField(default=True, verbose_name='持续中')),
                ('is_interrupted', models.BooleanField(default=False, verbose_name='数据中断')),
                ('is_late', models.BooleanField(default=False, verbose_name='补判')),
                ('is_open', models.BooleanField(default=True, verbose_name='未办结')),
                ('repeat', models.PositiveIntegerField(default=1, verbose_name='第几次')),
                ('acknowledged_at', models.DateTimeField(null=True, verbose_name='确认时间')),
                ('level', models.PositiveSmallIntegerField(choices=[(0, '企业'), (1, '镇街（管委会）'), (2, '区应急局')], default=0, verbose_name='通知到')),
                ('escalate_at', models.DateTimeField(db_index=True, null=True, verbose_name='升级时间')),
                ('verdict', models.CharField(choices=[('genuine', '属实'), ('false', '误报'), ('unclear', '无法判断')], max_length=8, null=True, verbose_name='核实结论')),
                ('verdict_reason', models.CharField(blank=True, max_length=300, verbose_name='核实理由')),
                ('verified_at', models.DateTimeField(null=True, verbose_name='核实时间')),
                ('evidence', models.TextField(default='{}', verbose_name='证据')),
                ('created_at', models.DateTimeField(verbose_name='产生时间')),
                ('acknowledged_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='确认人')),
                ('binding', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='alarms', to='rules.binding', verbose_name='规则实例')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='alarms', to='places.party', verbose_name='责任单位')),
                ('root', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='members', to='alarms.alarm', verbose_name='同源首条')),
                ('rule_version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='alarms', to='rules.ruleversion', verbose_name='规则版本')),
                ('signal', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='alarms', to='sensing.signal', verbose_name='信号')),
                ('verified_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='核实人')),
            ],
            options={
                'verbose_name': '告警',
                'db_table': 'alarms_alarm',
                'ordering': ['-started_ms', '-id'],
                'indexes': [models.Index(fields=['is_open', 'severity'], name='alarm_open'), models.Index(fields=['owner', 'started_ms'], name='alarm_owner_started'), models.Index(fields=['started_ms'], name='alarm_started')],
                'constraints': [models.UniqueConstraint(fields=('rule_version', 'binding', 'started_ms'), name='alarm_episode_unique')],
            },
        ),
        migrations.CreateModel(
            name='JudgeState',
            fields=[
                ('id', models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('judged_seq', models.BigIntegerField(default=0)),
            ],
            options={
                'db_table': 'alarms_judge_state',
            },
        ),
        migrations.CreateModel(
            name='AlarmState',
            fields=[
                ('alarm', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='state', serialize=False, to='alarms.alarm')),
                ('state', models.BinaryField()),
            ],
            options={
                'db_table': 'alarms_state',
            },
        ),
        migrations.CreateModel(
            name='Episode',
            fields=[
                ('binding', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='episode', serialize=False, to='rules.binding')),
                ('levels', models.TextField(default='{}')),
                ('is_open', models.BooleanField(default=False)),
                ('opened_ms', models.BigIntegerField(default=0)),
                ('alarm', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='alarms.alarm')),
            ],
            options={
                'db_table': 'alarms_episode',
                'indexes': [models.Index(fields=['is_open', 'alarm'], name='episode_waiting')],
            },
        ),
    ]
