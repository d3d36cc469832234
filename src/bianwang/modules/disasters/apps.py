from django.apps import AppConfig


class ModuleConfig(AppConfig):
    name = "bianwang.modules.disasters"
    label = "disasters"
    verbose_name = "灾情统计"
