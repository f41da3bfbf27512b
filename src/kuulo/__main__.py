"""Run Kuulo as ``python -m kuulo``."""

import sys

from kuulo.cli import main

sys.exit(main())
