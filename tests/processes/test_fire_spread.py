"""`bian calc fire-spread`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from bianwang.processes.commands.calc import command

CASE: dict[str, Any] = {
    "cell_m": 30,
    "rows": 101,
    "columns": 101,
    "fuel": 2,
    "weather": [{"wind": 4, "wind_from": 270, "temperature": 38, "humidity": 30}] * 2,
    "ignitions": [{"at": [0, 0]}],
    "places": [{"name": "村", "at": [150, 0]}, {"name": "场", "at": [60, 0]}, {"name": "城", "at": [1400, 0]}],
}


def run(folder: Path, case: object) -> tuple[int, str, str]:
    file = folder / "火.json"
    file.write_text(case if isinstance(case, str) else json.dumps(case), encoding="utf-8")
    result = CliRunner().invoke(command, ["fire-spread", str(file)])
    return result.exit_code, result.stdout, result.stderr


@pytest.mark.parametrize("model", ["wang-four", "wang-three", "rothermel"])
def test_hours_and_places(tmp_path: Path, model: str) -> None:
    code, out, _ = run(tmp_path, {**CASE, "model": model})
    answer = json.loads(out)
    assert code == 0
    assert answer["notice"] == "辅助研判，不作为指挥依据"
    assert not answer["reaches_edge"]
    first, second = answer["hours"]
    assert first["latest"]["hectares"] < first["likely"]["hectares"] < first["earliest"]["hectares"]
    assert first["likely"]["hectares"] < second["likely"]["hectares"]
    assert second["likely"]["rings"][0][0] == second["likely"]["rings"][0][-1]
    assert [place["name"] for place in answer["places"]] == ["场", "村"]


def test_longitude_and_latitude_where_there_is_an_origin(tmp_path: Path) -> None:
    at = [106.23, 29.59]
    case = {**CASE, "origin": {"longitude": 106.23, "latitude": 29.59}, "ignitions": [{"at": at}]}
    code, out, _ = run(tmp_path, {**case, "places": [{"name": "村", "at": [106.231, 29.59]}]})
    answer = json.loads(out)
    assert code == 0
    assert answer["places"][0]["name"] == "村"
    longitudes, latitudes = zip(*answer["hours"][0]["likely"]["rings"][0], strict=True)
    assert min(longitudes) < at[0] < max(longitudes)
    assert min(latitudes) < at[1] < max(latitudes)


def test_rasters_lie_beside_the_file(tmp_path: Path) -> None:
    head = "ncols 1\nnrows 2\nxllcorner -5000\nyllcorner -5000\ncellsize 5000\n"
    (tmp_path / "fuel.asc").write_text(head.replace("5000\nyll", "1500\nyll").replace("ncols 1", "ncols 1") + "0\n2\n")
    case = {key: value for key, value in CASE.items() if key != "fuel"}
    code, out, _ = run(tmp_path, {**case, "fuel_asc": "fuel.asc", "ignitions": [{"at": [0, -60]}]})
    assert code == 0
    ring = json.loads(out)["hours"][1]["earliest"]["rings"][0]
    assert max(y for _, y in ring) <= 15.0  # nothing burns north of the middle


@pytest.mark.parametrize(
    ("case", "words"),
    [
        ("{", "不是 JSON"),
        ("[]", "写得不对"),
        ({**CASE, "weather": [{"wind": 3}]}, "的 weather[0] 缺少 wind_from"),
        ({**CASE, "weather": [{"wind": -3, "wind_from": 0}]}, "的 weather[0] 风速 -3 超出范围"),
        ({**CASE, "rows": "many"}, "的 rows 写得不对"),
        ({**CASE, "rows": 0}, "rows 为 0"),
        ({**CASE, "wind": 3}, "有不认识的 wind"),
        ({**CASE, "fuel_asc": "fuel.asc"}, "只写一个"),
        ({**CASE, "elevation_asc": "none.asc"}, "“none.asc”打不开"),
        ({**CASE, "ignitions": []}, "没有起火点"),
        ({**CASE, "fuel": 9}, "代码 9 不认识"),
    ],
)
def test_refusals_are_one_line(tmp_path: Path, case: object, words: str) -> None:
    code, out, err = run(tmp_path, case)
    assert (code, out) == (2, "")
    assert words in err
    assert len(err.strip().splitlines()) == 1


def test_a_missing_file(tmp_path: Path) -> None:
    result = CliRunner().invoke(command, ["fire-spread", str(tmp_path / "none.json")])
    assert result.exit_code == 2
    assert "打不开" in result.stderr
