import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('places', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Revision',
            fields=[
                ('code', models.CharField(max_length=20, primary_key=True, serialize=False)),
                ('number', models.BigIntegerField(default=0)),
            ],
            options={
                'db_table': 'sensing_revision',
            },
        ),
        migrations.CreateModel(
            name='Device',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=64, unique=True, validators=[django.core.validators.RegexValidator('^[A-Za-z0-9][A-Za-z0-9_.-]{1,63}\\Z', '设备标识须为 2 至 64 位字母、数字、点、下划线或连字符，且以字母或数字开头。')], verbose_name='设备标识')),
                ('name', models.CharField(max_length=60, verbose_name='名称')),
                ('protocol', models.CharField(choices=[('mqtt', 'MQTT'), ('http', 'HTTP'), ('hj212', 'HJ 212'), ('gb26875', 'GB/T 26875.3'), ('modbus', 'Modbus TCP'), ('bridge', 'MQTT 桥接')], default='mqtt', max_length=10, verbose_name='接入协议')),
                ('token_digest', models.CharField(editable=False, max_length=64, null=True, unique=True)),
                ('username', models.CharField(blank=True, max_length=64, null=True, unique=True, verbose_name='账号')),
                ('password_digest', models.CharField(blank=True, editable=False, max_length=64)),
                ('is_gateway', models.BooleanField(default=False, verbose_name='网关')),
                ('period_s', models.PositiveIntegerField(default=60, verbose_name='上报周期（秒）')),
                ('lateness_ms', models.PositiveIntegerField(default=0, verbose_name='允许迟到（毫秒）')),
                ('source_address', models.GenericIPAddressField(blank=True, null=True, verbose_name='来源地址')),
                ('settings', models.TextField(default='{}', verbose_name='协议参数')),
                ('is_enabled', models.BooleanField(default=True, verbose_name='启用')),
                ('is_demo', models.BooleanField(default=False, editable=False, verbose_name='演示数据')),
                ('presence', models.CharField(choices=[('never', '从未上线'), ('online', '在线'), ('offline', '离线'), ('silent', '沉默'), ('clock_fault', '时钟异常')], db_index=True, default='never', editable=False, max_length=12, verbose_name='状态')),
                ('presence_at', models.DateTimeField(editable=False, null=True, verbose_name='状态时间')),
                ('presence_detail', models.CharField(blank=True, editable=False, max_length=120, verbose_name='状态说明')),
                ('last_seen_at', models.DateTimeField(editable=False, null=True, verbose_name='最近上报')),
                ('gateway', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='sensing.device', verbose_name='经由网关')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='devices', to='places.party', verbose_name='所属单位')),
                ('zone', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='devices', to='places.zone', verbose_name='区域')),
            ],
            options={
                'verbose_name': '设备',
                'db_table': 'sensing_device',
                'ordering': ['owner_id', 'key'],
            },
        ),
        migrations.CreateModel(
            name='Signal',
            fields=[
                ('id', models.AutoField(primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=64, validators=[django.core.validators.MinLengthValidator(1)], verbose_name='信号标识')),
                ('title', models.CharField(max_length=60, verbose_name='名称')),
                ('quantity', models.CharField(choices=[('combustible_gas', '可燃气体'), ('carbon_monoxide', '一氧化碳'), ('hydrogen_sulfide', '硫化氢'), ('ammonia', '氨'), ('chlorine', '氯'), ('hydrogen_cyanide', '氰化氢'), ('sulfur_dioxide', '二氧化硫'), ('nitrogen_dioxide', '二氧化氮'), ('benzene', '苯'), ('toluene', '甲苯'), ('methanol', '甲醇'), ('carbon_dioxide', '二氧化碳'), ('petroleum_gas', '液化石油气'), ('dust', '粉尘浓度'), ('oxygen', '氧含量'), ('temperature', '温度'), ('pressure', '压力'), ('level', '液位'), ('flow', '流量'), ('current', '电流'), ('voltage', '电压'), ('vibration', '振动'), ('speed', '转速'), ('humidity', '湿度'), ('smoke', '烟雾'), ('fire_alarm', '火警'), ('fan_running', '风机运行'), ('work_running', '作业运行'), ('machine_running', '设备运行'), ('pump_running', '泵运行'), ('collector_running', '除尘器运行'), ('burner_on', '燃烧器点火'), ('valve_open', '阀门开'), ('power_on', '电源接通'), ('voltage_tested', '验电完成'), ('spark', '动火火花'), ('lifting', '吊钩带载'), ('unloading', '卸车进行'), ('truck_present', '罐车停妥'), ('earth_clamp', '静电接地'), ('video_ok', '视频正常'), ('fire_alarm_at_centre', '监控中心收到火警'), ('roll_call_open', '查岗未应答'), ('door_open', '门开关'), ('head_count', '人数'), ('danger_count', '危险区人数'), ('post_count', '岗位人数'), ('intruder_count', '禁入区人数'), ('forklift_count', '叉车数'), ('guard_distance', '监护人距离'), ('permit_valid', '作业票有效'), ('gas_test_passed', '气体检测合格'), ('gas_test_failed', '气体检测不合格'), ('guard_present', '监护在岗'), ('briefing_done', '安全交底'), ('work_active', '作业进行'), ('blind_plate_done', '盲板到位'), ('permit_level_ok', '作业票等级符合'), ('lock_on', '上锁挂牌'), ('permit_conflict', '作业票冲突'), ('wind_speed', '风速'), ('rainfall', '雨量'), ('water_level', '水位'), ('other', '其他')], max_length=24, verbose_name='监测量')),
                ('unit', models.CharField(blank=True, max_length=16, verbose_name='单位')),
                ('scale', models.FloatField(default=1.0, verbose_name='系数')),
                ('offset', models.FloatField(default=0.0, verbose_name='偏移')),
                ('low', models.FloatField(blank=True, null=True, verbose_name='量程下限')),
                ('high', models.FloatField(blank=True, null=True, verbose_name='量程上限')),
                ('decimals', models.PositiveSmallIntegerField(default=2, verbose_name='小数位')),
                ('is_enabled', models.BooleanField(default=True, verbose_name='启用')),
                ('device', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='signals', to='sensing.device', verbose_name='设备')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='signals', to='places.party', verbose_name='所属单位')),
                ('zone', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='signals', to='places.zone', verbose_name='区域')),
            ],
            options={
                'verbose_name': '信号',
                'db_table': 'sensing_signal',
                'ordering': ['owner_id', 'device_id', 'name'],
                'indexes': [models.Index(fields=['owner', 'quantity'], name='signal_owner_quantity')],
                'constraints': [models.UniqueConstraint(fields=('device', 'name'), name='signal_name_unique')],
            },
        ),
        migrations.CreateModel(
            name='SignalEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('time_ms', models.BigIntegerField(verbose_name='时间（毫秒）')),
                ('value', models.FloatField(verbose_name='值')),
                ('delivered_at', models.DateTimeField(null=True, verbose_name='送达时间')),
                ('signal', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='events', to='sensing.signal', verbose_name='信号')),
            ],
            options={
                'verbose_name': '信号事件',
                'db_table': 'sensing_signal_event',
                'ordering': ['signal_id', 'time_ms'],
                'indexes': [models.Index(fields=['delivered_at', 'time_ms'], name='signal_event_waiting')],
                'constraints': [models.UniqueConstraint(fields=('signal', 'time_ms'), name='signal_event_unique')],
            },
        ),
        migrations.CreateModel(
            name='Camera',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, verbose_name='名称')),
                ('stream', models.CharField(blank=True, max_length=300, verbose_name='取流地址')),
                ('gb_code', models.CharField(blank=True, max_length=20, validators=[django.core.validators.RegexValidator('^\\d{20}\\Z', '国标编码须为 20 位数字（GB/T 28181）。')], verbose_name='国标编码')),
                ('is_enabled', models.BooleanField(default=True, verbose_name='启用')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cameras', to='places.party', verbose_name='所属单位')),
                ('zone', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cameras', to='places.zone', verbose_name='区域')),
            ],
            options={
                'verbose_name': '摄像机',
                'db_table': 'sensing_camera',
                'ordering': ['owner_id', 'name'],
                'constraints': [models.UniqueConstraint(fields=('owner', 'name'), name='camera_name_unique')],
            },
        ),
        migrations.CreateModel(
            name='Refusal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=64, verbose_name='设备标识或地址')),
                ('day', models.DateField(verbose_name='日期')),
                ('reason', models.CharField(max_length=40, verbose_name='原因代码')),
                ('count', models.PositiveBigIntegerField(default=0, verbose_name='次数')),
                ('example', models.CharField(blank=True, max_length=300, verbose_name='最近一次的说明')),
                ('last_at', models.DateTimeField(verbose_name='最近一次')),
                ('device', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='refusals', to='sensing.device', verbose_name='设备')),
            ],
            options={
                'verbose_name': '拒收',
                'db_table': 'sensing_refusal',
                'ordering': ['-last_at'],
                'constraints': [models.UniqueConstraint(fields=('key', 'reason', 'day'), name='refusal_unique')],
            },
        ),
    ]
