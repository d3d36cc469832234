from django.apps import AppConfig


class PlatformConfig(AppConfig):
    name = "bianwang.platform.exchange"
    label = "exchange"
    verbose_name = "导入导出"
