from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('files', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='attachment',
            name='needs',
            field=models.CharField(blank=True, max_length=40, verbose_name='另需权限'),
        ),
    ]
