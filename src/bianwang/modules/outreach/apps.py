from django.apps import AppConfig


class ModuleConfig(AppConfig):
    name = "bianwang.modules.outreach"
    label = "outreach"
    verbose_name = "宣教与群众"
