from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='DayChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(unique=True, verbose_name='日期')),
                ('is_working', models.BooleanField(verbose_name='上班')),
                ('name', models.CharField(max_length=60, verbose_name='说明')),
                ('source', models.CharField(max_length=120, verbose_name='依据')),
            ],
            options={
                'verbose_name': '工作日调整',
                'db_table': 'calendar_day_change',
                'ordering': ['day'],
            },
        ),
    ]
