from django.apps import AppConfig


class PlatformConfig(AppConfig):
    name = "bianwang.platform.jobs"
    label = "jobs"
    verbose_name = "后台任务"
