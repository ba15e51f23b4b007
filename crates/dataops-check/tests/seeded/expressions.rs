//! Mistakes in expressions, and in what parameters and variables are given.

use crate::harness::Case;

pub(crate) const INGEST: &str = "adf/pipeline/ingest-claims.json";
const ARCHIVE: &str = "adf/pipeline/archive-claims.json";
pub(crate) const TIDY: &str = "adf/pipeline/tidy.json";
pub(crate) const INCOMING: &str = "adf/dataset/Incoming.json";
const STORAGE: &str = "adf/linkedService/ClaimsStorage.json";
const NIGHT: &str = "adf/trigger/every-night.json";
pub(crate) const LEDGER: &str = "adf/linkedService/Ledger.json";
const HOUR: &str = "adf/trigger/each-hour.json";
const NEW: &str = "adf/trigger/on-new-claims.json";
pub(crate) const FLOW: &str = "adf/dataflow/CleanClaims.json";

pub(crate) fn cases() -> Vec<Case> {
    [
        language(),
        names(),
        activities(),
        outputs(),
        references(),
        places(),
        control(),
        declarations(),
        arguments(),
        data_flows(),
        vec![no_global_parameters()],
    ]
    .concat()
}

/// `old` becomes `new` in a file, and there is what `rule` finds: `about`.
pub(crate) fn case(rule: &'static str, path: &str, old: &str, new: &str, about: &str) -> Case {
    let case = Case::new(rule).replace(path, old, new);
    case.at(path, new).about(about)
}

/// A parameter of the notebook is given `new`.
pub(crate) fn notebook(rule: &'static str, new: &str, about: &str) -> Case {
    case(
        rule,
        INGEST,
        "@pipeline().globalParameters.region",
        new,
        about,
    )
}

/// The items of the loop are `new`.
fn items(rule: &'static str, new: &str, about: &str) -> Case {
    case(
        rule,
        INGEST,
        "@activity('list accounts').output.value",
        new,
        about,
    )
}

/// The condition of the loop is `new`.
pub(crate) fn until(rule: &'static str, new: &str, about: &str) -> Case {
    case(rule, TIDY, "@variables('done')", new, about)
}

/// The variable `done` is set to `new`.
pub(crate) fn done(rule: &'static str, new: &str, about: &str) -> Case {
    case(
        rule,
        TIDY,
        "@less(pipeline().parameters.windowStart, utcNow())",
        new,
        about,
    )
}

/// The schedule trigger gives `new`.
pub(crate) fn night(rule: &'static str, new: &str, about: &str) -> Case {
    case(rule, NIGHT, "all.csv", new, about)
}

fn quoted(text: &str) -> String {
    format!("\"{text}\"")
}

fn language() -> Vec<Case> {
    vec![
        notebook("ADF301", "@concat('a' 'b')", "'b'"),
        notebook("ADF301", "@pipeline().parameters.file + 'x'", "+"),
        notebook("ADF301", "a@{pipeline().RunId", "@{pipeline().RunId"),
        // The escapes before it are longer than what they say.
        notebook("ADF301", "@concat('\\u00e9\\n\\\"', %)", "%"),
        notebook("ADF302", "@cnocat('a', 'b')", "cnocat"),
        notebook("ADF302", "x@{reverse('a')}", "reverse"),
        notebook("ADF303", "@replace('a', 'b')", "replace"),
        notebook("ADF303", "@and(true, true, false)", "and"),
        notebook("ADF304", "@add('1', 2)", "'1'"),
        notebook("ADF304", "@concat('\\u00e9', join('a', ','))", "'a'"),
        notebook(
            "ADF305",
            "@add(variables('accounts'), 2)",
            "variables('accounts')",
        ),
        notebook("ADF306", "@addToTime(utcNow(), 1, 'Months')", "'Months'"),
        notebook("ADF306", "@convertFromUtc(utcNow(), 'Berlin')", "'Berlin'"),
        notebook("ADF307", "@equals(pipeline().parameters.file, 1)", "1"),
        until("ADF307", "@equals(variables('done'), 'true')", "'true'"),
        notebook("ADF308", "@split('a,b', ',').length", ".length"),
        notebook("ADF309", "@pipeline().parameters.file[0]", "[0]"),
    ]
}
/// The factory's file has no global parameters, and an expression reads one.
fn no_global_parameters() -> Case {
    notebook("ADF326", "@pipeline().globalParameters.regoin", ".regoin")
        .replace(
            "dataops.yaml",
            "globalParameters: { region: westeurope }",
            "",
        )
        .replace(
            "adf/factory/adf-claims.json",
            "\"globalParameters\"",
            "\"encryption\"",
        )
}

fn names() -> Vec<Case> {
    let variable = "\"variableName\": \"accounts\"";
    vec![
        notebook("ADF310", "@pipeline().parameters.fiel", ".fiel"),
        notebook("ADF310", "@{pipeline()['parameters']['no']}", "['no']"),
        case(
            "ADF310",
            INCOMING,
            "@dataset().file",
            "@dataset().fil",
            ".fil",
        ),
        case(
            "ADF310",
            STORAGE,
            "linkedService().account",
            "linkedService().acount",
            ".acount",
        ),
        notebook("ADF311", "@variables('acounts')[0]", "'acounts'"),
        case(
            "ADF311",
            INGEST,
            variable,
            "\"variableName\": \"other\"",
            "\"other\"",
        ),
        notebook("ADF312", "@pipeline().globalParameters.regoin", ".regoin"),
        notebook("ADF313", "@pipeline().parameters?.fiel", "?.fiel"),
        done("ADF322", "@not(variables('done'))", "'done'"),
        notebook("ADF324", "@pipeline().parameters.File", ".File"),
        notebook("ADF324", "@variables('Accounts')[0]", "'Accounts'"),
        notebook(
            "ADF324",
            "@pipeline().globalParameters['REGION']",
            "['REGION']",
        ),
        case(
            "ADF324",
            INCOMING,
            "@dataset().file",
            "@dataset().FILE",
            ".FILE",
        ),
        case(
            "ADF324",
            INGEST,
            variable,
            "\"variableName\": \"Accounts\"",
            "\"Accounts\"",
        ),
        items(
            "ADF324",
            "@activity('List Accounts').output.value",
            "'List Accounts'",
        ),
    ]
}

fn activities() -> Vec<Case> {
    vec![
        notebook("ADF314", "@activity('staeg').output.rowsRead", "'staeg'"),
        items("ADF315", "@activity('stage').output.errors", "'stage'"),
        notebook(
            "ADF315",
            "@activity('remember account').output",
            "'remember account'",
        ),
        notebook("ADF315", "@activity('prepare').output", "'prepare'"),
        notebook("ADF315", "@activity('archive').output", "'archive'"),
        done(
            "ADF315",
            "@empty(activity('until tidy').output)",
            "'until tidy'",
        ),
        items(
            "ADF315",
            "@activity('remember account').output",
            "'remember account'",
        ),
        Case::new("ADF323")
            .replace(INGEST, "\"ForEach\"", "\"Until\"")
            .replace(INGEST, "\"items\"", "\"expression\"")
            .replace(
                INGEST,
                "@activity('list accounts').output.value",
                "@equals(1, 1)",
            )
            .replace(INGEST, "@equals(item().state, 'active')", "@equals(1, 2)")
            .replace(INGEST, "@item().id", "a")
            .replace(
                INGEST,
                "@pipeline().RunId",
                "@activity('remember account').output",
            )
            .at(INGEST, "@activity('remember account')")
            .about("'remember account'"),
    ]
}

fn outputs() -> Vec<Case> {
    vec![
        items(
            "ADF316",
            "@activity('list accounts').output.firstRow",
            ".firstRow",
        ),
        items(
            "ADF316",
            "@activity('list accounts').output.vlaue",
            ".vlaue",
        ),
        items(
            "ADF316",
            "@activity('list accounts').outptu.value",
            ".outptu",
        ),
        notebook(
            "ADF316",
            "@activity('stage').output.rowsCoppied",
            ".rowsCoppied",
        ),
        notebook(
            "ADF316",
            "@activity('stage').output['dataWriten']",
            "['dataWriten']",
        ),
        Case::new("ADF316")
            .replace(INGEST, "\"waitOnCompletion\": true", "\"waitOnCompletion\": false")
            .replace(
                INGEST,
                "\"activities\": [\n\t\t\t{\n\t\t\t\t\"name\": \"list accounts\"",
                "\"activities\": [{\"name\": \"after\", \"type\": \"AppendVariable\", \"dependsOn\": [{\"activity\": \"archive\", \"dependencyConditions\": [\"Succeeded\"]}], \"typeProperties\": {\"variableName\": \"accounts\",\n\"value\": \"@activity('archive').output.pipelineReturnValue.x\"}},\n{\"name\": \"list accounts\"",
            )
            .at(INGEST, "pipelineReturnValue")
            .about(".pipelineReturnValue"),
    ]
}

fn references() -> Vec<Case> {
    let folder = "@dataset().folder";
    vec![
        notebook("ADF317", "@item().region", "item"),
        notebook("ADF325", "@trigger().startTime", "trigger"),
        notebook("ADF325", "@triggerBody().folderPath", "triggerBody"),
        night("ADF317", "@pipeline().RunId", "pipeline"),
        case(
            "ADF318",
            INCOMING,
            folder,
            "@pipeline().parameters.folder",
            ".parameters",
        ),
        notebook("ADF319", "@pipeline().Name", ".Name"),
        notebook(
            "ADF320",
            "@pipeline().TriggeredByPipelineRunId",
            ".TriggeredByPipelineRunId",
        ),
        night("ADF321", "@triggerBody().fileName", "triggerBody"),
        case(
            "ADF321",
            HOUR,
            "windowStartTime",
            "windowBeginTime",
            ".windowBeginTime",
        ),
        case(
            "ADF321",
            NEW,
            "@triggerBody().fileName",
            "@triggerBody().name",
            ".name",
        ),
    ]
}

fn places() -> Vec<Case> {
    let without_at = "pipeline().globalParameters.region";
    let pause = "\"name\": \"pause\"";
    vec![
        notebook("ADF330", without_at, &quoted(without_at)),
        notebook("ADF331", "west of it", "\"west of it\""),
        notebook("ADF332", "at @pipeline().RunId", "@pipeline"),
        notebook("ADF332", "@{pipeline().RunId}/@utcNow()", "@utcNow"),
        notebook("ADF332", " @utcNow()", " "),
        case(
            "ADF333",
            INCOMING,
            "\"new\"",
            "\"@utcNow()\"",
            "\"@utcNow()\"",
        ),
        case(
            "ADF333",
            TIDY,
            pause,
            "\"name\": \"pause @{1}\"",
            "\"pause @{1}\"",
        )
        .replace(
            TIDY,
            "\"activity\": \"pause\"",
            "\"activity\": \"pause @{1}\"",
        )
        .at(TIDY, "\"name\": \"pause @{1}\""),
    ]
}

fn control() -> Vec<Case> {
    let text = "@string(activity('list accounts').output)";
    let declared = "@pipeline().parameters['file']";
    let object = "{\n\t\t\t\t\t\t\"value\": \"@variables('done')\",\n\t\t\t\t\t\t\"type\": \"Expression\"\n\t\t\t\t\t}";
    vec![
        case(
            "ADF340",
            TIDY,
            object,
            "\"@variables('done')\"",
            "\"@variables('done')\"",
        ),
        items("ADF341", text, &quoted(text)),
        items(
            "ADF341",
            "@split('a,b', ',')[0]",
            "\"@split('a,b', ',')[0]\"",
        ),
        items(
            "ADF341",
            "@first(split('a,b', ','))",
            "\"@first(split('a,b', ','))\"",
        ),
        items("ADF342", "a, b", "\"a, b\""),
        items("ADF342", declared, &quoted(declared)),
        until("ADF343", "@length('done')", "\"@length('done')\""),
        until("ADF344", "done", "\"done\""),
        until("ADF344", "@{variables('done')}", "\"@{variables('done')}\""),
        Case::new("ADF345")
            .replace(TIDY, "\"type\": \"Wait\"", "\"type\": \"Switch\"")
            .replace(
                TIDY,
                "\"waitTimeInSeconds\": 30",
                "\"on\": { \"type\": \"Expression\",\n\"value\": \"@equals(1, 2)\" }",
            )
            .at(TIDY, "@equals")
            .about("\"@equals(1, 2)\""),
    ]
}

fn declarations() -> Vec<Case> {
    let start = "@pipeline().parameters['windowStart']";
    let given = "@join(variables('accounts'), ',')";
    vec![
        case(
            "ADF350",
            TIDY,
            "\"type\": \"string\"",
            "\"type\": \"datetime\"",
            "\"datetime\"",
        ),
        case(
            "ADF350",
            TIDY,
            "\"type\": \"Boolean\"",
            "\"type\": \"Bolean\"",
            "\"Bolean\"",
        ),
        case("ADF351", INCOMING, "\"new\"", "[\"new\"]", "[\"new\"]"),
        Case::new("ADF353")
            .replace(
                TIDY,
                "\"done\": {",
                "\"answer\": {\"type\": \"Object\"},\n\"done\": {",
            )
            .at(TIDY, "\"Object\""),
        Case::new("ADF355")
            .replace(
                INGEST,
                "\"file\": {\n\t\t\t\t\"type\": \"string\"",
                "\"file\": {\n\t\t\t\t\"type\": \"Boolean\"",
            )
            .at(INGEST, "\"Boolean\"")
            .about("\"Boolean\""),
        done("ADF370", "@concat('a', 'b')", "\"@concat('a', 'b')\""),
        done("ADF371", start, &quoted(start)),
        done("ADF371", "perhaps", "\"perhaps\""),
        Case::new("ADF372")
            .replace(INGEST, "\"type\": \"Array\"", "\"type\": \"String\"")
            .replace(INGEST, given, "@variables('accounts')")
            .at(INGEST, "\"variableName\"")
            .about("\"accounts\""),
    ]
}

/// What `archive-claims` gives to the dataset.
const GIVEN: &str = "\"parameters\": {\n\t\t\t\t\t\t\t\"file\": {\n\t\t\t\t\t\t\t\t\"value\": \"@pipeline().parameters.file\",\n\t\t\t\t\t\t\t\t\"type\": \"Expression\"\n\t\t\t\t\t\t\t}\n\t\t\t\t\t\t}";

fn arguments() -> Vec<Case> {
    vec![
        Case::new("ADF360")
            .replace(
                ARCHIVE,
                GIVEN,
                "\"parameters\": { \"file\": \"a\",\n\"fodler\": \"b\" }",
            )
            .at(ARCHIVE, "fodler")
            .about("\"fodler\""),
        Case::new("ADF361")
            .replace(ARCHIVE, GIVEN, "\"parameters\": {}")
            .at(ARCHIVE, "\"Incoming\"")
            .about("\"Incoming\""),
        Case::new("ADF364")
            .replace(
                STORAGE,
                "\"String\",\n\t\t\t\t\"defaultValue\": \"stclaims\"",
                "\"String\"",
            )
            .replace(
                INCOMING,
                "\"ClaimsStorage\",",
                "\"ClaimsStorage\", \"parameters\": {\"account\": \"a\"},",
            )
            .at("adf/dataset/Staged.json", "\"ClaimsStorage\"")
            .about("\"ClaimsStorage\""),
        Case::new("ADF362")
            .replace(NIGHT, "\"file\": \"all.csv\"", "")
            .at(NIGHT, "\"ingest-claims\"")
            .about("\"ingest-claims\""),
        Case::new("ADF365")
            .replace(ARCHIVE, GIVEN, "\"parameters\": {\n\"FILE\": \"a\" }")
            .at(ARCHIVE, "\"FILE\"")
            .about("\"FILE\""),
        case(
            "ADF363",
            NIGHT,
            "\"all.csv\"",
            "[\"all.csv\"]",
            "[\"all.csv\"]",
        ),
    ]
}

fn data_flows() -> Vec<Case> {
    let script = "\"scriptLines\": [";
    let declaring = |parameters: &str| format!("{script} \"parameters{{ {parameters} }}\",");
    let reference = "\"referenceName\": \"CleanClaims\",";
    let giving = format!("{reference}\n\"parameters\": {{ \"day\": \"'@{{item().day}}'\" }},");
    vec![
        Case::new("ADF360")
            .replace(
                INGEST,
                reference,
                &format!("{reference}\n\"datasetParameters\": {{\n\"claimz\": {{\"file\": \"a\"}}, \"claims\": {{}}}},"),
            )
            .at(INGEST, "\"claimz\"")
            .about("\"claimz\""),
        Case::new("ADF361")
            .replace(FLOW, script, &declaring("day as string, rate as integer (1)"))
            .at(INGEST, "\"CleanClaims\"")
            .about("\"CleanClaims\""),
        Case::new("ADF317")
            .replace(FLOW, script, &declaring("day as string"))
            .replace(INGEST, reference, &giving)
            .at(INGEST, "item().day")
            .about("item"),
        Case::new("ADF361")
            .replace(FLOW, "\"Staged\",\n\t\t\t\t\t\t\"type\": \"DatasetReference\"\n\t\t\t\t\t},\n\t\t\t\t\t\"name\": \"cleaned\"", "\"Incoming\", \"type\": \"DatasetReference\" }, \"name\": \"cleaned\"")
            .at(INGEST, "\"CleanClaims\"")
            .about("\"CleanClaims\""),
    ]
}

#[test]
fn a_missing_value_shows_its_declaration() {
    let case = Case::new("").replace(ARCHIVE, GIVEN, "\"parameters\": {}");

    let found = case.found();

    let missing = found.iter().find(|finding| finding.rule.id == "ADF361");
    let declared = &missing.unwrap().related[0];
    let line = declared.span.as_ref().map(|span| span.start.line);
    assert_eq!((declared.path.as_str(), line), (INCOMING, Some(9)));
}
