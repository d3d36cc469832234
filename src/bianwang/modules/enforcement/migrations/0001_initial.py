import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('hazards', '0001_initial'),
        ('places', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Campaign',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, unique=True, verbose_name='名称')),
                ('first_day', models.DateField(verbose_name='开始日期')),
                ('last_day', models.DateField(verbose_name='结束日期')),
                ('note', models.CharField(blank=True, max_length=500, verbose_name='说明')),
                ('is_demo', models.BooleanField(default=False, verbose_name='演示数据')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='campaigns', to='places.party', verbose_name='牵头单位')),
            ],
            options={
                'verbose_name': '专项行动',
                'db_table': 'enforcement_campaign',
                'ordering': ['-first_day', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Plan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField(verbose_name='年度')),
                ('number', models.PositiveSmallIntegerField(verbose_name='版本')),
                ('state', models.CharField(choices=[('draft', '草稿'), ('approved', '已批准'), ('superseded', '已被取代'), ('discarded', '已废弃')], default='draft', max_length=10, verbose_name='状态')),
                ('statutory_days', models.PositiveSmallIntegerField(verbose_name='国家法定工作日')),
                ('people', models.PositiveSmallIntegerField(verbose_name='执法人员数')),
                ('other_days', models.PositiveIntegerField(verbose_name='其他执法工作日')),
                ('other_note', models.CharField(blank=True, max_length=500, verbose_name='其他执法工作日说明')),
                ('non_days', models.PositiveIntegerField(verbose_name='非执法工作日')),
                ('non_note', models.CharField(blank=True, max_length=500, verbose_name='非执法工作日说明')),
                ('reason', models.CharField(blank=True, max_length=500, verbose_name='调整理由')),
                ('made_at', models.DateTimeField(verbose_name='编制时间')),
                ('approved_at', models.DateTimeField(blank=True, null=True, verbose_name='批准时间')),
                ('is_demo', models.BooleanField(default=False, verbose_name='演示数据')),
                ('approved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='批准人')),
                ('base', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='next_versions', to='enforcement.plan', verbose_name='上一版')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='编制人')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='plans', to='places.party', verbose_name='计划单位')),
            ],
            options={
                'verbose_name': '年度检查计划',
                'db_table': 'enforcement_plan',
                'ordering': ['-year', '-number'],
                'constraints': [models.UniqueConstraint(fields=('owner', 'year', 'number'), name='plan_version_unique'), models.UniqueConstraint(condition=models.Q(('state', 'approved')), fields=('owner', 'year'), name='plan_one_approved'), models.UniqueConstraint(condition=models.Q(('state', 'draft')), fields=('owner', 'year'), name='plan_one_draft')],
            },
        ),
        migrations.CreateModel(
            name='Draw',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('method', models.CharField(max_length=30, verbose_name='方法')),
                ('seed', models.CharField(max_length=100, verbose_name='种子')),
                ('inputs', models.TextField(verbose_name='抽取范围')),
                ('inputs_hash', models.CharField(max_length=64, verbose_name='抽取范围的 SHA-256')),
                ('result', models.TextField(verbose_name='结果')),
                ('made_at', models.DateTimeField(verbose_name='抽取时间')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='抽取人')),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='draws', to='enforcement.plan', verbose_name='计划')),
            ],
            options={
                'verbose_name': '双随机抽取',
                'db_table': 'enforcement_draw',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='PlanItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('key', '重点检查'), ('general', '一般检查（双随机）')], max_length=8, verbose_name='类别')),
                ('month', models.PositiveSmallIntegerField(verbose_name='月份')),
                ('times', models.PositiveSmallIntegerField(default=1, verbose_name='次数')),
                ('days', models.PositiveSmallIntegerField(default=2, verbose_name='每次工作日')),
                ('officers', models.CharField(blank=True, max_length=100, verbose_name='执法人员')),
                ('draw', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='items', to='enforcement.draw', verbose_name='抽取记录')),
                ('enterprise', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='plan_items', to='places.enterprise', verbose_name='企业')),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='enforcement.plan', verbose_name='计划')),
            ],
            options={
                'verbose_name': '计划检查企业',
                'db_table': 'enforcement_plan_item',
                'ordering': ['month', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('plan', 'enterprise'), name='plan_item_unique'), models.CheckConstraint(condition=models.Q(('month__gte', 1), ('month__lte', 12)), name='plan_item_month')],
            },
        ),
        migrations.CreateModel(
            name='PlanOfficer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('certificate', models.CharField(max_length=40, verbose_name='执法证号')),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='officers', to='enforcement.plan', verbose_name='计划')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='执法人员')),
            ],
            options={
                'verbose_name': '计划执法人员',
                'db_table': 'enforcement_plan_officer',
                'constraints': [models.UniqueConstraint(fields=('plan', 'user'), name='plan_officer_unique')],
            },
        ),
        migrations.CreateModel(
            name='PlanRemoval',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=300, verbose_name='移出理由')),
                ('enterprise', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.enterprise', verbose_name='企业')),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='removals', to='enforcement.plan', verbose_name='计划')),
            ],
            options={
                'verbose_name': '移出计划',
                'db_table': 'enforcement_plan_removal',
                'constraints': [models.UniqueConstraint(fields=('plan', 'enterprise'), name='plan_removal_unique')],
            },
        ),
        migrations.CreateModel(
            name='Recusal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=300, verbose_name='回避理由')),
                ('made_at', models.DateTimeField(verbose_name='登记时间')),
                ('withdrawn_at', models.DateTimeField(null=True, verbose_name='撤回时间')),
                ('withdrawal', models.CharField(blank=True, max_length=300, verbose_name='撤回理由')),
                ('enterprise', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.enterprise', verbose_name='企业')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='登记人')),
                ('officer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='执法人员')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.party', verbose_name='执法单位')),
                ('withdrawn_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='撤回人')),
            ],
            options={
                'verbose_name': '回避',
                'db_table': 'enforcement_recusal',
                'ordering': ['-pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('withdrawn_at__isnull', True)), fields=('officer', 'enterprise'), name='recusal_one_standing')],
            },
        ),
        migrations.CreateModel(
            name='Visit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('date', models.DateField(verbose_name='检查日期')),
                ('kind', models.CharField(choices=[('plan', '计划检查'), ('complaint', '举报核查'), ('major', '重大隐患'), ('recheck', '复查'), ('campaign', '专项检查'), ('patrol', '乡镇巡查'), ('self', '企业自查')], max_length=10, verbose_name='类别')),
                ('scope', models.CharField(choices=[('direct', '直管'), ('district', '全区')], max_length=8, verbose_name='口径')),
                ('state', models.CharField(choices=[('planned', '未完成'), ('done', '已完成'), ('void', '已作废')], default='done', max_length=8, verbose_name='状态')),
                ('is_statutory', models.BooleanField(default=False, verbose_name='执法检查')),
                ('is_filed', models.BooleanField(default=False, verbose_name='立案')),
                ('documents_complete', models.BooleanField(default=False, verbose_name='文书齐全')),
                ('recheck_by', models.DateField(blank=True, null=True, verbose_name='应复查日期')),
                ('rechecked_on', models.DateField(blank=True, null=True, verbose_name='复查日期')),
                ('result', models.CharField(blank=True, max_length=500, verbose_name='检查情况')),
                ('external_number', models.CharField(blank=True, max_length=60, null=True, verbose_name='报送单位编号')),
                ('is_over', models.BooleanField(default=False, verbose_name='超频次')),
                ('over_note', models.CharField(blank=True, max_length=300, verbose_name='超频次审批意见')),
                ('over_at', models.DateTimeField(blank=True, null=True, verbose_name='超频次审批时间')),
                ('made_at', models.DateTimeField(verbose_name='登记时间')),
                ('is_demo', models.BooleanField(default=False, verbose_name='演示数据')),
                ('campaign', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='visits', to='enforcement.campaign', verbose_name='专项行动')),
                ('enterprise', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='visits', to='places.enterprise', verbose_name='企业')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='登记人')),
                ('over_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='超频次审批人')),
                ('recheck_of', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='rechecks', to='enforcement.visit', verbose_name='复查哪次检查')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='visits_made', to='places.party', verbose_name='报送单位')),
            ],
            options={
                'verbose_name': '检查',
                'db_table': 'enforcement_visit',
                'ordering': ['-date', '-pk'],
                'indexes': [models.Index(fields=['date', 'scope', 'state'], name='visit_days'), models.Index(fields=['enterprise', 'scope', 'state', 'date'], name='visit_covered'), models.Index(fields=['enterprise', 'unit', 'date'], name='visit_ceiling'), models.Index(fields=['unit', 'date'], name='visit_unit_date'), models.Index(fields=['recheck_by'], name='visit_recheck_by'), models.Index(condition=models.Q(('rechecked_on__isnull', False)), fields=['rechecked_on'], name='visit_rechecked_on'), models.Index(fields=['unit', 'kind', 'scope', 'state', 'is_statutory', 'is_filed', 'documents_complete', 'is_over', 'date', 'recheck_by', 'rechecked_on', 'over_at'], name='visit_figures')],
                'constraints': [models.UniqueConstraint(fields=('unit', 'external_number'), name='visit_external_unique')],
            },
        ),
        migrations.CreateModel(
            name='VisitHazard',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hazard', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='visit_found', to='hazards.hazard', verbose_name='隐患')),
                ('visit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='found', to='enforcement.visit', verbose_name='检查')),
            ],
            options={
                'verbose_name': '检查发现的隐患',
                'db_table': 'enforcement_visit_hazard',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='VisitOfficer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=40, verbose_name='姓名')),
                ('certificate', models.CharField(blank=True, max_length=40, verbose_name='执法证号')),
                ('visit', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='officers', to='enforcement.visit', verbose_name='检查')),
            ],
            options={
                'verbose_name': '检查人员',
                'db_table': 'enforcement_visit_officer',
                'ordering': ['pk'],
            },
        ),
    ]
