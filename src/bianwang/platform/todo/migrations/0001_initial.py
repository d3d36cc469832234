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
            name='Todo',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('object_type', models.CharField(max_length=60)),
                ('object_id', models.BigIntegerField()),
                ('url', models.CharField(max_length=200)),
                ('title', models.CharField(max_length=200, verbose_name='事项')),
                ('permission', models.CharField(max_length=60)),
                ('created_at', models.DateTimeField(verbose_name='产生时间')),
                ('due_at', models.DateTimeField(null=True, verbose_name='时限')),
                ('done_at', models.DateTimeField(null=True, verbose_name='办结时间')),
                ('assignee', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='todos', to=settings.AUTH_USER_MODEL, verbose_name='承办人')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='todos', to='places.party', verbose_name='责任单位')),
            ],
            options={
                'verbose_name': '待办',
                'db_table': 'todo_todo',
                'ordering': ['due_at', 'id'],
                'indexes': [models.Index(fields=['done_at', 'permission'], name='todo_open'), models.Index(fields=['object_type', 'object_id'], name='todo_object')],
            },
        ),
    ]
