"""Every text that the page can show, from where it stands: t(...), label(...), the HTML, the table of options."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import linnet.errors
from linnet.options import OPTIONS

WEB = Path(__file__).resolve().parents[1] / "web"
CORE = WEB.parent / "pycore" / "linnet"
CALL = re.compile(r"""\b(?:t|label)\(\s*("(?:[^"\\]|\\.)*")""")
# Tables of English words that are translated where they are shown: name of the constant, in which file
TABLES = {
    "page/views/sheet.js": ("KEYS",),
    "page/views/settings.js": ("CHOICE_WORDS",),
    "page/views/presets.js": ("PRESET_WORDS",),
    "page/views/note-list.js": ("COLUMNS",),
    "page/see/see.js": ("WORDS",),
    "shared/messages.js": ("PHASE_WORDS",),
}
ATTRIBUTES = ("aria-label", "title", "placeholder")
SAME_EVERYWHERE = re.compile(r"^[\W\d_]*$|^(Linnet|MIDI|CSV|JSON|Esc|8va|8vb)$")  # nothing to translate


class _Texts(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()
        self._tags: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self._tags.append(tag)
        self.found |= {value for name, value in attributes if name in ATTRIBUTES and value}

    def handle_data(self, data: str) -> None:
        if self._tags and self._tags[-1] not in ("script", "style"):
            self.found.add(" ".join(data.split()))


def _of_tables() -> set[str]:
    found = set()
    for name, constants in TABLES.items():
        text = (WEB / name).read_text()
        for constant in constants:
            body = re.search(rf"const {constant} =(.*?);\n", text, re.S)
            assert body, f"{name} has no table {constant}"
            words = re.findall(r'"((?:[^"\\]|\\.)*)"', body[1])
            words = words[1::2] if constant == "KEYS" else words  # the keys themselves are the same everywhere
            found |= {word for word in words if " " in word or word[0].isupper()}
    return found


def _of_instruments() -> set[str]:
    tables = re.findall(r"`(.*?)`", (WEB / "page" / "general-midi.js").read_text(), re.S)
    return {name for table in tables for name in re.split(r"[|\n]", table)}


def errors() -> Iterator[tuple[str, str, set[str]]]:
    """Each error that the core makes: its module, its reason or "", the names of its values."""
    kinds = {name for name, kind in vars(linnet.errors).items() if isinstance(kind, type)}
    for path in sorted(CORE.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in kinds:
                given = {str(word.arg): word.value for word in node.keywords}
                reason = given.pop("reason", ast.Constant(""))
                yield path.name, ast.literal_eval(reason), set(given)


def refusals() -> dict[str, set[str]]:
    """The reasons that the page has a sentence for, and the values that it tells."""
    table = re.findall(r'^  "?([\w-]+)"?: \((?:\{ (.*) \})?\) =>', (WEB / "page" / "refusals.js").read_text(), re.M)
    return {reason: set(filter(None, values.split(", "))) for reason, values in table}


def keys() -> set[str]:
    """The English texts, as they are looked up."""
    html = _Texts()
    html.feed((WEB / "index.html").read_text().replace("%APP%", "app").replace("%PRELOADS%", ""))
    calls = {
        match[1:-1].replace('\\"', '"')
        for path in (WEB / "page").rglob("*.js")
        for match in CALL.findall(path.read_text())
    }
    options = {text for spec in OPTIONS for text in (spec.label, spec.help)}
    found = html.found | calls | _of_tables() | _of_instruments() | options
    return {text for text in found if not SAME_EVERYWHERE.match(text)}


if __name__ == "__main__":
    print("\n".join(sorted(keys())))
