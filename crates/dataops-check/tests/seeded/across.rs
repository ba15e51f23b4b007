//! Mistakes that show only when two parts of a solution are looked at together.

use dataops_solution::source::Contents;

use crate::harness::Case;

const INGEST: &str = "adf/pipeline/ingest-claims.json";
const TRAIN: &str = "adf/pipeline/train.json";
const TRIGGER: &str = "adf/trigger/on-new-claims.json";
const CONTRACT: &str = "contracts/claims.odcs.yaml";

/// One text of a file becomes another, and the rule finds it there.
fn case(rule: &'static str, path: &str, old: &str, new: &str, marker: &str) -> Case {
    Case::new(rule).replace(path, old, new).at(path, marker)
}

pub(crate) fn cases() -> Vec<Case> {
    [
        notebooks(),
        libraries(),
        storage(),
        machine_learning(),
        contracts(),
        unreadable_contracts(),
    ]
    .concat()
}

/// The path of a notebook that is not there, by a global parameter.
fn computed(parameter: &str) -> Case {
    let path =
        format!("\"@concat('/Shared/claims/prepare-', pipeline().globalParameters.{parameter})\"");
    Case::new("XA101").replace(INGEST, "\"/Shared/claims/prepare\"", &path)
}

fn notebooks() -> Vec<Case> {
    vec![
        computed("team")
            .replace(
                "adf/factory/adf-claims.json",
                "\"region\": {",
                "\"team\": {\"type\": \"string\", \"value\": \"x\"},\n\"region\": {",
            )
            .at(INGEST, "prepare-"),
        case("XA101", INGEST, "/Shared/claims/prepare", "/Shared/claims/preprae", "preprae"),
        case("XA101", INGEST, "/Shared/claims/prepare", "/Shared/calims/prepare", "calims"),
        Case::new("XA101").remove("notebooks/prepare.py").at(INGEST, "/Shared/claims/prepare"),
        case("XA102", INGEST, "/Shared/claims/prepare", "/Shared/claims/prepare.py", "prepare.py"),
        case("XA102", INGEST, "/Shared/claims/prepare", "Shared/claims/prepare", "\"Shared/"),
        case("XA103", INGEST, "\"region\": {\n\t\t\t\t\t\t\t\"value\"", "\"regions\": {\n\t\t\t\t\t\t\t\"value\"", "\"regions\""),
        Case::new("XA104")
            .replace("notebooks/prepare.py", "dbutils.widgets.text(\"region\", \"\")\n", "")
            .replace(INGEST, "\"region\": {\n\t\t\t\t\t\t\t\"value\": \"@pipeline().globalParameters.region\",\n\t\t\t\t\t\t\t\"type\": \"Expression\"\n\t\t\t\t\t\t},\n", "")
            .at(INGEST, "\"baseParameters\""),
        case("XA108", INGEST, "\"referenceName\": \"Databricks\"", "\"referenceName\": \"KeyVault\"", "\"referenceName\": \"KeyVault\""),
        Case::new("XA122")
            .replace(
                "adf/linkedService/Databricks.json",
                "\"existingClusterId\": \"0101-000000-claims0\",",
                "",
            )
            .at(INGEST, "\"Databricks\""),
        Case::new("XA118")
            .replace("notebooks/report.py", "dbutils.notebook.exit(str(rows))", "print(rows)")
            .at(TRAIN, "runOutput"),
        case("XA119", TRAIN, "/mnt/training/claims", "/mnt/trainnig/claims", "/mnt/trainnig"),
    ]
}

fn libraries() -> Vec<Case> {
    vec![
        case(
            "XA105",
            TRAIN,
            "pandas==2.3.3",
            "pandas==1.5.3",
            "pandas==1.5.3",
        ),
        case(
            "XA106",
            TRAIN,
            "wheels/claims-1.0",
            "wheels/claim-1.0",
            "claim-1.0",
        ),
        case("XA107", TRAIN, "pandas==2.3.3", "pandas", "\"pandas\""),
        case("XA121", TRAIN, "\"whl\"", "\"egg\"", "\"egg\""),
        case("XA123", TRAIN, "\"whl\"", "\"wheel\"", "\"wheel\""),
    ]
}

fn storage() -> Vec<Case> {
    vec![
        Case::new("XA109")
            .replace("dataops.yaml", "trigger: on-new-claims\n", "")
            .replace(TRIGGER, "/incoming/blobs", "/incomming/blobs")
            .at(TRIGGER, "/incomming/"),
        case(
            "XA110",
            TRIGGER,
            "/incoming/blobs",
            "/staged/blobs",
            "/staged/",
        ),
        case(
            "XA111",
            "adf/dataset/Staged.json",
            "\"container\": \"staged\"",
            "\"container\": \"stagde\"",
            "stagde",
        ),
    ]
}

fn machine_learning() -> Vec<Case> {
    let ids = "\"mlPipelineId\": {";
    vec![
        case(
            "XA112",
            TRAIN,
            "\"training_data\"",
            "\"trainingdata\"",
            "\"trainingdata\"",
        ),
        case(
            "XA113",
            TRAIN,
            "\"training_data\": \"training/claims\",\n",
            "",
            "\"mlPipelineParameters\"",
        ),
        case(
            "XA114",
            TRAIN,
            ids,
            &format!("\"mlPipelineEndpointId\": \"x\",\n{ids}"),
            "\"mlPipelineEndpointId\"",
        ),
        case(
            "XA114",
            TRAIN,
            "\"experimentName\"",
            "\"version\": \"2\",\n\"experimentName\"",
            "\"version\"",
        ),
        case(
            "XA115",
            "dataops.yaml",
            "aml://pipelines/claims-training",
            "aml://pipelines/claim-training",
            "claim-training",
        ),
    ]
}

fn contracts() -> Vec<Case> {
    vec![
        case(
            "XA116",
            CONTRACT,
            "abfss://training@",
            "abfss://trainning@",
            "trainning",
        ),
        case(
            "XA116",
            CONTRACT,
            "abfss://training@",
            "abfss://{object}@",
            "name: claims\n",
        ),
        case(
            "XA117",
            CONTRACT,
            "kind: DataContract",
            "kind: Contract",
            "kind: Contract",
        ),
        case("XA117", CONTRACT, "schema:\n", "schema: [\n", "  - name"),
        case(
            "CON101",
            CONTRACT,
            "logicalType: string",
            "logicalType: strin",
            "strin",
        ),
        case(
            "CON102",
            CONTRACT,
            "status: active",
            "status: active\nslaDefaultElement: claims.day",
            "slaDefaultElement",
        ),
        case(
            "CON103",
            CONTRACT,
            "    properties:",
            "    quality: [{ type: text, description: Claims are settled soon. }]\n    properties:",
            "{ type: text",
        ),
        Case::new("XA120")
            .replace(
                "dataops.yaml",
                "[incoming, staged, training]",
                "[incoming, staged, training, reports]",
            )
            .replace(
                CONTRACT,
                "abfss://training@stclaims.dfs.core.windows.net/claims",
                "https://stclaims.blob.core.windows.net/reports/x",
            )
            .at(CONTRACT, "/reports/"),
    ]
}

fn unreadable_contracts() -> Vec<Case> {
    vec![
        Case::new("XA117")
            .write(CONTRACT, b"kind: DataContract\ndescription: caf\xe9\n")
            .at(CONTRACT, "description"),
        Case::new("XA117").unreadable(CONTRACT, Contents::TooLarge(100 << 20)),
        Case::new("XA117").unreadable(CONTRACT, Contents::Unreadable("it is a link".to_owned())),
        Case::new("XA117").remove(CONTRACT).unreadable(
            "contracts",
            Contents::UnreadableFolder("Permission denied".to_owned()),
        ),
    ]
}

#[test]
fn a_path_that_differs_among_environments_is_not_known() {
    let found = computed("region").found();

    assert!(!found.iter().any(|finding| finding.rule.id == "XA101"));
}
