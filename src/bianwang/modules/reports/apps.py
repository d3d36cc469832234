from django.apps import AppConfig


class ModuleConfig(AppConfig):
    name = "bianwang.modules.reports"
    label = "reports"
    verbose_name = "自评报告"
