"""Sixteen clients who send answers until each has a reply, as a survey platform does."""

import itertools
import random
import threading
import time
from collections import defaultdict
from contextlib import ExitStack

import httpx

from app.storage import responses, tokens
from tests.walkthrough import new_key, ok

AT_ONCE = 16
ANSWER = {"answers": {"trust1": 4, "trust2": 2}, "statements": [{"outcome": "Fewer falls"}]}
PATIENCE_SECONDS = 120


class Crowd:
    """Respondents with a token each, and what became of them.

    Each time they send they are sent to any of the services, as by a load balancer.

    Attributes:
        tokens: By key, whose token it is.
        receipts: By key, every 201 that the service sent, those that were lost on the way too.
        refused: By key, why the service turned somebody away; their client stops then.
        gone: Keys of those who did not come back when they were cut off.
        cut_off: How often a reply did not come.
    """

    def __init__(self, addresses, codes, *, lost=0.15, leaving=0.0, seed=1):
        self.tokens = {new_key(): code for code in codes}
        self.receipts, self.refused, self.gone, self.cut_off = defaultdict(list), {}, [], 0
        self._addresses, self._lost, self._leaving = addresses, lost, leaving
        self._chance, self._waiting = random.Random(seed), iter(list(self.tokens.items()))
        self._next, self._until = threading.Lock(), time.monotonic() + PATIENCE_SECONDS
        self._threads = [threading.Thread(target=self._send_all) for _ in range(AT_ONCE)]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._until = min(self._until, time.monotonic() + PATIENCE_SECONDS)
        for thread in self._threads:
            thread.join()

    def wait_for(self, acknowledged):
        """Wait until so many were told that their answer is in."""
        while len(self.receipts) < acknowledged:
            assert time.monotonic() < self._until, "nobody gets an answer in"
            assert any(thread.is_alive() for thread in self._threads), "they were done before"
            time.sleep(0.001)

    def _send_all(self):
        with ExitStack() as opened:
            clients = [
                opened.enter_context(httpx.Client(base_url=address, timeout=30, verify=False))
                for address in self._addresses
            ]
            while True:
                with self._next:
                    key, code = next(self._waiting, (None, None))
                if key is None or not self._send(clients, key, code):
                    return

    def _send(self, clients, key, code):
        """Send until there is a reply that arrives; whether to go on to the next."""
        leaves = self._chance.random() < self._leaving
        while time.monotonic() < self._until:
            try:
                reply = answer(self._chance.choice(clients), key, code)
            except httpx.TransportError:
                self.cut_off += 1
                if leaves:
                    self.gone.append(key)
                    return True
                time.sleep(0.02)
                continue
            if reply.status_code == 201:
                self.receipts[key].append(reply.content)
                if self._chance.random() < self._lost:
                    continue
                return True
            if reply.status_code != 503:
                self.refused[key] = reply.json()["code"]
                return False
            time.sleep(0.02)
        return False


def answer(client, key, code, body=ANSWER):
    """Send an answer to the staff survey."""
    headers = {"Authorization": f"Bearer {code}", "Idempotency-Key": key}
    return client.post("/v1/responses", json=body, headers=headers)


def included(address, keys):
    """Those of the keys whose answer is in, as their owners are told."""
    with httpx.Client(base_url=address, timeout=30, verify=False) as client:
        return {
            key
            for key in keys
            if ok(client.post("/v1/receipts/check", json={"key": key}))["included"]
        }


def stored(poet):
    """How many answers and how many live tokens the database holds."""
    database = poet.database()
    with database.reading() as session:
        found = len(responses.keys(session)), len(tokens.every(session))
    database.dispose()
    return found


def one_receipt_each(receipts):
    """Whether everybody had one receipt, however often, and nobody another's."""
    each = {frozenset(replies) for replies in receipts.values()}
    return len(each) == len(receipts) and all(len(replies) == 1 for replies in each)


def lost(receipts, there):
    """Those who were told that their answer is in, though it is not."""
    return set(itertools.filterfalse(there.__contains__, receipts))
