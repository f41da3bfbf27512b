"""Uploading: a file too large to be read is not written to disk at all."""

from typing import Any

from django.core.files.uploadhandler import SkipFile, TemporaryFileUploadHandler

from kuulo.desk.uploads import MOST

# What a form holds beside the file.
_BESIDE = 4 << 20


def is_too_large(length: int) -> bool:
    """Tell whether a request of so many bytes holds more than may be brought in."""
    return length > MOST + _BESIDE


class BoundedUpload(TemporaryFileUploadHandler):
    """Streams files to disk, but for those of a request that is too large."""

    _skipped = False

    def handle_raw_input(self, input_data: Any, meta: Any, content_length: int, *rest: Any) -> None:  # noqa: ANN401
        """Look at how much is coming."""
        self._skipped = is_too_large(content_length)
        super().handle_raw_input(input_data, meta, content_length, *rest)

    def new_file(self, *told: Any, **options: Any) -> None:  # noqa: ANN401
        """Begin a file, or let it go by."""
        if self._skipped:
            raise SkipFile
        super().new_file(*told, **options)
