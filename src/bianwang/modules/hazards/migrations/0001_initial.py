import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('alarms', '0001_initial'),
        ('places', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='BoardDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(unique=True, verbose_name='日期')),
                ('both', models.PositiveIntegerField(default=0, verbose_name='看得到且管得了')),
                ('unmanaged', models.PositiveIntegerField(default=0, verbose_name='看得到、管不了')),
                ('unseen', models.PositiveIntegerField(default=0, verbose_name='管得了、看不到')),
                ('neither', models.PositiveIntegerField(default=0, verbose_name='看不到、管不了')),
            ],
            options={
                'verbose_name': '看管日结',
                'db_table': 'hazards_board_day',
                'ordering': ['day'],
            },
        ),
        migrations.CreateModel(
            name='Series',
            fields=[
                ('year', models.PositiveSmallIntegerField(primary_key=True, serialize=False)),
                ('last', models.PositiveIntegerField(default=0)),
            ],
            options={
                'db_table': 'hazards_series',
            },
        ),
        migrations.CreateModel(
            name='Criterion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=40, verbose_name='代码')),
                ('name', models.CharField(max_length=300, verbose_name='判定情形')),
                ('sector', models.CharField(max_length=40, verbose_name='行业')),
                ('source', models.CharField(max_length=120, verbose_name='依据')),
                ('article', models.CharField(max_length=60, verbose_name='条款')),
                ('certainty', models.CharField(blank=True, max_length=60, verbose_name='核实情况')),
                ('valid_from', models.DateField(verbose_name='生效日期')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='失效日期')),
            ],
            options={
                'verbose_name': '重大隐患判定标准',
                'db_table': 'hazards_criterion',
                'ordering': ['code', 'valid_from'],
                'constraints': [models.UniqueConstraint(fields=('code', 'valid_from'), name='criterion_unique')],
            },
        ),
        migrations.CreateModel(
            name='Hazard',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(db_index=True, max_length=20, verbose_name='状态')),
                ('due_at', models.DateTimeField(blank=True, db_index=True, null=True, verbose_name='时限')),
                ('state_since', models.DateTimeField(verbose_name='进入本状态时间')),
                ('number', models.CharField(max_length=40, unique=True, verbose_name='编号')),
                ('source', models.CharField(choices=[('self', '企业自查'), ('town', '镇街检查'), ('enforcement', '执法检查'), ('patrol', '人工视频巡检'), ('vision', 'AI视频'), ('sensor', '传感器'), ('hotline', '12350'), ('expert', '专家三方'), ('department', '部门检查')], max_length=12, verbose_name='来源')),
                ('track', models.CharField(choices=[('enterprise', '企业自查自改'), ('unit', '检查单位闭环'), ('enforcement', '执法责令整改')], max_length=12, verbose_name='闭环方式')),
                ('external_number', models.CharField(blank=True, max_length=60, null=True, verbose_name='报送单位编号')),
                ('is_direct', models.BooleanField(default=False, verbose_name='区局直管企业')),
                ('title', models.CharField(max_length=120, verbose_name='隐患')),
                ('description', models.TextField(blank=True, verbose_name='详细描述')),
                ('place', models.CharField(blank=True, max_length=100, verbose_name='具体位置')),
                ('longitude', models.FloatField(blank=True, null=True, verbose_name='经度')),
                ('latitude', models.FloatField(blank=True, null=True, verbose_name='纬度')),
                ('category', models.CharField(choices=[('1', '人的因素'), ('2', '物的因素'), ('3', '环境因素'), ('4', '管理因素')], max_length=1, verbose_name='类别')),
                ('grade', models.CharField(blank=True, choices=[('general', '一般'), ('major', '重大')], max_length=8, verbose_name='级别')),
                ('clause', models.CharField(blank=True, max_length=200, verbose_name='违反条款')),
                ('suggestion', models.CharField(blank=True, max_length=500, verbose_name='整改建议')),
                ('found_at', models.DateTimeField(db_index=True, verbose_name='发现时间')),
                ('responsible', models.CharField(blank=True, max_length=30, verbose_name='整改责任人')),
                ('measures', models.CharField(blank=True, max_length=500, verbose_name='整改措施')),
                ('funds', models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True, verbose_name='整改资金（元）')),
                ('rectify_by', models.DateTimeField(blank=True, null=True, verbose_name='整改期限')),
                ('plan', models.CharField(blank=True, max_length=300, verbose_name='应急预案')),
                ('temporary', models.CharField(blank=True, max_length=300, verbose_name='临时防范措施')),
                ('result', models.CharField(blank=True, max_length=500, verbose_name='整改结果')),
                ('rectified_at', models.DateTimeField(null=True, verbose_name='整改完成时间')),
                ('hours_taken', models.PositiveIntegerField(null=True, verbose_name='整改用时（小时）')),
                ('failures', models.PositiveSmallIntegerField(default=0, verbose_name='复查不合格次数')),
                ('extensions', models.PositiveSmallIntegerField(default=0, verbose_name='延期次数')),
                ('listed_at', models.DateTimeField(null=True, verbose_name='挂牌督办时间')),
                ('overdue_at', models.DateTimeField(null=True, verbose_name='超期认定时间')),
                ('closed_at', models.DateTimeField(null=True, verbose_name='销号时间')),
                ('alarm', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='hazards', to='alarms.alarm', verbose_name='关联告警')),
                ('closed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='销号人')),
                ('criterion', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='hazards', to='hazards.criterion', verbose_name='判定依据')),
                ('found_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='登记人')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='hazards', to='places.party', verbose_name='责任单位')),
                ('rectified_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='整改提交人')),
                ('repeat_of', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='repeats', to='hazards.hazard', verbose_name='重复于')),
                ('reporting_unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reported_hazards', to='places.party', verbose_name='报送单位')),
                ('zone', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='hazards', to='places.zone', verbose_name='区域')),
            ],
            options={
                'verbose_name': '隐患',
                'db_table': 'hazards_hazard',
                'ordering': ['-found_at', '-id'],
                'indexes': [models.Index(fields=['owner', 'state'], name='hazard_owner_state'), models.Index(fields=['owner', 'category', 'found_at'], name='hazard_repeat'), models.Index(fields=['closed_at'], name='hazard_closed'), models.Index(fields=['state', 'rectify_by', 'rectified_at'], name='hazard_times')],
                'constraints': [models.UniqueConstraint(fields=('reporting_unit', 'external_number'), name='hazard_external_unique'), models.CheckConstraint(condition=models.Q(models.Q(('grade', 'major'), _negated=True), ('criterion__isnull', False), _connector='OR'), name='hazard_major_criterion')],
            },
        ),
        migrations.CreateModel(
            name='Extension',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('wanted', models.DateTimeField(verbose_name='申请延至')),
                ('reason', models.CharField(max_length=300, verbose_name='延期理由')),
                ('applied_at', models.DateTimeField(verbose_name='申请时间')),
                ('approved', models.BooleanField(null=True, verbose_name='是否同意')),
                ('decided_at', models.DateTimeField(null=True, verbose_name='审批时间')),
                ('decision', models.CharField(blank=True, max_length=300, verbose_name='审批意见')),
                ('applied_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='申请人')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='审批人')),
                ('hazard', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='extension_rows', to='hazards.hazard', verbose_name='隐患')),
            ],
            options={
                'verbose_name': '延期申请',
                'db_table': 'hazards_extension',
                'ordering': ['-applied_at'],
            },
        ),
        migrations.CreateModel(
            name='Order',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('certificate', models.CharField(max_length=40, verbose_name='执法证号')),
                ('issued_at', models.DateTimeField(verbose_name='责令时间')),
                ('rectify_by', models.DateTimeField(verbose_name='整改期限')),
                ('demand', models.CharField(max_length=500, verbose_name='整改要求')),
                ('hazard', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='orders', to='hazards.hazard', verbose_name='隐患')),
                ('officer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='执法人员')),
            ],
            options={
                'verbose_name': '责令整改',
                'db_table': 'hazards_order',
                'ordering': ['-issued_at'],
            },
        ),
        migrations.CreateModel(
            name='Recheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('passed', models.BooleanField(verbose_name='是否合格')),
                ('opinion', models.CharField(max_length=500, verbose_name='复查意见')),
                ('at', models.DateTimeField(verbose_name='复查时间')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='复查人')),
                ('hazard', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rechecks', to='hazards.hazard', verbose_name='隐患')),
                ('second', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='第二复查人')),
            ],
            options={
                'verbose_name': '复查',
                'db_table': 'hazards_recheck',
                'ordering': ['-at'],
            },
        ),
    ]
