from django.apps import AppConfig


class ModuleConfig(AppConfig):
    name = "bianwang.modules.inspections"
    label = "inspections"
    verbose_name = "现场检查"
