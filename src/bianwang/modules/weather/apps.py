from django.apps import AppConfig


class ModuleConfig(AppConfig):
    name = "bianwang.modules.weather"
    label = "weather"
    verbose_name = "气象与雨量"
