from django.apps import AppConfig


class ModuleConfig(AppConfig):
    name = "bianwang.modules.duty"
    label = "duty"
    verbose_name = "值班值守"
