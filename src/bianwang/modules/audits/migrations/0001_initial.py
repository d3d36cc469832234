import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('files', '0001_initial'),
        ('places', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Audit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=200, verbose_name='报告名称')),
                ('year', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='报告年度')),
                ('undecided', models.PositiveIntegerField(default=0, verbose_name='未处理')),
                ('created_at', models.DateTimeField(verbose_name='登记时间')),
                ('is_demo', models.BooleanField(default=False, verbose_name='演示数据')),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='登记人')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='audits', to='places.party', verbose_name='单位')),
            ],
            options={
                'verbose_name': '自评核对',
                'db_table': 'audits_audit',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='Version',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(verbose_name='版本')),
                ('text', models.TextField(verbose_name='正文')),
                ('tables', models.TextField(verbose_name='表格')),
                ('contradictions', models.PositiveIntegerField(verbose_name='矛盾')),
                ('suspicious', models.PositiveIntegerField(verbose_name='存疑')),
                ('unsupported', models.PositiveIntegerField(verbose_name='缺少依据')),
                ('made_at', models.DateTimeField(verbose_name='上传时间')),
                ('audit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='audits.audit', verbose_name='自评核对')),
                ('file', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.attachment', verbose_name='原文件')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='上传人')),
            ],
            options={
                'verbose_name': '报告版本',
                'db_table': 'audits_version',
                'ordering': ['number'],
                'constraints': [models.UniqueConstraint(fields=('audit', 'number'), name='audit_version_unique')],
            },
        ),
        migrations.AddField(
            model_name='audit',
            name='latest',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='audits.version', verbose_name='最新版本'),
        ),
        migrations.CreateModel(
            name='Decision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=32, verbose_name='问题')),
                ('state', models.CharField(choices=[('accepted', '采纳（要改）'), ('explained', '已说明'), ('rejected', '不成立')], max_length=10, verbose_name='处理')),
                ('reason', models.CharField(blank=True, max_length=500, verbose_name='理由')),
                ('at', models.DateTimeField(verbose_name='处理时间')),
                ('audit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='audits.audit', verbose_name='自评核对')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='处理人')),
            ],
            options={
                'verbose_name': '问题处理',
                'db_table': 'audits_decision',
                'constraints': [models.UniqueConstraint(fields=('audit', 'key'), name='audit_decision_unique')],
            },
        ),
    ]
