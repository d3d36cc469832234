import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Import',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=40, verbose_name='内容')),
                ('name', models.CharField(max_length=200, verbose_name='文件名')),
                ('state', models.CharField(choices=[('checked', '已校验'), ('applying', '正在写入'), ('done', '已完成'), ('cancelled', '已放弃')], max_length=10, verbose_name='状态')),
                ('operation', models.CharField(blank=True, max_length=36, verbose_name='操作批次')),
                ('origin', models.CharField(blank=True, max_length=60, verbose_name='来源地址')),
                ('created_at', models.DateTimeField(verbose_name='上传时间')),
                ('rows', models.PositiveIntegerField(verbose_name='行数')),
                ('errors', models.PositiveIntegerField(verbose_name='错误数')),
                ('applied', models.PositiveIntegerField(default=0, verbose_name='已写入')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='导入人')),
            ],
            options={
                'verbose_name': '导入',
                'db_table': 'exchange_import',
            },
        ),
        migrations.CreateModel(
            name='StagedRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(verbose_name='行号')),
                ('values', models.TextField(verbose_name='内容')),
                ('errors', models.TextField(default='{}', verbose_name='错误')),
                ('applied', models.BooleanField(default=False)),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='staged', to='exchange.import')),
            ],
            options={
                'db_table': 'exchange_row',
                'ordering': ['number'],
                'constraints': [models.UniqueConstraint(fields=('batch', 'number'), name='exchange_row_unique')],
            },
        ),
    ]
