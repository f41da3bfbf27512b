"""What the officials of the invented municipality did when the storm was over: by the desk's own acts, with undo."""

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kuulo.models import Person, Theme

NAMES = {
    "fi": "Haapasaaren lossi",
    "sv": "Aspöfärjan",
    "nb": "Ferja til Aspö",
    "nn": "Ferja til Aspö",
    "en": "The ferry to Aspö",
}
# hashtags that mean one matter
TAGS = (("haapasaarenlossi", "aspöfärjan"), ("kielikahvila", "språkcafé"), ("peurat", "rådjur"))
# a theme goes into that of the storm where so large a share of it is about the storm
MOSTLY = 0.6


def put_right() -> None:
    """Name the storm's theme, merge with it what is about the same, join hashtags and keep two views for all."""
    official = _official()
    storm, others = _storm()
    from kuulo.desk.hashtags import merge_tags
    from kuulo.desk.reshape import merge, rename
    from kuulo.desk.saved_views import save_view

    for other in others:
        merge(other, storm, person=official, reason="Sama asia / Samma sak")
    rename(storm, NAMES, person=official)
    for first, second in TAGS:
        merge_tags(first, second, person=official)
    save_view(official, page="inbox", name="Lossi – Färjan", query=f"theme={storm.code}", shared=True)
    save_view(official, page="inbox", name="Aloitteet – Initiativ", query="channel=initiative", shared=True)


def _official() -> "Person":
    """Give an invented official, who cannot log in."""
    from kuulo.models import Membership, Person, Role

    person = Person.objects.create_user("official@kaislalahti.example", name="Aino Rannikko", language="fi")
    Membership.objects.create(person=person, role=Role.OFFICIAL)
    return person


def _storm() -> "tuple[Theme, list[Theme]]":
    """Give the theme that most of the storm's messages are in, and those that are mostly about it too."""
    from kuulo.models import Placement, Theme

    main = Placement.objects.filter(main=True, counted=True)
    of_storm = Counter(main.filter(message__origin_id__startswith="F").values_list("theme", flat=True))
    whole = Counter(main.filter(theme__in=list(of_storm)).values_list("theme", flat=True))
    first, *rest = [theme for theme, _ in of_storm.most_common()]
    alike = [theme for theme in rest if of_storm[theme] >= MOSTLY * whole[theme]]
    return Theme.objects.get(pk=first), list(Theme.objects.filter(pk__in=alike).order_by("pk"))
