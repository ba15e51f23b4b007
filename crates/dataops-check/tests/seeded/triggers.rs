//! Mistakes in triggers.

use crate::harness::Case;

const EVENT: &str = "adf/trigger/on-new-claims.json";
const NIGHTLY: &str = "adf/trigger/every-night.json";
const HOURLY: &str = "adf/trigger/each-hour.json";
const CUSTOM: &str = "adf/trigger/custom.json";

fn custom(rest: &str) -> String {
    format!(
        "{{\"name\": \"custom\", \"properties\": {{\"pipelines\": [],\n\"type\": \"CustomEventsTrigger\",\n\"typeProperties\": {{{rest}}}}}}}"
    )
}

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = events();
    cases.extend(windows());
    cases.extend(schedules());
    cases
}

fn events() -> Vec<Case> {
    let scope = "/subscriptions/0/resourceGroups/rg/providers/Microsoft.EventGrid/topics/claims";
    let empty = "{\"name\": \"idle\", \"properties\": {\"pipelines\": [],\n\"runtimeState\": \"Started\",
        \"type\": \"ScheduleTrigger\", \"typeProperties\": {\"recurrence\": {\"frequency\": \"Day\", \"interval\": 1}}}}";
    vec![
        Case::new("ADF701")
            .write("adf/trigger/idle.json", empty)
            .at("adf/trigger/idle.json", "runtimeState"),
        Case::new("ADF702")
            .replace(EVENT, "\"scope\"", "\"account\"")
            .at(EVENT, "BlobEventsTrigger"),
        Case::new("ADF702")
            .write(CUSTOM, custom("\"scope\": \"\", \"events\": [\"ready\"]"))
            .at(CUSTOM, "scope"),
        Case::new("ADF703")
            .replace(EVENT, "Microsoft.Storage/", "Microsoft.Web/")
            .at(EVENT, "\"scope\""),
        Case::new("ADF704")
            .replace(EVENT, "\"blobPathBeginsWith\"", "\"begins\"")
            .replace(EVENT, "\"blobPathEndsWith\"", "\"ends\"")
            .at(EVENT, "BlobEventsTrigger"),
        Case::new("ADF705")
            .replace(EVENT, "/incoming/blobs/new/", "/incoming/new/")
            .at(EVENT, "/incoming/new/"),
        Case::new("ADF705")
            .replace(EVENT, "\".csv\"", "\"*.csv\"")
            .at(EVENT, "*.csv"),
        Case::new("ADF706")
            .replace(
                EVENT,
                "\"Microsoft.Storage.BlobCreated\"",
                "\"BlobCreated\"",
            )
            .at(EVENT, "\"BlobCreated\""),
        Case::new("ADF706")
            .write(
                CUSTOM,
                custom(&format!("\"scope\": \"{scope}\",\n\"events\": []")),
            )
            .at(CUSTOM, "\"events\""),
        Case::new("ADF707")
            .replace(EVENT, "\"pipelineReference\": {", "\"pipeline\": {")
            .at(EVENT, "\"pipelines\": [\n\t\t\t{")
            .at(EVENT, "{\n\t\t\t\t\"pipeline\""),
    ]
}

fn windows() -> Vec<Case> {
    let other = "{\"type\": \"TumblingWindowTriggerDependencyReference\",
        \"referenceTrigger\": {\"referenceName\": \"every-night\", \"type\": \"TriggerReference\"}},\n{";
    vec![
        Case::new("ADF707")
            .replace(HOURLY, "\"pipeline\": {", "\"pipelines\": [{")
            .replace(HOURLY, "},\n\t\t\"type\"", "}],\n\t\t\"type\"")
            .at(HOURLY, "pipelines"),
        Case::new("ADF708")
            .replace(HOURLY, "\"Hour\"", "\"Day\"")
            .at(HOURLY, "\"Day\""),
        Case::new("ADF708")
            .replace(HOURLY, "\"Hour\"", "\"Minute\"")
            .at(HOURLY, "\"interval\""),
        Case::new("ADF709")
            .replace(HOURLY, "\"maxConcurrency\": 10", "\"maxConcurrency\": 51")
            .at(HOURLY, "maxConcurrency"),
        Case::new("ADF710")
            .replace(
                HOURLY,
                "\"intervalInSeconds\": 60",
                "\"intervalInSeconds\": 6",
            )
            .at(HOURLY, "intervalInSeconds"),
        Case::new("ADF711")
            .replace(HOURLY, "\"-01:00:00\"", "\"01:00:00\"")
            .at(HOURLY, "\"offset\""),
        Case::new("ADF711")
            .replace(HOURLY, "\"size\": \"01:00:00\"", "\"size\": \"00:00:00\"")
            .at(HOURLY, "\"size\""),
        Case::new("ADF711")
            .replace(
                HOURLY,
                "\"dependsOn\": [\n\t\t\t\t{",
                &format!("\"dependsOn\": [\n{other}"),
            )
            .at(HOURLY, "every-night"),
        Case::new("ADF716")
            .replace(HOURLY, "\"startTime\"", "\"start\"")
            .at(HOURLY, "TumblingWindowTrigger\""),
    ]
}

fn schedules() -> Vec<Case> {
    let start = "\"startTime\": \"2026-01-01T00:00:00\"";
    vec![
        Case::new("ADF712")
            .replace(NIGHTLY, "\"Day\"", "\"Daily\"")
            .at(NIGHTLY, "Daily"),
        Case::new("ADF712")
            .replace(NIGHTLY, "\"interval\": 1", "\"interval\": 0")
            .at(NIGHTLY, "interval"),
        Case::new("ADF713")
            .replace(NIGHTLY, "30\n", "60\n")
            .at(NIGHTLY, "60\n"),
        Case::new("ADF714")
            .replace(
                NIGHTLY,
                "\"minutes\"",
                "\"weekDays\": [\"Monday\"],\n\"minutes\"",
            )
            .at(NIGHTLY, "weekDays"),
        Case::new("ADF715")
            .replace(NIGHTLY, "W. Europe Standard Time", "Europe/Berlin")
            .at(NIGHTLY, "Europe/Berlin"),
        Case::new("ADF716")
            .replace(NIGHTLY, start, "\"startTime\": \"1 January 2026\"")
            .at(NIGHTLY, "1 January"),
        Case::new("ADF717")
            .replace(
                NIGHTLY,
                start,
                &format!("{start},\n\"endTime\": \"2025-01-01T00:00:00\""),
            )
            .at(NIGHTLY, "endTime"),
        Case::new("ADF718")
            .replace(NIGHTLY, start, "\"startTime\": \"2026-01-01T00:00:00Z\"")
            .at(NIGHTLY, "startTime"),
        Case::new("ADF718")
            .replace(NIGHTLY, "W. Europe Standard Time", "UTC")
            .at(NIGHTLY, "startTime"),
    ]
}
