"""SQL of Databricks as the installed Spark understands it: `read_files`, the cluster's paths, and names with a catalog.

Only these three are rewritten, outside of texts and comments; everything else is Spark's.
"""

import os
import re
import uuid

# A text, a quoted name, a comment, a word, or one other character.
_TOKEN = re.compile(
    r"""
    (?P<text>r?'(?:\\.|''|[^'\\])*'|r?"(?:\\.|""|[^"\\])*")
    |(?P<name>`(?:``|[^`])*`)
    |(?P<comment>--[^\n]*|/\*.*?\*/)
    |(?P<word>[A-Za-z_][A-Za-z0-9_]*)
    |(?P<space>\s+)
    |(?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "0": "\0", "b": "\b", "Z": "\x1a"}
_FORMATS = ("csv", "json", "orc", "parquet", "text")
# What files of this format are read with when the statement does not say so, as `read_files` does.
_INFERRED = {"csv": "inferSchema", "json": "primitivesAsString"}


class NotEmulated(Exception):
    """The statement needs something that only Databricks has."""


class Token:
    """A piece of a statement."""

    def __init__(self, kind, text):
        self.kind = kind
        self.text = text

    def is_part(self):
        return self.kind in ("word", "name")

    def part(self):
        """The name that it is."""
        return self.text[1:-1].replace("``", "`") if self.kind == "name" else self.text

    def value(self):
        """The text that it means."""
        raw = self.text.startswith("r")
        quoted = self.text[1:] if raw else self.text
        quote, inner = quoted[0], quoted[1:-1]
        if raw:
            return inner
        inner = inner.replace(quote * 2, quote)
        return re.sub(r"\\(.)", lambda match: _ESCAPES.get(match.group(1), match.group(1)), inner, flags=re.DOTALL)


class Translator:
    """Rewrites statements for one session."""

    def __init__(self, spark, paths, catalogs=()):
        self._spark = spark
        self._paths = paths
        self._catalogs = {name.lower() for name in catalogs}

    def translate(self, statement):
        """The statement for Spark; views that it needs are made in the session."""
        tokens = [Token(match.lastgroup, match.group()) for match in _TOKEN.finditer(statement)]
        with_metadata = any(token.kind == "word" and token.text == "_metadata" for token in tokens)
        written, at = [], 0
        while at < len(tokens):
            text, at = self._piece(tokens, at, with_metadata)
            written.append(text)
        return "".join(written)

    def _piece(self, tokens, at, with_metadata):
        token = tokens[at]
        if token.kind == "word" and token.text.lower() == "read_files":
            opened = _skip(tokens, at + 1)
            if opened < len(tokens) and tokens[opened].text == "(":
                path, options, end = _arguments(tokens, opened + 1)
                return self._view(path, options, with_metadata), end
        if not token.is_part() or (at > 0 and tokens[at - 1].text == "."):
            return token.text, at + 1
        parts, end = _dotted(tokens, at)
        if len(parts) == 2 and parts[1].kind == "name" and parts[0].part().lower() == "delta":
            raise NotEmulated("the emulator's Spark reads no Delta tables")
        if len(parts) == 2 and parts[1].kind == "name" and parts[0].part().lower() in _FORMATS:
            file = "file://" + self._paths.locate(parts[1].part()).local
            return f"{parts[0].text}.`{file.replace('`', '``')}`", end
        if len(parts) >= 3 and parts[0].part().lower() in self._catalogs:
            database = database_of(parts[0].part(), parts[1].part())
            rest = "".join(f".{part.text}" for part in parts[2:])
            return f"`{database}`{rest}", end
        return token.text, at + 1

    def _view(self, path, options, with_metadata):
        options = {name.lower(): value for name, value in options.items()}
        kind = options.pop("format", "").lower()
        if kind not in _FORMATS:
            raise NotEmulated(f"read_files(…, format => '{kind}'): the emulator reads {', '.join(_FORMATS)}")
        infer = options.pop("infercolumntypes", "true").lower() != "false"
        reader = self._spark.read.format(kind)
        if kind in _INFERRED:
            reader = reader.option(_INFERRED[kind], str(infer == (kind == "csv")).lower())
        schema = options.pop("schema", None)
        if schema is not None:
            reader = reader.schema(schema)
        folder = self._paths.locate(path).local
        if os.path.isdir(folder) and not any("=" in name for name in os.listdir(folder)):
            reader = reader.option("recursiveFileLookup", "true")
        frame = reader.options(**options).load("file://" + folder)
        if with_metadata:
            frame = frame.select("*", "_metadata")
        name = f"files_{uuid.uuid4().hex}"
        frame.createOrReplaceTempView(name)
        return name


def database_of(catalog, schema):
    """The database that stands for a schema of a catalog: the installed Spark has one catalog only."""
    return f"{catalog}__{schema}".lower()


def _skip(tokens, at):
    while at < len(tokens) and tokens[at].kind in ("space", "comment"):
        at += 1
    return at


def _dotted(tokens, at):
    """A name of several parts, and where it ends."""
    parts, end = [tokens[at]], at + 1
    while end + 1 < len(tokens) and tokens[end].text == "." and tokens[end + 1].is_part():
        parts.append(tokens[end + 1])
        end += 2
    return parts, end


def _arguments(tokens, at):
    """The path and the options of `read_files`, and where its bracket ends."""
    path, options, name = None, {}, None
    while True:
        at = _skip(tokens, at)
        if at >= len(tokens):
            raise NotEmulated("read_files: its bracket is never closed")
        token = tokens[at]
        if token.text == ")":
            break
        if token.text in (",", "=", ">"):
            at += 1
            continue
        following = _skip(tokens, at + 1)
        if token.is_part() and following < len(tokens) and tokens[following].text == "=":
            name, at = token.part(), following
            continue
        value = token.value() if token.kind == "text" else _plain(token)
        if name is None:
            path = value
        else:
            options[name] = value
        name, at = None, at + 1
    if path is None:
        raise NotEmulated("read_files: it names no path")
    return path, options, at + 1


def _plain(token):
    if (token.kind == "word" and token.text.lower() in ("true", "false")) or token.text.isdigit():
        return token.text.lower()
    raise NotEmulated(f"read_files: `{token.text}` is no literal")
