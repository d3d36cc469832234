from django.apps import AppConfig


class ModuleConfig(AppConfig):
    name = "bianwang.modules.relief"
    label = "relief"
    verbose_name = "灾害救助"
