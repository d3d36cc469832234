"""`bian decode` and the recordings it takes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, strategies as st

from bianwang.processes.commands.decode import command
from bianwang.protocols import PROTOCOLS, hj212, raw_bytes
from tests.protocols.test_gb26875 import EXAMPLES, SMOKE
from tests.protocols.test_hj212 import STANDARD, WATER
from tests.protocols.test_sl651 import TIMED


def run(*arguments: str, data: bytes = b"") -> Result:
    return CliRunner().invoke(command, arguments, input=data)


def lines(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_a_file_of_good_packets_gives_one_line_each_and_exit_code_0(tmp_path: Path) -> None:
    file = tmp_path / "water.txt"
    file.write_bytes(STANDARD + WATER)
    result = run("hj212", str(file))
    assert result.exit_code == 0
    first, second = lines(result)
    assert (first["ok"], first["cn"], first["edition"]) == (True, "1062", 2017)
    assert second["measurements"][0] == {
        "name": "w00000-Rtd",
        "value": 181.682,
        "time": "2021-03-20T01:34:00+08:00",
        "quality": 0,
    }


def test_standard_input_is_read_with_or_without_a_hyphen() -> None:
    for arguments in (["gb26875"], ["gb26875", "-"]):
        result = run(*arguments, data=SMOKE)
        assert result.exit_code == 0
        [line] = lines(result)
        assert line["objects"][0]["text"] == "Ａ区１层呷哺走廊"
        assert line["time"] == "2020-10-22T17:13:24+08:00"


@pytest.mark.parametrize(
    "text",
    [
        SMOKE.hex(),
        SMOKE.hex(" ").upper(),
        "\n".join(SMOKE.hex()[i : i + 32] for i in range(0, 156, 32)),
        ", ".join(f"0x{byte:02X}" for byte in SMOKE),
        "".join(f"\\x{byte:02x}" for byte in SMOKE),
        SMOKE.hex("-") + "\r\n",
    ],
)
def test_hex_text_is_taken_in_the_ways_people_copy_it(text: str) -> None:
    [line] = lines(run("gb26875", data=text.encode()))
    assert line["ok"]


def test_hex_of_several_frames_gives_several_lines() -> None:
    text = "\n".join(EXAMPLES.values())
    result = run("gb26875", data=text.encode())
    assert (result.exit_code, len(lines(result))) == (0, len(EXAMPLES))


def test_hex_of_an_hj212_packet_is_decoded() -> None:
    assert lines(run("hj212", data=STANDARD.hex().encode()))[0]["cn"] == "1062"


def test_a_refused_frame_gives_reason_offset_and_exit_code_1() -> None:
    result = run("gb26875", data=SMOKE + SMOKE[:-3] + b"\x63##" + SMOKE)
    assert result.exit_code == 1
    good, bad, last = lines(result)
    assert good["ok"]
    assert last["ok"]
    assert (bad["ok"], bad["error"], bad["offset"]) == (False, "checksum", len(SMOKE))
    assert "校验和不符" in bad["reason"]


def test_an_intact_packet_with_an_impossible_time_is_refused_at_its_place() -> None:
    raw = hj212.encode(hj212.Frame(cn="2011", mn="M", cp="DataTime=20230230000000;a-Rtd=1"))
    result = run("hj212", data=STANDARD + raw)
    assert result.exit_code == 1
    assert lines(result)[1]["error"] == "time"
    assert lines(result)[1]["offset"] == len(STANDARD)


def test_a_byte_order_mark_is_not_garbage() -> None:
    assert run("hj212", data=b"\xef\xbb\xbf" + STANDARD).exit_code == 0


def test_half_a_byte_of_hex_is_named() -> None:
    result = run("gb26875", data=SMOKE.hex()[:-1].encode())
    assert result.exit_code == 1
    assert lines(result)[0]["error"] == "hex"


def test_nothing_found_is_an_error_with_a_sentence() -> None:
    result = run("hj212", data=b"\r\n")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "没有找到任何报文" in result.stderr


def test_unknown_protocols_and_missing_files_are_usage_errors(tmp_path: Path) -> None:
    assert run("nonsense").exit_code == 2
    assert run("hj212", str(tmp_path / "absent")).exit_code == 2


@given(st.sampled_from(sorted(PROTOCOLS)), st.binary(max_size=300))
def test_any_recording_gives_json_lines_only(protocol: str, data: bytes) -> None:
    for record in PROTOCOLS[protocol](data):
        json.dumps(record, allow_nan=False)
        assert isinstance(record["ok"], bool)


@given(st.binary(min_size=1, max_size=100))
def test_hex_text_stands_for_its_bytes(data: bytes) -> None:
    assert raw_bytes(data.hex(" ").encode()) == data


def test_a_rain_gauge_is_said_in_words_and_a_damaged_frame_by_its_reason() -> None:
    result = run("sl651", data=TIMED + TIMED[:-1] + b"\0")
    good, bad = lines(result)
    assert (good["meaning"], good["kind"], good["observed"]) == ("定时报", "河道", "2017-07-18T11:00:00+08:00")
    assert good["elements"]["26"] == "降水量累计值"
    assert {m["name"]: m["value"] for m in good["measurements"]}["26"] == 4.0
    assert (bad["ok"], bad["error"], result.exit_code) == (False, "crc", 1)
