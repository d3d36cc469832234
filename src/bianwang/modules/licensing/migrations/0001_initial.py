import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('places', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Series',
            fields=[
                ('year', models.PositiveSmallIntegerField(primary_key=True, serialize=False)),
                ('last', models.PositiveIntegerField(default=0)),
            ],
            options={
                'db_table': 'licensing_series',
            },
        ),
        migrations.CreateModel(
            name='Licence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(db_index=True, max_length=20, verbose_name='状态')),
                ('due_at', models.DateTimeField(blank=True, db_index=True, null=True, verbose_name='时限')),
                ('state_since', models.DateTimeField(verbose_name='进入本状态时间')),
                ('kind', models.CharField(max_length=30, verbose_name='许可事项')),
                ('number', models.CharField(max_length=60, verbose_name='证书编号')),
                ('scope', models.CharField(max_length=500, verbose_name='许可范围')),
                ('issued_by', models.CharField(max_length=60, verbose_name='发证机关')),
                ('issued_on', models.DateField(verbose_name='发证日期')),
                ('valid_from', models.DateField(verbose_name='有效期起')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='有效期止')),
                ('reminded', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='已提醒（到期前月数）')),
                ('is_demo', models.BooleanField(default=False, verbose_name='演示数据')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='licences', to='places.party', verbose_name='持证单位')),
            ],
            options={
                'verbose_name': '证照',
                'db_table': 'licensing_licence',
                'ordering': ['-issued_on', '-id'],
                'indexes': [models.Index(fields=['state', 'valid_to'], name='licensing_running_out')],
                'constraints': [models.UniqueConstraint(fields=('kind', 'number'), name='licensing_number_unique'), models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='licensing_validity_order')],
            },
        ),
        migrations.CreateModel(
            name='Application',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(db_index=True, max_length=20, verbose_name='状态')),
                ('due_at', models.DateTimeField(blank=True, db_index=True, null=True, verbose_name='时限')),
                ('state_since', models.DateTimeField(verbose_name='进入本状态时间')),
                ('number', models.CharField(max_length=40, unique=True, verbose_name='编号')),
                ('kind', models.CharField(max_length=30, verbose_name='许可事项')),
                ('action', models.CharField(choices=[('new', '首次申请'), ('renew', '延期'), ('change', '变更'), ('replace', '补发'), ('cancel', '注销'), ('withdraw', '撤销')], max_length=10, verbose_name='申请类型')),
                ('scope', models.CharField(blank=True, max_length=500, verbose_name='申请范围')),
                ('submitted_on', models.DateField(verbose_name='收到材料日期')),
                ('corrected', models.BooleanField(default=False, verbose_name='已告知补正')),
                ('accepted_on', models.DateField(blank=True, null=True, verbose_name='受理日期')),
                ('limit_days', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='办理时限')),
                ('extended_days', models.PositiveSmallIntegerField(default=0, verbose_name='延长')),
                ('spent_days', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='办理用时')),
                ('decision', models.CharField(blank=True, choices=[('granted', '准予'), ('refused', '不予')], max_length=10, verbose_name='决定')),
                ('decision_reason', models.CharField(blank=True, max_length=500, verbose_name='决定理由')),
                ('decided_on', models.DateField(blank=True, db_index=True, null=True, verbose_name='决定日期')),
                ('delivered_on', models.DateField(blank=True, null=True, verbose_name='送达日期')),
                ('delivered_how', models.CharField(blank=True, max_length=60, verbose_name='送达方式')),
                ('escalated_at', models.DateTimeField(blank=True, null=True, verbose_name='逾期上报时间')),
                ('is_demo', models.BooleanField(default=False, verbose_name='演示数据')),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='决定人')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='licence_applications', to='places.party', verbose_name='申请单位')),
                ('registered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='登记人')),
                ('licence', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='applications', to='licensing.licence', verbose_name='证照')),
            ],
            options={
                'verbose_name': '许可申请',
                'db_table': 'licensing_application',
                'ordering': ['-submitted_on', '-id'],
                'indexes': [models.Index(fields=['owner', 'state'], name='licensing_owner_state')],
            },
        ),
        migrations.CreateModel(
            name='Pause',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('correction', '补充材料'), ('rectification', '整改'), ('hearing', '听证'), ('testing', '检验检测鉴定'), ('review', '专家评审')], max_length=14, verbose_name='原因')),
                ('started_on', models.DateField(verbose_name='中止日期')),
                ('ended_on', models.DateField(blank=True, null=True, verbose_name='恢复日期')),
                ('reason', models.CharField(max_length=500, verbose_name='说明')),
                ('application', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pauses', to='licensing.application', verbose_name='许可申请')),
            ],
            options={
                'verbose_name': '中止计时',
                'db_table': 'licensing_pause',
                'ordering': ['started_on', 'id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_on__isnull', True)), fields=('application',), name='licensing_one_pause')],
            },
        ),
        migrations.CreateModel(
            name='SiteVisit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('visited_on', models.DateField(verbose_name='核查日期')),
                ('findings', models.TextField(max_length=2000, verbose_name='核查情况')),
                ('passed', models.BooleanField(default=False, verbose_name='符合条件')),
                ('application', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='visits', to='licensing.application', verbose_name='许可申请')),
                ('officers', models.ManyToManyField(db_table='licensing_visit_officer', related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='核查人员')),
            ],
            options={
                'verbose_name': '现场核查',
                'db_table': 'licensing_visit',
                'ordering': ['visited_on', 'id'],
            },
        ),
    ]
