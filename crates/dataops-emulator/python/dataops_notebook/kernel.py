"""Executes the cells of a notebook in one namespace, and explains failures by cell and line."""

import linecache
import os

from . import errors, magics, source

_HERE = os.path.dirname(os.path.abspath(__file__))
_AWAIT = 0x2000  # ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
_COROUTINE = 0x80  # inspect.CO_COROUTINE
_PYTHON_MAGICS = ("python", "time", "capture")
_NOTHING_TO_DO = ("md", "md-sandbox", "skip", "html", "javascript", "tensorboard")


class Kernel:
    """One run of one notebook with the notebooks that it includes by `%run`."""

    def __init__(self, run):
        self._run = run
        self._cells = {}
        self._future = 0
        self._stack = []
        self._loop = None
        self._resume = []

    @property
    def notebook(self):
        """The notebook whose cell is executed, which relative paths start from."""
        return self._stack[-1][0]

    def position(self):
        """The cell that is executed in each notebook of the stack."""
        return [cell.number for _, cell in self._stack]

    def execute(self, notebook, resume=()):
        """Executes all cells; with `resume`, those after a position that a former process reached."""
        self._resume = list(resume)
        self._execute(notebook)

    def _execute(self, notebook):
        reached = self._resume.pop(0) if self._resume else 0
        if reached and not self._resume:
            reached += 1
        for cell in notebook.cells:
            if cell.number < reached:
                continue
            depth = len(self._stack)
            self._stack.append((notebook, cell))
            # Not undone on errors: the stack then tells where the run stopped.
            self._cell(notebook, cell)
            del self._stack[depth:]

    def run_inline(self, line):
        """`%run`: executes another notebook in this namespace."""
        path, values = magics.run_arguments(line)
        target = self._run.notebook_path(path)
        if target not in self._run.notebooks:
            raise errors.FileNotFound(f"Notebook not found: {self._run.missing(target)}")
        if any(notebook.path == target for notebook, _ in self._stack):
            raise errors.IllegalArgument(f"%run {path}: {target} would run itself")
        undo = self._run.widgets._override(values)
        self._execute(self._run.load(target))
        undo()

    def _cell(self, notebook, cell):
        if cell.markdown or not cell.text.strip():
            return
        magic = cell.magic()
        if magic is not None and magic[0] in _NOTHING_TO_DO:
            return None
        if len(self._stack) == 1:
            self._run.channel.send("cell", number=cell.number, title=cell.title)
        if magic is None:
            return self._in_language(notebook.language, notebook, cell, cell.text)
        name, first, rest = magic
        if name == "run":
            magics.require_alone(rest)
            return self.run_inline(first)
        if name in ("sh", "bash"):
            return magics.shell_cell(self._run, first, rest)
        if name == "fs":
            return magics.filesystem(self._run, (first + "\n" + rest).strip())
        if name in _PYTHON_MAGICS:
            code = (first if name == "python" else "") + "\n" + rest
            return self._in_language("python", notebook, cell, code)
        return self._in_language(name, notebook, cell, first + "\n" + rest)

    def _in_language(self, language, notebook, cell, text):
        if language == "python":
            return self._python(notebook, cell, text)
        if language == "sql":
            return magics.sql(self._run, text)
        raise errors.UnsupportedCell(
            f"{cell.describe()} of {notebook.path} is in {language}; the local runner executes python, sql and sh"
        )

    def _python(self, notebook, cell, text):
        name = notebook.name_of(cell)
        self._cells[name] = (notebook, cell)
        linecache.cache[name] = (len(text), None, [line + "\n" for line in text.split("\n")], name)
        code = magics.without_line_magics(text, lambda code: self._compile(code, name))
        self._future |= code.co_flags & _future_flags(text)
        if code.co_flags & _COROUTINE:
            self._await(eval(code, self._run.namespace))
        else:
            exec(code, self._run.namespace)

    def _compile(self, text, name):
        return compile(text, name, "exec", flags=self._future | _AWAIT, dont_inherit=True)

    def _await(self, coroutine):
        if self._loop is None:
            import asyncio

            self._loop = asyncio.new_event_loop()
            asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(coroutine)

    def explain(self, error):
        """The parts of a result that tell about an exception."""
        import traceback

        trace = traceback.TracebackException.from_exception(error)
        _hide_machinery(trace, set())
        lines = [_once(line, error) for line in trace.format()]
        failure = {"error": errors.text_of(error), "error_type": type(error).__name__, "error_trace": "".join(lines)}
        if isinstance(error, ModuleNotFoundError) and error.name:
            failure["missing_module"] = error.name.partition(".")[0]
        if isinstance(error, source.UnreadableNotebook):
            failure["hint"] = error.hint
        location = self._location(error)
        if location is not None:
            failure["location"] = location
        return failure

    def _location(self, error):
        found = None
        if isinstance(error, SyntaxError) and error.filename in self._cells:
            found = (error.filename, error.lineno or 1)
        else:
            step = error.__traceback__
            while step is not None:
                if step.tb_frame.f_code.co_filename in self._cells:
                    found = (step.tb_frame.f_code.co_filename, step.tb_lineno)
                step = step.tb_next
        if found is None:
            if not self._stack:
                return None
            notebook, cell = self._stack[-1]
            line = 1
        else:
            notebook, cell = self._cells[found[0]]
            line = found[1]
        return {
            "notebook": notebook.path,
            "cell": cell.number,
            "title": cell.title,
            "line": line,
            "file": notebook.file,
            "file_line": None if notebook.file.endswith(".ipynb") else cell.line + line - 1,
        }


def _future_flags(text):
    if "__future__" not in text:
        return 0
    import __future__

    flags = 0
    for name in __future__.all_feature_names:
        flags |= getattr(__future__, name).compiler_flag
    return flags


def _hide_machinery(trace, seen):
    """Leaves the frames out that belong to the runner and to the import system."""
    if trace is None or id(trace) in seen:
        return
    seen.add(id(trace))
    kept = [frame for frame in trace.stack if not frame.filename.startswith((_HERE, "<frozen importlib"))]
    trace.stack = type(trace.stack).from_list(kept)
    _hide_machinery(trace.__cause__, seen)
    _hide_machinery(trace.__context__, seen)
    for member in getattr(trace, "exceptions", None) or ():
        _hide_machinery(member, seen)


def _once(line, error):
    """Takes the class off a line that names it twice."""
    if not isinstance(error, errors.ServiceError):
        return line
    return line.replace(f"{error.java_class}: {error.java_class}: ", f"{error.java_class}: ")
