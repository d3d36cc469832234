from django.apps import AppConfig


class PlatformConfig(AppConfig):
    name = "bianwang.platform.places"
    label = "places"
    verbose_name = "单位与场所"
