from django.db import migrations, models

from bianwang.modules.sensing.quantities import QUANTITY_CHOICES


class Migration(migrations.Migration):
    dependencies = [("sensing", "0004_cameras")]

    operations = [
        migrations.RemoveField(model_name="recorder", name="secret"),
        migrations.AddField(
            model_name="recorder",
            name="secret",
            field=models.BinaryField(editable=False, null=True),
        ),
        migrations.AlterField(
            model_name="signal",
            name="quantity",
            field=models.CharField(max_length=24, verbose_name="监测量", choices=QUANTITY_CHOICES),
        ),
    ]
