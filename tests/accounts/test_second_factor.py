"""The second factor: who needs it, a code taken once, a passkey that answers only its own question, the new start."""

import time
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.test import Client
from django.urls import reverse
from django_otp.oath import totp

from accounts import second_factor as factors
from accounts.acting import Actor
from accounts.models import Authenticator, Passkey
from accounts.roles import ADMINISTRATION, CLAIMANTS, OFFICIALS, Role
from core.errors import NotAllowed, Refusal, WrongState
from core.models import Event
from tests.accounts.passkeys import Stick
from tests.payments.made import officer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def on(settings: Any) -> None:
    settings.SECOND_FACTOR = True
    settings.PUBLIC_URL = "http://127.0.0.1:8000"


@pytest.fixture
def by() -> Actor:
    return officer(Role.FINANCE_MAKER, "许丽云")


def code_of(device: Authenticator, ahead: int = 0) -> str:
    return f"{totp(device.key, drift=ahead):06d}"


def proved(by: Actor) -> Authenticator:
    device = factors.begin_authenticator(by=by)
    return factors.confirm_authenticator(token=code_of(device, -1), by=by)


def refusal(call: Any, *args: Any, **more: Any) -> str:
    with pytest.raises(Refusal) as caught:
        call(*args, **more)
    return caught.value.code


def signed(by: Actor) -> Client:
    client = Client()
    client.force_login(by.user)
    return client


def test_officials_and_administrators_need_one_and_claimants_do_not(settings: Any) -> None:
    post = officer(Role.AUDITOR, "沈法正").post
    for role in Role:
        post.role = role
        assert factors.needed([post]) == (role in OFFICIALS | ADMINISTRATION) != (role in CLAIMANTS)
    settings.SECOND_FACTOR = False
    assert not factors.needed([post])


def test_a_code_is_taken_once(by: Actor) -> None:
    device = factors.begin_authenticator(by=by)
    assert factors.begin_authenticator(by=by).pk == device.pk
    code = code_of(device)
    assert factors.confirm_authenticator(token=f" {code[:3]} {code[3:]} ", by=by).confirmed
    assert refusal(factors.prove_token, token=code, by=by) == "token_wrong"
    Authenticator.objects.update(throttling_failure_count=0, throttling_failure_timestamp=None)
    assert factors.prove_token(token=code_of(device, 1), by=by).pk == device.pk
    assert refusal(factors.begin_authenticator, by=by) == "factor_there"


def test_wrong_codes_slow_the_next_one_down(by: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    device = proved(by)
    for wrong in ("", "abc", "一二三四五六", f"{(int(code_of(device)) + 1) % 10**6:06d}"):
        assert refusal(factors.prove_token, token=wrong, by=by) == "token_wrong"
    assert refusal(factors.prove_token, token=code_of(device), by=by) == "token_wrong"  # right, but too soon
    Authenticator.objects.update(throttling_failure_timestamp=None)
    factors.prove_token(token=code_of(device), by=by)
    assert Authenticator.objects.get().throttling_failure_count == 0


def test_the_key_is_sealed_and_one_counts_a_user(by: Actor) -> None:
    device = proved(by)
    with connection.cursor() as cursor:
        cursor.execute("SELECT sealed_key FROM accounts_authenticator")
        assert device.key not in bytes(cursor.fetchone()[0])
    device.user = officer(Role.AUDITOR, "沈法正").user
    assert refusal(lambda: device.key) == "privacy_broken"
    second = Authenticator(user=by.user, name="二", sealed_key=b"x", confirmed=True)
    with pytest.raises(IntegrityError):
        second.save()


def test_a_passkey_answers_its_own_question_only(by: Actor) -> None:
    stick = Stick()
    offer = factors.passkey_offer(by=by)
    kept = factors.challenge_in(offer)
    answer = stick.made(offer)
    assert refusal(factors.add_passkey, answer=answer, challenge="AAAA", name="", by=by) == "passkey_wrong"
    assert refusal(factors.add_passkey, answer={}, challenge=kept, name="", by=by) == "passkey_wrong"
    passkey = factors.add_passkey(answer=answer, challenge=kept, name="办公室电脑", by=by)
    question = factors.passkey_question(by=by)
    said = stick.proved(question)
    asked = {"challenge": factors.challenge_in(question), "by": by}
    assert factors.prove_passkey(answer=said, **asked).pk == passkey.pk
    assert refusal(factors.prove_passkey, answer=said, **asked) == "passkey_wrong"  # its count was seen
    other = Stick(credential=stick.credential)
    other.count = 8
    assert refusal(factors.prove_passkey, answer=other.proved(question), **asked) == "passkey_wrong"
    elsewhere = Stick(origin="http://evil.example", key=stick.key, credential=stick.credential, count=9)
    assert refusal(factors.prove_passkey, answer=elsewhere.proved(question), **asked) == "passkey_wrong"
    stranger = officer(Role.AUDITOR, "沈法正")
    assert (
        refusal(factors.prove_passkey, answer=stick.proved(question), **(asked | {"by": stranger})) == "passkey_wrong"
    )


def test_the_last_factor_stays_and_another_may_go(by: Actor) -> None:
    device = proved(by)
    assert refusal(factors.remove, kind="authenticator", pk=device.pk, by=by) == "factor_last"
    assert refusal(factors.remove, kind="nonsense", pk=device.pk, by=by) == "factor_unknown"
    offer = factors.passkey_offer(by=by)
    factors.add_passkey(answer=Stick().made(offer), challenge=factors.challenge_in(offer), name="", by=by)
    factors.remove(kind="authenticator", pk=device.pk, by=by)
    assert (Authenticator.objects.count(), Passkey.objects.count()) == (0, 1)


def test_only_the_security_administrator_gives_a_new_start_and_never_to_himself(by: Actor) -> None:
    proved(by)
    keeper = officer(Role.SECURITY_ADMIN, "安管")
    proved(keeper)
    asked = {"user_id": by.user_id, "reason": "本人到场，手机遗失"}
    with pytest.raises(NotAllowed):
        factors.reset(**asked, by=officer(Role.SYSTEM_ADMIN, "系管"))
    assert refusal(factors.reset, user_id=by.user_id, reason=" ", by=keeper) == "reason_missing"
    assert refusal(factors.reset, user_id=keeper.user_id, reason="自己", by=keeper) == "factor_own"
    assert factors.reset(**asked, by=keeper) == 1
    with pytest.raises(WrongState):
        factors.reset(**asked, by=keeper)
    told = Event.objects.filter(chain=f"login:{by.user_id}").values_list("verb", flat=True)
    assert list(told.order_by("seq")) == ["factor_added", "factor_reset"]


def test_nothing_opens_before_the_proof(by: Actor) -> None:
    client = signed(by)
    page = reverse("finance:batches")
    assert client.get(page).headers["Location"] == reverse("second_factor")
    assert client.get(page, headers={"HX-Request": "true"}).headers["HX-Redirect"] == reverse("second_factor")
    assert client.post(reverse("finance:open")).status_code == 403
    assert client.post(reverse("shared:export"), {"export": "batches"}).status_code == 403
    assert client.get(reverse("second_factor")).headers["Location"] == reverse("second_factor_setup")
    assert client.get(reverse("second_factor_setup")).status_code == 200
    device = Authenticator.objects.get()
    wrong = client.post(reverse("second_factor_setup"), {"token": "000000" if code_of(device) != "000000" else "1"})
    assert (wrong.status_code, client.get(page).status_code) == (422, 302)
    Authenticator.objects.update(throttling_failure_timestamp=None)
    before = client.session.session_key
    answer = client.post(reverse("second_factor_setup"), {"token": code_of(device)})
    assert answer.headers["Location"] == page
    assert client.session.session_key != before
    assert client.get(page).status_code == 200
    client.logout()
    client = signed(by)
    assert client.get(page).status_code == 302
    assert "六位数字" in client.get(reverse("second_factor")).content.decode()
    for name in ("second_factor_setup", "passkey_offer"):  # a stolen password adds no factor of its own
        assert client.post(reverse(name), {"token": code_of(device)}).status_code == 403
    client.post(reverse("second_factor"), {"token": code_of(device, 1)})
    assert client.get(page).status_code == 200
    Authenticator.objects.all().delete()  # reset: a session proved with it ends
    assert client.get(page).status_code == 302


def test_a_claimant_signs_in_without(by: Actor, settings: Any) -> None:
    person = officer(Role.INDIVIDUAL, "柯雅芸")
    assert signed(person).get(reverse("claimant:list")).status_code == 200
    settings.SECOND_FACTOR = False
    assert signed(by).get(reverse("finance:batches")).status_code == 200


def test_a_code_of_the_past_is_too_late(by: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    device = proved(by)
    late, moment = code_of(device), time.time()
    monkeypatch.setattr("accounts.factors.time.time", lambda: moment + 120)
    assert refusal(factors.prove_token, token=late, by=by) == "token_wrong"


def test_the_pages_of_ones_own_and_of_the_keeper(by: Actor) -> None:
    client = signed(by)
    device = factors.begin_authenticator(by=by)
    client.post(reverse("second_factor_setup"), {"token": code_of(device)})
    assert "手机验证器" in client.get(reverse("second_factor_own")).content.decode()
    last = client.post(reverse("second_factor_remove"), {"kind": "authenticator", "device": device.pk})
    assert last.status_code == 422
    assert "唯一" in last.content.decode()
    for body in (b"", b"[]", b"{", b'{"id": 5}'):
        answer = client.post(reverse("passkey_prove"), body, content_type="application/json")
        assert (answer.status_code, "error" in answer.json()) == (422, True)
    keeper = officer(Role.SECURITY_ADMIN, "安管")
    desk = signed(keeper)
    desk.get(reverse("second_factor_setup"))
    desk.post(reverse("second_factor_setup"), {"token": code_of(Authenticator.objects.get(user=keeper.user))})
    shown = desk.get(reverse("administration:factors"), {"q": "许丽"}).content.decode()
    assert by.user.username in shown
    assert keeper.user.username not in shown.partition("<table")[2]
    sent = {"user": by.user_id, "reason": "手机遗失"}
    assert desk.post(reverse("administration:factor_reset"), sent).status_code == 302
    assert client.get(reverse("finance:batches")).headers["Location"] == reverse("second_factor")
