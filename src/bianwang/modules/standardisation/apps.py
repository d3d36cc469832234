from django.apps import AppConfig


class ModuleConfig(AppConfig):
    name = "bianwang.modules.standardisation"
    label = "standardisation"
    verbose_name = "标准化"
