from django.apps import AppConfig


class ModuleConfig(AppConfig):
    name = "bianwang.modules.alarms"
    label = "alarms"
    verbose_name = "告警"
