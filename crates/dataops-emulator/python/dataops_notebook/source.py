"""Reads notebooks: Databricks source format, Jupyter documents, and plain files as notebooks of one cell."""

import json
import re

_COMMENTS = {"python": "#", "r": "#", "scala": "//", "sql": "--"}
_SUFFIXES = {".py": "python", ".r": "r", ".scala": "scala", ".sql": "sql"}
_HEADER = "Databricks notebook source"
_DATABRICKS_METADATA = "application/vnd.databricks.v1+notebook"
_DATABRICKS_CELL = "application/vnd.databricks.v1+cell"
_MAGIC = re.compile(r"%%?([A-Za-z][\w-]*)")

# A magic of these names decides what the whole cell is; all others are lines within Python.
CELL_MAGICS = frozenset(
    "python r scala sql md md-sandbox sh bash run fs skip conda tensorboard html javascript time capture".split()
)


class UnreadableNotebook(ValueError):
    """A file that is not a notebook: where, why, and what to do about it."""

    def __init__(self, place, reason, hint):
        super().__init__(f"{place}: {reason}")
        self.hint = hint


class Cell:
    """One cell: what the editor shows of it, and where it stands in the file.

    `number` counts from 1 over all cells, documentation included; `line` is the file's line of the first text line.
    """

    def __init__(self, number, text, line, title=None, markdown=False):
        self.number = number
        self.text = text
        self.line = line
        self.title = title
        self.markdown = markdown

    def magic(self):
        """Splits a cell that starts with a cell magic into its name, the rest of the first line and the rest."""
        match = _MAGIC.match(self.text)
        if match is None or match.group(1) not in CELL_MAGICS:
            return None
        first, _, rest = self.text[match.end() :].partition("\n")
        return match.group(1), first.strip(), rest

    def describe(self):
        return f'cell {self.number} ("{self.title}")' if self.title else f"cell {self.number}"


class Notebook:
    """A parsed notebook. `path` is its workspace path, `file` where its text is stored."""

    def __init__(self, path, file, language, cells, plain=False):
        self.path = path
        self.file = file
        self.language = language
        self.cells = cells
        self.plain = plain

    def name_of(self, cell):
        """The file name under which Python reports the cell."""
        return self.path if self.plain else f"{self.path}, cell {cell.number}"


def load(path, file, language=None):
    """Reads the notebook `path` from `file`."""
    try:
        with open(file, "rb") as stream:
            data = stream.read()
    except OSError as error:
        hint = "a notebook is a file that can be read"
        raise UnreadableNotebook(file, f"the notebook cannot be read: {error.strerror or error}", hint) from None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _not_utf8(file, error) from None
    return parse(re.sub("\r\n?", "\n", text), path, file, language)


def _not_utf8(file, error):
    before = error.object[: error.start].decode("utf-8", "replace")
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    reason = f"the notebook is not UTF-8: the byte 0x{error.object[error.start]:02x} begins no character"
    return UnreadableNotebook(f"{file}:{line}:{column}", reason, "save the file as UTF-8")


def parse(text, path, file="", language=None):
    """Parses a notebook's text; `language` decides where the text does not tell by itself."""
    suffix = "." + file.rpartition(".")[2].lower()
    language = (language or "").lower() or None
    if suffix == ".ipynb" or (text.lstrip().startswith("{") and suffix not in _SUFFIXES):
        return _jupyter(text, path, file, language)
    language = language or _SUFFIXES.get(suffix, "python")
    found = _language_of_header(text, language)
    if found is not None:
        return Notebook(path, file, found, _cells(text, _COMMENTS[found]))
    return Notebook(path, file, language, [Cell(1, text, 1)], plain=True)


def _language_of_header(text, language):
    """What the first line tells; Python and R begin alike, so that `language` decides between them."""
    first = text.split("\n", 1)[0].rstrip("\r")
    for found in ("r" if language == "r" else "python", "scala", "sql"):
        if first == f"{_COMMENTS[found]} {_HEADER}":
            return found
    return None


def _cells(text, comment):
    separator = f"{comment} COMMAND ----------"
    blocks, block, start = [], [], 2
    for number, line in enumerate(text.split("\n")[1:], 2):
        if line.strip().startswith(separator):
            blocks.append((start, block))
            block, start = [], number + 1
        else:
            block.append(line)
    blocks.append((start, block))
    return [_cell(number, start, lines, comment) for number, (start, lines) in enumerate(blocks, 1)]


def _cell(number, start, lines, comment):
    start, lines = _without_blank_ends(start, lines)
    title = None
    if lines and lines[0].startswith(f"{comment} DBTITLE "):
        title = lines[0].partition(",")[2].strip() or None
        start, lines = _without_blank_ends(start + 1, lines[1:])
    magic = f"{comment} MAGIC"
    return Cell(number, "\n".join(_without_prefix(line, magic) for line in lines), start, title)


def _without_prefix(line, magic):
    if line == magic or line.startswith(magic + " "):
        return line[len(magic) + 1 :]
    return line


def _without_blank_ends(start, lines):
    first = 0
    while first < len(lines) and not lines[first].strip():
        first += 1
    last = len(lines)
    while last > first and not lines[last - 1].strip():
        last -= 1
    return start + first, lines[first:last]


def _jupyter(text, path, file, language):
    place = file or path
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        reason = f"it is not JSON: {error.msg[:1].lower()}{error.msg[1:]}"
        raise _no_jupyter(f"{place}:{error.lineno}:{error.colno}", reason) from None
    except RecursionError:
        raise _no_jupyter(place, "its JSON is nested too deeply") from None
    if not isinstance(document, dict) or not isinstance(document.get("cells"), list):
        raise _no_jupyter(place, "it has no list `cells`")
    cells = [_jupyter_cell(place, number, cell) for number, cell in enumerate(document["cells"], 1)]
    found = _jupyter_language(document.get("metadata"))
    # Tools write `python` without being asked; whoever imports a notebook in another language means it.
    return Notebook(path, file, language if language and found == "python" else found, cells)


def _no_jupyter(place, reason):
    hint = "export the notebook again, or give it in source format"
    return UnreadableNotebook(place, f"this is not a Jupyter notebook: {reason}", hint)


def _jupyter_cell(place, number, cell):
    if not isinstance(cell, dict):
        raise _no_jupyter(place, f"cell {number} is not an object")
    source = cell.get("source", "")
    source = "".join(map(str, source)) if isinstance(source, list) else str(source)
    metadata = cell.get("metadata")
    details = metadata.get(_DATABRICKS_CELL) if isinstance(metadata, dict) else None
    title = details.get("title") if isinstance(details, dict) else None
    return Cell(number, source, 1, title or None, markdown=cell.get("cell_type") != "code")


def _jupyter_language(metadata):
    metadata = metadata if isinstance(metadata, dict) else {}
    for name, key in ((_DATABRICKS_METADATA, "language"), ("language_info", "name"), ("kernelspec", "language")):
        details = metadata.get(name)
        if isinstance(details, dict) and isinstance(details.get(key), str):
            return details[key].lower()
    return "python"
