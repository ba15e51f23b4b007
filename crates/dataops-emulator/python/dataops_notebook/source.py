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


class NotebookSyntaxError(ValueError):
    """A document that is not a notebook."""


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
    with open(file, encoding="utf-8-sig", newline=None) as stream:
        text = stream.read()
    return parse(text, path, file, language)


def parse(text, path, file="", language=None):
    """Parses a notebook's text; `language` decides for a text that does not tell by itself."""
    suffix = "." + file.rpartition(".")[2].lower()
    if suffix == ".ipynb" or (text.lstrip().startswith("{") and suffix not in _SUFFIXES):
        return _jupyter(text, path, file)
    found = _language_of_header(text)
    if found is not None:
        return Notebook(path, file, found, _cells(text, _COMMENTS[found]))
    language = (language or _SUFFIXES.get(suffix, "python")).lower()
    return Notebook(path, file, language, [Cell(1, text, 1)], plain=True)


def _language_of_header(text):
    first = text.split("\n", 1)[0].rstrip("\r")
    for language in ("python", "scala", "sql"):
        if first == f"{_COMMENTS[language]} {_HEADER}":
            return language
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


def _jupyter(text, path, file):
    try:
        document = json.loads(text)
    except ValueError as error:
        raise NotebookSyntaxError(f"{path} is not a Jupyter notebook: {error}") from None
    if not isinstance(document, dict) or not isinstance(document.get("cells"), list):
        raise NotebookSyntaxError(f"{path} is not a Jupyter notebook: it has no list `cells`")
    cells = [_jupyter_cell(number, cell) for number, cell in enumerate(document["cells"], 1)]
    return Notebook(path, file, _jupyter_language(document.get("metadata")), cells)


def _jupyter_cell(number, cell):
    if not isinstance(cell, dict):
        raise NotebookSyntaxError(f"cell {number} is not an object")
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
