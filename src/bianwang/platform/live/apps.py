from django.apps import AppConfig


class PlatformConfig(AppConfig):
    name = "bianwang.platform.live"
    label = "live"
    verbose_name = "实时"
