"""Numbers of messages that are still to be sent are sealed; of the others only the mask stays."""

from typing import Any

from django.db import migrations, models

from bianwang.platform.messages.recipients import masked, put_away

_TOGETHER = 500


def seal_recipients(apps: Any, schema_editor: Any) -> None:
    """Row after row, in bounded statements."""
    manager = apps.get_model('outbox', 'Message')._default_manager
    rows = manager.order_by('pk')
    last = 0
    while piece := list(rows.filter(pk__gt=last)[:_TOGETHER]):
        last = piece[-1].pk
        for row in piece:
            row.recipient_mask = masked(row.channel, row.recipient)
            row.sealed = None if row.state in ('sent', 'cancelled') else put_away(row.key, row.recipient)
        manager.bulk_update(piece, ['recipient_mask', 'sealed'], batch_size=100)


class Migration(migrations.Migration):

    dependencies = [
        ('outbox', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='message',
            name='recipient_mask',
            field=models.CharField(default='', max_length=100, verbose_name='接收方'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='message',
            name='sealed',
            field=models.BinaryField(null=True, verbose_name='接收方密文'),
        ),
        migrations.RunPython(seal_recipients, migrations.RunPython.noop),
    ]
