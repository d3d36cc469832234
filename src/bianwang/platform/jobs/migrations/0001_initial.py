from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='JobRun',
            fields=[
                ('code', models.CharField(max_length=60, primary_key=True, serialize=False, verbose_name='任务')),
                ('next_at', models.DateTimeField(verbose_name='下次运行')),
                ('claimed_by', models.CharField(blank=True, max_length=60, verbose_name='运行者')),
                ('started_at', models.DateTimeField(null=True, verbose_name='开始')),
                ('finished_at', models.DateTimeField(null=True, verbose_name='完成')),
                ('failures', models.PositiveIntegerField(default=0, verbose_name='连续失败')),
                ('message', models.CharField(blank=True, max_length=300, verbose_name='最近错误')),
            ],
            options={
                'verbose_name': '后台任务',
                'db_table': 'jobs_run',
            },
        ),
    ]
