"""Numbers in Chinese characters."""

from __future__ import annotations

from typing import Final

CHARACTERS: Final = "零〇一二两三四五六七八九十百千万亿"
_DIGITS: Final = {
    char: value
    for value, chars in enumerate(("零〇", "一", "二两", "三", "四", "五", "六", "七", "八", "九"))
    for char in chars
}
_TENS: Final = {"十": 10, "百": 100, "千": 1000}
_MYRIADS: Final = {"万": 10_000, "亿": 100_000_000}


def value_of(text: str) -> int | None:
    """The number that Chinese characters write (二十三, 一千零五, 三万二); None for what is no number."""
    if not text or any(char not in CHARACTERS for char in text):
        return None
    if all(char in _DIGITS for char in text):
        return int("".join(str(_DIGITS[char]) for char in text))
    total = section = digit = 0
    for char in text:
        if char in _DIGITS:
            digit = _DIGITS[char]
        elif char in _TENS:
            section += (digit or 1) * _TENS[char]
            digit = 0
        else:
            total = (total + section + digit) * _MYRIADS[char] if char == "亿" else total + (section + digit) * 10_000
            section = digit = 0
    return total + section + digit
