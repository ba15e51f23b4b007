//! What the service takes is not found, and whatever is written is looked at without a panic.

use std::sync::LazyLock;

use proptest::prelude::*;
use serde_json::{Map, Value};

use crate::expressions::{
    FLOW, INCOMING, INGEST, LEDGER, TIDY, case, done, night, notebook, until,
};
use crate::harness::{Case, Solution, assert_accepted};

#[test]
fn what_the_service_takes_is_not_found() {
    let script = "\"scriptLines\": [";
    let reference = "\"referenceName\": \"CleanClaims\",";
    let day = |day: &str| {
        let declaring = format!("{script} \"parameters{{ day as string }}\",");
        let value = format!("{{ \"value\": \"{day}\", \"type\": \"Expression\" }}");
        let giving = format!("{reference} \"parameters\": {{ \"day\": {value} }},");
        Case::new("")
            .replace(FLOW, script, &declaring)
            .replace(INGEST, reference, &giving)
    };
    let good = [
        notebook("", "@activity('stage')?.output?.rowsRead", ""),
        notebook("", "mail@concat.test, select @x, @@y", ""),
        notebook("", "@@concat('a')", ""),
        notebook("", "@{pipeline()?.TriggeredByPipelineName}", ""),
        notebook("", "@coalesce(pipeline().parameters.file, 1, null)", ""),
        until("", "@equals(activity('pause').status, 'Succeeded')", ""),
        done("", "@equals(variables('DONE2'), 1)", "").replace(
            TIDY,
            "\"done\": {",
            "\"done2\": { \"type\": \"Integer\", \"defaultValue\": 1 }, \"done\": {",
        ),
        night("", "@{formatDateTime(trigger().scheduledTime, 'yyyy')}", ""),
        case(
            "",
            INCOMING,
            "@dataset().folder",
            "@concat(pipeline().RunId, '')",
            "",
        ),
        case("", LEDGER, "\"reader\"", "\"@rea(der\"", ""),
        Case::new("").replace(
            INGEST,
            "\"userProperties\": [],\n\t\t\t\t\"typeProperties\": {\n\t\t\t\t\t\"source\": {\n\t\t\t\t\t\t\"type\": \"Del",
            "\"userProperties\": [{ \"name\": \"file\", \"value\": \"@{item().name}\" }], \"typeProperties\": { \"source\": { \"type\": \"Del",
        ),
        day("concat('a', 'b')"),
        day("'@{pipeline().parameters.file}'"),
        day("@pipeline().parameters.file"),
        day("@(a = 'b')"),
    ];

    for case in good {
        assert_accepted(&case);
    }
}

#[test]
fn inner_activities_are_seen_where_the_service_sees_them() {
    let after = |value: &str| {
        let activity = format!(
            "{{ \"name\": \"after\", \"type\": \"Fail\", \"dependsOn\": [{{ \"activity\": \"until tidy\", \"dependencyConditions\": [\"Failed\"] }}], \"typeProperties\": {{ \"message\": \"{value}\", \"errorCode\": \"1\" }} }},\n{{ \"name\": \"until tidy\""
        );
        Case::new("").replace(TIDY, "{\n\t\t\t\t\"name\": \"until tidy\"", &activity)
    };

    let found = after("@activity('pause').status").found();

    assert!(
        !found.iter().any(|finding| finding.rule.id == "ADF315"),
        "{found:?}"
    );
}

#[test]
fn blanks_around_the_name_of_an_activity_do_not_count() {
    let found = Case::new("")
        .replace(
            INGEST,
            "\"activity\": \"stage\"",
            "\"activity\": \"stage \"",
        )
        .replace(
            INGEST,
            "@activity('list accounts').output.value",
            "@activity('list accounts ').output.value",
        )
        .found();

    let found: Vec<_> = found.iter().map(|finding| finding.rule.id).collect();
    assert_eq!(found, ["ADF324", "ADF217"]);

    let free = "\"dependsOn\": [\n\t\t\t\t\t{\n\t\t\t\t\t\t\"activity\": \"list accounts\",\n\t\t\t\t\t\t\"dependencyConditions\": [\n\t\t\t\t\t\t\t\"Succeeded\"\n\t\t\t\t\t\t]\n\t\t\t\t\t}\n\t\t\t\t]";
    let found = Case::new("")
        .replace(INGEST, free, "\"dependsOn\": []")
        .replace(
            INGEST,
            "@activity('list accounts').output.value",
            "@activity('list accounts ').output.value",
        )
        .found();
    let found: Vec<_> = found.iter().map(|finding| finding.rule.id).collect();
    assert_eq!(found, ["ADF323"]);
}

static GOOD: LazyLock<Solution> = LazyLock::new(Solution::good);

fn values<'v>(value: &'v mut Value, all: &mut Vec<&'v mut Value>) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| values(item, all)),
        Value::Object(fields) => fields.values_mut().for_each(|field| values(field, all)),
        scalar => all.push(scalar),
    }
}

/// What expressions are made of.
const WORDS: [&str; 31] = [
    "@",
    "@{",
    "}",
    "(",
    ")",
    "'",
    ".",
    "?",
    "[",
    "]",
    ",",
    "@@",
    " ",
    "é",
    "item",
    "pipeline",
    "parameters",
    "file",
    "activity",
    "'stage'",
    "variables",
    "'done'",
    "concat",
    "if",
    "add",
    "1",
    "2.5",
    "true",
    "null",
    "RunId",
    "-",
];

fn anything() -> impl Strategy<Value = Value> {
    let word = prop::sample::select(&WORDS[..]);
    let text = prop::collection::vec(word, 0..12).prop_map(|words| Value::from(words.concat()));
    let scalar = prop_oneof![
        4 => text,
        1 => any::<String>().prop_map(Value::from),
        1 => prop_oneof![Just(Value::Null), any::<bool>().prop_map(Value::from), any::<i32>().prop_map(Value::from)],
    ];
    scalar.prop_recursive(3, 12, 4, |inner| {
        let key = prop::sample::select(vec![
            "type",
            "value",
            "referenceName",
            "parameters",
            "activities",
            "name",
            "defaultValue",
            "dependsOn",
            "expression",
        ]);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            inner
                .clone()
                .prop_map(|value| serde_json::json!({"type": "Expression", "value": value})),
            prop::collection::vec((key, inner), 0..4).prop_map(|fields| {
                let fields = fields
                    .into_iter()
                    .map(|(key, value)| (key.to_owned(), value));
                Value::Object(fields.collect::<Map<_, _>>())
            }),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_written_is_looked_at(file: prop::sample::Index, place: prop::sample::Index, value in anything()) {
        let mut solution = GOOD.clone();
        let path = solution.documents()[file.index(solution.documents().len())].to_owned();
        let mut document = solution.document(&path);
        let mut all = Vec::new();
        values(&mut document, &mut all);
        let place = place.index(all.len());
        *all[place] = value;
        solution.write(&path, &document);

        for finding in solution.check() {
            prop_assert!(finding.span.is_none_or(|span| span.start <= span.end));
        }
    }
}
