from django.apps import AppConfig


class ModuleConfig(AppConfig):
    name = "bianwang.modules.patrol"
    label = "patrol"
    verbose_name = "视频巡检"
