//! What a merge breaks that neither side breaks alone. The merged texts are those that git makes without a conflict.

use adf_source::{Files, Repository};
use dataops_check::{Sides, Subject, check_merge};
use dataops_solution::source::{Contents, SolutionSource};

const ADF: &str = "adf/";
const SETTINGS: &str =
    "name: s\nadf: { root: adf }\nnotebooks: { root: notebooks, target: /Shared/s }\n";
const MAIN: &str = "adf/pipeline/main.json";
const FIRST: &str =
    r#"{"name": "first", "type": "Wait", "typeProperties": {"waitTimeInSeconds": 1}}"#;
const FACTORY: (&str, &str) = ("adf/factory/f.json", r#"{"name": "f"}"#);

type Texts = Vec<(&'static str, String)>;

/// A solution in memory.
struct Solution {
    repository: Repository,
    source: SolutionSource,
}

impl Solution {
    fn new(texts: Texts) -> Self {
        let documents = texts
            .iter()
            .filter_map(|(path, text)| Some((path.strip_prefix(ADF)?, text.as_str())));
        let documents: Files = documents
            .chain([(FACTORY.0.strip_prefix(ADF).unwrap(), FACTORY.1)])
            .collect();
        let files = texts
            .into_iter()
            .map(|(path, text)| (path, Contents::Text(text)));
        Self {
            repository: Repository::read(&documents),
            source: SolutionSource::new(SETTINGS, files.collect()),
        }
    }

    fn subject(&self) -> Subject<'_> {
        Subject::new(&self.repository, ADF).in_solution(&self.source)
    }
}

/// What is found, as lines: the rule at its place, then what the sides have done.
fn found(base: Texts, one: Texts, other: Texts, result: Texts) -> String {
    let [base, one, other, result] = [base, one, other, result].map(Solution::new);
    let breaches = check_merge(&Sides {
        base: base.subject(),
        one: one.subject(),
        other: other.subject(),
        result: result.subject(),
        unmerged: &[],
    });
    let mut lines = Vec::new();
    for breach in breaches {
        let line = |span: &Option<adf_source::Span>| {
            let span = span.as_ref();
            span.map_or(String::new(), |span| format!(":{}", span.start.line))
        };
        let found = &breach.finding;
        let place = format!("{}{}", found.path, line(&found.span));
        lines.push(format!("{} {place} {}", found.rule.id, found.message));
        for change in &breach.changes {
            let place = format!("{}{}", change.path, line(&change.span));
            lines.push(format!("  {:?} {place} {}", change.whose, change.text));
        }
    }
    lines.join("\n")
}

/// A pipeline whose activities stand each on a line of its own, from the third on.
fn pipeline(activities: &[&str]) -> Texts {
    let activities = activities.join(",\n");
    vec![(
        MAIN,
        format!(
            "{{\"name\": \"main\", \"properties\": {{\n\"activities\": [\n{activities}\n]}}}}\n"
        ),
    )]
}

fn wait(name: &str, after: &str) -> String {
    let after = match after {
        "" => String::new(),
        after => format!(r#"{{"activity": "{after}", "dependencyConditions": ["Succeeded"]}}"#),
    };
    format!(
        r#"{{"name": "{name}", "type": "Wait", "dependsOn": [{after}], "typeProperties": {{"waitTimeInSeconds": 1}}}}"#
    )
}

fn reading(name: &str, after: &str, of: &str) -> String {
    wait(name, after).replace(
        r#""waitTimeInSeconds": 1"#,
        &format!(
            r#""waitTimeInSeconds": {{"value": "@activity('{of}').output.x", "type": "Expression"}}"#
        ),
    )
}

fn each(name: &str, after: &str, inner: &str) -> String {
    let items = r#""items": {"value": "@createArray(1)", "type": "Expression"}"#;
    wait(name, after).replace("Wait", "ForEach").replace(
        r#""waitTimeInSeconds": 1"#,
        &format!("{items}, \"activities\": [{inner}]"),
    )
}

#[test]
fn an_activity_that_went_into_a_loop_is_waited_for_beside_it() {
    let (inner, late) = (wait("inner", ""), wait("late", "first"));
    let empty = each("loop", "first", &inner);
    let full = each("loop", "", &format!("{inner}, {FIRST}"));

    insta::assert_snapshot!(found(
        pipeline(&[FIRST, &empty]),
        pipeline(&[&full]),
        pipeline(&[FIRST, &empty, &late]),
        pipeline(&[&full, &late]),
    ), @r#"
    ADF210 adf/pipeline/main.json:4 there is no activity `first` beside `late`
      One adf/pipeline/main.json:3 activity `loop`: dependency on `first` is gone
      One adf/pipeline/main.json:3 activity `first` moved from the pipeline to `loop`
      Other adf/pipeline/main.json:5 activity `late` is new (Wait)
    "#);
}

#[test]
fn an_activity_that_went_into_a_loop_is_read_outside() {
    let (inner, late) = (wait("inner", ""), reading("late", "loop", "first"));
    let empty = each("loop", "first", &inner);
    let full = each("loop", "", &format!("{inner}, {FIRST}"));

    insta::assert_snapshot!(found(
        pipeline(&[FIRST, &empty]),
        pipeline(&[&full]),
        pipeline(&[FIRST, &empty, &late]),
        pipeline(&[&full, &late]),
    ), @r#"
    ADF315 adf/pipeline/main.json:4 activity `first` may not have ended here: it is inside the loop `loop`, and cannot be seen from outside
      One adf/pipeline/main.json:3 activity `loop`: dependency on `first` is gone
      One adf/pipeline/main.json:3 activity `first` moved from the pipeline to `loop`
      Other adf/pipeline/main.json:5 activity `late` is new (Wait)
    "#);
}

#[test]
fn a_dependency_is_cut_that_the_other_side_reads_through() {
    let (tied, free) = (wait("second", "first"), wait("second", ""));
    let late = reading("late", "second", "first");

    insta::assert_snapshot!(found(
        pipeline(&[FIRST, &tied]),
        pipeline(&[FIRST, &free]),
        pipeline(&[FIRST, &tied, &late]),
        pipeline(&[FIRST, &free, &late]),
    ), @r#"
    ADF315 adf/pipeline/main.json:5 activity `first` may not have ended here: nothing lets `late` wait for it
      One adf/pipeline/main.json:4 activity `second`: dependency on `first` is gone
      Other adf/pipeline/main.json:5 activity `late` is new (Wait)
    "#);
}

#[test]
fn both_add_the_same_activity_at_different_lines() {
    let new = wait("new", "");

    insta::assert_snapshot!(found(
        pipeline(&[FIRST]),
        pipeline(&[&new, FIRST]),
        pipeline(&[FIRST, &new]),
        pipeline(&[&new, FIRST, &new]),
    ), @r#"
    ADF111 adf/pipeline/main.json:5 two activities are called `new`
      One adf/pipeline/main.json:3 activity `new` is new (Wait)
      Other adf/pipeline/main.json:4 activity `new` is new (Wait)
    "#);
}

#[test]
fn both_add_the_same_parameter_at_different_lines() {
    let with = |parameters: &str| {
        let text = &pipeline(&[FIRST])[0].1;
        let parameters = format!("\"properties\": {{\n\"parameters\": {{{parameters}}},");
        vec![(MAIN, text.replace("\"properties\": {", &parameters))]
    };
    let (p, q) = (
        "\n\"p\": {\"type\": \"string\", \"defaultValue\": \"x\"}",
        "\n\"q\": {\"type\": \"string\", \"defaultValue\": \"x\"}",
    );

    insta::assert_snapshot!(found(
        with(p),
        with(&format!("{q},{p}")),
        with(&format!("{p},{q}")),
        with(&format!("{q},{p},{q}")),
    ), @r#"
    ADF010 adf/pipeline/main.json:5 the key `q` stands here a second time; the last one counts
      One adf/pipeline/main.json:3 `q` is new: an object of 2 properties
      Other adf/pipeline/main.json:4 `q` is new: an object of 2 properties
    "#);
}

const NOTEBOOK: &str = "# Databricks notebook source\ndbutils.widgets.text(\"run_id\", \"\")\nprint(dbutils.widgets.get(\"run_id\"))\n";

fn runs(name: &str, notebook: &str) -> String {
    format!(
        r#"{{"name": "{name}", "type": "DatabricksNotebook", "linkedServiceName": {{"referenceName": "dbx", "type": "LinkedServiceReference"}}, "typeProperties": {{"notebookPath": "/Shared/s/{notebook}", "baseParameters": {{"run_id": "x"}}}}}}"#
    )
}

/// The pipeline with its linked service, and a notebook.
fn solution(activities: &[&str], notebook: &'static str, text: &str) -> Texts {
    let service = r#"{"name": "dbx", "properties": {"type": "AzureDatabricks", "typeProperties": {"domain": "https://d.test", "authentication": "MSI", "workspaceResourceId": "/x", "existingClusterId": "c"}}}"#;
    let mut texts = pipeline(activities);
    texts.push(("adf/linkedService/dbx.json", service.to_owned()));
    texts.push((notebook, text.to_owned()));
    texts
}

#[test]
fn a_notebook_is_renamed_that_the_other_side_runs_once_more() {
    let (before, after) = (runs("run", "prepare"), runs("run", "cleanse"));
    let again = runs("again", "prepare");

    insta::assert_snapshot!(found(
        solution(&[&before], "notebooks/prepare.py", NOTEBOOK),
        solution(&[&after], "notebooks/cleanse.py", NOTEBOOK),
        solution(&[&before, &again], "notebooks/prepare.py", NOTEBOOK),
        solution(&[&after, &again], "notebooks/cleanse.py", NOTEBOOK),
    ), @r#"
    XA101 adf/pipeline/main.json:4 there is no notebook `/Shared/s/prepare`
      One adf/pipeline/main.json:3 activity `run`: `notebookPath`: `/Shared/s/prepare` → `/Shared/s/cleanse`
      Other adf/pipeline/main.json:4 activity `again` is new (DatabricksNotebook)
    "#);
}

#[test]
fn a_widget_is_renamed_that_the_other_side_gives_a_value() {
    let renamed = NOTEBOOK.replace("\"run_id\"", "\"run\"");
    let before = runs("run", "prepare");
    let after = before.replace("run_id", "run");
    let again = runs("again", "prepare");

    insta::assert_snapshot!(found(
        solution(&[&before], "notebooks/prepare.py", NOTEBOOK),
        solution(&[&after], "notebooks/prepare.py", &renamed),
        solution(&[&before, &again], "notebooks/prepare.py", NOTEBOOK),
        solution(&[&after, &again], "notebooks/prepare.py", &renamed),
    ), @r#"
    XA103 adf/pipeline/main.json:4 the notebook `/Shared/s/prepare` never reads `run_id`
      One notebooks/prepare.py:2 `notebooks/prepare.py` is changed
      Other adf/pipeline/main.json:4 activity `again` is new (DatabricksNotebook)
    "#);
}

#[test]
fn what_a_side_breaks_alone_is_not_told_of_the_merge() {
    let broken = wait("late", "nobody");
    let renamed = |texts: Texts| -> Texts {
        let text = texts[0].1.replace("\"main\"", "\"other\"");
        vec![("adf/pipeline/other.json", text)]
    };
    let more = wait("more", "");

    // One side has broken it, the other was broken before and has another name.
    let one_side = found(
        pipeline(&[FIRST]),
        pipeline(&[FIRST, &broken]),
        pipeline(&[&more, FIRST]),
        pipeline(&[&more, FIRST, &broken]),
    );
    let before = found(
        pipeline(&[FIRST, &broken]),
        renamed(pipeline(&[FIRST, &broken])),
        pipeline(&[&more, FIRST, &broken]),
        renamed(pipeline(&[&more, FIRST, &broken])),
    );

    assert_eq!((one_side.as_str(), before.as_str()), ("", ""));
}

#[test]
fn nothing_is_said_of_files_that_could_not_be_merged() {
    let torn = vec![(MAIN, "<<<<<<< a\n{}\n".to_owned())];
    let [base, result] = [pipeline(&[FIRST]), torn].map(Solution::new);
    let subject = base.subject();

    let found = check_merge(&Sides {
        base: subject,
        one: subject,
        other: subject,
        result: result.subject(),
        unmerged: &[MAIN.to_owned()],
    });

    assert_eq!(found, []);
}
