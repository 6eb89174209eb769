"""Sums the JUnit files in the arguments, prints the closing line; exits with 1 after a failure."""

import sys
from xml.etree import ElementTree

passed = failed = skipped = 0
for name in sys.argv[1:]:
    try:
        suites = ElementTree.parse(name).getroot().iter("testsuite")
    except (OSError, ElementTree.ParseError):
        continue  # the run did not come that far
    for suite in suites:
        wrong = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        left_out = int(suite.get("skipped", 0))
        failed += wrong
        skipped += left_out
        passed += int(suite.get("tests", 0)) - wrong - left_out
print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
sys.exit(failed > 0)
