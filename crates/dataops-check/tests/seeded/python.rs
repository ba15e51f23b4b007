//! What a linter says about Python.

use crate::harness::{Case, Solution, lint, shown};

const REPORT: &str = "notebooks/report.py";
const SHARED: &str = "notebooks/shared.py";
const EXPLORE: &str = "notebooks/explore.ipynb";

pub(crate) fn cases() -> Vec<Case> {
    let undefined = |path, cell, line, marker| {
        let said = lint(path, cell, line, "F821", "Undefined name `daya`");
        Case::new("PY101").lint(said).at(path, marker)
    };
    vec![
        undefined(REPORT, None, 17, "rows = count"),
        undefined(EXPLORE, Some(1), 2, "pandas.read_parquet"),
        undefined("ml/train.py", None, 1, "print"),
        Case::new("PY102")
            .lint(lint(SHARED, None, 3, "", "Expected `)`"))
            .lint(lint(SHARED, None, 1, "", "Expected a statement"))
            .at(SHARED, "    return"),
    ]
}

/// What is found when a linter says this about a line of a notebook.
fn found(path: &str, line: usize, code: &str, message: &str) -> Vec<String> {
    let mut solution = Solution::good();
    solution.lints.push(lint(path, None, line, code, message));
    let found = solution.check().into_iter();
    found
        .filter(|finding| finding.rule.id.starts_with("PY"))
        .map(|finding| format!("{} {}", finding.id(), shown(&finding)))
        .collect()
}

#[test]
fn what_a_linter_cannot_know_of_notebooks_is_not_reported() {
    for (path, line, code, message) in [
        (SHARED, 3, "F821", "Undefined name `spark`"),
        (REPORT, 17, "F821", "Undefined name `count`"),
        (SHARED, 2, "F401", "`os` imported but unused"),
        (REPORT, 12, "E402", "Module level import not at top of file"),
        (REPORT, 18, "B018", "Found useless expression"),
        (REPORT, 3, "E501", "Line too long (120 > 110)"),
        (REPORT, 1, "N999", "Invalid module name"),
        (
            REPORT,
            17,
            "PLE1142",
            "`await` should be used within an async function",
        ),
    ] {
        assert_eq!(
            found(path, line, code, message),
            Vec::<String>::new(),
            "{code}"
        );
    }
}

#[test]
fn what_follows_from_a_missing_header_is_not_reported() {
    for text in [
        "# databricks notebook source\n%pip install x\ndbutils.help()\n",
        "x = 1\n\n# COMMAND ----------\n\n%pip install x\ndbutils.help()\n",
    ] {
        let mut solution = Solution::good().with("notebooks/new.py", text);
        solution.lints = vec![
            lint("notebooks/new.py", None, 2, "", "Expected a statement"),
            lint(
                "notebooks/new.py",
                None,
                3,
                "F821",
                "Undefined name `dbutils`",
            ),
        ];
        let found = solution.check();
        assert!(
            found
                .iter()
                .any(|finding| finding.rule.id.starts_with("NB10"))
                && !found
                    .iter()
                    .any(|finding| finding.rule.id.starts_with("PY")),
            "{:#?}",
            found.iter().map(shown).collect::<Vec<_>>()
        );
    }
}

#[test]
fn imports_of_several_cells_need_not_be_sorted() {
    let text = "# Databricks notebook source\nimport sys\n\n# COMMAND ----------\n\nimport os\nimport abc\n";
    let sorted = |from: usize, to: usize| {
        let mut solution = Solution::good().with("notebooks/new.py", text);
        let mut said = lint(
            "notebooks/new.py",
            None,
            from,
            "I001",
            "Import block is un-sorted",
        );
        said.span.end.line = to;
        solution.lints.push(said);
        let found = solution.check();
        !found.iter().any(|finding| finding.rule.id == "PY101")
    };

    assert!(sorted(2, 8));
    assert!(!sorted(6, 8));
}

#[test]
fn what_a_linter_says_of_code_is_reported_with_its_code() {
    for (path, line, code, message) in [
        (REPORT, 17, "F821", "Undefined name `cuont`"),
        (REPORT, 17, "F401", "`os` imported but unused"),
        (REPORT, 13, "E402", "Module level import not at top of file"),
        (REPORT, 17, "B018", "Found useless expression"),
        ("ml/train.py", 1, "F821", "Undefined name `spark`"),
    ] {
        let found = found(path, line, code, message);
        assert_eq!(found.len(), 1, "{code}");
        assert!(
            found[0].starts_with(&format!("PY101/{code} ")),
            "{}",
            found[0]
        );
    }
}
