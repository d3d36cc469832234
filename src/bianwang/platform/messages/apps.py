from django.apps import AppConfig


class PlatformConfig(AppConfig):
    name = "bianwang.platform.messages"
    label = "outbox"
    verbose_name = "消息"
