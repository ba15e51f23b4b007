//! Mistakes in `dataops.yaml` and in what it names.

use dataops_solution::source::Contents;

use crate::harness::{Case, Solution};

const SETTINGS: &str = "dataops.yaml";
const FACTORY: &str = "adf/factory/adf-claims.json";
const DOMAIN: &str = "linkedService.Databricks.typeProperties.domain: ${DATABRICKS_HOST}";

/// One text of the settings becomes another, and the rule finds it there.
fn case(rule: &'static str, old: &str, new: &str, marker: &str) -> Case {
    Case::new(rule)
        .replace(SETTINGS, old, new)
        .at(SETTINGS, marker)
}

/// An override of the environment `qa`.
fn overriding(rule: &'static str, text: &str) -> Case {
    let both = format!("{DOMAIN}\n      {text}");
    case(rule, DOMAIN, &both, text)
}

pub(crate) fn cases() -> Vec<Case> {
    [
        settings(),
        environments(),
        places(),
        deployment(),
        global_parameters(),
        passing(),
        compute(),
        overrides(),
        secrets_in_overrides(),
        named_files(),
    ]
    .concat()
}

/// Something beside the host of the workspace.
fn asking(rule: &'static str, text: &str, marker: &str) -> Case {
    let host = "host: \"${DATABRICKS_HOST}\"";
    case(rule, host, &format!("{host}, {text}"), marker)
}

fn compute() -> Vec<Case> {
    vec![
        asking("ENV126", "secretScopes: { 'in gest': {} }", "'in gest'"),
        asking(
            "ENV126",
            "unityCatalog: { volumes: { claims.raw: {} } }",
            "claims.raw",
        ),
        asking(
            "ENV126",
            "unityCatalog: { schemas: { claims..raw: {} } }",
            "claims..raw",
        ),
        asking(
            "ENV127",
            "secretScopes: { ingest: { values: { api-key: abc } } }",
            "api-key",
        ),
    ]
}

fn settings() -> Vec<Case> {
    vec![
        case("ENV101", "environments:", "enviroments:", "enviroments"),
        case(
            "ENV101",
            "emulator: true",
            "emulator: yes please",
            "yes please",
        ),
        case(
            "ENV101",
            "emulator: true",
            "emulator: true\n    policy: { maxDeletePercent: 200 }",
            "maxDeletePercent",
        ),
        case(
            "ENV101",
            "smoke: { pipeline: train }",
            "smoke: { pipeline: train, limits: { billedHours: -1 } }",
            "billedHours",
        ),
        case(
            "ENV101",
            "input: incoming",
            "input: [incoming",
            "input: [incoming",
        ),
        case(
            "ENV110",
            "resourceGroup: rg-qa",
            "resourceGroup: rg-${STAGE",
            "rg-${STAGE",
        ),
        case(
            "ENV110",
            "resourceGroup: rg-qa",
            "resourceGroup: rg-${1}",
            "rg-${1}",
        ),
        // What the solution is called is the same everywhere.
        case(
            "ENV110",
            "name: claims\nadf",
            "name: claims-${TEAM}\nadf",
            "claims-${TEAM}",
        ),
        case(
            "ENV110",
            "target: /Shared/claims",
            "target: \"/Shared/${1}\"",
            "/Shared/${1}",
        ),
        case(
            "ENV113",
            "notebooks: { root: notebooks",
            "notebooks: { root: notebook",
            "root: notebook,",
        ),
        case(
            "ENV113",
            "contracts/*.odcs.yaml",
            "contracts/*.odcs.yml",
            "odcs.yml",
        ),
        case(
            "ENV113",
            "requirements: requirements.txt",
            "requirements: ../requirements.txt",
            "../requirements",
        ),
        case(
            "ENV114",
            "pipeline: ingest-claims",
            "pipeline: ingest-claim",
            "pipeline: ingest-claim",
        ),
        case(
            "ENV114",
            "trigger: on-new-claims",
            "trigger: on-new-claim",
            "trigger: on-new-claim",
        ),
        case(
            "ENV116",
            "containers: [incoming, staged",
            "containers: [incoming, Staged_1, staged",
            "Staged_1",
        ),
        case("ENV116", "input: incoming", "input: incomming", "incomming"),
        case(
            "ENV116",
            "    globalParameters: { region",
            "    records: { container: claims--records }\n    globalParameters: { region",
            "claims--records",
        ),
        case(
            "ENV117",
            "mounts: { staged: /mnt/staged",
            "mounts: { stagde: /mnt/staged",
            "stagde",
        ),
        case(
            "ENV117",
            "training: /mnt/training }",
            "training: /mnt/staged }",
            "training: /mnt/staged",
        ),
        case(
            "ENV118",
            "target: /Shared/claims",
            "target: Shared/claims",
            "target: Shared/claims",
        ),
        case(
            "ENV119",
            "trigger: on-new-claims",
            "trigger: every-night",
            "trigger: every-night",
        ),
    ]
}

fn environments() -> Vec<Case> {
    vec![
        case("ENV102", "extends: qa", "extends: aq", "extends: aq"),
        case(
            "ENV102",
            "extends: qa\n    after: qa",
            "extends: aq\n    promote: { tests: [contract] }",
            "extends: aq",
        ),
        case("ENV103", "extends: qa", "extends: uat", "extends: uat"),
        // A circle of two is told once, at the first of them.
        case(
            "ENV103",
            "  qa:\n",
            "  qa:\n    extends: uat\n",
            "extends: uat",
        ),
        case("ENV104", "after: qa", "after: prod", "after: prod"),
        case("ENV104", "after: qa", "after: uat", "after: uat"),
        // One without an `after` has that of what it extends.
        case(
            "ENV104",
            "  qa:\n",
            "  a:\n    extends: b\n  b:\n    emulator: true\n    after: a\n  qa:\n",
            "extends: b",
        ),
    ]
}

fn places() -> Vec<Case> {
    vec![
        case(
            "ENV128",
            "subscription: ${AZURE_SUBSCRIPTION_ID}",
            "subscription: claims-qa",
            "claims-qa",
        ),
        case("ENV128", "rg-qa", "rg qa!", "rg qa!"),
        case("ENV128", "adf-claims-qa", "adf_claims_qa", "adf_claims_qa"),
        case("ENV108", "    extends: qa\n", "", "  uat:\n"),
        // That another one extends it does not keep it from being deployed to.
        case("ENV108", "    resourceGroup: rg-qa\n", "", "  qa:\n"),
        case(
            "ENV109",
            "dataFactory: adf-claims-uat",
            "dataFactory: adf-claims-qa",
            "  uat:\n    extends: qa\n    after: qa\n    dataFactory",
        )
        .at(SETTINGS, "dataFactory: adf-claims-qa\n    smoke"),
        case(
            "ENV132",
            "host: \"${DATABRICKS_HOST}\"",
            "host: https://adb.test/",
            "  uat:\n    extends: qa",
        ),
        case(
            "ENV133",
            "    after: qa\n",
            "    after: qa\n    notebooks: { target: /Shared/uat }\n",
            "target: /Shared/uat",
        ),
        case(
            "ENV118",
            "    after: qa\n",
            "    after: qa\n    notebooks: { target: Shared/uat }\n",
            "target: Shared/uat",
        ),
        case(
            "ENV111",
            "host: \"${DATABRICKS_HOST}\"",
            "host: \"http://adb.test\"",
            "http://adb.test",
        ),
    ]
}

fn passing() -> Vec<Case> {
    vec![
        case(
            "ENV113",
            "smoke: { pipeline: archive",
            "smoke: { input: canary.csv, pipeline: archive",
            "input: canary.csv",
        ),
        case(
            "ENV130",
            "smoke: { pipeline: archive",
            "smoke: { folder: incoming, pipeline: archive",
            "folder: incoming",
        ),
        case(
            "ENV130",
            "smoke: { pipeline: archive",
            "smoke: { folder: \"../{id}\", pipeline: archive",
            "../{id}",
        ),
        case(
            "ENV131",
            "    globalParameters: { region",
            "    promote: { tests: [contract] }\n    globalParameters: { region",
            "promote:",
        ),
        case(
            "ENV131",
            "    globalParameters: { region",
            "    records: { container: records, folder: f }\n    globalParameters: { region",
            "records:",
        ),
    ]
}

/// A global parameter of a type, and a value of another in an environment.
fn global(kind: &str, value: &str) -> Case {
    let own = match kind {
        "int" | "float" => "1",
        "bool" => "true",
        "array" => "[]",
        "object" => "{}",
        _ => "\"west\"",
    };
    let declared = format!("\"type\": \"{kind}\",\n\t\t\t\t\"value\": {own}");
    case(
        "ENV124",
        "region: westeurope",
        &format!("region: {value}"),
        &format!("region: {value}"),
    )
    .replace(
        FACTORY,
        "\"type\": \"string\",\n\t\t\t\t\"value\": \"west\"",
        &declared,
    )
}

fn global_parameters() -> Vec<Case> {
    vec![
        global("int", "text"),
        global("int", "1.5"),
        global("int", "'1.5'"),
        global("float", "many"),
        global("bool", "1"),
        global("array", "{ a: 1 }"),
        global("array", "a"),
        global("string", "1"),
    ]
}

#[test]
fn a_value_that_becomes_one_of_the_type_is_accepted() {
    for (kind, value) in [
        ("int", "7"),
        ("int", "'7'"),
        ("float", "7"),
        ("float", "'1.5'"),
        ("bool", "'true'"),
        ("array", "'[1, 2]'"),
        ("object", "{ a: 1 }"),
        ("array", "${REGIONS}"),
        ("int", "${DAYS}"),
    ] {
        let found = global(kind, value).found();

        let found = found.iter().filter(|finding| finding.rule.id == "ENV124");
        assert_eq!(found.count(), 0, "{kind} {value}");
    }
}

fn deployment() -> Vec<Case> {
    vec![
        case(
            "ENV114",
            "pipeline: archive-claims, param",
            "pipeline: archive-claim, param",
            "archive-claim,",
        ),
        case(
            "ENV115",
            "parameters: { file: canary.csv }",
            "parameters: { file: canary.csv, files: 2 }",
            "files: 2",
        ),
        case(
            "ENV115",
            "parameters: { file: canary.csv }",
            "parameters: {}",
            "smoke: { pipeline: archive",
        ),
        case(
            "ENV115",
            "file: canary.csv",
            "file: [canary.csv]",
            "[canary.csv]",
        ),
        case(
            "ENV124",
            "globalParameters: { region",
            "globalParameters: { regoin",
            "regoin",
        ),
        case(
            "ENV124",
            "region: westeurope",
            "region: [westeurope]",
            "[westeurope]",
        ),
        case(
            "ENV125",
            "renames: { dataset.Staged",
            "renames: { dataset.Stagde",
            "dataset.Stagde",
        ),
        case(
            "ENV125",
            "dataset.Staged: StagedUat",
            "dataset.Staged: accounts",
            "accounts",
        ),
        case(
            "ENV125",
            "triggers: { on-new-claims",
            "triggers: { on-old-*",
            "on-old-*",
        ),
    ]
}

fn overrides() -> Vec<Case> {
    vec![
        overriding(
            "ENV105",
            "linkedServices.Ledger.typeProperties.server: qa.test",
        ),
        overriding(
            "ENV105",
            "linkedService.Ledgre.typeProperties.server: qa.test",
        ),
        overriding(
            "ENV105",
            "linkedService.Ledger.typeProperty.server: qa.test",
        ),
        overriding(
            "ENV105",
            "linkedService.Ledger.typeProperties.sevrer: qa.test",
        ),
        overriding(
            "ENV105",
            "pipeline.train.activities.report.typePropertes.notebookPath: /Shared/x",
        ),
        overriding(
            "ENV106",
            "trigger.each-hour.typeProperties.interval: hourly",
        ),
        overriding(
            "ENV106",
            "linkedService.Ledger.typeProperties.server: [qa.test]",
        ),
        overriding(
            "ENV120",
            "pipeline.train.description: aml://pipeline/claims",
        ),
        overriding(
            "ENV129",
            "pipeline.train.activities[1].typeProperties.mlPipelineId: aml://pipeline-endpoints/claims",
        ),
        overriding(
            "ENV129",
            "pipeline.train.activities[1].typeProperties.mlPipelineId: aml://batch-endpoints/claims",
        ),
        overriding(
            "ENV121",
            "linkedService.Ledger.description: the ledger of qa",
        ),
        overriding("ENV123", "trigger.on-new-claims.runtimeState: Running"),
    ]
}

fn secrets_in_overrides() -> Vec<Case> {
    vec![
        overriding(
            "ENV107",
            "linkedService.Ledger.typeProperties.accountKey: hunter2",
        ),
        overriding(
            "ENV107",
            "linkedService.Ledger.typeProperties.connectionString: Server=qa.test;Password=hunter2",
        ),
        overriding(
            "ENV107",
            "linkedService.Ledger.typeProperties: { server: qa.test, accountKey: hunter2 }",
        ),
        overriding(
            "ENV107",
            "linkedService.Ledger.typeProperties.password: { type: SecureString, value: hunter2 }",
        ),
        overriding("ENV107", "pipeline.train.description: { secret: hunter2 }"),
    ]
}

fn named_files() -> Vec<Case> {
    vec![
        Case::new("ENV112")
            .write("clusters/claims.json", "{ \"num_workers\": 1,\n }}")
            .at("clusters/claims.json", " }}"),
        Case::new("ENV112")
            .replace("clusters/claims.json", "s\": 1", "s\": \"zero\"")
            .at("clusters/claims.json", "\"zero\""),
        Case::new("ENV112")
            .replace(
                "clusters/claims.json",
                "\"num_workers\": 1",
                "\"autoscale\": { \"min_workers\": 1, \"max_workers\": 2.5 }",
            )
            .at("clusters/claims.json", "2.5"),
        Case::new("ENV112")
            .replace(
                "clusters/claims.json",
                "\"num_workers\": 1",
                "\"num_workers\": 1,\n\"autotermination_minutes\": \"soon\"",
            )
            .at("clusters/claims.json", "\"soon\""),
        Case::new("ENV112")
            .replace("clusters/claims.json", "spark_version", "sparkVersion")
            .at("clusters/claims.json", "{"),
        case(
            "ENV113",
            "adf: { root: adf }",
            "adf: { root: ../adf }",
            "../adf",
        ),
        Case::new("ENV113")
            .write("clusters/claims.json", [0xff, 0xfe])
            .at(SETTINGS, "clusters/claims.json"),
        Case::new("ENV113")
            .remove("clusters/claims.json")
            .at(SETTINGS, "clusters/claims.json"),
        Case::new("ENV113")
            .remove("ml/pipeline.yaml")
            .at(SETTINGS, "ml/pipeline.yaml"),
        Case::new("ENV122")
            .remove("ml/train.py")
            .at("ml/pipeline.yaml", "train.py"),
        Case::new("ENV122")
            .replace("ml/pipeline.yaml", "entryScript", "entryscript")
            .at("ml/pipeline.yaml", "entryscript"),
    ]
}

#[test]
fn what_is_missing_with_the_factory_is_not_told_one_by_one() {
    let good = Solution::good();
    let case = Case::new("ENV113").at(SETTINGS, "adf: {");
    let case = good.documents().into_iter().fold(case, Case::remove);

    let found = case.found();

    let rules: Vec<_> = found
        .iter()
        .map(|finding| finding.rule.id)
        .filter(|id| id.starts_with("ENV"))
        .collect();
    assert_eq!(rules, ["ENV113"]);
}

#[test]
fn documents_behind_a_link_out_of_the_solution_are_not_looked_at() {
    let good = Solution::good();
    let link = Contents::UnreadableFolder("it is a link that leads out".to_owned());
    let case = Case::new("ENV113")
        .unreadable("adf", link)
        .at(SETTINGS, "adf: {");
    let case = good.documents().into_iter().fold(case, Case::remove);

    let found = case.found();

    let messages = found.iter().filter(|found| found.rule.id == "ENV113");
    let messages: Vec<_> = messages.map(|found| found.message.as_str()).collect();
    assert_eq!(
        messages,
        ["the folder `adf` cannot be read: it is a link that leads out"]
    );
}
