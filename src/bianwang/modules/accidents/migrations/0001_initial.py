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
            name='Gdp',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField(unique=True, verbose_name='年度')),
                ('value', models.DecimalField(decimal_places=2, max_digits=12, verbose_name='地区生产总值（亿元）')),
                ('basis', models.CharField(choices=[('current', '现价'), ('constant', '不变价')], default='current', max_length=10, verbose_name='口径')),
                ('source', models.CharField(max_length=120, verbose_name='数据来源')),
            ],
            options={
                'verbose_name': '地区生产总值',
                'db_table': 'accidents_gdp',
                'ordering': ['-year'],
            },
        ),
        migrations.CreateModel(
            name='Series',
            fields=[
                ('year', models.PositiveSmallIntegerField(primary_key=True, serialize=False)),
                ('last', models.PositiveIntegerField(default=0)),
            ],
            options={
                'db_table': 'accidents_series',
            },
        ),
        migrations.CreateModel(
            name='Accident',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(db_index=True, max_length=20, verbose_name='状态')),
                ('due_at', models.DateTimeField(blank=True, db_index=True, null=True, verbose_name='时限')),
                ('state_since', models.DateTimeField(verbose_name='进入本状态时间')),
                ('number', models.CharField(max_length=40, unique=True, verbose_name='编号')),
                ('title', models.CharField(max_length=120, verbose_name='事故名称')),
                ('place', models.CharField(blank=True, max_length=100, verbose_name='具体地点')),
                ('occurred_at', models.DateTimeField(db_index=True, verbose_name='发生时间')),
                ('known_at', models.DateTimeField(blank=True, null=True, verbose_name='单位负责人接报时间')),
                ('received_at', models.DateTimeField(verbose_name='区局接报时间')),
                ('kind', models.CharField(max_length=2, verbose_name='事故类别')),
                ('is_traffic', models.BooleanField(default=False, verbose_name='道路交通事故')),
                ('deaths', models.PositiveIntegerField(default=0, verbose_name='死亡（人）')),
                ('injuries', models.PositiveIntegerField(default=0, verbose_name='重伤（人）')),
                ('loss', models.DecimalField(decimal_places=2, default=0, max_digits=12, validators=[django.core.validators.MinValueValidator(0)], verbose_name='直接经济损失（万元）')),
                ('grade', models.CharField(choices=[('1', '特别重大'), ('2', '重大'), ('3', '较大'), ('4', '一般')], max_length=1, verbose_name='事故等级')),
                ('is_work_safety', models.BooleanField(default=True, verbose_name='生产安全事故')),
                ('source', models.CharField(choices=[('enterprise', '事故单位报告'), ('town', '镇街报告'), ('department', '部门通报'), ('police', '110、119、120通报'), ('hotline', '12350举报'), ('media', '媒体与网络'), ('other', '其他')], max_length=12, verbose_name='信息来源')),
                ('description', models.TextField(blank=True, verbose_name='简要经过')),
                ('supplement_by', models.DateTimeField(verbose_name='补报截止')),
                ('investigate_by', models.DateTimeField(verbose_name='调查期限')),
                ('closed_at', models.DateTimeField(null=True, verbose_name='结案时间')),
                ('is_exercise', models.BooleanField(default=False, verbose_name='演练')),
                ('is_demo', models.BooleanField(default=False, verbose_name='演示数据')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='accidents', to='places.party', verbose_name='事故单位')),
                ('registered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='登记人')),
                ('town', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.territory', verbose_name='发生地')),
            ],
            options={
                'verbose_name': '事故',
                'db_table': 'accidents_accident',
                'ordering': ['-occurred_at', '-id'],
                'indexes': [models.Index(fields=['owner', 'state'], name='accident_owner_state')],
            },
        ),
        migrations.CreateModel(
            name='Casualty',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=30, verbose_name='姓名')),
                ('outcome', models.CharField(choices=[('dead', '死亡'), ('serious', '重伤'), ('poisoned', '急性工业中毒'), ('light', '轻伤'), ('missing', '下落不明')], max_length=10, verbose_name='伤亡情况')),
                ('post', models.CharField(blank=True, max_length=60, verbose_name='岗位或身份')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='备注')),
                ('accident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='casualties', to='accidents.accident', verbose_name='事故')),
            ],
            options={
                'verbose_name': '伤亡人员',
                'db_table': 'accidents_casualty',
                'ordering': ['accident_id', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Extension',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('days', models.PositiveSmallIntegerField(verbose_name='延长天数')),
                ('reason', models.CharField(max_length=500, verbose_name='延长理由')),
                ('applied_at', models.DateTimeField(verbose_name='申请时间')),
                ('approved', models.BooleanField(null=True, verbose_name='是否同意')),
                ('decided_at', models.DateTimeField(null=True, verbose_name='审批时间')),
                ('accident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='extensions', to='accidents.accident', verbose_name='事故')),
                ('applied_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='申请人')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='审批人')),
            ],
            options={
                'verbose_name': '延长调查申请',
                'db_table': 'accidents_extension',
                'ordering': ['-applied_at'],
            },
        ),
        migrations.CreateModel(
            name='Investigation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('opened_at', models.DateTimeField(verbose_name='成立时间')),
                ('direct_cause', models.CharField(blank=True, max_length=1000, verbose_name='直接原因')),
                ('indirect_cause', models.CharField(blank=True, max_length=1000, verbose_name='间接原因')),
                ('submitted_at', models.DateTimeField(null=True, verbose_name='提交时间')),
                ('approval', models.CharField(blank=True, max_length=60, verbose_name='批复文号')),
                ('approved_by', models.CharField(blank=True, max_length=60, verbose_name='批复机关')),
                ('approved_at', models.DateTimeField(null=True, verbose_name='批复时间')),
                ('accident', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='investigation', to='accidents.accident', verbose_name='事故')),
                ('keeper', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.party', verbose_name='承办单位')),
                ('submitted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='提交人')),
            ],
            options={
                'verbose_name': '事故调查',
                'db_table': 'accidents_investigation',
            },
        ),
        migrations.CreateModel(
            name='Check',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('item', models.CharField(choices=[('cause', '原因未查清不放过'), ('people', '责任人员未处理不放过'), ('measures', '整改措施未落实不放过'), ('teaching', '有关人员未受到教育不放过')], max_length=10, verbose_name='事项')),
                ('evidence', models.CharField(blank=True, max_length=1000, verbose_name='依据')),
                ('files', models.PositiveSmallIntegerField(default=0, verbose_name='佐证文件')),
                ('at', models.DateTimeField(verbose_name='销项时间')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='登记人')),
                ('investigation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='checks', to='accidents.investigation', verbose_name='事故调查')),
            ],
            options={
                'verbose_name': '四不放过',
                'db_table': 'accidents_check',
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(fields=('investigation', 'item'), name='accident_check_once')],
            },
        ),
        migrations.CreateModel(
            name='Member',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('leader', '组长'), ('member', '成员'), ('expert', '专家')], max_length=8, verbose_name='职务')),
                ('name', models.CharField(max_length=30, verbose_name='姓名')),
                ('unit', models.CharField(max_length=60, verbose_name='单位')),
                ('investigation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='members', to='accidents.investigation', verbose_name='事故调查')),
            ],
            options={
                'verbose_name': '调查组成员',
                'db_table': 'accidents_member',
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Report',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('initial', '初报'), ('following', '续报'), ('final', '终报')], max_length=10, verbose_name='报告类别')),
                ('number', models.PositiveSmallIntegerField(verbose_name='序号')),
                ('sender', models.CharField(max_length=60, verbose_name='报告单位')),
                ('receiver', models.CharField(max_length=60, verbose_name='接收单位')),
                ('due_at', models.DateTimeField(null=True, verbose_name='时限')),
                ('at', models.DateTimeField(null=True, verbose_name='报告时间')),
                ('text', models.TextField(blank=True, verbose_name='报告内容')),
                ('accident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reports', to='accidents.accident', verbose_name='事故')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='登记人')),
            ],
            options={
                'verbose_name': '事故报告',
                'db_table': 'accidents_report',
                'ordering': ['accident_id', 'number'],
                'indexes': [models.Index(fields=['at', 'due_at'], name='accident_report_owed')],
                'constraints': [models.UniqueConstraint(fields=('accident', 'number'), name='accident_report_number')],
            },
        ),
        migrations.CreateModel(
            name='Sanction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('who', models.CharField(max_length=100, verbose_name='责任人或单位')),
                ('what', models.CharField(max_length=500, verbose_name='处理意见')),
                ('due_on', models.DateField(verbose_name='办理期限')),
                ('done_on', models.DateField(null=True, verbose_name='办结日期')),
                ('result', models.CharField(blank=True, max_length=500, verbose_name='处理结果')),
                ('investigation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sanctions', to='accidents.investigation', verbose_name='事故调查')),
            ],
            options={
                'verbose_name': '责任追究',
                'db_table': 'accidents_sanction',
                'ordering': ['due_on', 'id'],
            },
        ),
    ]
