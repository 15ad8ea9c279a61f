"""The linkage attacker with the deployment's keys: what can be unsealed, and what of it is left."""

import json
import uuid

from cryptography.exceptions import InvalidTag

from app.security.sealing import seal
from tests.attacks.artefacts import Evidence, Row

SEALED_WITH = ("surveying", "surfacing", "verifying")


def salts_in(evidence):
    """Every salt in a readable row, with the evaluation it belongs to."""
    return {
        (_uuid(row.values.get("evaluation_id") or row.values["id"]), bytes(row.values["salt"]))
        for row in evidence.rows
        if row.values.get("salt")
    }


def sealed_in(evidence):
    """Every sealed answer in a readable row: its key's fingerprint, evaluation and content."""
    return [
        (bytes(row.values["key"]), _uuid(row.values["evaluation_id"]), bytes(row.values["sealed"]))
        for row in evidence.rows
        if row.values.get("sealed")
    ]


def pieces(sealed):
    """A piece of each sealed answer, short enough to stand on one page of any database."""
    return [content[64:192] for _, _, content in sealed]


def unsealed(sealing, sealed, salts):
    """What opens with the service's own code, whichever salt and stage it takes."""
    opened = []
    for row, _, content in sealed:
        for evaluation, salt in salts:
            for stage in SEALED_WITH:
                answer = _opened(sealing, row, content, (evaluation, salt, stage))
                opened += [answer] if answer else []
    return opened


def read_with(sealing, evidence):
    """The evidence as it reads for who has the keys: each sealed row, and its piece of the log."""
    salts, rows = salts_in(evidence), []
    log = evidence.files.get("file-wal", b"")
    for row in evidence.rows:
        if row.values.get("sealed"):
            key, sealed = bytes(row.values["key"]), bytes(row.values["sealed"])
            text = json.dumps(unsealed(sealing, [(key, None, sealed)], salts))
            words = b" ".join(word.encode() for word in text.split() if word.islower())
            (piece,) = pieces([(key, None, sealed)])
            log = log.replace(piece, words)
            rows.append(Row(row.table, {**row.values, "sealed": text}))
        else:
            rows.append(row)
    return Evidence({"file-wal": log}, rows)


def left_in(contents, secrets):
    """How many of some byte strings stand whole in any of some files."""
    return sum(any(secret in content for content in contents) for secret in secrets)


def _opened(sealing, row, content, sealed_with):
    evaluation, salt, stage = sealed_with
    try:
        opener = seal(sealing, salt=salt, evaluation=evaluation, stage=stage)
        return json.loads(opener.open(content, row=row))
    except InvalidTag:
        return None


def _uuid(value):
    return value if isinstance(value, uuid.UUID) else uuid.UUID(str(value))
