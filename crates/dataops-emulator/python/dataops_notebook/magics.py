"""What magic commands do: `%run`, `%pip`, `%sh`, `%fs`, `%sql` and those that have no meaning here."""

import re
import sys

from . import errors

_SILENT = frozenset("autoreload load_ext reload_ext matplotlib config tensorboard html javascript".split())
_MAGIC_LINE = re.compile(r"([ \t]*)(?:%([A-Za-z]\w*)|(!))(.*)\Z")
_WIDGET_ARGUMENT = re.compile(r"\$([A-Za-z_]\w*)=(.*)\Z", re.DOTALL)


def run_arguments(line):
    """Splits `path $name="value" …` into the path and the values."""
    import shlex

    try:
        words = shlex.split(line)
    except ValueError as error:
        raise errors.IllegalArgument(f"%run {line}: {error}") from None
    if not words:
        raise errors.IllegalArgument("%run needs the path of a notebook")
    values = {}
    for word in words[1:]:
        match = _WIDGET_ARGUMENT.match(word)
        if match is None:
            raise errors.IllegalArgument(f'%run {line}: expected $name="value", found {word!r}')
        values[match.group(1)] = match.group(2)
    return words[0], values


def require_alone(rest):
    """Refuses code behind a `%run`, which would be passed over in silence."""
    lines = [line for line in rest.split("\n") if line.strip() and not line.lstrip().startswith("#")]
    if lines:
        raise errors.IllegalArgument(
            f"%run stands alone in its cell; put what follows it into a cell of its own: {lines[0].strip()[:80]}"
        )


def pip(run, arguments):
    """Installs into the running environment; a failure ends the cell."""
    import importlib
    import subprocess

    words = _split(f"%pip {arguments}", arguments)
    words = [run.paths.driver(word) or word for word in words]
    sys.stdout.flush()
    status = subprocess.run([sys.executable, "-m", "pip", *words], stdin=subprocess.DEVNULL).returncode
    if status != 0:
        raise errors.CommandFailed(f"%pip {arguments.strip()} failed with exit status {status}")
    importlib.invalidate_caches()


def shell(run, script, options=""):
    """Runs a script on the driver; only with `-e` a status other than zero fails the cell."""
    import shutil
    import subprocess

    strict = "-e" in options.split()
    program = shutil.which("bash") or "sh"
    sys.stdout.flush()
    sys.stderr.flush()
    script = run.paths.mapped_words(script)
    command = [program, "-e", "-c", script] if strict else [program, "-c", script]
    status = subprocess.run(command, stdin=subprocess.DEVNULL).returncode
    if strict and status != 0:
        raise errors.CommandFailed(f"%sh -e ended with exit status {status}")


def shell_cell(run, first, rest):
    """A `%sh` cell; options stand on its first line."""
    options = ""
    while first.startswith("-"):
        option, _, first = first.partition(" ")
        options += " " + option
        first = first.strip()
    shell(run, first + "\n" + rest, options)


def filesystem(run, line):
    """`%fs ls /x` is short for `dbutils.fs.ls("/x")`."""
    words = _split(f"%fs {line}", line)
    if not words:
        raise errors.IllegalArgument("%fs needs a command, such as: %fs ls /")
    name = words[0]
    method = None if name.startswith("_") else getattr(run.dbutils.fs, name, None)
    if method is None:
        raise errors.IllegalArgument(f"%fs {name}: no such command")
    arguments, named = [], {}
    for word in words[1:]:
        if word in ("-r", "--recurse", "--recurse=true"):
            named["recurse"] = True
        elif word in ("--overwrite", "--overwrite=true"):
            named["overwrite"] = True
        else:
            arguments.append({"true": True, "false": False}.get(word, word))
    result = method(*arguments, **named)
    if result is not True:
        run.display.display(result)


def sql(run, text):
    """Runs SQL statements on Spark; the last result is shown and kept as `_sqldf`."""
    result = None
    widgets = run.widgets.getAll()
    for statement in statements(text):
        statement = _old_parameters(statement, widgets)
        names = set(re.findall(r"(?<![:\w]):([A-Za-z_]\w*)", statement)) & set(widgets)
        arguments = {"args": {name: widgets[name] for name in names}} if names else {}
        result = run.spark.get("%sql").sql(statement, **arguments)
    if result is not None:
        run.namespace["_sqldf"] = result
        if result.columns:
            run.display.display(result)


def statements(text):
    """Splits SQL at semicolons outside quotes and comments; drops what has no code."""
    pieces = re.findall(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|`[^`]*`|--[^\n]*|/\*.*?\*/|;|.", text, re.DOTALL)
    found, current, has_code = [], [], False
    for piece in [*pieces, ";"]:
        if piece == ";":
            if has_code:
                found.append("".join(current).strip())
            current, has_code = [], False
            continue
        current.append(piece)
        has_code = has_code or not (piece.isspace() or piece.startswith("--") or piece.startswith("/*"))
    return found


def _old_parameters(statement, widgets):
    statement = re.sub(r"\$\{(\w+)\}", lambda m: widgets.get(m.group(1), m.group(0)), statement)
    return re.sub(
        r"getArgument\(\s*['\"](\w+)['\"]\s*\)",
        lambda m: "'" + widgets.get(m.group(1), "").replace("'", "\\'") + "'",
        statement,
    )


def line_magic(run, name, arguments):
    """Executes one `%name …` or `!…` line within Python."""
    if name == "pip":
        pip(run, arguments)
    elif name in ("sh", "!"):
        shell(run, arguments)
    elif name == "fs":
        filesystem(run, arguments)
    elif name == "sql":
        sql(run, arguments)
    elif name == "run":
        run.kernel.run_inline(arguments)
    elif name in ("time", "timeit"):
        exec(compile(arguments.strip(), "<%time>", "exec"), run.namespace)
    elif name not in _SILENT:
        raise errors.UnsupportedCell(f"the magic %{name} isn't supported by the local runner")


def without_line_magics(source, compiles):
    """Turns `%name …` and `!…` lines into calls, one at a time and only where `compiles` reports an error.

    Line numbers stay. Raises the `SyntaxError` when there is no such line to blame.
    """
    lines = source.split("\n")
    while True:
        try:
            return compiles("\n".join(lines))
        except SyntaxError as error:
            at = _magic_line(lines, (error.lineno or 1) - 1)
            if at is None:
                raise
            _call_magic(lines, at)


def _magic_line(lines, near):
    candidates = [at for at, line in enumerate(lines) if _MAGIC_LINE.match(line)]
    if near in candidates:
        return near
    return next((at for at in candidates if at <= near), None)


def _call_magic(lines, at):
    indent, name, bang, arguments = _MAGIC_LINE.match(lines[at]).groups()
    last = at
    while arguments.endswith("\\") and last + 1 < len(lines):
        last += 1
        arguments = arguments[:-1] + " " + lines[last].strip()
        lines[last] = ""
    lines[at] = f"{indent}__line_magic__({(name or bang)!r}, {arguments.strip()!r})"


def _split(what, line):
    import shlex

    try:
        return shlex.split(line, comments=True)
    except ValueError as error:
        raise errors.IllegalArgument(f"{what}: {error}") from None
