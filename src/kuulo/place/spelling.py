"""Write names as people do where a register writes them in capitals."""

import re

# The last words of names that are common nouns: written small behind a name, in Finnish, Swedish and Norwegian.
_SMALL_WORDS = """
ja och og on i på ved vid av yritysalue teollisuusalue tiedepuisto lentokenttä asema kartano keskusta koulu kunta
päiväkoti puisto ranta satama tori stan gård gard strand villastad industriomr industriområde kyrka kyrkby slott
centrum hamn hamnen skola företagsområde forskarpark flygfält gata gate vei veg skole skule barnehage kirke
sentrum havn kommun kommune park torg mossen staden holmarna bro
"""
_SMALL = frozenset(_SMALL_WORDS.split())
_SPACE = re.compile(r"\s+")


def proper(name: str) -> str:
    """Give a name with single spaces; one in capitals with a capital only where each part begins."""
    name = _SPACE.sub(" ", name).strip()
    letters = [letter for letter in name if letter.isalpha()]
    if len(letters) < 2 or not all(map(str.isupper, letters)):
        return name
    first, *others = name.lower().split(" ")
    return " ".join([_capital(first), *(word if word in _SMALL else _capital(word) for word in others)])


def _capital(word: str) -> str:
    return "-".join(part[:1].upper() + part[1:] for part in word.split("-"))
