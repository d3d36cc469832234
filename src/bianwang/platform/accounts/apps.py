from django.apps import AppConfig


class PlatformConfig(AppConfig):
    name = "bianwang.platform.accounts"
    label = "accounts"
    verbose_name = "账号"
