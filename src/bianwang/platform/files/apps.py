from django.apps import AppConfig


class PlatformConfig(AppConfig):
    name = "bianwang.platform.files"
    label = "files"
    verbose_name = "附件"
