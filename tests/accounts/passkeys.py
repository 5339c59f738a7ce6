"""A passkey made of code: answers a site's questions as a security stick does, ES256 and no attestation."""

import json
import secrets
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import bytes_to_base64url

PRESENT, ATTESTED = 0x01, 0x40


@dataclass
class Stick:
    """One credential for one site."""

    origin: str = "http://127.0.0.1:8000"
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    credential: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    count: int = 0

    def made(self, offer: str) -> dict[str, Any]:
        """The answer to an offer to make a passkey."""
        asked = json.loads(offer)
        numbers = self.key.public_key().public_numbers()
        public = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)})
        attested = bytes(16) + len(self.credential).to_bytes(2) + self.credential + public
        data = self._data(asked["rp"]["id"], PRESENT | ATTESTED) + attested
        statement = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client("webauthn.create", asked["challenge"])
        return self._answer(clientDataJSON=client, attestationObject=statement)

    def proved(self, question: str) -> dict[str, Any]:
        """The answer to a question at sign-in."""
        asked = json.loads(question)
        self.count += 1
        data, client = self._data(asked["rpId"], PRESENT), self._client("webauthn.get", asked["challenge"])
        signature = self.key.sign(data + sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(clientDataJSON=client, authenticatorData=data, signature=signature)

    def _data(self, host: str, flags: int) -> bytes:
        return sha256(host.encode()).digest() + bytes([flags]) + self.count.to_bytes(4)

    def _client(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _answer(self, **parts: bytes) -> dict[str, Any]:
        named = bytes_to_base64url(self.credential)
        response = {name: bytes_to_base64url(part) for name, part in parts.items()}
        return {"id": named, "rawId": named, "type": "public-key", "response": response}
