//! The lint of Python code in `dataops validate`, by a program that stands for ruff.

use std::os::unix::fs::PermissionsExt;

use crate::environment::{TestEnvironment, shows};
use crate::validate_solution::{SETTINGS, solution, validate};

/// A file that is a program.
fn program(environment: TestEnvironment, name: &str, script: &str) -> TestEnvironment {
    let environment = environment.file(name, script);
    let executable = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(environment.path(name), executable).unwrap();
    environment
}

/// Writes a program that stands for ruff: it says `said` about the solution, and fails on what is no Python.
fn ruff(environment: TestEnvironment, said: &str) -> TestEnvironment {
    let said = said.replace('"', "\\\"");
    let script = format!(
        "#!/bin/sh\n\
         case \"$*\" in\n\
         *--stdin-filename*)\n\
           while read -r line; do case \"$line\" in %*) echo \"no Python: $line\" >&2; exit 2;; esac; done\n\
           echo \"[{said}]\" ;;\n\
         *--show-files*) echo \"$PWD/notebooks/prepare.py\" ;;\n\
         *) echo '[]' ;;\n\
         esac\n"
    );
    program(environment, "ruff", &script)
}

/// What ruff says about a line of the notebook.
fn said(code: &str, line: usize, message: &str) -> String {
    format!(
        r#"{{"cell": null, "code": "{code}", "filename": "$PWD/notebooks/prepare.py", "message": "{message}", "fix": null,
            "location": {{"row": {line}, "column": 35}}, "end_location": {{"row": {line}, "column": 39}}, "url": "https://ruff.test/{code}"}}"#
    )
}

#[test]
fn mistakes_of_all_parts_are_in_one_report() {
    let said = [
        said("F821", 11, "Undefined name 'daya'"),
        said("F821", 2, "Undefined name \\`dbutils\\`"),
    ];
    let environment = ruff(solution(), &said.join(","));

    let ended = validate(&environment, &["--ignore", "ADF"]);

    shows!(ended, @r#"
    exit: 1
    ----- stdout
    error[ENV105 override-of-nothing]: linked service `Databricks` has no `domian` there
      --> dataops.yaml:11:7
       |
    11 | linkedService.Databricks.typeProperties.domian: ${HOST}
       | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
       = help: did you mean `linkedService.Databricks.typeProperties.domain`?

    warning[XA103 unread-base-parameter]: the notebook `/Shared/claims/prepare` never reads `dya`
      --> adf/pipeline/prepare.json:11:31
       |
    11 | "baseParameters": { "dya": "@pipeline().RunId" }
       |                     ^^^^^

    warning[PY101/F821 python-lint]: Undefined name 'daya'
      --> notebooks/prepare.py:11:35
       |
    11 | print(dbutils.widgets.get("day"), daya)
       |                                   ^^^^
       = help: see https://ruff.test/F821

    error    ENV105      override-of-nothing    1  dataops.yaml:11
    warning  PY101/F821  python-lint            1  notebooks/prepare.py:11
    warning  XA103       unread-base-parameter  1  adf/pipeline/prepare.json:11

    1 error and 2 warnings in 3 of 4 files
    `dataops validate --explain ENV105` says why
    ----- stderr
    "#);
}

#[test]
fn findings_of_the_linter_are_chosen_by_its_codes() {
    let said = [
        said("F821", 11, "Undefined name 'daya'"),
        said("E711", 11, "Comparison to None"),
    ];
    let environment = ruff(solution(), &said.join(","));

    let ended = validate(
        &environment,
        &["--select", "PY", "--ignore", "PY101/E7", "--format", "json"],
    );

    let found = ended.json();
    assert_eq!(found["findings"].as_array().unwrap().len(), 1, "{ended}");
    assert_eq!(found["findings"][0]["code"], "F821", "{ended}");
}

/// A solution with nothing to find but what a linter says.
fn sound() -> TestEnvironment {
    solution().file("dataops.yaml", SETTINGS.replace("domian", "domain"))
}

const IGNORED: [&str; 2] = ["--ignore", "ADF,XA103"];
const REASON: &str =
    "the Python code was not linted: there is no ruff, and nothing is installed offline";

#[test]
fn code_that_is_not_linted_is_said_in_every_form() {
    for form in [
        "text", "json", "sarif", "junit", "github", "azdo", "markdown",
    ] {
        let args = [&IGNORED[..], &["--offline", "--format", form]].concat();

        let ended = validate(&sound(), &args);

        assert_eq!(ended.code, Some(0), "{form}: {ended}");
        assert!(ended.stdout.contains(REASON), "{form}: {ended}");
        let is_document = ["json", "sarif", "junit"].contains(&form);
        let warned = ended
            .stderr
            .starts_with(&format!("warning: {REASON}\nhint: "));
        assert_eq!(warned, is_document, "{form}: {ended}");
    }
}

#[test]
fn a_test_report_skips_what_was_not_looked_at() {
    let args = [&IGNORED[..], &["--offline", "--format", "junit"]].concat();

    let ended = validate(&sound(), &args);

    let skipped = ended.stdout.matches("<skipped").count();
    let of_python = ended.stdout.matches("classname=\"PY").count();
    assert_eq!((skipped, of_python), (2, 2), "{ended}");
    assert!(!ended.stdout.contains("classname=\"ADF"), "{ended}");
}

#[test]
fn code_that_need_not_be_linted_is_not_spoken_of() {
    for args in [
        ["--no-python-lint", "--fail-on=note"],
        ["--offline", "--select=NB"],
    ] {
        let ended = validate(
            &sound(),
            &[&IGNORED[..], &args, &["--format", "json"]].concat(),
        );

        assert_eq!(
            (ended.code, ended.stderr.as_str()),
            (Some(0), ""),
            "{ended}"
        );
        assert_eq!(ended.json()["summary"].get("leftOut"), None);
    }
}

#[test]
fn a_lint_that_is_asked_for_by_name_must_be_had() {
    for name in ["PY", "python-lint", "PY101/F821"] {
        let ended = validate(&sound(), &["--offline", "--select", name]);

        assert_eq!(ended.code, Some(2), "{ended}");
        ended.says("no findings in ");
        ended.says("error: there is no ruff, and nothing is installed offline");
    }
}

#[test]
fn a_linter_that_fails_makes_the_command_fail() {
    let script = "#!/bin/sh\necho 'ruff failed: unknown key' >&2\nexit 2\n";
    let environment = program(solution(), "ruff", script);

    let ended = validate(&environment, &["--ignore", "ADF"]);

    assert_eq!(ended.code, Some(2), "{ended}");
    ended.says("error[ENV");
    assert!(
        ended
            .stderr
            .contains("\n  ruff failed: unknown key\nhint: "),
        "{ended}"
    );
}

#[test]
fn nothing_of_the_solution_is_started() {
    let script = "#!/bin/sh\ntouch \"$HOME/started\"\necho '[]'\n";
    let environment = program(sound().with("PATH", ":bin:."), ".venv/bin/ruff", script);
    let environment = program(program(environment, "bin/ruff", script), "ruff", script);

    let ended = validate(&environment, &[&IGNORED[..], &["--offline"]].concat());

    ended.says(REASON);
    assert!(!environment.path("started").exists());
}
