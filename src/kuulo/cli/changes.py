"""Say what an addition changed: new, growing and fading themes."""

from kuulo.group.result import Grouping, Theme
from kuulo.report.encoding import visible
from kuulo.report.names import name_of

_GROWING, _FADING = 1.5, 0.5
_FEWEST_NEW = 5
_FEWEST_NEW_MATTER = 2


def changes(before: Grouping, after: Grouping, *, language: str) -> str:
    """Give a line each for new, growing and fading themes; shares of the added messages against earlier."""
    counted = {theme.id: theme.messages for theme in before.themes}
    top = [theme for theme in after.themes if not theme.parent]
    earlier = max(1, sum(counted.get(theme.id, 0) for theme in top))
    added = sum(theme.messages for theme in top) - sum(counted.get(theme.id, 0) for theme in top)
    born = {theme.id for theme in after.themes if theme.since == after.run}
    new = [
        theme
        for theme in after.themes
        if theme.id in born
        and theme.parent not in born
        and (not theme.parent or theme.messages >= _FEWEST_NEW_MATTER)
    ]
    pace = {
        theme.id: ((theme.messages - counted[theme.id]) / max(1, added)) / (counted[theme.id] / earlier)
        for theme in top
        if counted.get(theme.id)
    }
    growing = [t for t in top if pace.get(t.id, 1) >= _GROWING and t.messages - counted[t.id] >= _FEWEST_NEW]
    fading = [
        t for t in top if pace.get(t.id, 1) <= _FADING and counted[t.id] >= _FEWEST_NEW and added >= _FEWEST_NEW
    ]
    lines = [f"Added {added} answers to themes; what stood before stands as it was."]
    lines += [
        _line(word, themes, language) for word, themes in (("New", new), ("Growing", growing), ("Fading", fading))
    ]
    return "\n" + "\n".join(lines)


def _line(word: str, themes: list[Theme], language: str) -> str:
    named = [f"{theme.id} {visible(name_of(theme, language).value)} ({theme.messages})" for theme in themes]
    return f"{word}: {', '.join(named) if named else 'none'}"
