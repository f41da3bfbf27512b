"""Themes: find a theme by its code; one that was merged leads on to the theme that it was merged into."""

from kuulo.models import Theme


def theme_by_code(code: str) -> Theme:
    """Give the theme with this code, or the one that it ended up in. Raises Theme.DoesNotExist."""
    return followed(Theme.objects.select_related("parent").get(code=code.strip().upper()))


def followed(theme: Theme) -> Theme:
    """Give the theme that a theme was merged into in the end; itself where it was not."""
    while theme.state == Theme.State.MERGED and theme.merged_into:
        theme = theme.merged_into
    return theme
