//! What a smoke test wrote, held against a data contract.

use super::*;

/// A contract of the data that `copy` writes into a container: `target` is one of `values`.
fn contract(folder: &Path, container: &str, values: &str) {
    let text = format!(
        "apiVersion: v3.1.0\nkind: DataContract\nid: copied\nversion: 1.0.0\nstatus: active\n\
        servers:\n  - {{ server: storage, type: azure, location: 'az://{{object}}/${{RUN_ID}}/*.txt', format: csv }}\n\
        schema:\n  - name: {container}\n    logicalType: object\n    properties:\n\
        \x20     - {{ name: id, logicalType: integer, required: true, unique: true }}\n\
        \x20     - name: target\n        logicalType: integer\n        quality:\n\
        \x20         - {{ metric: invalidValues, arguments: {{ validValues: {values} }}, mustBe: 0 }}\n"
    );
    write(folder, "contracts/copied.odcs.yaml", &text);
}

const WITH_CONTRACT: &str = "{ pipeline: copy, input: canary.txt, contract: contracts/copied.odcs.yaml, parameters: { folder: '{folder}', file: '{file}' } }";

#[tokio::test]
async fn what_was_written_is_held_against_the_contract_and_removed() {
    let emulator = Emulator::start();
    let folder = solution(WITH_CONTRACT);
    contract(folder.path(), "archive", "[0, 1]");

    let deployed = dataops(&emulator, folder.path(), &["deploy"]);
    contract(folder.path(), "archive", "[0]");
    let broken = dataops(&emulator, folder.path(), &["smoke"]);

    assert_eq!(deployed.code, Some(0), "{deployed}");
    assert!(
        deployed.stdout.contains("the contract copied"),
        "{deployed}"
    );
    assert!(deployed.stdout.contains("checks hold"), "{deployed}");
    assert_eq!(broken.code, Some(1), "{broken}");
    assert!(broken.stdout.contains("copied 1.0.0: "), "{broken}");
    assert!(broken.stdout.contains("do not hold"), "{broken}");
    assert!(broken.stdout.contains("it does not hold"), "{broken}");
    assert_eq!(blobs(&emulator, folder.path()).await, Vec::<String>::new());
    let recorded = smoked(&emulator, folder.path());
    assert_eq!(recorded.len(), 2, "{recorded:?}");
    assert!(
        recorded[1].to_string().contains("copied 1.0.0: "),
        "{recorded:?}"
    );
}

#[tokio::test]
async fn data_that_are_not_there_break_the_contract() {
    let emulator = Emulator::start();
    let folder = solution(WITH_CONTRACT);
    contract(folder.path(), "training", "[0, 1]");

    let smoked = dataops(&emulator, folder.path(), &["smoke"]);

    assert_eq!(smoked.code, Some(1), "{smoked}");
    assert!(smoked.stdout.contains("the contract copied"), "{smoked}");
    assert_eq!(blobs(&emulator, folder.path()).await, Vec::<String>::new());
}

#[test]
fn a_contract_in_a_bundle_is_held_without_its_folder() {
    let emulator = Emulator::start();
    let folder = solution(WITH_CONTRACT);
    contract(folder.path(), "archive", "[0, 1]");
    let bundle = tempfile::tempdir().unwrap();
    let bundle = bundle.path().join("bundle");
    let bundle = bundle.to_str().unwrap();
    let built = dataops(&emulator, folder.path(), &["build", "--out", bundle]);
    std::fs::remove_file(folder.path().join("contracts/copied.odcs.yaml")).unwrap();

    let deployed = dataops(&emulator, folder.path(), &["deploy", "--bundle", bundle]);

    assert_eq!(
        (built.code, deployed.code),
        (Some(0), Some(0)),
        "{built}{deployed}"
    );
    assert!(
        deployed.stdout.contains("the contract copied"),
        "{deployed}"
    );
}
