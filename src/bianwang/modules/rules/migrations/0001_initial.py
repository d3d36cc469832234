import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('places', '0001_initial'),
        ('sensing', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Rule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=60, unique=True, verbose_name='代码')),
                ('name', models.CharField(max_length=100, verbose_name='名称')),
                ('family', models.CharField(choices=[('act', '人的不安全行为'), ('state', '物的不安全状态'), ('sequence', '车间运行时序')], max_length=10, verbose_name='类别')),
                ('is_demo', models.BooleanField(default=False, editable=False, verbose_name='演示数据')),
            ],
            options={
                'verbose_name': '规则',
                'db_table': 'rules_rule',
                'ordering': ['code'],
            },
        ),
        migrations.CreateModel(
            name='RuleVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(verbose_name='版本')),
                ('template', models.CharField(max_length=60, verbose_name='模板')),
                ('parameters', models.TextField(default='{}', verbose_name='参数')),
                ('definition', models.TextField(default='{}', verbose_name='公式的信号与参数')),
                ('unit', models.CharField(blank=True, max_length=16, verbose_name='限值单位')),
                ('schedule', models.TextField(default='[]', verbose_name='判定时段')),
                ('notice', models.PositiveSmallIntegerField(choices=[(0, '责任单位（逾期未确认再逐级上报）'), (1, '责任单位和镇街（管委会）'), (2, '责任单位、镇街（管委会）和区应急局')], default=0, verbose_name='告警一开始就通知')),
                ('source', models.CharField(max_length=120, verbose_name='依据')),
                ('article', models.CharField(blank=True, max_length=120, verbose_name='条款')),
                ('certainty', models.CharField(blank=True, max_length=60, verbose_name='核实情况')),
                ('valid_from', models.DateField(verbose_name='依据生效日期')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='依据失效日期')),
                ('state', models.CharField(choices=[('draft', '草稿'), ('active', '生效'), ('retired', '已停用')], db_index=True, default='draft', max_length=8, verbose_name='状态')),
                ('made_at', models.DateTimeField(verbose_name='编制时间')),
                ('activated_at', models.DateTimeField(null=True, verbose_name='启用时间')),
                ('retired_at', models.DateTimeField(null=True, verbose_name='停用时间')),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='编制人')),
                ('rule', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='rules.rule', verbose_name='规则')),
            ],
            options={
                'verbose_name': '规则版本',
                'db_table': 'rules_version',
                'ordering': ['rule_id', '-number'],
                'constraints': [models.UniqueConstraint(fields=('rule', 'number'), name='rule_version_unique')],
            },
        ),
        migrations.CreateModel(
            name='RuleLevel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('index', models.PositiveSmallIntegerField(verbose_name='级')),
                ('severity', models.CharField(choices=[('red', '红（重大）'), ('orange', '橙（较大）'), ('yellow', '黄（一般）'), ('blue', '蓝（低）')], max_length=8, verbose_name='等级')),
                ('kind', models.PositiveSmallIntegerField(choices=[(0, '限值'), (1, '变化率'), (2, '静默'), (3, '公式')], verbose_name='条件')),
                ('op', models.PositiveSmallIntegerField(choices=[(0, '大于'), (1, '大于或等于'), (2, '小于'), (3, '小于或等于'), (4, '超出范围')], default=0, verbose_name='比较')),
                ('formula', models.TextField(blank=True, verbose_name='公式')),
                ('limit', models.FloatField(null=True, verbose_name='限值')),
                ('limit_high', models.FloatField(null=True, verbose_name='上限')),
                ('hysteresis', models.FloatField(default=0.0, verbose_name='回差')),
                ('window_ms', models.BigIntegerField(default=0, verbose_name='窗口（毫秒）')),
                ('n', models.PositiveSmallIntegerField(default=1, verbose_name='N')),
                ('m', models.PositiveSmallIntegerField(default=1, verbose_name='M')),
                ('hold_ms', models.BigIntegerField(default=0, verbose_name='持续（毫秒）')),
                ('quiet_ms', models.BigIntegerField(default=0, verbose_name='恢复（毫秒）')),
                ('stale_ms', models.BigIntegerField(default=0, verbose_name='失效（毫秒）')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='levels', to='rules.ruleversion')),
            ],
            options={
                'verbose_name': '规则等级',
                'db_table': 'rules_level',
                'ordering': ['version_id', 'index'],
                'constraints': [models.UniqueConstraint(fields=('version', 'index'), name='rule_level_unique'), models.CheckConstraint(condition=models.Q(('index__lte', 7)), name='rule_level_index')],
            },
        ),
        migrations.CreateModel(
            name='Binding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('baseline', models.FloatField(default=0.0, verbose_name='基准')),
                ('span', models.FloatField(default=1.0, verbose_name='比例')),
                ('started_at', models.DateTimeField(verbose_name='绑定时间')),
                ('ended_at', models.DateTimeField(null=True, verbose_name='解除时间')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.party', verbose_name='所属单位')),
                ('place', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='bindings', to='places.zone', verbose_name='区域')),
                ('signal', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bindings', to='sensing.signal', verbose_name='信号')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bindings', to='rules.ruleversion', verbose_name='规则版本')),
            ],
            options={
                'verbose_name': '规则绑定',
                'db_table': 'rules_binding',
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('place__isnull', True)), fields=('version', 'signal'), name='rule_binding_unique')],
            },
        ),
        migrations.CreateModel(
            name='BindingSignal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(max_length=40, verbose_name='角色')),
                ('span', models.FloatField(default=1.0, verbose_name='比例')),
                ('binding', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='roles', to='rules.binding')),
                ('signal', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sensing.signal', verbose_name='信号')),
            ],
            options={
                'verbose_name': '规则绑定的信号',
                'db_table': 'rules_binding_signal',
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(fields=('binding', 'role'), name='rule_binding_role_unique')],
            },
        ),
    ]
