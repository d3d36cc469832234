from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('sensing', '0007_camera_search'),
    ]

    operations = [
        migrations.AlterField(
            model_name='camera',
            name='presence',
            field=models.CharField(choices=[('never', '从未取流'), ('online', '正常'), ('offline', '断流'), ('frozen', '画面冻结'), ('black', '黑屏'), ('blurred', '画面模糊'), ('moved', '镜头移位'), ('idle', '未打开')], db_index=True, default='never', editable=False, max_length=12, verbose_name='状态'),
        ),
    ]
