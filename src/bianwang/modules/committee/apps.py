from django.apps import AppConfig


class ModuleConfig(AppConfig):
    name = "bianwang.modules.committee"
    label = "committee"
    verbose_name = "安委会"
