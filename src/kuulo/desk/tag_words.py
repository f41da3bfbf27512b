"""Tag words: the words that writers marked themselves."""

import re

from kuulo.lang.composed import composed

_LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
# not in the middle of a word, and no HTML sign such as &#228;
_HASHTAG = re.compile(r"(?<![\w&#])#(\w+)")
_LONGEST = 100


def tags_in(text: str) -> tuple[str, ...]:
    """Give a text's hashtags in small letters without their sign, each once; no bare numbers, none of a link."""
    plain = _LINK.sub(" ", composed(text)) if "#" in text else ""
    found = (match[1].lower() for match in _HASHTAG.finditer(plain))
    return tuple(dict.fromkeys(tag for tag in found if len(tag) <= _LONGEST and any(map(str.isalpha, tag))))
