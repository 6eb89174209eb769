"""Exits with 0 once the address in the first argument answers; waits a few seconds for it."""

import sys
import time
from urllib.request import ProxyHandler, build_opener

opener = build_opener(ProxyHandler({}))
for _ in range(40):
    try:
        opener.open(sys.argv[1], timeout=2)
        sys.exit(0)
    except OSError:
        time.sleep(0.1)
sys.exit(1)
