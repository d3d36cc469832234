"""Chinese names that can be sorted and searched by pinyin without a database collation."""

from __future__ import annotations

from functools import lru_cache

from django.db import models


@lru_cache(maxsize=4096)
def pinyin_of(name: str) -> str:
    """Full pinyin in lower case without tones: 璧山区 → bishanqu."""
    # Imported here because its dictionaries take 0.3 s and 30 MB, and most processes never name anything.
    from pypinyin import lazy_pinyin

    return "".join(lazy_pinyin(name)).lower()[:200]


@lru_cache(maxsize=4096)
def initials_of(name: str) -> str:
    """First letters: 璧山区 → bsq."""
    from pypinyin import Style, lazy_pinyin

    return "".join(lazy_pinyin(name, style=Style.FIRST_LETTER)).lower()[:100]


class PinyinMixin(models.Model):
    """Keeps `pinyin` and `initials` of `name`; bulk writers call `fill_pinyin` themselves."""

    pinyin = models.CharField(max_length=200, editable=False, db_index=True)
    initials = models.CharField(max_length=100, editable=False, db_index=True)

    class Meta:
        abstract = True

    def save(self, *args: object, **kwargs: object) -> None:
        self.fill_pinyin()
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def fill_pinyin(self) -> None:
        """Derive both columns from `name`."""
        self.pinyin, self.initials = pinyin_of(self.name), initials_of(self.name)  # type: ignore[attr-defined]
