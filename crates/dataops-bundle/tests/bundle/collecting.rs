//! What belongs to a bundle.

use std::fs;

use dataops_bundle::collect;

use crate::{SETTINGS, collected, solution, write};

#[test]
fn what_the_settings_name_belongs_to_it_and_nothing_else() {
    let solution = solution();

    let collected = collected(solution.path());

    let paths: Vec<_> = collected.contents.iter().map(|(path, _)| path).collect();
    insta::assert_snapshot!(paths.join("\n"), @r"
    arm/ARMTemplateForFactory.json
    arm/ARMTemplateParametersForFactory.json
    arm/globalParameters/adf-dev_GlobalParameters.json
    arm/linkedTemplates/ArmTemplateParameters_master.json
    arm/linkedTemplates/ArmTemplate_0.json
    arm/linkedTemplates/ArmTemplate_master.json
    solution/adf/factory/adf-dev.json
    solution/adf/pipeline/copy.json
    solution/adf/publish_config.json
    solution/clusters/c.json
    solution/contracts/claims.yaml
    solution/dataops.yaml
    solution/notebooks/prepare.py
    ");
    let yaml = collected.contents.get("solution/dataops.yaml").unwrap();
    assert_eq!(yaml, SETTINGS.as_bytes());
}

#[test]
fn what_cannot_be_sealed_is_told_by_its_place() {
    fn told(path: &str, text: impl AsRef<[u8]>) -> String {
        let solution = solution();
        write(solution.path(), path, text);
        let error = collect(solution.path(), None).unwrap_err();
        let cause = std::error::Error::source(&error).map(|cause| format!(" because {cause}"));
        format!("{error}{}", cause.unwrap_or_default())
    }
    let settings = |old: &str, new: &str| told("dataops.yaml", SETTINGS.replace(old, new));

    let all = [
        told("adf/pipeline/copy.json", "{\n  \"name\": }"),
        told("adf/dataset/empty.json", ""),
        settings("clusters/c.json", "clusters/d.json"),
        settings("clusters/c.json", "../c.json"),
        settings("clusters/c.json", "/etc/passwd"),
        settings("root: adf ", "root: ../adf "),
        settings("root: adf ", "root: none "),
        told("notebooks/a\\b.py", "x"),
        told(
            "contracts/claims.yaml",
            b"kind: DataContract\ntext: caf\xe9\n",
        ),
    ];
    insta::assert_snapshot!(all.join("\n"), @r"
    adf/pipeline/copy.json:2:11 cannot be read: expected a value, found `}`
    adf/dataset/empty.json:1:1 cannot be read: the file is empty
    clusters/d.json: dataops.yaml names it, and there is no such file
    ../c.json: it is outside of the solution
    /etc/passwd: it is outside of the solution
    ../adf: it is outside of the solution
    none cannot be read because No such file or directory (os error 2)
    `solution/notebooks/a\\b.py` is no path that a bundle takes: it has a backslash
    contracts/claims.yaml: line 2, column 10 (byte 29): 0xe9 is not UTF-8; the text is probably Latin-1 or Windows-1252; save the file as UTF-8
    ");
}

#[test]
fn a_solution_without_data_factory_has_no_templates() {
    let solution = solution();
    write(solution.path(), "dataops.yaml", "name: x\n");

    let collected = collected(solution.path());

    let paths: Vec<_> = collected.contents.iter().map(|(path, _)| path).collect();
    assert_eq!(paths, ["solution/dataops.yaml"]);
}

#[test]
fn bytes_stay_as_they_are_where_git_knows_nothing() {
    let solution = solution();
    let bytes = b"\xef\xbb\xbf{\"name\": \"x\",\r\n \"properties\": {}}\r\n";
    fs::write(solution.path().join("adf/pipeline/x.json"), bytes).unwrap();
    fs::write(solution.path().join("notebooks/lib.whl"), [0xff, 0x00]).unwrap();

    let collected = collected(solution.path());

    assert_eq!(
        collected
            .contents
            .get("solution/adf/pipeline/x.json")
            .unwrap(),
        bytes
    );
    assert_eq!(
        collected
            .contents
            .get("solution/notebooks/lib.whl")
            .unwrap(),
        [0xff, 0x00]
    );
}
