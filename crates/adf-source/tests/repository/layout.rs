//! Where files lie, and what they are called.

use adf_model::{Kind, ResourceId};

use crate::{named, problems, repository, resources};

#[test]
fn every_kind_is_read_from_its_folder() {
    let read = repository([
        ("adfcdc/c.json", &named("c")),
        ("credential/c.json", &named("c")),
        ("dataflow/d.json", &named("d")),
        ("dataset/d.json", &named("d")),
        ("factory/f.json", &named("f")),
        ("integrationRuntime/i.json", &named("i")),
        ("linkedService/l.json", &named("l")),
        ("managedVirtualNetwork/default.json", &named("default")),
        (
            "managedVirtualNetwork/default/managedPrivateEndpoint/e.json",
            &named("e"),
        ),
        ("pipeline/p.json", &named("p")),
        ("trigger/t.json", &named("t")),
        ("arm-template-parameters-definition.json", "{}"),
        ("publish_config.json", r#"{"publishBranch": "adf_publish"}"#),
        ("pipeline/.gitkeep", ""),
    ]);

    assert_eq!(problems(&read), "");
    insta::assert_snapshot!(resources(&read).join("\n"), @r"
    factory `f` in factory/f.json
    credential `c` in credential/c.json
    managed virtual network `default` in managedVirtualNetwork/default.json
    managed private endpoint `default/e` in managedVirtualNetwork/default/managedPrivateEndpoint/e.json
    integration runtime `i` in integrationRuntime/i.json
    linked service `l` in linkedService/l.json
    dataset `d` in dataset/d.json
    data flow `d` in dataflow/d.json
    pipeline `p` in pipeline/p.json
    trigger `t` in trigger/t.json
    change data capture `c` in adfcdc/c.json
    ");
    assert!(read.parameters_definition.is_some() && read.publish_config.is_some());
    assert_eq!(read.of_kind(Kind::Pipeline).count(), 1);
    assert_eq!(read.of_kind(Kind::GlobalParameters).count(), 0);
}

#[test]
fn a_copy_that_another_tool_has_generated_is_no_resource() {
    let read = repository([
        ("linkedService/sql.json", &named("sql")),
        ("linkedService/~sql.json", &named("sql")),
        ("linkedService/~broken.json", "{"),
    ]);

    let told = problems(&read);
    for copy in ["linkedService/~sql.json", "linkedService/~broken.json"] {
        assert!(told.contains(copy), "{told}");
    }
    assert!(
        told.contains("azure.datafactory.tools has generated"),
        "{told}"
    );
    assert_eq!(read.copies().count(), 2);
    assert_eq!(resources(&read).len(), 1);
    assert_eq!(read.losses().count(), 0);
}

#[test]
fn a_resource_is_found_whatever_the_case_of_its_name() {
    let read = repository([
        ("dataset/Input.json", &named("Input")),
        ("dataset/x.json", &named("input")),
    ]);

    let found = read.get(&ResourceId::new(Kind::Dataset, "INPUT")).unwrap();

    assert_eq!(found.file.path, "dataset/x.json");
    assert!(
        read.get(&ResourceId::new(Kind::Pipeline, "Input"))
            .is_none()
    );
    insta::assert_snapshot!(problems(&read), @r"
    dataset/Input.json:1:10: DuplicateResource: the dataset `Input` stands in `dataset/x.json` too, which Data Factory takes in its place (names are compared without regard to case; rename one, or delete it) [dataset/x.json:1:10: the one that counts]
    dataset/x.json:1:10: NameMismatch: the dataset is called `input`, its file `x.json` (Data Factory goes by `input`; name the file `input.json`)
    ");
}

#[test]
fn names_that_are_not_their_files_are_told_and_count() {
    let read = repository([
        ("pipeline/Copy.json", &named("copy")),
        (
            "pipeline/old.json",
            "{\n  \"properties\": {},\n  \"name\": \"new\"\n}",
        ),
        ("pipeline/up.json", &named("../../up")),
        (
            "pipeline/zero.json",
            r#"{"name": "\u0000/etc", "properties": {}}"#,
        ),
        ("pipeline/without.json", r#"{"properties": {}}"#),
    ]);

    insta::assert_snapshot!(problems(&read), @r"
    pipeline/Copy.json:1:10: NameCase: the pipeline is called `copy`, its file `Copy.json` (Data Factory goes by `copy`; name the file `copy.json`)
    pipeline/old.json:3:11: NameMismatch: the pipeline is called `new`, its file `old.json` (Data Factory goes by `new`; name the file `new.json`)
    pipeline/up.json:1:10: NameMismatch: the pipeline is called `../../up`, its file `up.json` (Data Factory goes by the name in the document)
    pipeline/zero.json:1:10: NameMismatch: the pipeline is called `U+0000/etc`, its file `zero.json` (Data Factory goes by the name in the document)
    ");
    insta::assert_snapshot!(resources(&read).join("\n"), @r"
    pipeline `copy` in pipeline/Copy.json
    pipeline `new` in pipeline/old.json
    pipeline `../../up` in pipeline/up.json
    pipeline `without` in pipeline/without.json
    pipeline `(zero)/etc` in pipeline/zero.json
    ");
}

#[test]
fn files_that_lie_wrong_are_told() {
    let read = repository([
        ("Pipeline/a.json", &named("a")),
        ("Pipeline/b.json", &named("b")),
        ("pipeline/sub/c.json", &named("c")),
        ("pipelines/d.json", &named("d")),
        ("linked services/e.json", &named("e")),
        ("elsewhere/f.json", &named("f")),
        ("elsewhere/g.json", "[1, 2]"),
        ("dataset/old.json.bak", "{}"),
        ("dataset/README.md", "# datasets"),
        ("notes.json", "{}"),
        ("package.json", "{}"),
        ("ARMTemplateForFactory.json", &named("template")),
        ("settings.json", "{}"),
        (".vscode/settings.json", &named("settings")),
        ("node_modules/x/pipeline/x.json", &named("x")),
        ("deployment/config-qa.json", r#"{"pipeline": []}"#),
        ("factory/one.json", &named("one")),
        ("factory/two.json", &named("two")),
    ]);

    insta::assert_snapshot!(problems(&read), @r"
    Pipeline: FolderCase: the folder of a pipeline is called `pipeline` (rename it; git and Data Factory tell upper from lower case)
    dataset/README.md: StrayFile: Data Factory keeps nothing but `.json` files here (move it away; Data Factory's own build reads every file in this folder)
    dataset/old.json.bak: StrayFile: Data Factory keeps nothing but `.json` files here (move it away; Data Factory's own build reads every file in this folder)
    elsewhere/f.json: StrayFile: the file does not lie where Data Factory has resources (move `f.json` into the folder of its kind, such as `pipeline/`, or delete it)
    factory/two.json: SeveralFactories: `factory/one.json` is a factory too (name the one that is meant where a command asks for it)
    linked services/e.json: StrayFile: the file does not lie where Data Factory has resources (put it into `linkedService/`)
    notes.json: StrayFile: the file does not lie where Data Factory has resources (move `notes.json` into the folder of its kind, such as `pipeline/`, or delete it)
    pipeline/sub/c.json: SubFolder: Data Factory does not look into `sub` (move the file to `pipeline/`; a folder in the editor is `properties.folder.name`)
    pipelines/d.json: StrayFile: the file does not lie where Data Factory has resources (put it into `pipeline/`)
    ");
    insta::assert_snapshot!(resources(&read).join("\n"), @r"
    factory `one` in factory/one.json
    factory `two` in factory/two.json
    pipeline `a` in Pipeline/a.json
    pipeline `b` in Pipeline/b.json
    pipeline `c` in pipeline/sub/c.json
    ");
}

#[test]
fn the_factory_may_be_in_a_folder() {
    let read = repository([
        ("src/adf/pipeline/a.json", &named("a")),
        (
            "src/adf/arm-template-parameters-definition.json",
            r#"{"near": 1}"#,
        ),
        ("arm-template-parameters-definition.json", r#"{"far": 1}"#),
        ("publish_config.json", "{}"),
        ("tests/dataset/sample.json", "[]"),
        ("package.json", "{}"),
    ]);

    assert_eq!(
        (read.root.as_str(), problems(&read).as_str()),
        ("src/adf/", "")
    );
    assert_eq!(
        resources(&read),
        ["pipeline `a` in src/adf/pipeline/a.json"]
    );
    assert!(
        read.parameters_definition
            .unwrap()
            .json()
            .get("near")
            .is_some()
    );
    assert!(read.publish_config.is_some());
}

#[test]
fn of_several_factories_one_must_be_named() {
    let read = repository([
        ("a/pipeline/a.json", &named("a")),
        ("b/pipeline/a.json", &named("a")),
    ]);

    assert!(read.resources.is_empty());
    insta::assert_snapshot!(problems(&read), @": SeveralRoots: there are factories in `a/`, `b/` (name one of these folders)");
}
