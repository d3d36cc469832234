import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('documents', '0001_initial'),
        ('enforcement', '0001_initial'),
        ('files', '0001_initial'),
        ('hazards', '0001_initial'),
        ('places', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Inspection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(db_index=True, max_length=20, verbose_name='状态')),
                ('due_at', models.DateTimeField(blank=True, db_index=True, null=True, verbose_name='时限')),
                ('state_since', models.DateTimeField(verbose_name='进入本状态时间')),
                ('key', models.UUIDField(unique=True, verbose_name='识别码')),
                ('kind', models.CharField(choices=[('statutory', '执法检查'), ('patrol', '日常巡查'), ('self', '企业自查')], max_length=10, verbose_name='类别')),
                ('reason', models.CharField(blank=True, choices=[('plan', '计划检查'), ('complaint', '举报核查'), ('major', '重大隐患'), ('recheck', '复查')], max_length=10, verbose_name='检查事由')),
                ('day', models.DateField(db_index=True, verbose_name='检查日期')),
                ('revision', models.PositiveIntegerField(default=0, verbose_name='版本')),
                ('people', models.CharField(blank=True, max_length=500, verbose_name='检查人员')),
                ('answered', models.PositiveSmallIntegerField(default=0, verbose_name='已查项数')),
                ('failed', models.PositiveSmallIntegerField(default=0, verbose_name='问题数')),
                ('has_conflict', models.BooleanField(default=False, verbose_name='有冲突')),
                ('signer', models.CharField(blank=True, max_length=40, verbose_name='签字人')),
                ('is_refused', models.BooleanField(default=False, verbose_name='拒绝签字')),
                ('signed_at', models.DateTimeField(null=True, verbose_name='签字时间')),
                ('done_at', models.DateTimeField(null=True, verbose_name='办结时间')),
                ('made_at', models.DateTimeField(verbose_name='建立时间')),
                ('is_demo', models.BooleanField(default=False, verbose_name='演示数据')),
                ('dossier', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='inspection', to='documents.dossier', verbose_name='案卷')),
                ('enterprise', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='inspections', to='places.enterprise', verbose_name='企业')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='检查人')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='inspections_made', to='places.party', verbose_name='检查单位')),
                ('visit', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='inspection', to='enforcement.visit', verbose_name='检查登记')),
            ],
            options={
                'verbose_name': '现场检查',
                'db_table': 'inspections_inspection',
                'ordering': ['-day', '-pk'],
                'indexes': [models.Index(fields=['unit', 'day'], name='inspection_unit_day')],
            },
        ),
        migrations.CreateModel(
            name='Finding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(verbose_name='识别码')),
                ('item', models.CharField(blank=True, max_length=40, verbose_name='条目')),
                ('hazard', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='inspection_finding', to='hazards.hazard', verbose_name='隐患')),
                ('inspection', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='findings', to='inspections.inspection', verbose_name='现场检查')),
            ],
            options={
                'verbose_name': '检查发现的问题',
                'db_table': 'inspections_finding',
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('inspection', 'key'), name='inspection_finding_unique')],
            },
        ),
        migrations.CreateModel(
            name='Picture',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(unique=True, verbose_name='识别码')),
                ('kind', models.CharField(choices=[('photo', '照片'), ('signature', '签字')], max_length=10, verbose_name='类别')),
                ('sha256', models.CharField(max_length=64, verbose_name='SHA-256')),
                ('taken_at', models.DateTimeField(verbose_name='设备时间')),
                ('longitude', models.FloatField(null=True, verbose_name='经度')),
                ('latitude', models.FloatField(null=True, verbose_name='纬度')),
                ('accuracy', models.FloatField(null=True, verbose_name='定位精度（米）')),
                ('received_at', models.DateTimeField(verbose_name='收到时间')),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.attachment', verbose_name='附件')),
                ('inspection', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pictures', to='inspections.inspection', verbose_name='现场检查')),
            ],
            options={
                'verbose_name': '现场照片',
                'db_table': 'inspections_picture',
                'ordering': ['taken_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Version',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(null=True, verbose_name='版本')),
                ('base', models.PositiveIntegerField(verbose_name='依据的版本')),
                ('fate', models.CharField(choices=[('accepted', '采用'), ('waiting', '待选择'), ('rejected', '未采用')], max_length=8, verbose_name='处理')),
                ('document', models.JSONField(verbose_name='内容')),
                ('sha256', models.CharField(max_length=64, verbose_name='SHA-256')),
                ('device', models.CharField(max_length=40, verbose_name='设备')),
                ('received_at', models.DateTimeField(verbose_name='收到时间')),
                ('inspection', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='inspections.inspection', verbose_name='现场检查')),
                ('sent_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='上传人')),
            ],
            options={
                'verbose_name': '检查内容版本',
                'db_table': 'inspections_version',
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('inspection', 'number'), name='inspection_version_unique')],
            },
        ),
    ]
