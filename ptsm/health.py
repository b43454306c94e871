"""Whether the web process of this container answers: `python -m ptsm.health`, exit 0 or 1."""

import os
import sys

from core.running import status_of

if __name__ == "__main__":
    # An address without its host would be refused before the question is read.
    host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].lstrip(".*") or "localhost"
    port = int(os.environ.get("PTSM_BIND", ":8000").rpartition(":")[2])
    sys.exit(status_of("127.0.0.1", port, "/sante/", {"Host": host}, timeout=5) != 200)
