from django.apps import AppConfig


class PlatformConfig(AppConfig):
    name = "bianwang.platform.ledger"
    label = "ledger"
    verbose_name = "台账"
