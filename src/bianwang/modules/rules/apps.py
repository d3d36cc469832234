from django.apps import AppConfig


class ModuleConfig(AppConfig):
    name = "bianwang.modules.rules"
    label = "rules"
    verbose_name = "研判"
