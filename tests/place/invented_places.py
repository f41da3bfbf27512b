"""An invented gazetteer: names as towns have them, areas as squares."""

from shapely.geometry import box

from kuulo.place.gazetteer import Gazetteer, Place
from kuulo.place.index import Index
from kuulo.place.names import Names


def place(name, *, kind="district", language="fi", **more):
    """A place called so; its id is its name."""
    names = more.pop("names", {language: (name,)})
    return Place(id=more.pop("id", name), names=names, kind=kind, **more)


def square(west, south, size):
    """An area in degrees."""
    return box(west, south, west + size, south + size)


def finder(*places, languages=("fi", "sv"), tables=None):
    """What finds the names of these places."""
    return Names(Index(Gazetteer.of(places), languages=languages), tables=tables)


def named(text, *places, languages=("fi", "sv"), **more):
    """The pieces of a text that name a place, with the ids of the places."""
    found = finder(*places, languages=languages).mentions(text, **more)
    return [(text[one.start : one.end], *one.places) for one in found]


def reasons(text, *places, languages=("fi", "sv"), **more):
    """The reasons for which names in a text are places."""
    return [one.reason for one in finder(*places, languages=languages).mentions(text, **more)]
