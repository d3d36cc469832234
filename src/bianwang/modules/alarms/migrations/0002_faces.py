"""The permission to tell people on pictures is one for all pictures of cameras."""

from django.db import migrations


def rename(apps, schema_editor):
    """What needed the permission of alarms needs that of cameras."""
    apps.get_model("files", "Attachment").objects.filter(needs="alarms.faces").update(needs="sensing.faces")


class Migration(migrations.Migration):

    dependencies = [
        ("alarms", "0001_initial"),
        ("files", "0002_attachment_needs"),
    ]

    operations = [migrations.RunPython(rename, migrations.RunPython.noop)]
