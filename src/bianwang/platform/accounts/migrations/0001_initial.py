import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('places', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('pinyin', models.CharField(db_index=True, editable=False, max_length=200)),
                ('initials', models.CharField(db_index=True, editable=False, max_length=100)),
                ('username', models.CharField(max_length=40, unique=True, verbose_name='账号')),
                ('name', models.CharField(max_length=40, verbose_name='姓名')),
                ('phone', models.CharField(blank=True, max_length=20, verbose_name='手机')),
                ('certificate', models.CharField(blank=True, max_length=40, verbose_name='执法证号')),
                ('certificate_until', models.DateField(blank=True, null=True, verbose_name='执法证有效期至')),
                ('is_active', models.BooleanField(default=True, verbose_name='在用')),
                ('is_demo', models.BooleanField(default=False, verbose_name='演示账号')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='开设时间')),
                ('password_changed_at', models.DateTimeField(blank=True, null=True, verbose_name='密码修改时间')),
                ('must_change_password', models.BooleanField(default=True, verbose_name='下次登录须改密码')),
                ('failures', models.PositiveSmallIntegerField(default=0, verbose_name='连续登录失败次数')),
                ('locked_until', models.DateTimeField(blank=True, null=True, verbose_name='锁定至')),
                ('last_login_from', models.CharField(blank=True, max_length=45, verbose_name='上次登录地址')),
            ],
            options={
                'verbose_name': '账号',
                'db_table': 'accounts_user',
                'ordering': ['pinyin', 'id'],
            },
        ),
        migrations.CreateModel(
            name='OldPassword',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=200)),
                ('set_at', models.DateTimeField()),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='old_passwords', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': '旧密码',
                'db_table': 'accounts_old_password',
            },
        ),
        migrations.CreateModel(
            name='Post',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('duty_officer', '值班员'), ('enforcement_officer', '执法人员'), ('department_head', '科室负责人'), ('bureau_leader', '局领导'), ('finance_officer', '办公室/财务'), ('department_staff', '部门与管委会人员'), ('town_staff', '镇街人员'), ('village_staff', '村社人员'), ('safety_manager', '企业安全管理员'), ('system_admin', '系统管理员'), ('security_admin', '安全管理员'), ('audit_admin', '审计管理员')], max_length=24, verbose_name='角色')),
                ('party', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='posts', to='places.party', verbose_name='单位')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='posts', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': '任职',
                'db_table': 'accounts_post',
                'constraints': [models.UniqueConstraint(fields=('user', 'role', 'party'), name='post_unique'), models.UniqueConstraint(condition=models.Q(('role__in', ['audit_admin', 'security_admin', 'system_admin'])), fields=('user',), name='post_one_administrator')],
            },
        ),
    ]
