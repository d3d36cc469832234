from django.apps import AppConfig


class ModuleConfig(AppConfig):
    name = "bianwang.modules.budget"
    label = "budget"
    verbose_name = "预算与资金"
