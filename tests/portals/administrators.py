"""What the tests of the administrators' pages share: somebody at his desk, scheme files, the code of a refusal."""

from django.http import HttpResponse
from django.test import Client

from accounts.acting import Actor
from policy.loading import shipped
from tests.payments.made import officer

HOME = "/administration/"


def signed(by: Actor) -> Client:
    client = Client()
    client.force_login(by.user)
    return client


def desk_of(role: str, name: str = "周凯") -> tuple[Client, Actor]:
    by = officer(role, name)
    return signed(by), by


def scheme_file(version: int = 1, rate: int = 1000) -> bytes:
    text = shipped()[0].read_text(encoding="utf-8")
    text = text.replace("\nversion = 1\n", f"\nversion = {version}\n")
    return text.replace(
        "agency_referral_per_person = { value = 1000", f"agency_referral_per_person = {{ value = {rate}"
    ).encode()


def refusal_of(answer: HttpResponse) -> str:
    text = answer.content.decode()
    assert answer.status_code in {403, 409, 422}, text
    return text.partition('data-refusal="')[2].partition('"')[0]
