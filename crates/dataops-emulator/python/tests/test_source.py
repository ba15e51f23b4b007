import json

import pytest

from dataops_notebook.source import NotebookSyntaxError, parse

SOURCE = """# Databricks notebook source
# DBTITLE 1,Load, then look
x = 1

# COMMAND ----------

# MAGIC %sql
# MAGIC select 1
# MAGIC
# MAGIC from t

# COMMAND ----------

y = 2
"""


def test_cells_keep_titles_and_lines_of_the_file():
    notebook = parse(SOURCE, "/a")

    assert [(cell.number, cell.title, cell.line, cell.text) for cell in notebook.cells] == [
        (1, "Load, then look", 3, "x = 1"),
        (2, None, 7, "%sql\nselect 1\n\nfrom t"),
        (3, None, 14, "y = 2"),
    ]


def test_a_magic_splits_off_its_first_line():
    cell = parse(SOURCE.replace("%sql\n", "%sql explain\n"), "/a").cells[1]

    assert cell.magic() == ("sql", "explain", "select 1\n\nfrom t")


@pytest.mark.parametrize(
    "text, language",
    [
        ("-- Databricks notebook source\nselect 1", "sql"),
        ("// Databricks notebook source\nval x = 1", "scala"),
        ("# Databricks notebook source\r\nx = 1", "python"),
    ],
)
def test_the_header_decides_the_language(text, language):
    assert parse(text, "/a").language == language


def test_a_text_without_header_is_one_cell_in_the_given_language():
    notebook = parse("x = 1\n\n# COMMAND ----------\n\ny = 2", "/a", "/files/a.py")

    assert len(notebook.cells) == 1 and notebook.language == "python"
    assert parse("select 1", "/a", "/files/17", "SQL").language == "sql"
    assert notebook.name_of(notebook.cells[0]) == "/a"


def test_a_separator_needs_no_blank_lines_around_it():
    assert len(parse("# Databricks notebook source\na=1\n# COMMAND ----------\nb=2", "/a").cells) == 2


def test_a_jupyter_document_keeps_its_language_and_titles():
    document = {
        "metadata": {"application/vnd.databricks.v1+notebook": {"language": "sql"}},
        "cells": [
            {"cell_type": "markdown", "source": "# t"},
            {
                "cell_type": "code",
                "source": ["select\n", "1"],
                "metadata": {"application/vnd.databricks.v1+cell": {"title": "One"}},
            },
        ],
    }

    notebook = parse(json.dumps(document), "/a", "x.ipynb")

    assert notebook.language == "sql"
    assert notebook.cells[0].markdown
    assert (notebook.cells[1].text, notebook.cells[1].title) == ("select\n1", "One")


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"cells": 1}', '{"cells": [1]}', "{"])
def test_a_damaged_jupyter_document_is_refused(text):
    with pytest.raises(NotebookSyntaxError):
        parse(text, "/a", "x.ipynb")
