//! `dataops validate`: what is said of a solution with mistakes, in every form.

use crate::environment::{Ended, Program, TestEnvironment, shows};

const PIPELINE: &str = r#"{
	"name": "ingest",
	"properties": {
		"activities": [
			{
				"name": "stage",
				"type": "Copy",
				"typeProperties": { "source": { "type": "BinarySource" }, "sink": { "type": "BinarySink" } },
				"inputs": [ { "referenceName": "Incomming", "type": "DatasetReference" } ],
				"outputs": [ { "referenceName": "staged", "type": "DatasetReference" } ]
			},
			{
				"name": "Stage",
				"type": "Wait",
				"dependsOn": [ { "activity": "stage", "dependencyConditions": [ "Succeeded" ] } ],
				"typeProperties": { "waitTimeInSeconds": 5 }
			}
		], // two of them
		"annotations": [],
	}
}
"#;

fn dataset(name: &str) -> String {
    format!(
        r#"{{
  "name": "{name}",
  "properties": {{
    "type": "Binary",
    "linkedServiceName": {{ "referenceName": "Storage", "type": "LinkedServiceReference" }},
    "typeProperties": {{ "location": {{ "type": "AzureBlobStorageLocation", "container": "a" }} }}
  }}
}}
"#
    )
}

/// A factory with mistakes in `factory/`.
fn factory() -> TestEnvironment {
    TestEnvironment::new()
        .file("factory/pipeline/ingest.json", PIPELINE)
        .file("factory/dataset/Incoming.json", dataset("Incoming"))
        .file("factory/dataset/Staged.json", dataset("Staged"))
        .file(
            "factory/linkedService/Storage.json",
            r#"{ "name": "Storage", "properties": { "type": "AzureBlobStorage", "typeProperties": { "serviceEndpoint": "https://st.test" } } }"#,
        )
}

fn validate(environment: &TestEnvironment, args: &[&str]) -> Ended {
    let args = [&["validate", "--adf", "factory"], args].concat();
    environment.run(Program::Dataops, &args)
}

/// Only what these tests are about.
const SELECT: [&str; 2] = ["--select", "ADF008,ADF009,ADF111,ADF201,ADF202"];

#[test]
fn a_folder_without_documents_is_named_in_vain() {
    let environment = TestEnvironment::new().file("factory/README.md", "soon");

    let ended = validate(&environment, &[]);

    shows!(ended, @r"
    exit: 2
    ----- stdout
    ----- stderr
    error: factory: no Data Factory documents there
    hint: name the folder that has pipeline/, dataset/ and so on
    ");
}

#[test]
fn a_folder_with_stray_files_only_is_named_in_vain() {
    let environment = TestEnvironment::new().file("factory/pipelines/ingest.json", PIPELINE);

    let ended = validate(&environment, &[]);

    assert_eq!(ended.code, Some(2), "{ended}");
    assert!(
        ended.stderr.contains("no Data Factory documents there"),
        "{ended}"
    );
}

#[test]
fn rules_that_are_asked_for_and_left_out_again_are_refused() {
    let ended = validate(&factory(), &["--select", "ADF2", "--ignore", "ADF2"]);

    shows!(ended, @r"
    exit: 2
    ----- stdout
    ----- stderr
    error: `--ignore` leaves out all that is asked for, so nothing would be looked at
    hint: leave one of the two away
    ");
}

#[test]
fn findings_are_shown_with_their_lines() {
    let ended = validate(&factory(), &SELECT);

    shows!(ended, @r#"
    exit: 1
    ----- stdout
    error[ADF201 missing-reference]: dataset `Incomming` does not exist
     --> factory/pipeline/ingest.json:9:36
      |
    9 | "inputs": [ { "referenceName": "Incomming", "type": "DatasetReference" } ],
      |                                ^^^^^^^^^^^
      = help: did you mean `Incoming`?

    error[ADF111 duplicate-activity]: two activities are called `Stage`
      --> factory/pipeline/ingest.json:13:13
       |
     6 | "name": "stage",
       |         ------- the other one is here
       ⋮
    13 | "name": "Stage",
       |         ^^^^^^^
       = help: names are unique in the whole pipeline, whatever container they are in

    warning[ADF008 json-comment]: JSON has no comments
      --> factory/pipeline/ingest.json:18:6
       |
    18 | ], // two of them
       |    ^^^^^^^^^^^^^^
       = help: say it in a `description` or in `annotations`; `--fix` does it

    warning[ADF009 trailing-comma]: a comma before `}`
      --> factory/pipeline/ingest.json:19:20
       |
    19 | "annotations": [],
       |                  ^
       = help: delete it; `--fix` does it

    note[ADF202 reference-case]: dataset `staged` is called `Staged`
      --> factory/pipeline/ingest.json:10:37
       |
    10 | "outputs": [ { "referenceName": "staged", "type": "DatasetReference" } ]
       |                                 ^^^^^^^^
       = help: write `Staged`; `--fix` does it

    error    ADF111  duplicate-activity  1  factory/pipeline/ingest.json:13
    error    ADF201  missing-reference   1  factory/pipeline/ingest.json:9
    warning  ADF008  json-comment        1  factory/pipeline/ingest.json:18
    warning  ADF009  trailing-comma      1  factory/pipeline/ingest.json:19
    note     ADF202  reference-case      1  factory/pipeline/ingest.json:10

    2 errors, 2 warnings and 1 note in 1 of 4 files
    `dataops validate --fix` mends 3 of them
    `dataops validate --explain ADF201` says why
    ----- stderr
    "#);
}

#[test]
fn json_has_every_place() {
    let ended = validate(&factory(), &["--select", "ADF201", "--format", "json"]);

    shows!(ended, @r#"
    exit: 1
    ----- stdout
    {
      "folder": "factory/",
      "findings": [
        {
          "rule": "ADF201",
          "name": "missing-reference",
          "severity": "error",
          "file": "pipeline/ingest.json",
          "line": 9,
          "column": 36,
          "endLine": 9,
          "endColumn": 47,
          "pointer": "/properties/activities/0/inputs/0/referenceName",
          "message": "dataset `Incomming` does not exist",
          "hint": "did you mean `Incoming`?",
          "related": [],
          "fixable": false
        }
      ],
      "summary": {
        "errors": 1,
        "warnings": 0,
        "notes": 0,
        "fixable": 0,
        "fixed": 0,
        "files": 4,
        "holds": false
      }
    }
    ----- stderr
    "#);
    let other = validate(&factory(), &["--select", "ADF201", "--output", "json"]);
    assert_eq!(other.stdout, ended.stdout);
}

#[test]
fn github_gets_annotations() {
    let ended = validate(&factory(), &[&SELECT[..], &["--format", "github"]].concat());

    shows!(ended, @"
    exit: 1
    ----- stdout
    ::error file=factory/pipeline/ingest.json,line=9,endLine=9,col=36,endColumn=47,title=ADF201 missing-reference::dataset `Incomming` does not exist (did you mean `Incoming`?)
    ::notice file=factory/pipeline/ingest.json,line=10,endLine=10,col=37,endColumn=45,title=ADF202 reference-case::dataset `staged` is called `Staged` (write `Staged`)
    ::error file=factory/pipeline/ingest.json,line=13,endLine=13,col=13,endColumn=20,title=ADF111 duplicate-activity::two activities are called `Stage` (names are unique in the whole pipeline, whatever container they are in)
    ::warning file=factory/pipeline/ingest.json,line=18,endLine=18,col=6,endColumn=20,title=ADF008 json-comment::JSON has no comments (say it in a `description` or in `annotations`)
    ::warning file=factory/pipeline/ingest.json,line=19,endLine=19,col=20,endColumn=21,title=ADF009 trailing-comma::a comma before `}` (delete it)
    dataops validate: 2 errors, 2 warnings and 1 note
    ----- stderr
    ");
}

/// Hosts know files by their paths from the root of the repository, wherever in it the command runs.
#[test]
fn annotations_have_paths_from_the_root_of_the_repository() {
    let environment = factory().file(".git/HEAD", "ref: refs/heads/main\n");
    let run = |form: &str| {
        let args = [
            "validate", "--adf", ".", "--select", "ADF201", "--format", form,
        ];
        let mut command = environment.command(Program::Dataops, &args);
        let output = command.current_dir(environment.path("factory")).output();
        environment.ended(&output.unwrap())
    };

    run("github").says("::error file=factory/pipeline/ingest.json,line=9");
    run("azdo").says("sourcepath=factory/pipeline/ingest.json;linenumber=9");
    let log = run("sarif").json();
    let run = &log["runs"][0];
    let place = &run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"];
    assert_eq!(place["uri"], "factory/pipeline/ingest.json");
    assert_eq!(
        run["originalUriBaseIds"]["%SRCROOT%"]["uri"],
        "file://[HOME]/"
    );
}

#[test]
fn azure_pipelines_get_issues() {
    let ended = validate(&factory(), &[&SELECT[..], &["--format", "azdo"]].concat());

    shows!(ended, @"
    exit: 1
    ----- stdout
    ##vso[task.logissue type=error;sourcepath=factory/pipeline/ingest.json;linenumber=9;columnnumber=36;code=ADF201]dataset `Incomming` does not exist (did you mean `Incoming`?)
    factory/pipeline/ingest.json(10,37): note ADF202: dataset `staged` is called `Staged` (write `Staged`)
    ##vso[task.logissue type=error;sourcepath=factory/pipeline/ingest.json;linenumber=13;columnnumber=13;code=ADF111]two activities are called `Stage` (names are unique in the whole pipeline, whatever container they are in)
    ##vso[task.logissue type=warning;sourcepath=factory/pipeline/ingest.json;linenumber=18;columnnumber=6;code=ADF008]JSON has no comments (say it in a `description` or in `annotations`)
    ##vso[task.logissue type=warning;sourcepath=factory/pipeline/ingest.json;linenumber=19;columnnumber=20;code=ADF009]a comma before `}` (delete it)
    dataops validate: 2 errors, 2 warnings and 1 note
    ----- stderr
    ");
}

#[test]
fn a_comment_on_a_pull_request_has_a_table() {
    let ended = validate(
        &factory(),
        &[&SELECT[..], &["--format", "markdown"]].concat(),
    );

    shows!(ended, @"
    exit: 1
    ----- stdout
    ### ❌ `dataops validate`: 2 errors, 2 warnings and 1 note

    | | rule | place | finding |
    |---|---|---|---|
    | ❌ | `ADF201` missing-reference | `factory/pipeline/ingest.json:9` | dataset `Incomming` does not exist<br>did you mean `Incoming`? |
    | ❌ | `ADF111` duplicate-activity | `factory/pipeline/ingest.json:13` | two activities are called `Stage`<br>names are unique in the whole pipeline, whatever container they are in |
    | ⚠️ | `ADF008` json-comment | `factory/pipeline/ingest.json:18` | JSON has no comments<br>say it in a `description` or in `annotations` |
    | ⚠️ | `ADF009` trailing-comma | `factory/pipeline/ingest.json:19` | a comma before `}`<br>delete it |
    | 💡 | `ADF202` reference-case | `factory/pipeline/ingest.json:10` | dataset `staged` is called `Staged`<br>write `Staged` |

    `dataops validate --explain RULE` says why a rule exists.
    ----- stderr
    ");
}

#[test]
fn a_test_report_has_a_case_for_each_finding() {
    let ended = validate(&factory(), &[&SELECT[..], &["--format", "junit"]].concat());

    let failures: Vec<_> = ended
        .stdout
        .lines()
        .filter(|line| line.contains("<failure"))
        .collect();
    insta::assert_snapshot!(failures.join("\n"), @r#"
    <failure message="dataset `Incomming` does not exist" type="ADF201">factory/pipeline/ingest.json:9:36
    <failure message="two activities are called `Stage`" type="ADF111">factory/pipeline/ingest.json:13:13
    "#);
    assert_eq!(ended.code, Some(1), "{ended}");
}

#[test]
fn code_scanning_gets_a_log() {
    let args = [
        "--select",
        "ADF202",
        "--format",
        "sarif",
        "--fail-on",
        "note",
    ];

    let ended = validate(&factory(), &args);

    let log = ended.json();
    let run = &log["runs"][0];
    let result = &run["results"][0];
    insta::assert_snapshot!(result["message"]["text"], @r#""dataset `staged` is called `Staged`; write `Staged`""#);
    insta::assert_snapshot!(result["locations"][0], @r#"{"physicalLocation":{"artifactLocation":{"uri":"factory/pipeline/ingest.json","uriBaseId":"%SRCROOT%"},"region":{"startLine":10,"startColumn":37,"endLine":10,"endColumn":45}}}"#);
    insta::assert_snapshot!(result["fixes"][0]["artifactChanges"][0]["replacements"][0], @r#"{"deletedRegion":{"startLine":10,"startColumn":37,"endLine":10,"endColumn":45},"insertedContent":{"text":"\"Staged\""}}"#);
    insta::assert_snapshot!(result["partialFingerprints"], @r#"{"dataops/v1":"fa451364ed5a223032b16c3e1b38f077:1"}"#);
    let base = run["originalUriBaseIds"]["%SRCROOT%"]["uri"].as_str();
    assert_eq!(base, Some("file://[HOME]/"));
    let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
    assert_eq!(run["tool"]["driver"]["rules"][index]["id"], "ADF202");
    assert_eq!(ended.code, Some(1));
}

#[test]
fn the_threshold_decides_the_exit_code() {
    let code = |args: &[&str]| validate(&factory(), args).code;

    assert_eq!(code(&["--select", "ADF202"]), Some(0));
    assert_eq!(code(&["--select", "ADF202", "--fail-on", "note"]), Some(1));
    assert_eq!(code(&["--select", "ADF008"]), Some(0));
    assert_eq!(
        code(&["--select", "ADF008", "--fail-on", "warning"]),
        Some(1)
    );
    assert_eq!(code(&["--select", "ADF201"]), Some(1));
    assert_eq!(code(&["--fail-on", "never"]), Some(0));
}

#[test]
fn mending_goes_on_until_nothing_is_left() {
    let many = "// a comment\n".repeat(350);
    let environment = factory().file("factory/pipeline/ingest.json", format!("{many}{PIPELINE}"));

    let ended = validate(&environment, &["--select", "ADF008", "--fix"]);

    ended.says("mended 351 places");
    let mended = std::fs::read_to_string(environment.path("factory/pipeline/ingest.json")).unwrap();
    assert!(!mended.contains("//"));
}

#[cfg(unix)]
#[test]
fn documents_behind_a_link_out_of_the_solution_are_left_alone() {
    let elsewhere = factory();
    let environment = TestEnvironment::new().file("dataops.yaml", "name: s\nadf: { root: adf }\n");
    std::os::unix::fs::symlink(elsewhere.path("factory"), environment.path("adf")).unwrap();
    let run = |args: &[&str]| environment.run(Program::Dataops, args);

    let ended = run(&["validate", "--fix"]);

    ended
        .says("ENV113")
        .says("it is a link that leads out of the solution");
    assert_eq!(ended.code, Some(1));
    let left = std::fs::read_to_string(elsewhere.path("factory/pipeline/ingest.json")).unwrap();
    assert_eq!(left, PIPELINE);
    for args in [&["graph"][..], &["export", "arm", "--out", "out"]] {
        let ended = run(args);
        ended.says("`adf.root` of dataops.yaml leads out of the solution: adf");
        assert_eq!(ended.code, Some(2), "{ended}");
    }
}

#[test]
fn mending_leaves_nothing_to_mend() {
    let marked = format!("\u{feff}{}", PIPELINE.replace('\n', "\r\n"));
    let environment = factory().file("factory/pipeline/ingest.json", &marked);

    let first = validate(&environment, &[&SELECT[..], &["--fix"]].concat());
    let mended = std::fs::read_to_string(environment.path("factory/pipeline/ingest.json")).unwrap();
    let second = validate(
        &environment,
        &[&SELECT[..], &["--fix", "--format", "json"]].concat(),
    );

    first.says("mended 3 places; 2 errors in 1 of 4 files");
    let expected = marked
        .replace(" // two of them", "")
        .replace("[],\r\n\t}", "[]\r\n\t}")
        .replace("\"staged\"", "\"Staged\"");
    assert_eq!(mended, expected);
    let summary = &second.json()["summary"];
    assert_eq!(
        (&summary["fixed"], &summary["fixable"]),
        (&0.into(), &0.into()),
        "{second}"
    );
}

#[test]
fn in_a_ci_system_the_text_is_followed_by_annotations() {
    let github = factory().with("GITHUB_ACTIONS", "true");
    let azure = factory().with("TF_BUILD", "True");
    let select = ["--select", "ADF201"];

    let shown = validate(&github, &select);
    assert!(
        shown.stdout.contains("error[ADF201") && shown.stdout.contains("\n::error file=factory/"),
        "{shown}"
    );
    let shown = validate(&azure, &select);
    assert!(
        shown
            .stdout
            .contains("\n##vso[task.logissue type=error;sourcepath=factory/"),
        "{shown}"
    );
    let named = validate(&github, &["--select", "ADF201", "--format", "text"]);
    assert!(!named.stdout.contains("::error"), "{named}");
}

#[test]
fn a_document_cannot_forge_a_command() {
    let name = "##vso[task.complete result=Succeeded]\\n::error::\\u001b[2J";
    let environment = factory().file(
        "factory/pipeline/ingest.json",
        PIPELINE.replace("Incomming", name),
    );

    for form in ["text", "github", "azdo", "markdown", "junit"] {
        let ended = validate(&environment, &["--select", "ADF201", "--format", form]);

        let forged = |line: &str| {
            line.contains("##vso[task.complete") || line.trim_start().starts_with("::error::")
        };
        assert!(!ended.stdout.lines().any(forged), "{form}: {ended}");
        assert!(!ended.stdout.contains('\u{1b}'), "{form}: {ended}");
    }
}

#[test]
fn a_solution_is_looked_at_from_anywhere_in_it() {
    let environment = factory()
        .file("dataops.yaml", "name: s\nadf: { root: factory }\n")
        .file("elsewhere/x", "");
    let home = environment.path("elsewhere");

    let here = environment.run(Program::Dataops, &["validate", "--select", "ADF201"]);
    let output = environment
        .command(Program::Dataops, &["validate", "--select", "ADF201"])
        .current_dir(home)
        .output()
        .unwrap();

    here.says("--> factory/pipeline/ingest.json:9:");
    environment
        .ended(&output)
        .says("--> [HOME]/factory/pipeline/ingest.json:9:");
}

#[test]
fn a_rule_is_explained() {
    let ended = TestEnvironment::new().run(
        Program::Dataops,
        &["validate", "--explain", "missing-reference"],
    );

    shows!(ended, @r#"
    exit: 0
    ----- stdout
    ADF201 missing-reference (error)

    A reference names a resource that does not exist.

    The service refuses a resource whose references name something that the factory does not have, with `400 BadRequest` and
    "invalid reference". Names are compared without regard to case. `AutoResolveIntegrationRuntime` and
    the managed virtual network `default` need no file.

    Wrong:

    ```json
    { "referenceName": "Inptu", "type": "DatasetReference" }
    ```

    Right:

    ```json
    { "referenceName": "Input", "type": "DatasetReference" }
    ```

    Correct the name, or add the resource's file to its folder.
    ----- stderr
    "#);
    let rules = TestEnvironment::new().run(
        Program::Dataops,
        &["validate", "--rules", "--select", "ADF20"],
    );
    shows!(rules, @"
    exit: 0
    ----- stdout
    ADF201  error    missing-reference              A reference names a resource that does not exist
    ADF202  note     reference-case                 A reference spells a name in other upper and lower case than the resource
    ADF203  error    reference-kind                 A reference names a resource of another kind
    ADF204  error    circular-reference             Resources refer to each other, so that none can be created first
    ADF205  warning  unknown-reference              A reference has a type that Data Factory does not know
    ADF206  error    misplaced-reference            A reference to one kind stands where another is needed
    ADF207  note     missing-reference-of-inactive  An inactive activity refers to a resource that does not exist
    ADF208  error    secret-store-type              A secret is taken from a linked service that is no key vault
    ADF209  warning  unfit-type                     A type does not go together with that of the dataset or linked service that it stands for
    ----- stderr
    ");
}

#[test]
fn wrong_usage_is_told() {
    let unknown = validate(&factory(), &["--select", "ADF2O1"]);
    let nowhere = TestEnvironment::new().run(Program::Dataops, &["validate", "--adf", "none"]);
    let solution = TestEnvironment::new().run(Program::Dataops, &["validate"]);

    unknown.refused(2).says("there is no rule `ADF2O1`");
    nowhere.refused(2).says("none");
    solution.refused(2).says("no dataops.yaml in ");
}
