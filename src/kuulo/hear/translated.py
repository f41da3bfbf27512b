"""Translated: a text that a source keeps in several languages."""

_ORDER = ("fi", "sv", "nb", "no", "en")


def translated(told: object, language: str = "") -> str:
    """Give the text in this language, else in the first that there is; also of a source that keeps one only."""
    if isinstance(told, str):
        return told.strip()
    if not isinstance(told, dict):
        return ""
    texts = {name: text.strip() for name, text in told.items() if isinstance(text, str) and text.strip()}
    return next((texts[name] for name in (language, *_ORDER, *texts) if name in texts), "")
