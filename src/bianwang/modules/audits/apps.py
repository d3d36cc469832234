from django.apps import AppConfig


class ModuleConfig(AppConfig):
    name = "bianwang.modules.audits"
    label = "audits"
    verbose_name = "自评核对"
