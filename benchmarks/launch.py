"""Run a command and print its wall seconds and peak memory in kilobytes: ``python launch.py COMMAND...``.

A process of its own, and a small one, because the kernel counts what a process held before it became the
command towards the command's peak.
"""

import json
import resource
import subprocess
import sys
import time

start = time.perf_counter()
done = subprocess.run(sys.argv[1:], check=False, stdout=sys.stderr)
seconds = time.perf_counter() - start
print(json.dumps([seconds, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss]))
sys.exit(done.returncode)
