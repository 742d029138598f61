"""``python -m pinecone_control``: the command line without the installed script."""

import sys

from pinecone_control.cli import main

sys.exit(main())
