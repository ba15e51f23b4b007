use databricks_notebook::{Language, Notebook, OddityKind};

use crate::{cells, python};

fn oddities(text: &str) -> Vec<String> {
    let name = |kind: &OddityKind| match kind {
        OddityKind::Separator { .. } => "separator".to_owned(),
        OddityKind::Mark { right } => format!("mark → {right}"),
        OddityKind::Below { name } => format!("below {name}"),
        OddityKind::Unmarked { right } => format!("unmarked → {right}"),
        OddityKind::Unknown { name } => format!("unknown {name}"),
        OddityKind::NotAlone => "not alone".to_owned(),
        OddityKind::RunOfNothing => "run of nothing".to_owned(),
        other => format!("{other:?}"),
    };
    let found = python(text).oddities.into_iter();
    found
        .map(|oddity| format!("{} at {:?}", name(&oddity.kind), &text[oddity.bytes]))
        .collect()
}

#[test]
fn cells_lose_their_marks_and_keep_their_places() {
    let text = cells(&[
        "# DBTITLE 1,Load\nx = 1",
        "# MAGIC %sql\n# MAGIC\n# MAGIC SELECT 1",
        "# MAGIC %md text",
    ]);

    let notebook = python(&text.replace('\n', "\r\n"));

    let shown: Vec<_> = notebook
        .cells
        .iter()
        .map(|cell| cell.text.as_str())
        .collect();
    assert_eq!(shown, ["x = 1", "%sql\n\nSELECT 1", "%md text"]);
    let languages: Vec<_> = notebook
        .cells
        .iter()
        .map(|cell| cell.language(notebook.language))
        .collect();
    assert_eq!(
        languages,
        [Some(Language::Python), Some(Language::Sql), None]
    );
    let select = &notebook.cells[1];
    let at = select.text.find("SELECT").unwrap();
    let place = select.in_file(&(at..at + 6));
    assert_eq!(&text.replace('\n', "\r\n")[place], "SELECT");
}

#[test]
fn every_language_has_marks_of_its_own() {
    for (path, text) in [
        (
            "a.sql",
            "-- Databricks notebook source\nSELECT 1\n\n-- COMMAND ----------\n\n-- MAGIC %python\n-- MAGIC x = 1",
        ),
        (
            "a.scala",
            "// Databricks notebook source\nval y = 1\n\n// COMMAND ----------\n\n// MAGIC %python\n// MAGIC x = 1",
        ),
        (
            "a.r",
            "# Databricks notebook source\ny <- 1\n\n# COMMAND ----------\n\n# MAGIC %python\n# MAGIC x = 1",
        ),
    ] {
        let notebook = Notebook::read(path, text).unwrap();

        assert_eq!(notebook.cells.len(), 2, "{path}");
        assert_eq!(notebook.cells[1].text, "%python\nx = 1", "{path}");
        assert_eq!(notebook.oddities, [], "{path}");
    }
}

#[test]
fn good_notebooks_have_no_oddities() {
    let text = cells(&[
        "# Magic numbers are bad, and this command -- is a comment",
        "# MAGIC %pip install pandas==2.3.3",
        "x = (7\n  % time)\n# MAGIC: not one",
        "import os\n# MAGIC %time x = 1",
        "# newest\n%pip install -U pandas",
        "# MAGIC %sh -e\n# MAGIC %sql is no magic here",
        "# MAGIC %md\n# MAGIC %run is text here",
        "# MAGIC %run ./other $day=\"a b\"\n# MAGIC # a comment",
        "# MAGIC %r\n# MAGIC x %in% y",
    ]);

    assert_eq!(oddities(&text), Vec::<String>::new());
}

#[test]
fn what_only_looks_like_the_format_is_found() {
    assert_eq!(
        oddities(
            "# Databricks notebook source\nx\n\n# COMMAND ---------\n\n#COMMAND ----------\n#  command ----------"
        ),
        [
            "separator at \"# COMMAND ---------\"",
            "separator at \"#COMMAND ----------\"",
            "separator at \"#  command ----------\""
        ]
    );
    assert_eq!(
        oddities(&cells(&[
            "#MAGIC %sql SELECT 1",
            "# magic %md",
            "# MAGIC%sql"
        ])),
        [
            "mark → # MAGIC %sql SELECT 1 at \"#MAGIC %sql SELECT 1\"",
            "mark → # MAGIC %md at \"# magic %md\"",
            "mark → # MAGIC %sql at \"# MAGIC%sql\""
        ]
    );
    assert_eq!(
        oddities(&cells(&[
            "x = 1\n# MAGIC %sql SELECT 1",
            "%sql SELECT 1",
            "# MAGIC %sqll SELECT 1"
        ])),
        [
            "below sql at \"%sql\"",
            "unmarked → # MAGIC %sql SELECT 1 at \"%sql\"",
            "unknown sqll at \"%sqll\""
        ]
    );
    assert_eq!(
        oddities(&cells(&["# MAGIC %run ./a\n# MAGIC x = 1", "# MAGIC %run"])),
        ["not alone at \"x = 1\"", "run of nothing at \"%run\""]
    );
}
