"""A contract that stays as it is whatever is pinned, for tests that plant changes into it."""

import json
from pathlib import Path
from typing import Any

FROZEN = Path(__file__).with_name("contract_2025-04.json")
"""The published contract 2025-04 without its prose, but for what OpenAPI asks for."""


FROZEN_PIN = Path(__file__).with_name("pin_2025-04.toml")
"""A pin of it."""


def frozen_contract() -> dict[str, Any]:
    """Return a fresh copy of it."""
    contract: dict[str, Any] = json.loads(FROZEN.read_text("utf-8"))
    return contract
