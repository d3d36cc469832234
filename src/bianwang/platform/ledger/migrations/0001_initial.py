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
            name='Cursor',
            fields=[
                ('code', models.CharField(max_length=60, primary_key=True, serialize=False)),
                ('seq', models.BigIntegerField(default=0)),
            ],
            options={
                'db_table': 'ledger_cursor',
            },
        ),
        migrations.CreateModel(
            name='SealLease',
            fields=[
                ('id', models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('holder', models.CharField(blank=True, max_length=60)),
                ('until', models.DateTimeField(null=True)),
                ('seq', models.BigIntegerField(default=0)),
                ('mac', models.CharField(default='0000000000000000000000000000000000000000000000000000000000000000', max_length=64)),
            ],
            options={
                'verbose_name': '台账',
                'db_table': 'ledger_seal_lease',
            },
        ),
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(db_index=True, verbose_name='时间')),
                ('verb', models.CharField(db_index=True, max_length=60, verbose_name='动作')),
                ('actor_name', models.CharField(max_length=60, verbose_name='操作人姓名')),
                ('origin', models.CharField(max_length=60, verbose_name='来源地址')),
                ('object_type', models.CharField(max_length=60, verbose_name='对象类别')),
                ('object_id', models.BigIntegerField(verbose_name='对象编号')),
                ('object_label', models.CharField(max_length=200, verbose_name='对象')),
                ('operation', models.CharField(blank=True, max_length=36, verbose_name='操作批次')),
                ('reason', models.CharField(blank=True, max_length=500, verbose_name='理由')),
                ('changes', models.TextField(default='{}', verbose_name='前后值')),
                ('seq', models.BigIntegerField(null=True, unique=True, verbose_name='序号')),
                ('mac', models.CharField(blank=True, max_length=64, verbose_name='封存码')),
                ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='操作人')),
                ('owner', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.party', verbose_name='责任单位')),
            ],
            options={
                'verbose_name': '台账记录',
                'db_table': 'ledger_entry',
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['object_type', 'object_id', 'id'], name='ledger_object'), models.Index(fields=['owner', 'seq'], name='ledger_owner_seq')],
            },
        ),
        migrations.CreateModel(
            name='Parked',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=60, verbose_name='订阅')),
                ('object_type', models.CharField(max_length=60)),
                ('object_id', models.BigIntegerField()),
                ('attempts', models.PositiveIntegerField(default=0, verbose_name='已试次数')),
                ('next_at', models.DateTimeField(db_index=True, verbose_name='下次重试')),
                ('message', models.CharField(blank=True, max_length=300, verbose_name='最近错误')),
                ('entry', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.entry', verbose_name='台账记录')),
            ],
            options={
                'verbose_name': '待重试的台账订阅',
                'db_table': 'ledger_parked',
                'ordering': ['id'],
                'indexes': [models.Index(fields=['code', 'object_type', 'object_id'], name='ledger_parked_object')],
                'constraints': [models.UniqueConstraint(fields=('code', 'entry'), name='ledger_parked_once')],
            },
        ),
    ]
