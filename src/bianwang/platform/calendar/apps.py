from django.apps import AppConfig


class PlatformConfig(AppConfig):
    name = "bianwang.platform.calendar"
    label = "calendar"
    verbose_name = "工作日历"
