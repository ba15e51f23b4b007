use databricks_notebook::{Language, Notebook};

fn read(text: &str) -> Result<Notebook, String> {
    Notebook::read("a.ipynb", text).map_err(|error| error.to_string())
}

#[test]
fn cells_are_read_with_the_places_of_their_lines() {
    let text = r##"{"nbformat": 4, "metadata": {"language_info": {"name": "scala"}}, "cells": [
        {"cell_type": "markdown", "source": "# Title\n%sql is text"},
        {"cell_type": "code", "source": ["val a = 1\n", "dbutils.widgets.get(\"day\")"]}]}"##;

    let notebook = read(text).unwrap();

    assert_eq!(notebook.language, Language::Scala);
    assert!(notebook.cells[0].markdown && notebook.cells[0].magic.is_none());
    assert_eq!(
        notebook.cells[1].text,
        "val a = 1\ndbutils.widgets.get(\"day\")"
    );
    let uses = notebook.uses();
    assert_eq!(uses.reads[0].name, "day");
}

#[test]
fn documents_that_are_no_notebooks_are_refused() {
    let refused = |text| read(text).unwrap_err();

    assert!(refused("{").starts_with("it is not JSON: "));
    assert_eq!(refused("[]"), "it is not an object");
    assert_eq!(refused("{}"), "it has no list `cells`");
    assert_eq!(refused(r#"{"cells": []}"#), "it has no object `metadata`");
    assert_eq!(
        refused(r#"{"cells": [], "metadata": {}, "nbformat": 3}"#),
        "its `nbformat` is older than 4"
    );
    assert_eq!(
        refused(r#"{"cells": [1], "metadata": {}}"#),
        "the cell has no `cell_type`"
    );
}
