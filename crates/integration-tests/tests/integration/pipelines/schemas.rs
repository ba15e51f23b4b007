//! The files as the systems' own JSON Schemas have them.

use integration_tests::{Program, Python, folder_of_examples};

#[test]
fn the_files_are_what_the_schemas_of_both_systems_ask_for() {
    let test = "the_files_are_what_the_schemas_of_both_systems_ask_for";
    let Some(python) = Python::for_test(test, &["check_jsonschema"]) else {
        return;
    };
    let folder = folder_of_examples().join("data-ingestion");
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
}
