"""Know the answers that say nothing: "I don't know", "no comment", in five languages."""

import re

_PHRASES = frozenset(
    """
    en osaa sanoa|en tiedä|ei osaa sanoa|eos|ei kommentoitavaa|ei kommenttia|ei kommentteja|ei mitään|ei ole
    |en ole varma|ei mielipidettä|ei lisättävää|ei muuta|ei tule mieleen|ei tule mitään mieleen|en halua vastata
    |emt|ei sanottavaa|ei vastausta|ei palautetta
    |vet ej|jag vet ej|vet inte|jag vet inte|vet icke|ingen kommentar|inga kommentarer|inget att tillägga|ingenting
    |inget
    |ingen åsikt|kan inte säga|inget särskilt|vill inte svara|inget att säga
    |vet ikke|jeg vet ikke|veit ikke|ingen kommentar|ingen kommentarer|ingenting|ingen mening|har ikke noe å si
    |ikke noe|ikke noe å tilføye|ikke noe spesielt|ingen formening
    |veit ikkje|vet ikkje|eg veit ikkje|ingen kommentarar|ikkje noko|ikkje noko å seie|inga meining
    |ikkje noko spesielt
    |don't know|dont know|i don't know|i dont know|no comment|no comments|nothing|nothing to add|n/a|na|none
    |no opinion|not sure
    |no idea|nothing to say|no answer|idk
    |test|testi|testing|prov|xxx|ok
    """.replace("\n", "")
    .replace("    ", "")
    .split("|")
)
_SIGNS = re.compile(r"[^\w\s/']+")


def says_nothing(text: str) -> bool:
    """Tell whether a text only says that its writer has nothing to say."""
    plain = " ".join(_SIGNS.sub(" ", text.casefold().replace("’", "'")).split())
    return plain in _PHRASES
