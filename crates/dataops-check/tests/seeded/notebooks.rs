//! Mistakes in notebooks.

use dataops_solution::source::Contents;

use crate::harness::Case;

const REPORT: &str = "notebooks/report.py";
const PREPARE: &str = "notebooks/prepare.py";
const SHARED: &str = "notebooks/shared.py";
const PUBLISH: &str = "notebooks/publish.py";
const EXPLORE: &str = "notebooks/explore.ipynb";
const NEW: &str = "notebooks/new.py";
const HEADER: &str = "# Databricks notebook source\n";

/// A new notebook with some code.
fn new(rule: &'static str, code: &str, marker: &str) -> Case {
    Case::new(rule)
        .write(NEW, format!("{HEADER}{code}"))
        .at(NEW, marker)
}

pub(crate) fn cases() -> Vec<Case> {
    [files(), cells(), runs(), widgets()].concat()
}

fn files() -> Vec<Case> {
    vec![
        Case::new("NB101")
            .replace(PUBLISH, HEADER, "")
            .at(PUBLISH, "rows"),
        Case::new("NB102")
            .replace(
                REPORT,
                "# Databricks notebook source\n",
                "# databricks notebook source \n",
            )
            .at(REPORT, "# databricks"),
        Case::new("NB102")
            .replace(SHARED, "# Databricks", "\u{feff}# Databricks")
            .at(SHARED, "# Databricks"),
        Case::new("NB103")
            .write(NEW, "x = 1\n\n# COMMAND ----------\n\ny = 2\n")
            .at(NEW, "# COMMAND"),
        Case::new("NB114")
            .replace(EXPLORE, "\"nbformat\": 4,", "\"nbformat\": 3,")
            .at(EXPLORE, "\"nbformat\": 3"),
        Case::new("NB114")
            .write(EXPLORE, "{\"cells\": [\n}")
            .at(EXPLORE, "}"),
        Case::new("NB115")
            .write("notebooks/explore.py", HEADER)
            .in_file("notebooks/explore.py"),
        Case::new("NB115")
            .write("notebooks/shared", "data")
            .in_file("notebooks/shared"),
        Case::new("NB116")
            .write(NEW, vec![b'#'; (10 << 20) + 1])
            .in_file(NEW),
        Case::new("NB118")
            .write(NEW, [0xff, 0xfe, 0x41, 0x00])
            .at(NEW, "A"),
        // Whoever runs the notebook is not wrong for that.
        Case::new("NB118")
            .write(PREPARE, b"# Databricks notebook source\nx = 'caf\xe9'\n")
            .at(PREPARE, "x = "),
        Case::new("NB123").unreadable(PREPARE, Contents::Unreadable("it is a link".to_owned())),
        Case::new("NB123").unreadable(
            "notebooks/closed",
            Contents::UnreadableFolder("Permission denied".to_owned()),
        ),
    ]
}

fn cells() -> Vec<Case> {
    vec![
        new(
            "NB104",
            "x = 1\n\n# COMMAND -------\n\ny = 2\n",
            "# COMMAND",
        ),
        new("NB105", "#MAGIC %sql SELECT 1\n", "#MAGIC"),
        new("NB106", "x = 1\n# MAGIC %sql SELECT 1\n", "# MAGIC"),
        new("NB107", "%pip install pandas==2.3.3\n", "%pip"),
        new("NB108", "# MAGIC %sqll SELECT 1\n", "%sqll"),
        new("NB109", "# MAGIC %run ./shared\n# MAGIC x = 1\n", "x = 1"),
        new("NB109", "# MAGIC %run\n", "%run"),
        new("NB117", "import sys\n\nsys.exit(1)\n", "sys.exit"),
        new(
            "NB122",
            &format!("token = 'dapi{}'\n", "0123456789abcdef".repeat(2)),
            "dapi",
        ),
        new(
            "NB122",
            &format!(
                "spark.conf.set('fs.azure.account.key.a.test', '{}==')\n",
                &"Ab0+".repeat(22)[..86]
            ),
            "Ab0+",
        ),
        new(
            "NB122",
            &format!(
                "x = 'https://a.test/c?sv=1&{}={}'\n",
                "sig",
                "Ab0".repeat(10)
            ),
            "sig=",
        ),
    ]
}

fn runs() -> Vec<Case> {
    vec![
        Case::new("NB110")
            .replace(REPORT, "%run ./shared", "%run ./sharde")
            .at(REPORT, "./sharde"),
        Case::new("NB110")
            .replace(REPORT, "\"./publish\"", "\"/Shared/claims/publsih\"")
            .at(REPORT, "publsih"),
        Case::new("NB119")
            .replace(
                REPORT,
                "{\"rows\": str(rows)}",
                "{\"rows\": str(rows), \"row\": \"\"}",
            )
            .at(REPORT, "\"./publish\""),
        Case::new("NB120")
            .replace(REPORT, "{\"rows\": str(rows)}", "{}")
            .at(REPORT, "\"./publish\""),
        Case::new("NB121")
            .replace(
                SHARED,
                HEADER,
                &format!("{HEADER}# MAGIC %run ./report\n\n# COMMAND ----------\n\n"),
            )
            .at(SHARED, "./report"),
    ]
}

fn widgets() -> Vec<Case> {
    vec![
        new(
            "NB111",
            "dbutils.widgets.text('day', '')\nprint(dbutils.widgets.get('days'))\n",
            "'days'",
        ),
        new(
            "NB112",
            "dbutils.widgets.text('day', '1')\ndbutils.widgets.text('day', '2')\n",
            "'day', '2'",
        ),
        Case::new("NB113")
            .replace(REPORT, "[\"parquet\", \"csv\"]", "[\"csv\"]")
            .at(REPORT, "\"format\", \"parquet\""),
    ]
}

#[test]
fn a_notebook_without_its_header_is_told_once() {
    let case = Case::new("NB101")
        .replace("notebooks/prepare.py", HEADER, "")
        .at("notebooks/prepare.py", "");

    let found = case.found();

    let rules: Vec<_> = found.iter().map(|finding| finding.rule.id).collect();
    assert_eq!(rules, ["NB101"]);
}
