//! The files as the systems' own JSON Schemas have them.

use std::path::Path;

use integration_tests::{Program, Python, folder_of_examples, pipeline_file, write};

#[test]
fn the_files_are_what_the_schemas_of_both_systems_ask_for() {
    let test = "the_files_are_what_the_schemas_of_both_systems_ask_for";
    let Some(python) = Python::for_test(test, &["check_jsonschema"]) else {
        return;
    };
    fit(&python, &folder_of_examples().join("data-ingestion"));
}

/// Holds the files of a solution against the schemas of both systems.
pub(super) fn fit(python: &Python, folder: &Path) {
    let files = |below: &str| {
        let entries = std::fs::read_dir(folder.join(below)).unwrap();
        let paths = entries.map(|entry| entry.unwrap().path());
        let files = paths.filter(|path| path.is_file());
        // The schema of Azure Pipelines knows no file of variables, though templates may be one.
        let known = files.filter(|path| !path.ends_with("variables.yml"));
        known.collect::<Vec<_>>()
    };
    let check = |schema: &str, more: &[&str], files: Vec<std::path::PathBuf>| {
        assert!(!files.is_empty());
        let ended = Program::new(python.path())
            .args(["-m", "check_jsonschema", "--builtin-schema", schema])
            .args(more)
            .args(files)
            .run();
        assert_eq!(ended.code, Some(0), "{ended}");
    };

    let azure = [
        "--data-transform",
        "azure-pipelines",
        "--regex-variant",
        "python",
    ];
    check("vendor.azure-pipelines", &azure, files(".azuredevops"));
    check(
        "vendor.azure-pipelines",
        &azure,
        files(".azuredevops/templates"),
    );
    check("vendor.github-workflows", &[], files(".github/workflows"));
    check(
        "vendor.github-actions",
        &[],
        files(".github/actions/install"),
    );
    let dependabot = vec![folder.join(".github/dependabot.yml")];
    check("vendor.dependabot", &[], dependabot);
}

#[test]
fn what_the_readme_shows_of_a_pipeline_is_one() {
    let test = "what_the_readme_shows_of_a_pipeline_is_one";
    let Some(python) = Python::for_test(test, &["check_jsonschema"]) else {
        return;
    };
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../README.md");
    let readme = std::fs::read_to_string(readme).unwrap();
    let boxes: Vec<_> = readme.split("```yaml\n").skip(1).collect();
    let boxes = boxes.iter().map(|text| text.split("```").next().unwrap());
    let shown: Vec<_> = boxes.filter(|text| text.contains("- bash: |")).collect();
    assert_eq!(shown.len(), 1, "{shown:?}");
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "azure-pipelines.yml", shown[0]);
    let file = folder.path().join("azure-pipelines.yml");

    let checked = Program::new(python.path())
        .args(["-m", "check_jsonschema", "--builtin-schema"])
        .args([
            "vendor.azure-pipelines",
            "--data-transform",
            "azure-pipelines",
        ])
        .args(["--regex-variant", "python"])
        .args([&file])
        .run();

    assert_eq!(checked.code, Some(0), "{checked}");
    // The schema sees what a parser has made of anchors; the service has none, and the job must name the connection that it uses.
    assert!(!shown[0].contains(": &") && !shown[0].contains(": *"));
    let steps = &pipeline_file(&file).unwrap()["steps"];
    assert!(
        steps[0]["inputs"]["azureSubscription"].is_string(),
        "{steps}"
    );
}
