from django.apps import AppConfig


class ModuleConfig(AppConfig):
    name = "bianwang.modules.documents"
    label = "documents"
    verbose_name = "执法文书"
