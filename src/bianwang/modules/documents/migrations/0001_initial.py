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
            name='Dossier',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('inspection', '检查案卷'), ('case', '处罚案卷')], max_length=10, verbose_name='类别')),
                ('title', models.CharField(max_length=120, verbose_name='案卷名称')),
                ('opened_on', models.DateField(db_index=True, verbose_name='立卷日期')),
                ('serial', models.PositiveIntegerField(blank=True, null=True, verbose_name='共用顺序号')),
                ('serial_year', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='顺序号年度')),
                ('is_demo', models.BooleanField(default=False, verbose_name='演示数据')),
                ('enterprise', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='dossiers', to='places.enterprise', verbose_name='当事人')),
                ('opened_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='立卷人')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.party', verbose_name='执法单位')),
            ],
            options={
                'verbose_name': '案卷',
                'db_table': 'documents_dossier',
                'ordering': ['-opened_on', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Document',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(db_index=True, max_length=20, verbose_name='状态')),
                ('due_at', models.DateTimeField(blank=True, db_index=True, null=True, verbose_name='时限')),
                ('state_since', models.DateTimeField(verbose_name='进入本状态时间')),
                ('kind', models.CharField(db_index=True, max_length=30, verbose_name='文书')),
                ('values', models.JSONField(default=dict, verbose_name='内容')),
                ('revision', models.PositiveIntegerField(default=0, verbose_name='修改次数')),
                ('number', models.CharField(max_length=60, null=True, unique=True, verbose_name='文号')),
                ('year', models.PositiveSmallIntegerField(null=True, verbose_name='年度')),
                ('serial', models.PositiveIntegerField(null=True, verbose_name='顺序号')),
                ('drawn_at', models.DateTimeField(verbose_name='制作时间')),
                ('issued_at', models.DateTimeField(db_index=True, null=True, verbose_name='制发时间')),
                ('served_on', models.DateField(null=True, verbose_name='送达日期')),
                ('escalated_at', models.DateTimeField(null=True, verbose_name='逾期督促时间')),
                ('signed_by', models.CharField(blank=True, max_length=60, verbose_name='签收人')),
                ('refused', models.BooleanField(default=False, verbose_name='拒绝签字')),
                ('witness', models.CharField(blank=True, max_length=60, verbose_name='见证人')),
                ('signed_at', models.DateTimeField(null=True, verbose_name='签字时间')),
                ('drawn_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='制作人')),
                ('issued_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='签发人')),
                ('dossier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='documents.dossier', verbose_name='案卷')),
            ],
            options={
                'verbose_name': '执法文书',
                'db_table': 'documents_document',
                'ordering': ['-pk'],
                'indexes': [models.Index(fields=['dossier', 'kind', 'state'], name='documents_gate')],
            },
        ),
        migrations.CreateModel(
            name='Service',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('method', models.CharField(choices=[('direct', '直接送达'), ('left', '留置送达'), ('post', '邮寄送达'), ('electronic', '电子送达'), ('public', '公告送达')], max_length=12, verbose_name='送达方式')),
                ('receiver', models.CharField(blank=True, max_length=60, verbose_name='收件人')),
                ('witness', models.CharField(blank=True, max_length=60, verbose_name='见证人')),
                ('on', models.DateField(verbose_name='送达日期')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='说明')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='送达人')),
                ('document', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='service', to='documents.document', verbose_name='文书')),
            ],
            options={
                'verbose_name': '送达',
                'db_table': 'documents_service',
            },
        ),
        migrations.CreateModel(
            name='Template',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=30, verbose_name='文书')),
                ('version', models.PositiveSmallIntegerField(verbose_name='版本')),
                ('is_active', models.BooleanField(default=True, verbose_name='使用中')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='说明')),
                ('digest', models.CharField(max_length=64, verbose_name='SM3')),
                ('uploaded_at', models.DateTimeField(verbose_name='上传时间')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.party', verbose_name='单位')),
                ('uploaded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='上传人')),
            ],
            options={
                'verbose_name': '文书模板',
                'db_table': 'documents_template',
                'ordering': ['kind', '-version'],
                'constraints': [models.UniqueConstraint(fields=('kind', 'version'), name='documents_template_unique'), models.UniqueConstraint(condition=models.Q(('is_active', True)), fields=('kind',), name='documents_template_active')],
            },
        ),
        migrations.AddField(
            model_name='document',
            name='template',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.template', verbose_name='模板'),
        ),
        migrations.CreateModel(
            name='Series',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=20)),
                ('year', models.PositiveSmallIntegerField()),
                ('last', models.PositiveIntegerField(default=0)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.party')),
            ],
            options={
                'db_table': 'documents_series',
                'constraints': [models.UniqueConstraint(fields=('unit', 'code', 'year'), name='documents_series_unique')],
            },
        ),
    ]
