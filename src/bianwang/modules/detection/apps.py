from django.apps import AppConfig


class ModuleConfig(AppConfig):
    name = "bianwang.modules.detection"
    label = "detection"
    verbose_name = "检测模型"
