from django.apps import AppConfig


class ModuleConfig(AppConfig):
    name = "bianwang.modules.risks"
    label = "risks"
    verbose_name = "风险管控"
