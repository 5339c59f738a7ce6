"""A seal service on 127.0.0.1 for tests: real HTTP, a real key, and the ways in which such a service fails."""

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID

from core import clock
from documents.seals.provider import cms_by

NAME = "泉州台商投资区电子印章平台"
SLOW = 3.0  # seconds of silence, cut short when the service stops


class Service:
    """`ways` says how each request is answered, one after the other, the last for all that follow."""

    def __init__(self, *ways: str) -> None:
        self.ways, self.asked, self.tokens = list(ways), [], []  # type: ignore[var-annotated]
        self.stop = threading.Event()
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
        begins = clock.machine_now() - timedelta(days=1)
        self.certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(self.key.public_key())
            .serial_number(77)
            .not_valid_before(begins)
            .not_valid_after(begins + timedelta(days=900))
            .sign(self.key, hashes.SHA256())
        )
        self.pem = self.certificate.public_bytes(serialization.Encoding.PEM)

    def answer(self, question: dict[str, str]) -> tuple[int, str, bytes]:
        way = self.ways[min(len(self.asked), len(self.ways) - 1)]
        self.asked.append(question)
        if way == "slow":
            self.stop.wait(SLOW)
        if way == "down":
            return 503, "text/plain", b"later"
        if way == "forbidden":
            return 403, "text/plain", b"no"
        if way == "endless":
            return 200, "application/octet-stream", bytes(200_000)
        if way == "nonsense":
            return 200, "application/octet-stream", b"nonsense"
        if way == "cms":
            certificate = asn1.Certificate.load(self.certificate.public_bytes(serialization.Encoding.DER))
            return 200, "application/pkcs7-signature", cms_by(certificate, self.sign, bytes.fromhex(question["digest"]))
        attributes = base64.b64decode(question["to_be_signed"])
        return 200, "application/octet-stream", self.sign(attributes + (b"x" if way == "wrong" else b""))

    def sign(self, data: bytes) -> bytes:
        return self.key.sign(data, padding.PKCS1v15(), hashes.SHA256())


@contextmanager
def serving(service: Service, settings: Any, folder: Path, *, raw: bool = True) -> Iterator[None]:
    """Point the settings at the service, its certificate among the trusted ones, for a while."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            service.tokens.append(self.headers.get("Authorization"))
            question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status, kind, body = service.answer(question)
            try:
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            except OSError:  # whoever asked has gone
                return

        def log_message(self, *args: object) -> None:
            """Silence."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    seals = Path(settings.KEYS_FILE).parent / "seals"
    seals.mkdir(parents=True, exist_ok=True)
    (seals / "platform.pem").write_bytes(service.pem)
    settings.SEAL = f"http://127.0.0.1:{server.server_port}/seal"
    settings.SEAL_CERTIFICATE = str(seals / "platform.pem") if raw else ""
    settings.SEAL_TIMEOUT_SECONDS, settings.SEAL_PAUSE_SECONDS = 0.5, 0.01
    settings.SEAL_REST_SECONDS = 0.0
    try:
        yield
    finally:
        service.stop.set()
        server.shutdown()
        server.server_close()
