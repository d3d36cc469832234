from django.apps import AppConfig


class PlatformConfig(AppConfig):
    name = "bianwang.platform.ui"
    label = "ui"
    verbose_name = "界面"
