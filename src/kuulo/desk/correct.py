"""Correct: what an official can put right. Each is a rule that outlives every regrouping, and can be undone.

Everything here changes all it has to or nothing, tells it to the history, and raises kuulo.desk.not_now.NotNow where
it cannot happen as things stand. Messages that are near-copies of each other share their fate.
"""

from kuulo.desk.always import always_here, caught
from kuulo.desk.resettle import move, not_about, pin
from kuulo.desk.reshape import gather, merge, rename, split
from kuulo.desk.undo import undo

__all__ = ["always_here", "caught", "gather", "merge", "move", "not_about", "pin", "rename", "split", "undo"]
