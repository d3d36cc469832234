from django.apps import AppConfig


class ModuleConfig(AppConfig):
    name = "bianwang.modules.hazards"
    label = "hazards"
    verbose_name = "隐患"
