"""Parent: a child process that must not outlive the one that started it."""

import os
import signal
import threading
import time


def end_with(parent: int) -> None:
    """Have this process ended by SIGTERM when ``parent``, which started it, is gone however that came."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True).start()
