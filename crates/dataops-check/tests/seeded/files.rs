//! Mistakes in files as files.

use adf_source::ProblemKind;

use crate::harness::Case;

const INGEST: &str = "adf/pipeline/ingest-claims.json";
const TIDY: &str = "adf/pipeline/tidy.json";
const STAGED: &str = "adf/dataset/Staged.json";

pub(crate) fn cases() -> Vec<Case> {
    let broken = "adf/dataset/Broken.json";
    let deep = format!(
        "{{\"name\": \"deep\", \"properties\":\n{}",
        "[".repeat(10_000)
    );
    let wide = "\u{feff}{\"name\": \"Wide\", \"properties\": {\"type\": \"SelfHosted\"}}";
    let utf16: Vec<u8> = wide.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let scalars = wide.chars().map(u32::from);
    let utf32: Vec<u8> = scalars.flat_map(u32::to_le_bytes).collect();
    vec![
        Case::new("ADF005")
            .write("adf/integrationRuntime/latin.json", b"{\"name\": \"latin\", \"properties\": {\"type\": \"SelfHosted\",\n\"description\": \"caf\xe9\"}}")
            .at("adf/integrationRuntime/latin.json", "\"description\""),
        Case::new("ADF006")
            .replace(INGEST, "\"batchCount\": 10,", "\"batchCount\" 10,")
            .at(INGEST, "\"batchCount\" 10,"),
        Case::new("ADF006")
            .write(broken, "{\n\"name\": }")
            .at(broken, "\"name\""),
        Case::new("ADF007")
            .write("adf/pipeline/deep.json", deep)
            .at("adf/pipeline/deep.json", "["),
        Case::new("ADF008")
            .replace(TIDY, "\"annotations\": []", "// nothing\n\"annotations\": []")
            .at(TIDY, "// nothing"),
        Case::new("ADF009")
            .replace(TIDY, "\"annotations\": []", "\"annotations\": [],")
            .at(TIDY, "\"annotations\": [],"),
        Case::new("ADF010")
            .replace(TIDY, "\"annotations\": []", "\"annotations\": [\"old\"],\n\"annotations\": []")
            .at(TIDY, "\"annotations\": []"),
        Case::new("ADF016")
            .write("adf/integrationRuntime/Wide.json", utf16)
            .at("adf/integrationRuntime/Wide.json", ""),
        Case::new("ADF016")
            .write("adf/integrationRuntime/Wide.json", utf32)
            .at("adf/integrationRuntime/Wide.json", ""),
        Case::new("ADF017").write(broken, "").at(broken, ""),
        Case::new("ADF019")
            .replace(STAGED, "\"folderPath\": \"claims\"", "\"folderPath\": \"cla\tims\"")
            .at(STAGED, "folderPath"),
        Case::new("ADF020")
            .replace(STAGED, "\"folderPath\": \"claims\"", "\"folderPath\": \"a\\claims\"")
            .at(STAGED, "folderPath"),
        Case::new("ADF021")
            .replace(INGEST, "\"batchCount\": 10,", "\"batchCount\": 010,")
            .at(INGEST, "\"batchCount\""),
        Case::new("ADF026")
            .write("adf/publish_config.json", "\"publishBranch\":\n\"a\"")
            .at("adf/publish_config.json", "\"publishBranch\":"),
    ]
    .into_iter()
    .chain(problems(broken))
    .collect()
}

/// What no file in memory has.
fn problems(broken: &str) -> Vec<Case> {
    vec![
        Case::new("ADF001").problem(ProblemKind::Unreadable, broken),
        Case::new("ADF002").problem(ProblemKind::TooLarge, broken),
        Case::new("ADF003").problem(ProblemKind::TooMany, broken),
        Case::new("ADF004").problem(ProblemKind::Link, broken),
        Case::new("ADF011").write(broken, "\n[1]").at(broken, "[1]"),
        Case::new("ADF012")
            .write("adf/pipeline/notes.txt", "x")
            .in_file("adf/pipeline/notes.txt"),
        Case::new("ADF013")
            .write("adf/integrationRuntime/old.json", runtime("new"))
            .at("adf/integrationRuntime/old.json", "name"),
        Case::new("ADF014")
            .write(
                "adf/integrationRuntime/On-Premises.json",
                runtime("On-Premises"),
            )
            .at("adf/integrationRuntime/On-Premises.json", "name"),
        Case::new("ADF015")
            .write("adf/factory/z.json", "{\"name\": \"adf-other\"}")
            .in_file("adf/factory/z.json"),
        Case::new("ADF018")
            .replace(
                STAGED,
                "\"schema\": []",
                "\n<<<<<<< HEAD\n\"schema\": []\n=======\n\"schema\": [1]\n>>>>>>> other",
            )
            .at(STAGED, "<<<<<<<"),
        Case::new("ADF022")
            .write("adf/integrationRuntime/zone.json", runtime("Zone"))
            .at("adf/integrationRuntime/zone.json", "name"),
        Case::new("ADF023")
            .write("adf/IntegrationRuntime/zone.json", runtime("zone"))
            .in_file("adf/IntegrationRuntime"),
        Case::new("ADF024")
            .write("adf/integrationRuntime/old/zone.json", runtime("zone"))
            .in_file("adf/integrationRuntime/old/zone.json"),
        Case::new("ADF025").problem(ProblemKind::SeveralRoots, broken),
    ]
}

fn runtime(name: &str) -> String {
    format!("{{\n\"name\": \"{name}\", \"properties\": {{\"type\": \"SelfHosted\"}}}}")
}
