"""Questions about scheme versions: which there are, which is in force, what each parameter is, how two differ."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from policy.labels import group_label, in_words, parameter_label
from policy.models import SchemeVersion
from policy.terms import DEFAULT_MARK, HEADER


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter as the page shows it; `is_default` when the notice is silent and the value is ours."""

    path: str
    label: str
    value: str
    unit: str
    citation: str
    is_default: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Parameters that belong together."""

    code: str
    label: str
    parameters: list[Parameter]


@dataclass(frozen=True, slots=True)
class Difference:
    """A parameter that two versions have differently; `before` or `after` is None where one lacks it."""

    path: str
    group: str
    label: str
    before: Parameter | None
    after: Parameter | None


def versions() -> QuerySet[SchemeVersion]:
    """All versions, the latest notice first; drafts too."""
    return SchemeVersion.objects.select_related("drafted_by", "published_by").order_by(
        "-valid_from", "code", "-version"
    )


def in_force(on: date) -> SchemeVersion | None:
    """The published version in force on a day, both ends included; of several the last to take effect, then the highest."""
    running = SchemeVersion.objects.filter(
        Q(valid_to=None) | Q(valid_to__gte=on), status=SchemeVersion.Status.PUBLISHED, valid_from__lte=on
    )
    return running.order_by("-valid_from", "-version").first()


def version(scheme_id: int) -> SchemeVersion | None:
    """One version with who loaded and published it, or None."""
    return versions().filter(pk=scheme_id).first()


def parameters(scheme: SchemeVersion) -> list[Group]:
    """Every parameter of the version, in the order of its file."""
    groups: dict[str, Any] = {code: table for code, table in scheme.terms.items() if code not in HEADER}
    return [
        Group(code, group_label(code), [_parameter(f"{code}.{name}", entry, scheme) for name, entry in table.items()])
        for code, table in groups.items()
    ]


def differences(before: SchemeVersion, after: SchemeVersion) -> list[Difference]:
    """The parameters whose value or citation differs, in the order of the later file; empty when none does."""
    old, new = _by_path(before), _by_path(after)
    paths = [*new, *(path for path in old if path not in new)]
    return [
        Difference(
            path=path,
            group=group_label(path.partition(".")[0]),
            label=parameter_label(path)[0],
            before=old.get(path),
            after=new.get(path),
        )
        for path in paths
        if old.get(path) != new.get(path)
    ]


def _by_path(scheme: SchemeVersion) -> dict[str, Parameter]:
    return {parameter.path: parameter for group in parameters(scheme) for parameter in group.parameters}


def _parameter(path: str, entry: Mapping[str, Any], scheme: SchemeVersion) -> Parameter:
    label, unit = parameter_label(path)
    value = entry.get("value")
    return Parameter(
        path=path,
        label=label,
        value=in_words(value),
        unit=unit if value is not None else "",
        citation=_citation(entry, scheme.doc_no),
        is_default=entry.get("source") == "default",
    )


def _citation(entry: Mapping[str, Any], doc_no: str) -> str:
    article, note = entry.get("article", ""), entry.get("note", "")
    if entry.get("source") == "default":
        return f"{DEFAULT_MARK}：{note}"
    where = f"{doc_no}{article}" if entry.get("source") == "notice" else article
    return f"{where}（{note}）" if note else where
