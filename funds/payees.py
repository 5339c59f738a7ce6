"""Names of payees, from the codes the ledger keeps."""

from collections.abc import Iterable

from accounts.models import Organisation, User


def names_of(payees: Iterable[str]) -> dict[str, str]:
    """The payees' names by code (``org:12``, ``user:7``); at most two queries, none for none."""
    ids: dict[str, set[int]] = {"org": set(), "user": set()}
    for payee in payees:
        kind, _colon, number = payee.partition(":")
        if kind in ids and number:
            ids[kind].add(int(number))
    names: dict[str, str] = {}
    if ids["org"]:
        found = Organisation.objects.filter(pk__in=ids["org"]).values_list("pk", "name")
        names |= {f"org:{pk}": name for pk, name in found}
    if ids["user"]:
        names |= {
            f"user:{pk}": name for pk, name in User.objects.filter(pk__in=ids["user"]).values_list("pk", "full_name")
        }
    return names
