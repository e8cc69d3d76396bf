"""`python -m phonon` is the command `phonon`."""

import sys

from phonon.cli import main

sys.exit(main())
