from django.db import migrations, models


def fill(apps, schema_editor):
    """What was rectified before the column existed."""
    hazards = apps.get_model("hazards", "Hazard").objects.filter(rectified_at__isnull=False)
    changed = []
    for row in hazards.only("found_at", "rectified_at").iterator(chunk_size=2000):
        row.hours_taken = max(0, round((row.rectified_at - row.found_at).total_seconds() / 3600))
        changed.append(row)
    apps.get_model("hazards", "Hazard").objects.bulk_update(changed, ["hours_taken"], batch_size=500)


class Migration(migrations.Migration):

    dependencies = [
        ("hazards", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="hazard",
            name="hours_taken",
            field=models.PositiveIntegerField(null=True, verbose_name="整改用时（小时）"),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="hazard",
            index=models.Index(fields=["state", "rectify_by", "rectified_at"], name="hazard_times"),
        ),
    ]
