from django.apps import AppConfig


class ModuleConfig(AppConfig):
    name = "bianwang.modules.indicators"
    label = "indicators"
    verbose_name = "绩效指标"
