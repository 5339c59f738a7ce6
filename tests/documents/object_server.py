"""A real S3 server on this machine, in a process of its own, and the settings that point at it."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import boto3
from botocore.config import Config

BUCKET = "sealed"
KEYS = {"aws_access_key_id": "test", "aws_secret_access_key": "test", "region_name": "us-east-1"}


@dataclass
class ObjectServer:
    """Where it listens, a client of its own, and its process."""

    endpoint: str
    client: Any
    process: subprocess.Popen[bytes]

    def stop(self) -> None:
        """Let the server go; its port then refuses connections."""
        self.process.kill()
        self.process.wait()

    def storages(self, bucket: str = BUCKET) -> dict[str, Any]:
        """settings.STORAGES as project.settings makes them for this endpoint."""
        import project.settings as product

        saved = dict(product.os.environ)
        product.os.environ |= {"YINGONG_S3_BUCKET": bucket, "YINGONG_S3_ENDPOINT": self.endpoint}
        try:
            return {**product.STORAGES, "default": product._file_storage()}
        finally:
            product.os.environ.clear()
            product.os.environ.update(saved)


@contextmanager
def object_server() -> Iterator[ObjectServer]:
    """Start the server on a free port of the loopback address, make the bucket, and stop it at the end."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(port, process)
        endpoint = f"http://127.0.0.1:{port}"
        config = Config(s3={"addressing_style": "path"}, retries={"total_max_attempts": 1})
        client = boto3.client("s3", endpoint_url=endpoint, config=config, **KEYS)
        client.create_bucket(Bucket=BUCKET)
        yield ObjectServer(endpoint, client, process)
    finally:
        process.kill()
        process.wait()


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    for _attempt in range(300):
        if process.poll() is not None:
            raise RuntimeError("the object server ended at once")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError("the object server did not begin to listen")
