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
            name='Keeper',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('level', models.CharField(max_length=12, verbose_name='层级')),
                ('name', models.CharField(max_length=30, verbose_name='姓名')),
                ('post', models.CharField(blank=True, max_length=30, verbose_name='职务')),
                ('phone', models.CharField(max_length=20, verbose_name='电话')),
                ('since', models.DateField(verbose_name='起')),
                ('until', models.DateField(blank=True, null=True, verbose_name='止')),
                ('acted_on', models.DateField(blank=True, null=True, verbose_name='最近履职')),
            ],
            options={
                'verbose_name': '包保责任人',
                'db_table': 'risks_keeper',
                'ordering': ['until', 'level', 'id'],
            },
        ),
        migrations.CreateModel(
            name='DutyRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('done_on', models.DateField(verbose_name='履职日期')),
                ('content', models.CharField(max_length=500, verbose_name='履职内容')),
                ('keeper', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='records', to='risks.keeper', verbose_name='包保责任人')),
            ],
            options={
                'verbose_name': '履职记录',
                'db_table': 'risks_duty_record',
                'ordering': ['-done_on', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Source',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, verbose_name='单元名称')),
                ('unit', models.CharField(choices=[('production', '生产单元'), ('storage', '储存单元')], max_length=10, verbose_name='单元类型')),
                ('people', models.PositiveIntegerField(default=0, verbose_name='500 m 内常住人口')),
                ('items', models.TextField(verbose_name='危险化学品')),
                ('s', models.DecimalField(decimal_places=4, max_digits=14, verbose_name='S')),
                ('r', models.DecimalField(decimal_places=4, max_digits=14, verbose_name='R')),
                ('grade', models.CharField(blank=True, max_length=4, verbose_name='等级')),
                ('filing_number', models.CharField(blank=True, max_length=60, verbose_name='备案编号')),
                ('filed_on', models.DateField(blank=True, null=True, verbose_name='备案日期')),
                ('evaluated_on', models.DateField(blank=True, null=True, verbose_name='安全评估日期')),
                ('evaluate_by', models.DateField(blank=True, db_index=True, null=True, verbose_name='下次评估期限')),
                ('is_demo', models.BooleanField(default=False, verbose_name='演示数据')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='hazard_sources', to='places.party', verbose_name='企业')),
                ('zone', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.zone', verbose_name='区域')),
            ],
            options={
                'verbose_name': '重大危险源',
                'db_table': 'risks_source',
                'ordering': ['owner_id', 'name'],
                'constraints': [models.UniqueConstraint(fields=('owner', 'name'), name='risks_source_unique')],
            },
        ),
        migrations.AddField(
            model_name='keeper',
            name='source',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='keepers', to='risks.source', verbose_name='重大危险源'),
        ),
        migrations.CreateModel(
            name='Grading',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('graded_at', models.DateTimeField(verbose_name='计算时间')),
                ('people', models.PositiveIntegerField(verbose_name='500 m 内常住人口')),
                ('items', models.TextField(verbose_name='危险化学品')),
                ('s', models.DecimalField(decimal_places=4, max_digits=14, verbose_name='S')),
                ('r', models.DecimalField(decimal_places=4, max_digits=14, verbose_name='R')),
                ('grade', models.CharField(blank=True, max_length=4, verbose_name='等级')),
                ('arithmetic', models.TextField(verbose_name='算式')),
                ('graded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='计算人')),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='gradings', to='risks.source', verbose_name='重大危险源')),
            ],
            options={
                'verbose_name': '分级结果',
                'db_table': 'risks_grading',
                'ordering': ['-graded_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='RiskPoint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, verbose_name='风险点')),
                ('hazard', models.CharField(max_length=300, verbose_name='主要危险因素')),
                ('accidents', models.CharField(max_length=120, verbose_name='可能导致的事故')),
                ('method', models.CharField(choices=[('lec', 'LEC（D = L×E×C）'), ('ls', 'LS（R = L×S）')], max_length=4, verbose_name='评价方法')),
                ('likelihood', models.DecimalField(decimal_places=2, max_digits=5, verbose_name='可能性 L')),
                ('exposure', models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True, verbose_name='暴露频次 E')),
                ('consequence', models.DecimalField(decimal_places=2, max_digits=5, verbose_name='后果 C/S')),
                ('score', models.DecimalField(decimal_places=3, max_digits=9, verbose_name='风险值')),
                ('level', models.CharField(choices=[('red', '红（重大风险）'), ('orange', '橙（较大风险）'), ('yellow', '黄（一般风险）'), ('blue', '蓝（低风险）')], db_index=True, max_length=8, verbose_name='风险等级')),
                ('controls', models.TextField(max_length=1000, verbose_name='管控措施')),
                ('emergency', models.TextField(blank=True, max_length=1000, verbose_name='应急处置')),
                ('keeper', models.CharField(max_length=30, verbose_name='责任人')),
                ('phone', models.CharField(blank=True, max_length=20, verbose_name='责任人电话')),
                ('assessed_on', models.DateField(verbose_name='评价日期')),
                ('review_by', models.DateField(db_index=True, verbose_name='复评期限')),
                ('is_demo', models.BooleanField(default=False, verbose_name='演示数据')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='risk_points', to='places.party', verbose_name='企业')),
                ('zone', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.zone', verbose_name='区域')),
            ],
            options={
                'verbose_name': '风险点',
                'db_table': 'risks_point',
                'ordering': ['owner_id', 'name'],
                'constraints': [models.UniqueConstraint(fields=('owner', 'name'), name='risks_point_unique')],
            },
        ),
        migrations.AddConstraint(
            model_name='keeper',
            constraint=models.UniqueConstraint(condition=models.Q(('until__isnull', True)), fields=('source', 'level'), name='risks_one_keeper'),
        ),
    ]
