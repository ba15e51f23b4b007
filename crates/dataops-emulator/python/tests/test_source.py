import json

import pytest

from dataops_notebook.source import UnreadableNotebook, load, parse

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


@pytest.mark.parametrize("file, told", [("/files/a.r", None), ("/files/a.R", None), ("/files/17", "R")])
def test_r_is_known_by_its_suffix_or_its_import_since_its_header_is_that_of_python(file, told):
    text = "# Databricks notebook source\nx <- 1\n# COMMAND ----------\n# MAGIC %md\n# MAGIC t"

    notebook = parse(text, "/a", file, told)

    assert (notebook.language, len(notebook.cells)) == ("r", 2)
    assert notebook.cells[1].magic() == ("md", "", "t")


def test_the_language_of_an_import_decides_over_a_document_that_says_python():
    other = '{"cells": [], "metadata": {"kernelspec": {"language": "R"}}}'

    assert parse('{"cells": []}', "/a", "x.ipynb", "R").language == "r"
    assert parse(other, "/a", "x.ipynb", "PYTHON").language == "r"


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


@pytest.mark.parametrize(
    "text, told",
    [
        ("", "x.ipynb:1:1: this is not a Jupyter notebook: it is not JSON: expecting value"),
        ('{\n "cells": [,]}', "x.ipynb:2:12: this is not a Jupyter notebook: it is not JSON: expecting value"),
        ("[]", "x.ipynb: this is not a Jupyter notebook: it has no list `cells`"),
        ("{}", "x.ipynb: this is not a Jupyter notebook: it has no list `cells`"),
        ('{"cells": 1}', "x.ipynb: this is not a Jupyter notebook: it has no list `cells`"),
        ('{"cells": [1]}', "x.ipynb: this is not a Jupyter notebook: cell 1 is not an object"),
        ("[" * 200_000, "x.ipynb: this is not a Jupyter notebook: its JSON is nested too deeply"),
    ],
)
def test_a_damaged_jupyter_document_is_refused_with_its_place(text, told):
    with pytest.raises(UnreadableNotebook) as raised:
        parse(text, "/a", "x.ipynb")

    assert str(raised.value) == told
    assert raised.value.hint


def test_a_file_that_is_not_utf8_is_refused_at_its_byte(tmp_path):
    file = tmp_path / "a.py"
    file.write_bytes("# Databricks notebook source\r\nx = 'é".encode() + b"\xff'\n")

    with pytest.raises(UnreadableNotebook) as raised:
        load("/a", str(file))

    assert str(raised.value) == f"{file}:2:7: the notebook is not UTF-8: the byte 0xff begins no character"


def test_a_folder_is_no_notebook(tmp_path):
    with pytest.raises(UnreadableNotebook) as raised:
        load("/a", str(tmp_path))

    assert str(raised.value) == f"{tmp_path}: the notebook cannot be read: Is a directory"


def test_lines_end_in_one_way_whatever_the_file_has(tmp_path):
    file = tmp_path / "a.py"
    file.write_bytes(b"\xef\xbb\xbf# Databricks notebook source\r\nx = 1\r\n# COMMAND ----------\ry = 2")

    assert [cell.text for cell in load("/a", str(file)).cells] == ["x = 1", "y = 2"]
