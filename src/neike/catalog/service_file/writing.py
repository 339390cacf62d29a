"""Write a service file: the one canonical text of what it says."""

import hashlib
from collections.abc import Mapping
from typing import Any, Final

import yaml

from neike.catalog.choices import HandOverMode, StepJoin, StepKind, TargetMetric
from neike.catalog.service_file.content import (
    FORMAT_NAME,
    LANGUAGE_WORDS,
    PRIORITY_WORDS,
    ServiceFile,
    StandardPart,
    StepPart,
)
from neike.kernel.texts import LocalizedText

_PRIORITY_NAMES: Final = {code: word for word, code in PRIORITY_WORDS.items()}
_LANGUAGE_NAMES: Final = {code: word for word, code in LANGUAGE_WORDS.items()}


class _Dumper(yaml.SafeDumper):
    """Indents lists below their name, as people write them."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: FBT001, FBT002 - the library's signature
        return super().increase_indent(flow, False)  # noqa: FBT003 - the library's signature


class _Flow(dict[str, Any]):
    """A mapping written on one line."""


def _flow(dumper: yaml.SafeDumper, value: _Flow) -> yaml.MappingNode:
    return dumper.represent_mapping("tag:yaml.org,2002:map", value.items(), flow_style=True)


_Dumper.add_representer(_Flow, _flow)


def write(service: ServiceFile) -> str:
    """Return the file's text. `read` gives the same service back; equal services have equal texts."""
    return yaml.dump(
        _service(service), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=110
    )


def digest(service: ServiceFile) -> str:
    """Return SHA-256 of the canonical text, to tell whether two services say the same."""
    return hashlib.sha256(write(service).encode()).hexdigest()


def _given(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what is empty."""
    return {name: value for name, value in raw.items() if value not in (None, "", [], {})}


def _text(text: LocalizedText) -> dict[str, str]:
    return {
        name: text.texts[code] for code, name in _LANGUAGE_NAMES.items() if text.texts.get(code)
    }


def _service(service: ServiceFile) -> dict[str, Any]:
    return _given(
        {
            "format": f"{FORMAT_NAME}/{service.format_version}",
            "key": service.key,
            "department": service.department,
            "order": service.order,
            "icon": service.icon,
            "confidential": service.confidential or None,
            "audience": list(service.audience),
            "name": _text(service.name),
            "summary": _text(service.summary),
            "description": _text(service.description),
            "keywords": list(service.keywords),
            "form": [_field(each) for each in service.form],
            "standard": _standard(service.standard),
        }
    )


def _field(field: Mapping[str, Any]) -> dict[str, Any]:
    found = dict(field)
    for name in ("label", "help"):
        if name in found:
            found[name] = _text(LocalizedText.from_json(found[name]))
    if "columns" in found:
        found["columns"] = [_field(each) for each in found["columns"]]
    if "choices" in found:
        found["choices"] = [
            _Flow(key=each["key"], **_text(LocalizedText.from_json(each["label"])))
            for each in found["choices"]
        ]
    return found


def _standard(standard: StandardPart) -> dict[str, Any]:
    return _given(
        {
            "promise": _text(standard.promise),
            "usual_priority": _PRIORITY_NAMES[standard.usual_priority],
            "third_party_pauses": standard.third_party_pauses or None,
            "targets": {
                metric: _targets(standard.targets[metric])
                for metric in TargetMetric.values
                if standard.targets.get(metric)
            },
            "quality": [_text(each) for each in standard.quality],
            "steps_join": standard.steps_join if standard.steps_join != StepJoin.ALL else None,
            "steps": [_step(each) for each in standard.steps],
        }
    )


def _targets(by_priority: Mapping[str, int]) -> _Flow:
    return _Flow(
        (name, by_priority[code]) for name, code in PRIORITY_WORDS.items() if code in by_priority
    )


def _step(step: StepPart) -> dict[str, Any]:
    return _given(
        {
            "key": step.key,
            "kind": step.kind if step.kind != StepKind.LEG.value else None,
            "automatic": step.automatic or None,
            "after": list(step.after),
            "join": step.join if step.join != StepJoin.ALL.value else None,
            "show_if": _condition(step.show_if),
            "department": step.department,
            "mode": step.mode if step.mode != HandOverMode.RELAY.value else None,
            "minutes": step.minutes,
            "title": _text(step.title),
            "checklist": [_text(each) for each in step.checklist],
            "approvers": [_Flow(each) for each in step.approvers],
            "quorum": step.quorum if step.quorum != "all" else None,
        }
    )


def _condition(stored: Mapping[str, Any]) -> dict[str, Any]:
    """Return a stored condition in the order people write it; a database may keep keys in an order of its own."""
    written: dict[str, Any] = {}
    for name in ("all", "any", "field", "is", "over"):
        if name in stored:
            one = stored[name]
            written[name] = list(map(_condition, one)) if name in {"all", "any"} else one
    return written
