from django.apps import AppConfig


class ModuleConfig(AppConfig):
    name = "bianwang.modules.accidents"
    label = "accidents"
    verbose_name = "事故"
