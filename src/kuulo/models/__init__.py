"""What Kuulo remembers: the only place with tables, one concept a file."""

from kuulo.models.correction import Correction
from kuulo.models.event import Event
from kuulo.models.intake import Intake, RejectedRow
from kuulo.models.message import Author, Message, Tag
from kuulo.models.people import Invitation, Membership, Person, Role, Unit
from kuulo.models.regroup import Proposal, Regroup
from kuulo.models.saved_view import SavedView
from kuulo.models.source import Source
from kuulo.models.theme import Placement, Theme
from kuulo.models.worker import Worker

__all__ = [
    "Author",
    "Correction",
    "Event",
    "Intake",
    "Invitation",
    "Membership",
    "Message",
    "Person",
    "Placement",
    "Proposal",
    "Regroup",
    "RejectedRow",
    "Role",
    "SavedView",
    "Source",
    "Tag",
    "Theme",
    "Unit",
    "Worker",
]
