"""Numbers of people: read in one form, wrong ones refused in words, and never shown whole."""

from __future__ import annotations

import doctest

import pytest
from hypothesis import given, settings, strategies as st

from bianwang.platform import personal

FIRSTS = st.builds("500227{:04d}{:02d}{:02d}{:03d}".format, st.integers(1900, 2030), st.integers(1, 12),
                   st.integers(1, 28), st.integers(0, 999))  # fmt: skip
DIGITS = "0123456789X"
MASKS = (
    personal.masked_name,
    personal.noticed_name,
    personal.masked_id,
    personal.masked_phone,
    personal.masked_account,
)


def test_the_examples_of_the_file_hold() -> None:
    assert doctest.testmod(personal).failed == 0


@settings(max_examples=60)
@given(FIRSTS, st.integers(0, 17), st.sampled_from(DIGITS))
def test_any_wrong_character_of_an_identity_number_is_noticed(first: str, place: int, other: str) -> None:
    number = first + personal.check_character(first)
    assert personal.id_number(f" {number[:6]} {number[6:].lower()}") == number
    if (wrong := number[:place] + other + number[place + 1 :]) != number:
        with pytest.raises(ValueError, match="身份证号码"):
            personal.id_number(wrong)


@settings(max_examples=40)
@given(FIRSTS, st.integers(0, 16))
def test_neighbours_that_change_places_are_noticed(first: str, place: int) -> None:
    number = first + personal.check_character(first)
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    if swapped != number:
        with pytest.raises(ValueError, match="身份证号码"):
            personal.id_number(swapped)


@pytest.mark.parametrize(
    ("read", "text", "words"),
    [
        (personal.id_number, "110105194912310021", "校验位"),
        (personal.id_number, "11010519491331002X", "出生日期"),
        (personal.id_number, "1101", "18 位"),
        (personal.id_number, "１１０１０５１９４９１２３１００２X", "18 位"),
        (personal.mobile, "1391234567", "11 位"),
        (personal.mobile, "23912345678", "11 位"),
        (personal.telephone, "打我电话", "电话"),
        (personal.telephone, "1234", "电话"),
        (personal.account, "1234567", "8 至 30 位"),
        (personal.account, "1" * 31, "8 至 30 位"),
        (personal.account, "6217a00012345678", "8 至 30 位"),
    ],
)
def test_what_cannot_be_is_refused_in_words(read: object, text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        read(text)  # type: ignore[operator]


@settings(max_examples=80)
@given(st.text(DIGITS + "王大山欧阳", min_size=2, max_size=24), st.sampled_from(MASKS))
def test_a_mask_never_shows_the_whole(text: str, mask: object) -> None:
    shown = mask(text)  # type: ignore[operator]
    assert text not in shown
