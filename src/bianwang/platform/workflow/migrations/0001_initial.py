from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Limit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=60, verbose_name='代码')),
                ('name', models.CharField(max_length=120, verbose_name='名称')),
                ('value', models.DecimalField(decimal_places=3, max_digits=12, verbose_name='数值')),
                ('unit', models.CharField(choices=[('minutes', '分钟'), ('hours', '小时'), ('days', '日'), ('working_days', '工作日'), ('count', '次'), ('ratio', '比例')], max_length=14, verbose_name='单位')),
                ('source', models.CharField(max_length=120, verbose_name='依据')),
                ('article', models.CharField(blank=True, max_length=60, verbose_name='条款')),
                ('certainty', models.CharField(blank=True, max_length=60, verbose_name='核实情况')),
                ('valid_from', models.DateField(verbose_name='生效日期')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='失效日期')),
            ],
            options={
                'verbose_name': '法定与内部时限',
                'db_table': 'workflow_limit',
                'ordering': ['code', 'valid_from'],
                'constraints': [models.UniqueConstraint(fields=('code', 'valid_from'), name='limit_unique')],
            },
        ),
    ]
