from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('sensing', '0002_signal_event'),
    ]

    operations = [
        migrations.AlterField(
            model_name='signal',
            name='quantity',
            field=models.CharField(choices=[('combustible_gas', '可燃气体'), ('carbon_monoxide', '一氧化碳'), ('hydrogen_sulfide', '硫化氢'), ('ammonia', '氨'), ('chlorine', '氯'), ('hydrogen_cyanide', '氰化氢'), ('sulfur_dioxide', '二氧化硫'), ('nitrogen_dioxide', '二氧化氮'), ('benzene', '苯'), ('toluene', '甲苯'), ('methanol', '甲醇'), ('carbon_dioxide', '二氧化碳'), ('petroleum_gas', '液化石油气'), ('dust', '粉尘浓度'), ('oxygen', '氧含量'), ('temperature', '温度'), ('pressure', '压力'), ('level', '液位'), ('flow', '流量'), ('current', '电流'), ('voltage', '电压'), ('vibration', '振动'), ('speed', '转速'), ('humidity', '湿度'), ('smoke', '烟雾'), ('fire_alarm', '火警'), ('fan_running', '风机运行'), ('work_running', '作业运行'), ('machine_running', '设备运行'), ('pump_running', '泵运行'), ('collector_running', '除尘器运行'), ('burner_on', '燃烧器点火'), ('valve_open', '阀门开'), ('power_on', '电源接通'), ('voltage_tested', '验电完成'), ('spark', '动火火花'), ('lifting', '吊钩带载'), ('unloading', '卸车进行'), ('truck_present', '罐车停妥'), ('earth_clamp', '静电接地'), ('video_ok', '视频正常'), ('fire_alarm_at_centre', '监控中心收到火警'), ('roll_call_open', '查岗未应答'), ('door_open', '门开关'), ('head_count', '人数'), ('danger_count', '危险区人数'), ('post_count', '岗位人数'), ('intruder_count', '禁入区人数'), ('forklift_count', '叉车数'), ('guard_distance', '监护人距离'), ('permit_valid', '作业票有效'), ('gas_test_passed', '气体检测合格'), ('guard_present', '监护在岗'), ('briefing_done', '安全交底'), ('work_active', '作业进行'), ('blind_plate_done', '盲板到位'), ('permit_level_ok', '作业票等级符合'), ('lock_on', '上锁挂牌'), ('permit_conflict', '作业票冲突'), ('wind_speed', '风速'), ('rainfall', '雨量'), ('water_level', '水位'), ('other', '其他')], max_length=24, verbose_name='监测量'),
        ),
    ]
