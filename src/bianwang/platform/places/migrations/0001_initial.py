import bianwang.platform.places.credit_code
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Party',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('pinyin', models.CharField(db_index=True, editable=False, max_length=200)),
                ('initials', models.CharField(db_index=True, editable=False, max_length=100)),
                ('party_kind', models.CharField(choices=[('organisation', '单位'), ('enterprise', '企业')], editable=False, max_length=12)),
                ('name', models.CharField(db_index=True, max_length=100, verbose_name='名称')),
                ('longitude', models.FloatField(blank=True, null=True, verbose_name='经度')),
                ('latitude', models.FloatField(blank=True, null=True, verbose_name='纬度')),
                ('is_active', models.BooleanField(default=True, verbose_name='在用')),
                ('is_demo', models.BooleanField(default=False, verbose_name='演示数据')),
            ],
            options={
                'verbose_name': '单位或企业',
                'db_table': 'places_party',
                'ordering': ['pinyin', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Enterprise',
            fields=[
                ('party_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='places.party')),
                ('credit_code', models.CharField(max_length=18, unique=True, validators=[bianwang.platform.places.credit_code.validate_credit_code], verbose_name='统一社会信用代码')),
                ('sector', models.CharField(choices=[('industry', '工贸'), ('smelting', '金属冶炼'), ('chemicals', '危险化学品'), ('mine', '非煤矿山'), ('fireworks', '烟花爆竹'), ('other', '其他')], max_length=10, verbose_name='行业')),
                ('scale', models.CharField(choices=[('large', '大型'), ('medium', '中型'), ('small', '小型'), ('micro', '微型')], default='small', max_length=8, verbose_name='规模')),
                ('risk', models.CharField(choices=[('red', '红（重大风险）'), ('orange', '橙（较大风险）'), ('yellow', '黄（一般风险）'), ('blue', '蓝（低风险）')], default='blue', max_length=8, verbose_name='风险等级')),
                ('is_direct', models.BooleanField(default=False, verbose_name='区局直管')),
                ('standardisation', models.CharField(choices=[('1', '一级'), ('2', '二级'), ('3', '三级'), ('0', '未定级')], default='0', max_length=1, verbose_name='标准化等级')),
                ('address', models.CharField(blank=True, max_length=200, verbose_name='地址')),
                ('contact', models.CharField(blank=True, max_length=30, verbose_name='安全负责人')),
                ('contact_phone', models.CharField(blank=True, max_length=20, verbose_name='联系电话')),
            ],
            options={
                'verbose_name': '企业',
                'db_table': 'places_enterprise',
            },
            bases=('places.party',),
        ),
        migrations.CreateModel(
            name='Organisation',
            fields=[
                ('party_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='places.party')),
                ('code', models.CharField(max_length=30, unique=True, verbose_name='代码')),
                ('level', models.CharField(choices=[('bureau', '应急管理局'), ('office', '内设科室'), ('subordinate', '下属单位'), ('department', '区级部门'), ('committee', '管委会'), ('town', '镇街'), ('village', '村社')], max_length=12, verbose_name='层级')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='places.organisation', verbose_name='上级单位')),
            ],
            options={
                'verbose_name': '单位',
                'db_table': 'places_organisation',
            },
            bases=('places.party',),
        ),
        migrations.CreateModel(
            name='Territory',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('pinyin', models.CharField(db_index=True, editable=False, max_length=200)),
                ('initials', models.CharField(db_index=True, editable=False, max_length=100)),
                ('code', models.CharField(max_length=12, unique=True, verbose_name='代码')),
                ('name', models.CharField(max_length=60, verbose_name='名称')),
                ('kind', models.CharField(choices=[('district', '区县'), ('town', '镇街'), ('village', '村社'), ('zone', '管委会辖区')], max_length=10, verbose_name='类别')),
                ('path', models.CharField(db_index=True, editable=False, max_length=80)),
                ('longitude', models.FloatField(blank=True, null=True, verbose_name='经度')),
                ('latitude', models.FloatField(blank=True, null=True, verbose_name='纬度')),
                ('outline', models.TextField(blank=True, verbose_name='边界 GeoJSON')),
                ('outline_source', models.CharField(blank=True, max_length=120, verbose_name='边界来源与审图号')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='places.territory', verbose_name='上级')),
            ],
            options={
                'verbose_name': '区域',
                'db_table': 'places_territory',
                'ordering': ['code'],
            },
        ),
        migrations.AddField(
            model_name='party',
            name='territories',
            field=models.ManyToManyField(blank=True, db_table='places_party_territory', related_name='parties', to='places.territory', verbose_name='所在区域'),
        ),
        migrations.CreateModel(
            name='Workshop',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, verbose_name='名称')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='workshops', to='places.party', verbose_name='所属单位')),
            ],
            options={
                'verbose_name': '车间',
                'db_table': 'places_workshop',
                'ordering': ['owner_id', 'name'],
                'constraints': [models.UniqueConstraint(fields=('owner', 'name'), name='workshop_name_unique')],
            },
        ),
        migrations.CreateModel(
            name='Zone',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, verbose_name='名称')),
                ('kind', models.CharField(choices=[('confined_space', '受限空间'), ('spray_booth', '喷漆房'), ('furnace', '窑炉'), ('gas_store', '气瓶与储罐区'), ('pump_room', '泵房'), ('control_room', '消防控制室'), ('other', '其他')], default='other', max_length=20, verbose_name='类别')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='zones', to='places.party', verbose_name='所属单位')),
                ('workshop', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='zones', to='places.workshop', verbose_name='车间')),
            ],
            options={
                'verbose_name': '区域',
                'db_table': 'places_zone',
                'ordering': ['owner_id', 'name'],
                'constraints': [models.UniqueConstraint(fields=('owner', 'name'), name='zone_name_unique')],
            },
        ),
        migrations.AddField(
            model_name='party',
            name='supervisors',
            field=models.ManyToManyField(blank=True, db_table='places_supervision', related_name='supervised', to='places.organisation', verbose_name='监管单位'),
        ),
        migrations.AddField(
            model_name='organisation',
            name='territory',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='governed_by', to='places.territory', verbose_name='管辖区域'),
        ),
    ]
