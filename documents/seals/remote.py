"""A seal service of the zone: one POST a paper, with a time-out, tried again with growing pauses.

Sent, as JSON: ``digest`` (SHA-256 of the document, hex) and ``to_be_signed`` (base64: the CMS signed attributes, when a
certificate for raw signatures is set). Answered: ``application/pkcs7-signature``, a detached CMS over the digest, or
``application/octet-stream``, the raw signature over `to_be_signed`. The document itself never leaves the house.
"""

import base64
import json
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from django.conf import settings

from documents.seals.certificates import load
from documents.seals.provider import cms_by, unavailable

ATTEMPTS = 3
LARGEST_ANSWER = 64 * 1024
SILENT: dict[str, float] = {}  # until when (monotonic seconds) a service that did not answer is left alone
CMS = "application/pkcs7-signature"


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """What is to be sealed goes where the operator said and nowhere else."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


class HttpSeal:
    """Asks the service at `address`; with `settings.SEAL_CERTIFICATE` it may answer raw signatures."""

    reserved = 16 * 1024  # room for the certificates of an authority's chain

    def __init__(self, address: str) -> None:
        self.address = address
        self.opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), NoRedirect())

    def cms(self, digest: bytes) -> bytes:
        if not settings.SEAL_CERTIFICATE:
            _kind, answer = self._ask({"digest": digest.hex()})
            return answer
        try:
            certificate = load(Path(settings.SEAL_CERTIFICATE))
        except (OSError, ValueError) as error:
            raise unavailable("YINGONG_SEAL_CERTIFICATE") from error
        whole: list[bytes] = []

        def sign(attributes: bytes) -> bytes:
            kind, answer = self._ask({"digest": digest.hex(), "to_be_signed": base64.b64encode(attributes).decode()})
            if kind == CMS:
                whole.append(answer)
            return answer

        made = cms_by(certificate, sign, digest)
        return whole[0] if whole else made

    def _ask(self, question: dict[str, str]) -> tuple[str, bytes]:
        """The answer's type and body. A refused question (4xx) is not asked again; silence and faults are.

        After a service was silent to the end, nobody of this process waits for it again for a while.
        """
        if time.monotonic() < SILENT.get(self.address, 0.0):
            raise unavailable()
        for attempt in range(ATTEMPTS):
            if attempt:
                time.sleep(settings.SEAL_PAUSE_SECONDS * 2 ** (attempt - 1))
            try:
                return self._once(question)
            except urllib.error.HTTPError as error:
                error.close()
                if error.code < 500:
                    raise unavailable(f"HTTP {error.code}") from error
            except (OSError, ValueError):
                continue
        SILENT[self.address] = time.monotonic() + settings.SEAL_REST_SECONDS
        raise unavailable()

    def _once(self, question: dict[str, str]) -> tuple[str, bytes]:
        headers = {"Content-Type": "application/json", "Accept": f"{CMS}, application/octet-stream"}
        if settings.SEAL_TOKEN:
            headers["Authorization"] = f"Bearer {settings.SEAL_TOKEN}"
        request = urllib.request.Request(self.address, json.dumps(question).encode(), headers, method="POST")  # noqa: S310
        until = time.monotonic() + settings.SEAL_TIMEOUT_SECONDS
        with self.opener.open(request, timeout=settings.SEAL_TIMEOUT_SECONDS) as response:
            body = b""
            while piece := response.read1(LARGEST_ANSWER):
                body += piece
                if len(body) > LARGEST_ANSWER:
                    raise ValueError("the answer is larger than any signature")
                if time.monotonic() > until:
                    raise TimeoutError
            return response.headers.get_content_type(), body
