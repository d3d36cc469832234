from django.apps import AppConfig


class PlatformConfig(AppConfig):
    name = "bianwang.platform.workflow"
    label = "workflow"
    verbose_name = "流程"
