from django.apps import AppConfig


class ModuleConfig(AppConfig):
    name = "bianwang.modules.enforcement"
    label = "enforcement"
    verbose_name = "执法检查"
