"""Read a service file strictly; every refusal says which file, where in it, and what to do."""

from collections.abc import Hashable, Mapping
from datetime import date
from typing import Any, Final

import yaml
from django.utils.translation import gettext as _

from neike.catalog import form_schema
from neike.catalog.choices import (
    SERVICE_ICONS,
    ApproverRule,
    HandOverMode,
    StepJoin,
    StepKind,
    TargetMetric,
)
from neike.catalog.service_file.content import (
    FORMAT_NAME,
    LANGUAGE_WORDS,
    NEWEST,
    PRIORITY_WORDS,
    ServiceFile,
    StandardPart,
    StepPart,
)
from neike.kernel.texts import LocalizedText

MOST_BYTES: Final = 256 * 1024
_MOST_ORDER: Final = 32_767
_MOST_WORD: Final = 100
_MOST_MINUTES: Final = 30_000_000
_SERVICE: Final = frozenset(
    [
        "format",
        "key",
        "department",
        "name",
        "summary",
        "description",
        "keywords",
        "icon",
        "order",
        "confidential",
        "audience",
        "form",
        "standard",
    ]
)
_STANDARD: Final = frozenset(
    ["promise", "usual_priority", "third_party_pauses", "targets", "quality", "steps", "steps_join"]
)
_STEP: Final = frozenset(
    [
        "department",
        "title",
        "mode",
        "minutes",
        "key",
        "kind",
        "automatic",
        "after",
        "join",
        "show_if",
        "checklist",
        "approvers",
        "quorum",
    ]
)
_APPROVER_NAMES: Final = {
    ApproverRule.MANAGER.value: "",
    ApproverRule.DEPARTMENT_LEAD.value: "department",
    ApproverRule.POSITION.value: "position",
    ApproverRule.PERSON.value: "person",
}
_MOST_LIST: Final = 50


class ServiceFileError(ValueError):
    """A file that is no service: which file, where in it (like `standard.targets`), and what to do."""

    def __init__(self, file: str, where: str, message: str) -> None:
        place = f"{file}: {where}" if where else file
        super().__init__(f"{place}: {message}")
        self.file = file
        self.where = where
        self.message = message


class _StrictLoader(yaml.SafeLoader):
    """Plain data only, no aliases (they can blow up), and a key given twice is an error."""

    def compose_node(self, parent: Any, index: Any) -> Any:  # noqa: ANN401 - the library's signature
        """Refuse references."""
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError(_("references (*name) are not allowed"))
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:  # noqa: FBT001, FBT002 - the library's signature
        """Refuse a key that is there twice."""
        keys = [key.value for key, _value in node.value]
        twice = sorted({str(key) for key in keys if keys.count(key) > 1})
        if twice:
            raise yaml.YAMLError(_("%(key)s is there twice") % {"key": ", ".join(twice)})
        return super().construct_mapping(node, deep)


def read(text: str | bytes, *, file: str) -> ServiceFile:
    """Read one service; `file` is its name for messages.

    Raises:
        ServiceFileError: it is too large, no YAML, or says something a service cannot be.
    """
    raw = _load(text, file)
    return _Reader(file).service(raw)


def _load(text: str | bytes, file: str) -> object:
    if len(text) > MOST_BYTES:
        raise ServiceFileError(
            file,
            "",
            _("is larger than %(most)d kB; a service needs a few.") % {"most": MOST_BYTES // 1024},
        )
    try:
        return yaml.load(text, Loader=_StrictLoader)  # noqa: S506 - a SafeLoader
    except (yaml.YAMLError, UnicodeDecodeError, ValueError) as error:
        said = " ".join(str(error).split())[:300]
        raise ServiceFileError(
            file, "", _("is no readable YAML: %(said)s") % {"said": said}
        ) from error
    except RecursionError as error:
        raise ServiceFileError(file, "", _("is nested too deeply.")) from error


class _Reader:
    """Reads the parts of one file and says where it stands when something is wrong."""

    def __init__(self, file: str) -> None:
        self.file = file

    def wrong(self, where: str, message: str) -> ServiceFileError:
        return ServiceFileError(self.file, where, message)

    def service(self, raw: object) -> ServiceFile:
        self.check_format(raw)
        found = self.mapping("", raw, _SERVICE)
        icon = self.word("icon", found.get("icon", "tools"))
        if icon not in SERVICE_ICONS:
            raise self.wrong(
                "icon",
                _("there is no icon %(icon)s; possible are %(icons)s.")
                % {"icon": icon, "icons": ", ".join(SERVICE_ICONS)},
            )
        return ServiceFile(
            key=self.word("key", found.get("key")),
            department=self.word("department", found.get("department")),
            name=self.text("name", found.get("name"), needed=True),
            summary=self.text("summary", found.get("summary")),
            description=self.text("description", found.get("description")),
            keywords=self.words("keywords", found.get("keywords", [])),
            icon=icon,
            order=self.whole("order", found.get("order", 100), 0, _MOST_ORDER),
            confidential=self.flag("confidential", found.get("confidential", False)),
            audience=self.words("audience", found.get("audience", [])),
            form=self.form(found.get("form", [])),
            standard=self.standard(found.get("standard")),
        )

    def check_format(self, raw: object) -> None:
        """Go on with a version of the format that is read here; a newer one is told apart from nonsense."""
        if not isinstance(raw, dict):
            return  # `mapping` says so
        given = raw.get("format")
        name, _slash, number = str(given)[:40].partition("/")
        if name == FORMAT_NAME and number.isdecimal() and int(number) > NEWEST:
            raise self.wrong(
                "format",
                _(
                    "the file was written by a newer version of Neike (format %(number)s; here up to %(newest)d "
                    "is read). Nothing was changed. Update this installation and read the file again."
                )
                % {"number": number, "newest": NEWEST},
            )
        if name != FORMAT_NAME or number not in {str(one) for one in range(1, NEWEST + 1)}:
            raise self.wrong(
                "format", _("must be %(format)s.") % {"format": f"{FORMAT_NAME}/{NEWEST}"}
            )

    def mapping(self, where: str, raw: object, known: frozenset[str]) -> Mapping[str, Any]:
        if not isinstance(raw, dict):
            raise self.wrong(where, _("must be names with values."))
        unknown = sorted(str(name)[:40] for name in raw if name not in known)
        if unknown:
            raise self.wrong(
                where,
                _("does not know %(names)s; possible are %(known)s.")
                % {"names": ", ".join(unknown[:5]), "known": ", ".join(sorted(known))},
            )
        return raw

    def word(self, where: str, raw: object) -> str:
        if not isinstance(raw, str) or not raw or len(raw) > _MOST_WORD:
            raise self.wrong(where, _("must be a word."))
        return raw

    def words(self, where: str, raw: object) -> tuple[str, ...]:
        if not isinstance(raw, list):
            raise self.wrong(where, _("must be a list of words."))
        return tuple(self.word(f"{where}[{number}]", each) for number, each in enumerate(raw))

    def flag(self, where: str, raw: object) -> bool:
        if not isinstance(raw, bool):
            raise self.wrong(where, _("must be true or false."))
        return raw

    def whole(self, where: str, raw: object, low: int, high: int) -> int:
        if isinstance(raw, bool) or not isinstance(raw, int) or not low <= raw <= high:
            raise self.wrong(
                where,
                _("must be a whole number from %(low)d to %(high)d.") % {"low": low, "high": high},
            )
        return raw

    def text(self, where: str, raw: object, *, needed: bool = False) -> LocalizedText:
        if raw is None and not needed:
            return LocalizedText()
        found = self.mapping(where, raw, frozenset(LANGUAGE_WORDS))
        for language, said in found.items():
            if not isinstance(said, str) or not said.strip():
                raise self.wrong(f"{where}.{language}", _("must be a text."))
        if not found:
            raise self.wrong(where, _("needs a text in at least one language (zh, en)."))
        return LocalizedText.of(zh=found.get("zh", ""), en=found.get("en", ""))

    def texts(self, where: str, raw: object) -> tuple[LocalizedText, ...]:
        if not isinstance(raw, list):
            raise self.wrong(where, _("must be a list of texts."))
        return tuple(
            self.text(f"{where}[{number}]", each, needed=True) for number, each in enumerate(raw)
        )

    def form(self, raw: object) -> tuple[Mapping[str, Any], ...]:
        if not isinstance(raw, list):
            raise self.wrong("form", _("must be a list of fields."))
        fields = [self.field(f"form[{number}]", each) for number, each in enumerate(raw)]
        try:
            return tuple(form_schema.dump(form_schema.parse(fields)))
        except form_schema.SchemaError as error:
            raise self.wrong(
                f"form.{error.where}" if error.where else "form", error.message
            ) from error

    def field(self, where: str, raw: object) -> dict[str, Any]:
        """Turn the file's short texts ({zh, en}) into the stored ones; the schema checks the rest."""
        if not isinstance(raw, dict):
            raise self.wrong(where, _("must be names with values."))
        found = dict(raw)
        for name in ("label", "help"):
            if name in found:
                found[name] = self.text(f"{where}.{name}", found[name]).as_json()
        for name in ("min", "max", "default"):
            if isinstance(found.get(name), date):  # YAML reads an unquoted 2026-03-31 as a date
                found[name] = found[name].isoformat()
        if isinstance(found.get("columns"), list):
            found["columns"] = [
                self.field(f"{where}.columns[{number}]", each)
                for number, each in enumerate(found["columns"])
            ]
        if isinstance(found.get("choices"), list):
            found["choices"] = [
                self.choice(f"{where}.choices[{number}]", each)
                for number, each in enumerate(found["choices"])
            ]
        return found

    def choice(self, where: str, raw: object) -> dict[str, Any]:
        found = self.mapping(where, raw, frozenset({"key", *LANGUAGE_WORDS}))
        label = {name: said for name, said in found.items() if name != "key"}
        return {
            "key": found.get("key"),
            "label": self.text(where, label, needed=True).as_json(),
        }

    def standard(self, raw: object) -> StandardPart:
        found = self.mapping("standard", raw, _STANDARD)
        usual = found.get("usual_priority", "normal")
        if not isinstance(usual, str) or usual not in PRIORITY_WORDS or usual == "any":
            raise self.wrong(
                "standard.usual_priority", self.one_of(sorted(set(PRIORITY_WORDS) - {"any"}))
            )
        steps = found.get("steps", [])
        if not isinstance(steps, list):
            raise self.wrong("standard.steps", _("must be a list of steps."))
        return StandardPart(
            targets=self.targets(found.get("targets")),
            promise=self.text("standard.promise", found.get("promise")),
            usual_priority=PRIORITY_WORDS[usual],
            third_party_pauses=self.flag(
                "standard.third_party_pauses", found.get("third_party_pauses", False)
            ),
            quality=self.texts("standard.quality", found.get("quality", [])),
            steps=tuple(
                self.step(f"standard.steps[{number}]", each) for number, each in enumerate(steps)
            ),
            steps_join=self.choose(
                "standard.steps_join", found.get("steps_join", StepJoin.ALL.value), StepJoin.values
            ),
        )

    def targets(self, raw: object) -> dict[str, dict[str, int]]:
        metrics = self.mapping("standard.targets", raw, frozenset(TargetMetric.values))
        found: dict[str, dict[str, int]] = {}
        for metric, given in metrics.items():
            where = f"standard.targets.{metric}"
            by_priority = self.mapping(where, given, frozenset(PRIORITY_WORDS))
            found[metric] = {
                PRIORITY_WORDS[name]: self.whole(f"{where}.{name}", minutes, 1, _MOST_MINUTES)
                for name, minutes in by_priority.items()
            }
        return found

    def step(self, where: str, raw: object) -> StepPart:
        found = self.mapping(where, raw, _STEP)
        mode = self.choose(
            f"{where}.mode", found.get("mode", HandOverMode.RELAY.value), HandOverMode.values
        )
        kind = self.choose(f"{where}.kind", found.get("kind", StepKind.LEG.value), StepKind.values)
        minutes = found.get("minutes")
        department = found.get("department", "" if kind != StepKind.LEG else None)
        return StepPart(
            department=self.word(f"{where}.department", department) if department != "" else "",
            kind=kind,
            key=self.word(f"{where}.key", found["key"]) if "key" in found else "",
            automatic=self.flag(f"{where}.automatic", found.get("automatic", False)),
            after=self.words(f"{where}.after", found.get("after", [])),
            join=self.choose(
                f"{where}.join", found.get("join", StepJoin.ALL.value), StepJoin.values
            ),
            show_if=self.condition(f"{where}.show_if", found.get("show_if", {})),
            checklist=self.texts(f"{where}.checklist", found.get("checklist", [])),
            approvers=self.approvers(f"{where}.approvers", found.get("approvers", [])),
            quorum=self.word(f"{where}.quorum", str(found.get("quorum", "all"))),
            title=self.text(f"{where}.title", found.get("title"), needed=True),
            mode=mode,
            minutes=None
            if minutes is None
            else self.whole(f"{where}.minutes", minutes, 1, _MOST_MINUTES),
        )

    def choose(self, where: str, raw: object, words: list[str]) -> str:
        if not isinstance(raw, str) or raw not in words:
            raise self.wrong(where, self.one_of(words))
        return raw

    def condition(self, where: str, raw: object) -> Mapping[str, Any]:
        """Take the condition as it stands; what it says is checked against the form."""
        if not isinstance(raw, dict):
            raise self.wrong(where, _("must be names with values."))
        return raw

    def approvers(self, where: str, raw: object) -> tuple[Mapping[str, str], ...]:
        if not isinstance(raw, list) or len(raw) > _MOST_LIST:
            raise self.wrong(where, _("must be a list of those who approve."))
        return tuple(self.approver(f"{where}[{number}]", each) for number, each in enumerate(raw))

    def approver(self, where: str, raw: object) -> dict[str, str]:
        found = self.mapping(where, raw, frozenset({"by", "department", "position", "person"}))
        by = self.choose(f"{where}.by", found.get("by"), list(_APPROVER_NAMES))
        name = _APPROVER_NAMES[by]
        optional = by == ApproverRule.DEPARTMENT_LEAD and "department" not in found
        if not name or optional:
            return {"by": by}
        return {"by": by, name: self.word(f"{where}.{name}", str(found.get(name) or ""))}

    @staticmethod
    def one_of(words: list[str]) -> str:
        return _("must be one of %(words)s.") % {"words": ", ".join(words)}
