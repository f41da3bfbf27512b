"""Themes: find a theme by its code, follow merges, and give codes that were never given."""

from collections.abc import Collection

from kuulo.models import Theme


def find_theme(code: str) -> Theme | None:
    """Give the theme with this code, or the one that it ended up in; None where there is none."""
    found = Theme.objects.select_related("parent").filter(code=code.strip().upper()).first()
    return followed(found) if found else None


def followed(theme: Theme) -> Theme:
    """Give the theme that a theme was merged into in the end; itself where it was not."""
    while theme.state == Theme.State.MERGED and theme.merged_into:
        theme = theme.merged_into
    return theme


def next_code() -> str:
    """Give a code that no theme ever had. Call it in the transaction that makes the theme."""
    # the first theme of all is the lock: two who ask at once on PostgreSQL get two codes
    Theme.objects.select_for_update().order_by("pk").first()
    codes = Theme.objects.filter(code__startswith="T").values_list("code", flat=True)
    return f"T{max((_number(code) for code in codes), default=0) + 1}"


def _number(code: str) -> int:
    digits = code[1:].partition(".")[0]
    return int(digits) if digits.isdecimal() else 0


def mark_stale(themes: Collection[int]) -> None:
    """Let the figures of themes be drawn up anew, and those of the themes above and below them."""
    above = Theme.objects.filter(subthemes__in=themes).values_list("pk", flat=True)
    changed = {*themes, *above}
    Theme.objects.filter(pk__in=changed).update(stale=True)
    Theme.objects.filter(parent__in=changed).update(stale=True)
