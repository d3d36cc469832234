"""Unified social credit codes, GB 32100-2015."""

from __future__ import annotations

from django.core.exceptions import ValidationError

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = tuple(pow(3, i, 31) for i in range(17))


def check_character(first17: str) -> str:
    """The 18th character for the first 17 (GB 32100-2015, 4.5: 31 − Σ c·3^i mod 31)."""
    total = sum(ALPHABET.index(c) * w for c, w in zip(first17, _WEIGHTS, strict=True))
    return ALPHABET[(31 - total % 31) % 31]


def validate_credit_code(code: str) -> None:
    """Raise ValidationError, in one Chinese sentence, if `code` is not a valid credit code."""
    if len(code) != 18:
        raise ValidationError(f"统一社会信用代码应为 18 位，现为 {len(code)} 位，请核对营业执照。")
    for position, character in enumerate(code, 1):
        if character not in ALPHABET:
            raise ValidationError(
                f"统一社会信用代码第 {position} 位“{character}”不可用（不含 I、O、S、V、Z 和小写字母），请核对。"
            )
    if check_character(code[:17]) != code[17]:
        raise ValidationError("统一社会信用代码的校验位不符，可能有一位录错，请对照营业执照核对。")
