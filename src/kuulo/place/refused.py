"""Why a file is no gazetteer; a code and facts, never a sentence."""

from kuulo.hear.refused import Refused


class GazetteerRefused(Refused):
    """A file that no places can be read of."""
