use databricks_notebook::{Notebook, Uses};

use crate::{cells, python};

fn reads(uses: &Uses) -> Vec<(&str, bool)> {
    let reads = uses.reads.iter();
    reads
        .map(|read| (read.name.as_str(), read.needed))
        .collect()
}

#[test]
fn widgets_are_found_with_what_they_are_without_a_value() {
    let text = cells(&[
        "DAY = 'day'\ndbutils.widgets.text(DAY, defaultValue='1', label=f\"{x}\")\n\
         dbutils.widgets.dropdown(\n    name=\"size\",  # (\n    defaultValue='s', choices=['s', 'm'])",
        "dbutils.widgets.text('n', 3)\ndbutils . widgets . multiselect('m', \"a\" 'b', other)",
        "# dbutils.widgets.text('no', '')\n'dbutils.widgets.text(\"no\", \"\")'",
    ]);

    let uses = python(&text).uses();

    let shown: Vec<_> = uses
        .widgets
        .iter()
        .map(|w| {
            (
                w.name.as_str(),
                w.kind.as_str(),
                w.default.as_deref(),
                w.choices.as_ref().map(Vec::len),
            )
        })
        .collect();
    assert_eq!(
        shown,
        [
            ("day", "text", Some("1"), None),
            ("size", "dropdown", Some("s"), Some(2)),
            ("n", "text", Some("3"), None),
            ("m", "multiselect", Some("ab"), None),
        ]
    );
    assert_eq!(&text[uses.widgets[1].place.clone()], "\"size\"");
    assert!(!uses.declares_more && !uses.reads_more);
}

#[test]
fn parameters_that_are_asked_for_are_found() {
    let text = cells(&[
        "a = dbutils.widgets.get('a') + getArgument('b') + getArgument(\"c\", 'd')",
        "# MAGIC %sql\n# MAGIC SELECT :d, getArgument(\"e\"), '${f}', $g, x::int, j:k, ${h} -- :no",
        "# MAGIC %scala\n# MAGIC val x = dbutils.widgets.get(\"i\") // dbutils.widgets.get(\"no\")",
        "# MAGIC %md\n# MAGIC dbutils.widgets.get('no')",
    ]);

    let uses = python(&text).uses();

    assert_eq!(
        reads(&uses),
        [
            ("a", true),
            ("b", true),
            ("c", false),
            ("d", false),
            ("e", false),
            ("f", false),
            ("g", false),
            ("h", false),
            ("i", true)
        ]
    );
    assert_eq!(&text[uses.reads[1].place.clone()], "'b'");
}

#[test]
fn sql_creates_widgets_too() {
    let text = "-- Databricks notebook source\nCREATE WIDGET DROPDOWN region DEFAULT 'eu' CHOICES SELECT 'eu'";

    let uses = Notebook::read("a.sql", text).unwrap().uses();

    assert_eq!(uses.widgets[0].name, "region");
    assert_eq!(uses.widgets[0].default.as_deref(), Some("eu"));
}

#[test]
fn what_cannot_be_followed_is_said() {
    let more = |code: &str| {
        let uses = python(&cells(&[code])).uses();
        (uses.reads_more, uses.declares_more, uses.exits_more)
    };

    assert_eq!(more("dbutils.widgets.get(name)"), (true, false, false));
    assert_eq!(more("dbutils.widgets.getAll()"), (true, false, false));
    assert_eq!(
        more("for n in x: dbutils.widgets.text(n, '')"),
        (false, true, false)
    );
    assert_eq!(more("w = dbutils.widgets"), (true, true, false));
    assert_eq!(more("prepare(dbutils)"), (true, true, true));
    assert_eq!(more("read = getArgument"), (true, false, false));
    assert_eq!(more("done = dbutils.notebook.exit"), (false, false, true));
    for known in [
        "if 'dbutils' not in locals():\n    dbutils = DBUtils(spark)",
        "from databricks.sdk.runtime import (spark,\n  dbutils)",
        "def getArgument(name, default=None): ...",
        "dbutils.fs.ls('/')",
    ] {
        assert_eq!(more(known), (false, false, false), "{known}");
    }
}

#[test]
fn notebooks_that_are_run_are_found() {
    let text = cells(&[
        "# MAGIC %run \"../a b\" $day=\"1 2\" $size=s",
        "r = dbutils.notebook.run('./child', 60, {'day': day, \"n\": f(1, 2)})",
        "dbutils.notebook.run(path='x', timeout_seconds=0)\ndbutils.notebook.run(p, 0)",
        "dbutils.notebook.exit('done')\nsys.exit(1)\nif x: exit()",
    ]);

    let uses = python(&text).uses();

    let shown: Vec<_> = uses
        .runs
        .iter()
        .map(|run| {
            (
                run.path.as_str(),
                run.inline,
                run.arguments.clone().unwrap_or_default().join(","),
            )
        })
        .collect();
    assert_eq!(
        shown,
        [
            ("../a b", true, "day,size".to_owned()),
            ("./child", false, "day,n".to_owned()),
            ("x", false, String::new())
        ]
    );
    assert_eq!(&text[uses.runs[0].place.clone()], "\"../a b\"");
    assert_eq!((uses.exits.len(), uses.process_exits.len()), (1, 2));
}

#[test]
fn names_that_code_defines_and_modules_that_it_imports_are_found() {
    let text = cells(&[
        "import os.path, numpy as np\nfrom data.prepare import (split as cut,\n    join)",
        "def load(path):\n    for line in path: pass\nclass Rows: ...\na, b = c = 1\nx: int = 2\nwith f() as g: y == 2",
    ]);

    let uses = python(&text).uses();

    let modules: Vec<_> = uses.modules.iter().map(String::as_str).collect();
    assert_eq!(modules, ["data", "numpy", "os"]);
    for name in [
        "os", "np", "cut", "join", "load", "line", "Rows", "a", "b", "c", "x", "g",
    ] {
        assert!(uses.defines.contains(name), "{name}");
    }
    assert!(!uses.defines.contains("y") && !uses.defines_more);
    let called = "w = gone(a=1, b=[q for q in lost])\nif (n := away(c=2)): pass\nu: int = off(d=3)\nprint(far(e=1) in g)";
    let uses = python(&cells(&[called])).uses();
    let defined: Vec<_> = uses.defines.iter().map(String::as_str).collect();
    assert_eq!(defined, ["in", "int", "n", "q", "u", "w"]);
    assert!(python(&cells(&["from a import *"])).uses().defines_more);
}
