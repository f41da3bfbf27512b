"""The web server: Granian over the desk, in a process of its own."""

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from kuulo.work.parent import end_with

# more threads are slower, and each keeps a connection to the database
THREADS = 4


def serve(host: str, port: int, *, parent: int) -> None:
    """Serve the desk until SIGTERM, or until ``parent`` is gone."""
    end_with(parent)
    Granian(
        "kuulo.web.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=THREADS,
        websockets=False,
        log_level=LogLevels.warning,
        log_access=False,
    ).serve()
