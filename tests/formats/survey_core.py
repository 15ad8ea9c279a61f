"""The library that shows SurveyJS forms, as it is published: in Node, outside the repository."""

import json
import subprocess
from pathlib import Path

from tests import node

# What the worked page is shown with, and the newest.
VERSIONS = [node.SURVEYJS, ("survey-core@3.1.1",)]
_SCRIPT = Path(__file__).with_name("fill.js")


class SurveyCore:
    """A running Node that fills in forms."""

    def __init__(self, wanted):
        modules = node.packages(*wanted)
        (command,) = node.needed("node")
        self._node = subprocess.Popen(
            [command, str(_SCRIPT), str(modules.parent)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def fill(self, model, values, *, locale=None):
        """Set each question's value as the form shows it; what the library then says."""
        line = json.dumps({"model": model, "values": values, "locale": locale})
        self._node.stdin.write(line + "\n")
        self._node.stdin.flush()
        return json.loads(self._node.stdout.readline())

    def end(self):
        """Let Node end."""
        self._node.stdin.close()
        self._node.stdout.close()
        self._node.wait(10)
