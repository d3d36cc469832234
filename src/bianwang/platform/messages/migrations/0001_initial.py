import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('places', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=80, unique=True, verbose_name='消息编号')),
                ('channel', models.CharField(choices=[('sms', '短信'), ('wechat', '微信'), ('broadcast', '村村通广播')], max_length=10, verbose_name='渠道')),
                ('recipient', models.CharField(max_length=100, verbose_name='接收方')),
                ('text', models.TextField(verbose_name='内容')),
                ('about', models.CharField(blank=True, max_length=200, verbose_name='事由')),
                ('state', models.CharField(choices=[('waiting', '待发送'), ('sending', '发送中'), ('sent', '已发送'), ('failed', '发送失败'), ('cancelled', '已取消')], default='waiting', max_length=10, verbose_name='状态')),
                ('next_at', models.DateTimeField(verbose_name='下次处理时间')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='发送次数')),
                ('error', models.CharField(blank=True, max_length=300, verbose_name='失败原因')),
                ('created_at', models.DateTimeField(db_index=True, verbose_name='登记时间')),
                ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='发送时间')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.party', verbose_name='发送单位')),
            ],
            options={
                'verbose_name': '消息',
                'db_table': 'outbox_message',
                'ordering': ['-pk'],
                'indexes': [models.Index(fields=['state', 'next_at'], name='outbox_message_due')],
            },
        ),
    ]
