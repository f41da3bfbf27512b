"""What Kuulo remembers: the only place with tables, one concept a file."""

from kuulo.models.concern import Concern, SafetyCase
from kuulo.models.correction import Correction
from kuulo.models.delivery import Delivery
from kuulo.models.discussion import Discussion, DiscussionStep
from kuulo.models.event import Event
from kuulo.models.intake import Intake, RejectedRow
from kuulo.models.message import Author, Blocked, EarlierText, Message, RawText, Sighting, Tag
from kuulo.models.people import Invitation, Membership, Person, Role, Unit
from kuulo.models.place import Gazetteer, NotHere, Place, PlaceDraft, Whereabouts
from kuulo.models.push import ApiKey, PushAnswer
from kuulo.models.regroup import Proposal, Regroup
from kuulo.models.saved_view import SavedView
from kuulo.models.source import Connection, Source, UnreadItem
from kuulo.models.storm import Alert, Baseline, Duty, PlannedEvent, Scope, Storm, StormStep, StormWatch
from kuulo.models.theme import Placement, Theme
from kuulo.models.watch import Watch
from kuulo.models.worker import Worker

__all__ = [
    "Alert",
    "ApiKey",
    "Author",
    "Baseline",
    "Blocked",
    "Concern",
    "Connection",
    "Correction",
    "Delivery",
    "Discussion",
    "DiscussionStep",
    "Duty",
    "EarlierText",
    "Event",
    "Gazetteer",
    "Intake",
    "Invitation",
    "Membership",
    "Message",
    "NotHere",
    "Person",
    "Place",
    "PlaceDraft",
    "Placement",
    "PlannedEvent",
    "Proposal",
    "PushAnswer",
    "RawText",
    "Regroup",
    "RejectedRow",
    "Role",
    "SafetyCase",
    "SavedView",
    "Scope",
    "Sighting",
    "Source",
    "Storm",
    "StormStep",
    "StormWatch",
    "Tag",
    "Theme",
    "Unit",
    "UnreadItem",
    "Watch",
    "Whereabouts",
    "Worker",
]
