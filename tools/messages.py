"""Keep the 中文 catalogues: one per app, extracted from its code and templates.

`update` adds new messages and drops vanished ones; `check` lists what lacks its 中文; `compile` writes the
.mo files. No system gettext is needed.
"""

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polib
from django.utils.translation.template import templatize

ROOT = Path.cwd()
SOURCE = ROOT / "src" / "neike"
LOCALE = Path("locale/zh_Hans/LC_MESSAGES/django.po")
# function name -> positions of (context, singular, plural) among its arguments
FUNCTIONS: dict[str, tuple[int | None, int, int | None]] = {
    "_": (None, 0, None),
    "gettext": (None, 0, None),
    "gettext_lazy": (None, 0, None),
    "gettext_noop": (None, 0, None),
    "ngettext": (None, 0, 1),
    "ngettext_lazy": (None, 0, 1),
    "pgettext": (0, 1, None),
    "pgettext_lazy": (0, 1, None),
    "npgettext": (0, 1, 2),
    "npgettext_lazy": (0, 1, 2),
}
CALL = re.compile(r"(?<![\w.])(n?p?gettext(?:_lazy|_noop)?|_)\(")
PLACEHOLDER = re.compile(r"%\((\w+)\)[\d.]*[sdf]|\{(\w*)\}")


@dataclass(frozen=True, slots=True)
class Message:
    """One text of the product: its context (may be ""), singular, plural (may be "") and where it stands."""

    context: str
    singular: str
    plural: str
    place: str

    @property
    def key(self) -> tuple[str, str]:
        """What identifies it in a catalogue."""
        return self.context, self.singular


def apps() -> list[Path]:
    """Return the folders that are Django apps."""
    return sorted(file.parent for file in SOURCE.rglob("apps.py"))


def _owner(file: Path, folders: list[Path]) -> Path:
    """Return the app a file belongs to; what is outside every app belongs to the UI kit."""
    inside = [folder for folder in folders if file.is_relative_to(folder)]
    return max(inside, key=lambda folder: len(folder.parts)) if inside else SOURCE / "kernel" / "ui"


def extract() -> dict[Path, list[Message]]:
    """Return the messages of every app folder."""
    folders = apps()
    found: dict[Path, list[Message]] = defaultdict(list)
    for file in sorted(SOURCE.rglob("*.py")):
        if "migrations" not in file.parts:
            found[_owner(file, folders)] += _python_messages(file.read_text(), _place(file))
    for pattern in ("*.html", "*.txt"):
        for file in sorted(SOURCE.rglob(f"templates/**/{pattern}")):
            found[_owner(file, folders)] += _template_messages(file)
    return dict(found)


def _place(file: Path) -> str:
    return str(file.relative_to(ROOT))


def _python_messages(source: str, place: str) -> Iterator[Message]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            message = _message(name, node.args, place)
            if message:
                yield message


def _message(name: str, arguments: list[ast.expr], place: str) -> Message | None:
    if name not in FUNCTIONS:
        return None
    texts = [
        argument.value
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
        else None
        for argument in arguments
    ]
    context, singular, plural = (
        "" if index is None else (texts[index] if index < len(texts) else None)
        for index in FUNCTIONS[name]
    )
    if singular is None or context is None or plural is None or not singular:
        return None
    return Message(context, singular, plural, place)


def _template_messages(file: Path) -> Iterator[Message]:
    """Read `translate`, `blocktranslate`, `_()` and component attributes such as `:label="_('…')"`."""
    source = file.read_text()
    for text in (
        templatize(source, origin=str(file)),
        *re.findall(r':[\w-]+="([^"]*_\([^"]*)"', source),
    ):
        for match in CALL.finditer(text):
            call = _call_at(text, match.start())
            if call is not None:
                message = _message(match[1], call.args, _place(file))
                if message:
                    yield message


def _call_at(text: str, start: int) -> ast.Call | None:
    """Parse the shortest call that begins at `start`; templates carry no other Python."""
    end = text.find(")", start)
    while end != -1:
        piece = re.sub(r"^(\w+)", "f", text[start : end + 1]).replace("\n", "\\n")
        try:
            tree = ast.parse(re.sub(r"(?<=[(,] )u'", "'", piece), mode="eval").body
        except (SyntaxError, ValueError):
            end = text.find(")", end + 1)
            continue
        return tree if isinstance(tree, ast.Call) else None
    return None


def _catalogue(folder: Path) -> polib.POFile:
    file = folder / LOCALE
    if file.exists():
        return polib.pofile(str(file), wrapwidth=100)
    catalogue = polib.POFile(wrapwidth=100)
    catalogue.metadata = {
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Language": "zh_Hans",
        "Plural-Forms": "nplurals=1; plural=0;",
    }
    return catalogue


def update() -> None:
    """Bring every catalogue in line with the code, keeping the translations."""
    for folder, messages in extract().items():
        if not messages:
            continue
        old = {(entry.msgctxt or "", entry.msgid): entry for entry in _catalogue(folder)}
        catalogue = _catalogue(folder)
        catalogue.clear()
        for key in sorted({message.key for message in messages}):
            same = [message for message in messages if message.key == key]
            catalogue.append(_entry(same, old.get(key)))
        target = folder / LOCALE
        target.parent.mkdir(parents=True, exist_ok=True)
        catalogue.save(str(target))


def _entry(same: list[Message], old: polib.POEntry | None) -> polib.POEntry:
    first = next((message for message in same if message.plural), same[0])
    entry = polib.POEntry(msgid=first.singular, msgctxt=first.context or None)
    entry.occurrences = [(place, "") for place in sorted({message.place for message in same})]
    if "%(" in first.singular + first.plural:
        entry.flags = ["python-format"]
    if first.plural:
        entry.msgid_plural = first.plural
        entry.msgstr_plural = {0: (old.msgstr_plural.get(0) or old.msgstr) if old else ""}
    elif old:
        entry.msgstr = old.msgstr or old.msgstr_plural.get(0, "")
    return entry


def problems() -> list[str]:
    """Return a line for every message without 中文, with other placeholders, or no longer in the code.

    All catalogues become one when the product runs, so a message may not be translated in two ways either:
    where two meanings share their English, give them a context.
    """
    known, found = _translations()
    wanted = set()
    for messages in extract().values():
        for message in messages:
            wanted.add(message.key)
            found += _faults(message, known.get(message.key))
    found += [f"no longer in the code: {key[1]!r}" for key in known if key not in wanted]
    return sorted(set(found))


def _translations() -> tuple[dict[tuple[str, str], polib.POEntry], list[str]]:
    """Return every translated entry by context and message, and a line for each translated in two ways."""
    known: dict[tuple[str, str], polib.POEntry] = {}
    twice = []
    for folder in apps():
        for entry in filter(_text, _catalogue(folder)):
            key = entry.msgctxt or "", entry.msgid
            if key in known and _text(known[key]) != _text(entry):
                twice.append(f"two 中文 for {entry.msgid!r}: {_text(known[key])} / {_text(entry)}")
            known[key] = entry
    return known, twice


def _faults(message: Message, entry: polib.POEntry | None) -> list[str]:
    if entry is None:
        return [f"{message.place}: no 中文 for {message.singular!r}"]
    if "fuzzy" in entry.flags:
        return [f"{message.place}: the 中文 of {message.singular!r} is marked fuzzy"]
    said = _names(_text(entry))
    if not said <= _names(message.singular + message.plural):
        return [f"{message.place}: other placeholders in the 中文 of {message.singular!r}"]
    # What both English forms say, the 中文 may not swallow.
    if missing := (_names(message.singular) & _names(message.plural or message.singular)) - said:
        return [f"{message.place}: the 中文 of {message.singular!r} lacks {sorted(missing)}"]
    return []


def _text(entry: polib.POEntry) -> str:
    return str(entry.msgstr or entry.msgstr_plural.get(0, ""))


def _names(text: str) -> set[str]:
    return {first or second for first, second in PLACEHOLDER.findall(text)}


def compile_all() -> None:
    """Write the .mo file of every catalogue that is newer than its .mo."""
    for file in SOURCE.rglob("*.po"):
        target = file.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < file.stat().st_mtime:
            polib.pofile(str(file)).save_as_mofile(str(target))


def main() -> int:
    """Run `update`, `check` or `compile`."""
    command = sys.argv[1] if len(sys.argv) > 1 else "update"
    if command == "update":
        update()
        compile_all()
    elif command == "compile":
        compile_all()
    lines = problems() if command in {"update", "check"} else []
    print("\n".join(lines) or f"messages: {command} done")
    return 1 if lines and command == "check" else 0


if __name__ == "__main__":
    sys.exit(main())
