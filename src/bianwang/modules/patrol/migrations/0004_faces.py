"""Pictures that were kept before heads were hidden are for those who may tell people."""

from django.db import migrations


def guard(apps, schema_editor):
    """Nobody can say in which of them people can be told."""
    kept = apps.get_model("files", "Attachment").objects.filter(label="picture", needs="")
    kept.filter(object_type__in=("patrol.look", "patrol.suspicion")).update(needs="sensing.faces")


class Migration(migrations.Migration):

    dependencies = [
        ("patrol", "0003_own_kinds"),
        ("files", "0002_attachment_needs"),
    ]

    operations = [migrations.RunPython(guard, migrations.RunPython.noop)]
