from django.apps import AppConfig


class ModuleConfig(AppConfig):
    name = "bianwang.modules.sensing"
    label = "sensing"
    verbose_name = "感知"
