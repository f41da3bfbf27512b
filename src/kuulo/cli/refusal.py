"""The command's own refusals."""

from collections.abc import Sequence


class NothingToGroup(Exception):
    """The files hold no answer at all."""


class UnknownMessage(Exception):
    """A result holds no message of this id."""

    def __init__(self, asked: str) -> None:
        super().__init__(asked)
        self.asked = asked


class NotPrepared(Exception):
    """The word tables cannot be kept in their folder."""

    def __init__(self, folder: str) -> None:
        super().__init__(folder)
        self.folder = folder


class InputInResult(Exception):
    """A file to be read lies in the folder that would be replaced."""

    def __init__(self, file: str, folder: str) -> None:
        super().__init__(file, folder)
        self.file = file
        self.folder = folder


class ResultChanged(Exception):
    """Files of a result are not what Kuulo wrote."""

    def __init__(self, folder: str, changed: Sequence[str]) -> None:
        super().__init__(folder, changed)
        self.folder = folder
        self.changed = ", ".join(changed)


class ProposerRefused(Exception):
    """A service that is to propose names was named wrongly: ``code`` says what is wrong, never the key."""

    def __init__(self, code: str, **facts: str) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


class UnknownFormat(Exception):
    """A file of this kind cannot be written."""

    def __init__(self, file: str) -> None:
        super().__init__(file)
        self.file = file


class DeskRefused(Exception):
    """The desk cannot be opened, saved or put back: ``code`` says why."""

    def __init__(self, code: str, **facts: str) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts
