"""Examples of what clients send, shown in the contract."""

from typing import Any

PARTNERSHIP: dict[str, Any] = {
    "name": "Northshire Integrated Care",
    "organisations": [
        {"code": "nhs-trust", "name": "Northshire NHS Trust", "sector": "nhs", "headcount": 120},
        {"code": "council", "name": "Council", "sector": "local_authority", "headcount": 80},
    ],
}
