"""Records one call of each operation while an evaluation is played, for the contract's examples."""

import json
import re


class Recorder:
    """Listens to HTTP clients and keeps the first successful call of each operation."""

    def __init__(self, contract):
        self.recorded = {}
        self._operations = [
            (
                method.upper(),
                re.compile("^" + re.sub(r"{[^}]+}", "[^/]+", path) + "$"),
                operation["operationId"],
            )
            for path, methods in contract["paths"].items()
            for method, operation in methods.items()
        ]

    def listen(self, client):
        """Record what `client` sends and receives from now on."""
        client.event_hooks["response"].append(self._keep)
        return client

    def _keep(self, reply):
        reply.read()
        operation = self._operation(reply.request)
        if operation is None or not reply.is_success or operation in self.recorded:
            return
        is_json = bool(reply.content) and "json" in reply.headers.get("Content-Type", "")
        sent = reply.request.content
        self.recorded[operation] = {
            "request": _sent(reply.request, sent) if sent else None,
            "status": str(reply.status_code),
            "reply": shortened(reply.json()) if is_json else None,
        }

    def _operation(self, request):
        path = request.url.path
        found = [
            name
            for method, pattern, name in self._operations
            if method == request.method and pattern.match(path)
        ]
        return found[0] if found else None


def shortened(value):
    """The same document with at most two entries in each list and eight in each object of many."""
    if isinstance(value, dict):
        return {name: shortened(part) for name, part in value.items()}
    if isinstance(value, list):
        return [shortened(part) for part in value[:2]]
    return value


def _sent(request, content):
    if "json" in request.headers.get("Content-Type", ""):
        return shortened(json.loads(content))
    form = dict(pair.split("=", 1) for pair in content.decode().split("&"))
    return form | ({"client_secret": "…"} if "client_secret" in form else {})
