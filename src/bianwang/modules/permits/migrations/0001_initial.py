import django.core.validators
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
            name='GasTest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='检测时间')),
                ('place', models.CharField(blank=True, max_length=100, verbose_name='取样位置')),
                ('instrument', models.CharField(max_length=60, verbose_name='检测仪器及编号')),
                ('tester', models.CharField(max_length=30, verbose_name='检测人')),
                ('passed', models.BooleanField(verbose_name='是否合格')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='记录人')),
            ],
            options={
                'verbose_name': '气体检测',
                'db_table': 'permits_gas_test',
                'ordering': ['-at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='GasReading',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('height', models.CharField(choices=[('top', '上部'), ('middle', '中部'), ('bottom', '下部')], max_length=6, verbose_name='高度')),
                ('species', models.CharField(max_length=20, verbose_name='气体')),
                ('value', models.FloatField(verbose_name='浓度')),
                ('unit', models.CharField(max_length=8, verbose_name='单位')),
                ('passed', models.BooleanField(verbose_name='是否合格')),
                ('limit', models.CharField(max_length=40, verbose_name='合格范围')),
                ('test', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='readings', to='permits.gastest', verbose_name='气体检测')),
            ],
            options={
                'verbose_name': '检测值',
                'db_table': 'permits_gas_reading',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Permit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(db_index=True, max_length=20, verbose_name='状态')),
                ('due_at', models.DateTimeField(blank=True, db_index=True, null=True, verbose_name='时限')),
                ('state_since', models.DateTimeField(verbose_name='进入本状态时间')),
                ('number', models.CharField(max_length=40, verbose_name='编号')),
                ('kind', models.CharField(max_length=20, verbose_name='作业类型')),
                ('place', models.CharField(blank=True, max_length=100, verbose_name='具体地点')),
                ('longitude', models.FloatField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(-180), django.core.validators.MaxValueValidator(180)], verbose_name='经度')),
                ('latitude', models.FloatField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(-90), django.core.validators.MaxValueValidator(90)], verbose_name='纬度')),
                ('content', models.CharField(max_length=300, verbose_name='作业内容')),
                ('contractor', models.CharField(blank=True, max_length=100, verbose_name='承包商')),
                ('workers', models.TextField(verbose_name='作业人及证件')),
                ('base_level', models.CharField(max_length=10, verbose_name='申报等级')),
                ('level', models.CharField(max_length=10, verbose_name='作业等级')),
                ('measure', models.FloatField(blank=True, null=True, verbose_name='作业高度（米）或吊装质量（吨）')),
                ('day_only', models.BooleanField(default=False, verbose_name='只在工作日白天作业')),
                ('is_large_space', models.BooleanField(default=False, verbose_name='较大空间（须上、中、下检测）')),
                ('is_oxygen_rich', models.BooleanField(default=False, verbose_name='富氧环境')),
                ('is_explosive_area', models.BooleanField(default=False, verbose_name='爆炸危险区域')),
                ('isolations', models.TextField(blank=True, verbose_name='隔离点或盲板')),
                ('planned_start', models.DateTimeField(verbose_name='计划开始')),
                ('planned_end', models.DateTimeField(verbose_name='计划结束')),
                ('valid_from', models.DateTimeField(null=True, verbose_name='有效期起')),
                ('valid_to', models.DateTimeField(db_index=True, null=True, verbose_name='有效期止')),
                ('in_force', models.BooleanField(default=False, verbose_name='已生效')),
                ('analysis', models.TextField(blank=True, verbose_name='主要危害与后果')),
                ('extra_measures', models.TextField(blank=True, verbose_name='补充措施')),
                ('inapplicable', models.CharField(blank=True, max_length=300, verbose_name='不适用措施的说明')),
                ('briefing', models.CharField(blank=True, max_length=500, verbose_name='交底内容')),
                ('applied_at', models.DateTimeField(null=True, verbose_name='申请时间')),
                ('briefed_at', models.DateTimeField(null=True, verbose_name='交底时间')),
                ('isolated_at', models.DateTimeField(null=True, verbose_name='隔离确认时间')),
                ('locked_at', models.DateTimeField(null=True, verbose_name='上锁挂牌时间')),
                ('unlocked_at', models.DateTimeField(null=True, verbose_name='解锁摘牌时间')),
                ('approved_as', models.CharField(blank=True, max_length=40, verbose_name='审批人职务')),
                ('approved_at', models.DateTimeField(null=True, verbose_name='审批时间')),
                ('guarded_at', models.DateTimeField(null=True, verbose_name='监护签到时间')),
                ('started_at', models.DateTimeField(null=True, verbose_name='开工时间')),
                ('interrupted_at', models.DateTimeField(null=True, verbose_name='最近一次中断时间')),
                ('stopped_at', models.DateTimeField(null=True, verbose_name='结束时间')),
                ('accepted_at', models.DateTimeField(null=True, verbose_name='验收时间')),
                ('outcome', models.CharField(blank=True, max_length=300, verbose_name='验收意见')),
                ('accepted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='验收人')),
                ('applied_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='申请人')),
                ('approved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='审批人')),
                ('briefed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='交底人')),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='登记人')),
                ('guard', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='guarded_permits', to=settings.AUTH_USER_MODEL, verbose_name='监护人')),
                ('isolated_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='隔离确认人')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='permits', to='places.party', verbose_name='作业单位')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='followers', to='permits.permit', verbose_name='随同的作业票')),
                ('zone', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='permits', to='places.zone', verbose_name='区域')),
            ],
            options={
                'verbose_name': '作业票',
                'db_table': 'permits_permit',
                'ordering': ['-pk'],
                'indexes': [models.Index(fields=['owner', 'state'], name='permit_owner_state'), models.Index(fields=['zone', 'kind', 'state'], name='permit_zone_kind')],
                'constraints': [models.UniqueConstraint(fields=('owner', 'number'), name='permit_number_unique'), models.CheckConstraint(condition=models.Q(('planned_end__gt', models.F('planned_start'))), name='permit_window')],
            },
        ),
        migrations.CreateModel(
            name='Measure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(verbose_name='序号')),
                ('text', models.CharField(max_length=200, verbose_name='措施')),
                ('is_taken', models.BooleanField(verbose_name='已落实')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='确认人')),
                ('permit', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='measures', to='permits.permit', verbose_name='作业票')),
            ],
            options={
                'verbose_name': '安全措施',
                'db_table': 'permits_measure',
                'ordering': ['number'],
            },
        ),
        migrations.AddField(
            model_name='gastest',
            name='permit',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tests', to='permits.permit', verbose_name='作业票'),
        ),
        migrations.CreateModel(
            name='Series',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=20)),
                ('year', models.PositiveSmallIntegerField()),
                ('last', models.PositiveIntegerField(default=0)),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.party')),
            ],
            options={
                'db_table': 'permits_series',
                'constraints': [models.UniqueConstraint(fields=('owner', 'kind', 'year'), name='permit_series_unique')],
            },
        ),
    ]
