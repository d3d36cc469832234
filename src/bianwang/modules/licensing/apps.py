from django.apps import AppConfig


class ModuleConfig(AppConfig):
    name = "bianwang.modules.licensing"
    label = "licensing"
    verbose_name = "行政许可"
