"""Privacy: what is kept of what somebody wrote, at the door."""

from kuulo.lang.mask import mask


def for_work(text: str) -> str:
    """Give the text for work: marks stand in the place of what surely tells who somebody is."""
    return mask(text, "work")


def for_public(text: str) -> str:
    """Give the text that may be published: whatever may tell who somebody is has a mark."""
    return mask(text, "public")
