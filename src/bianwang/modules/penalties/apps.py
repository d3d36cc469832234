from django.apps import AppConfig


class ModuleConfig(AppConfig):
    name = "bianwang.modules.penalties"
    label = "penalties"
    verbose_name = "行政处罚"
