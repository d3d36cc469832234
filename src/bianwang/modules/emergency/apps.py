from django.apps import AppConfig


class ModuleConfig(AppConfig):
    name = "bianwang.modules.emergency"
    label = "emergency"
    verbose_name = "应急处置"
