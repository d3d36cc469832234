from django.apps import AppConfig


class ModuleConfig(AppConfig):
    name = "bianwang.modules.permits"
    label = "permits"
    verbose_name = "作业票"
