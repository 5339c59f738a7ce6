"""Reads a scheme file: TOML in, the terms as JSON out, with the hash of the exact bytes."""

import json
import tomllib
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from core.errors import Refusal
from policy.terms import Terms, terms_from

SCHEMES = Path(__file__).parent / "schemes"
LARGEST = 256 * 1024


def read_scheme(data: bytes) -> tuple[dict[str, Any], Terms, str]:
    """(content as JSON, parsed terms, SHA-256) of a scheme file; refuses `scheme_unreadable` with the place."""
    if len(data) > LARGEST:
        raise Refusal("scheme_unreadable", _("政策参数文件过大，请确认选对了文件。"))
    try:
        content = tomllib.loads(data.decode("utf-8"))
        plain = json.loads(json.dumps(content, default=lambda value: value.isoformat()))
        return plain, terms_from(plain), sha256(data).hexdigest()
    except (ValueError, AttributeError, RecursionError) as error:
        raise Refusal("scheme_unreadable", _("政策参数文件有误：%(why)s") % {"why": error}) from error


def shipped() -> list[Path]:
    """The scheme files that come with the product."""
    return sorted(SCHEMES.glob("*.toml"))
