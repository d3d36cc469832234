from django.apps import AppConfig


class PlatformConfig(AppConfig):
    name = "bianwang.platform.todo"
    label = "todo"
    verbose_name = "待办"
