"""`display` and `displayHTML`: a text on standard output and the same content as data for reports."""

import sys

_MOST_ROWS = 1000
_SHOWN_ROWS = 20
_LONGEST_VALUE = 4096
_MOST_BYTES = 2 << 20


class Display:
    """Sends what a notebook shows to the host."""

    def __init__(self, send):
        self._send = send

    def display(self, *values, **_options):
        """Shows tables, figures, HTML and anything that has a text."""
        for value in values:
            self._show(value)

    def display_html(self, html="", **_options):
        """Shows a piece of HTML."""
        text = str(html)
        print(f"[HTML, {len(text)} characters]")
        self._send("display", kind="html", html=text[:_MOST_BYTES])

    def _show(self, value):
        if value is None:
            return
        table = _table(value)
        if table is not None:
            columns, rows, total = table
            print(_text_of(columns, rows, total))
            self._send("display", kind="table", columns=columns, rows=rows, total_rows=total)
        elif callable(getattr(value, "savefig", None)):
            self._figure(value)
        elif callable(getattr(value, "_repr_html_", None)) and not isinstance(value, type):
            self.display_html(value._repr_html_())
        else:
            print(value)
            self._send("display", kind="text", text=str(value)[:_MOST_BYTES])

    def _figure(self, figure):
        import base64
        import io

        buffer = io.BytesIO()
        figure.savefig(buffer, format="png")
        print(f"[figure, {len(buffer.getvalue())} bytes]")
        self._send("display", kind="image", mime="image/png", data=base64.b64encode(buffer.getvalue()).decode())


def summarize(display, frame, precise=False):
    """`dbutils.data.summarize`: statistics of each column."""
    if hasattr(frame, "toPandas"):
        frame = frame.toPandas()
    if not hasattr(frame, "describe"):
        raise TypeError(f"dbutils.data.summarize takes a pandas or Spark data frame, not {type(frame).__name__}")
    display(frame.describe(include="all").transpose().reset_index())


def _table(value):
    """Columns, the first rows and the count of rows (None when unknown), or None for what is no table."""
    pandas = sys.modules.get("pandas")
    if pandas is not None and isinstance(value, pandas.Series):
        value = value.to_frame()
    if pandas is not None and isinstance(value, pandas.DataFrame):
        rows = value.head(_MOST_ROWS).itertuples(index=False, name=None)
        return [str(name) for name in value.columns], [_row(row) for row in rows], len(value)
    if hasattr(value, "toPandas") and hasattr(value, "limit"):
        rows = [_row(tuple(row)) for row in value.limit(_MOST_ROWS).collect()]
        return list(value.columns), rows, len(rows) if len(rows) < _MOST_ROWS else None
    if isinstance(value, (list, tuple)) and value:
        return _records(value)
    return None


def _records(values):
    first = values[0]
    if all(hasattr(value, "_fields") and value._fields == getattr(first, "_fields", None) for value in values):
        return list(first._fields), [_row(value) for value in values[:_MOST_ROWS]], len(values)
    if all(isinstance(value, dict) for value in values):
        columns = list(dict.fromkeys(name for value in values for name in value))
        rows = [_row([value.get(name) for name in columns]) for value in values[:_MOST_ROWS]]
        return [str(name) for name in columns], rows, len(values)
    return None


def _row(values):
    return [_cell(value) for value in values]


def _cell(value):
    if value is None or isinstance(value, bool):
        return value
    if type(value) is int and abs(value) < 1 << 53:
        return value
    if isinstance(value, float):
        return float(value) if value - value == 0 else str(value)
    return str(value)[:_LONGEST_VALUE]


def _text_of(columns, rows, total):
    shown = [[str(value) for value in row] for row in rows[:_SHOWN_ROWS]]
    widths = [min(40, max([len(name)] + [len(row[at]) for row in shown])) for at, name in enumerate(columns)]
    lines = [columns, ["-" * width for width in widths], *shown]
    text = ["  ".join(value[:width].ljust(width) for value, width in zip(line, widths)).rstrip() for line in lines]
    if total is None or total > len(shown):
        text.append(f"({len(shown)} of {'many' if total is None else total} rows)")
    return "\n".join(text)
