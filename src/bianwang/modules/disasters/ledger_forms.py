"""Forms of the ledgers of persons and dwellings."""

from __future__ import annotations

from typing import Any

from django import forms

from bianwang.modules.disasters.identity import Person
from bianwang.modules.disasters.models import Casualty, Disaster, House
from bianwang.modules.disasters.services.ledgers import CASUALTY_COLUMNS, HOUSE_COLUMNS
from bianwang.modules.disasters.units import struck
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.files.forms import PhotosField
from bianwang.platform.places.models import Organisation
from bianwang.platform.ui.forms import DateInput

_CHOOSE = ("", "请选择")


def _count(label: str, most: int = 999, least: int = 0, **more: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=least, max_value=most, **more)


def _reason() -> forms.CharField:
    return forms.CharField(label="理由", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class WhoForm(forms.Form):
    """Which town, and who it is."""

    unit = forms.ModelChoiceField(label="镇街", queryset=Organisation.objects.none(), empty_label=None)
    name = forms.CharField(label="姓名", max_length=30, help_text="加密保存，列表和导出只显示姓")
    id_number = forms.CharField(label="身份证号码", max_length=18, help_text="加密保存，列表和导出打码")

    def __init__(self, *args: Any, disaster: Disaster, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = access.visible(user, Organisation, "disasters.ledger_edit").order_by().values("pk")
        field: Any = self.fields["unit"]
        field.queryset = struck(disaster).filter(pk__in=mine)

    def person(self) -> Person:
        """Who it is."""
        data = self.cleaned_data
        return Person(data["name"], data["id_number"], data.get("phone", ""))


class DwellingForm(forms.Form):
    """What was damaged; the same fields when it is entered and when that is put right."""

    village = forms.CharField(label="村（社区）和组", max_length=60)
    people = _count("家庭人口", 50, 1)
    structure = forms.ChoiceField(label="房屋结构", choices=[_CHOOSE, *House.Structure.choices])
    rooms = _count("原有间数", least=1)
    collapsed = _count("倒塌间数", initial=0)
    severe = _count("严重损坏间数", initial=0)
    general = _count("一般损坏间数", initial=0)
    is_sole = forms.BooleanField(label="唯一住房", required=False)
    note = forms.CharField(label="备注", max_length=200, required=False)

    def values(self) -> dict[str, Any]:
        """Columns of the household."""
        return {name: self.cleaned_data[name] for name in HOUSE_COLUMNS}


class HouseForm(WhoForm, DwellingForm):
    """A household."""

    phone = forms.CharField(label="联系电话", max_length=20, required=False, help_text="加密保存")
    photos = PhotosField(label="房屋照片", required=False)
    field_order = ("unit", "village", "name", "id_number", "phone", *HOUSE_COLUMNS[1:], "photos")


class HouseChangeForm(DwellingForm):
    """Putting a household right."""

    reason = _reason()


class PhotosForm(forms.Form):
    """More photos."""

    photos = PhotosField(label="房屋照片")


class FateForm(forms.Form):
    """What happened to somebody."""

    outcome = forms.ChoiceField(label="情况", choices=[_CHOOSE, *Casualty.Outcome.choices])
    sex = forms.ChoiceField(label="性别", choices=[_CHOOSE, *Casualty.Sex.choices])
    age = _count("年龄", 130)
    happened_on = forms.DateField(label="死亡或失踪日期", widget=DateInput())
    place = forms.CharField(label="死亡或失踪地点", max_length=100)
    cause = forms.CharField(label="原因", max_length=200, help_text="如房屋倒塌、落水、滑坡掩埋")

    def values(self) -> dict[str, Any]:
        """Columns of the person's row."""
        return {name: self.cleaned_data[name] for name in CASUALTY_COLUMNS}


class CasualtyForm(WhoForm, FateForm):
    """Somebody killed or missing."""

    field_order = ("unit", "outcome", "name", "id_number", *CASUALTY_COLUMNS[1:])


class CasualtyChangeForm(FateForm):
    """Putting a person's row right."""

    reason = _reason()
