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
            name='Attachment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('object_type', models.CharField(max_length=60)),
                ('object_id', models.BigIntegerField()),
                ('label', models.CharField(blank=True, max_length=30, verbose_name='用途')),
                ('name', models.CharField(max_length=200, verbose_name='文件名')),
                ('media_type', models.CharField(max_length=80, verbose_name='类型')),
                ('size', models.PositiveBigIntegerField(verbose_name='大小（字节）')),
                ('digest', models.CharField(db_index=True, max_length=64, verbose_name='SM3')),
                ('taken_at', models.DateTimeField(null=True, verbose_name='拍摄时间')),
                ('longitude', models.FloatField(null=True, verbose_name='经度')),
                ('latitude', models.FloatField(null=True, verbose_name='纬度')),
                ('added_at', models.DateTimeField(verbose_name='上传时间')),
                ('added_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='上传人')),
                ('owner', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.party')),
            ],
            options={
                'verbose_name': '附件',
                'db_table': 'files_attachment',
                'indexes': [models.Index(fields=['object_type', 'object_id'], name='files_object')],
            },
        ),
    ]
