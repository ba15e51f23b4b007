//! The settings of a migration make of the documents what the old configuration made of them.
//!
//! What that is, is told here without the engine: each change is a JSON pointer and a value beside its line of CSV.

use adf_migrate::{Migration, migrate};
use adf_model::{Kind, ResourceId};
use adf_source::Repository;
use dataops_plan::{Desired, DesiredResource, Overlay};
use dataops_solution::Solution;
use dataops_solution::environment::Variables;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::harness::{config, notes, repository};

/// What a line does, and what it does to a document.
#[derive(Clone, Debug)]
struct Change {
    line: String,
    id: (Kind, &'static str),
    pointer: &'static str,
    /// None removes what is there.
    value: Option<Value>,
    adds: bool,
}

type Place = (Kind, &'static str, &'static str, &'static str);

const TEXTS: [Place; 8] = [
    (
        Kind::LinkedService,
        "LS_Databricks",
        "typeProperties.Domain",
        "/properties/typeProperties/domain",
    ),
    (
        Kind::LinkedService,
        "LS_Vault",
        "$.properties.typeProperties.baseUrl",
        "/properties/typeProperties/baseUrl",
    ),
    (
        Kind::LinkedService,
        "LS_Sql",
        "connectVia.referenceName",
        "/properties/connectVia/referenceName",
    ),
    (Kind::LinkedService, "LS_Vault", "type", "/properties/type"),
    (
        Kind::Pipeline,
        "PL_Copy",
        "activities['Train'].typeProperties.url.value",
        "/properties/activities/1/typeProperties/url/value",
    ),
    (
        Kind::Pipeline,
        "PL_Copy",
        "activities[0].name",
        "/properties/activities/0/name",
    ),
    (
        Kind::Pipeline,
        "PL_Copy",
        "folder.name",
        "/properties/folder/name",
    ),
    (
        Kind::Factory,
        "adf-dev",
        "globalParameters.env.value",
        "/properties/globalParameters/env/value",
    ),
];
const NUMBERS: [Place; 5] = [
    (
        Kind::Pipeline,
        "PL_Copy",
        "activities[0].typeProperties.source.batch",
        "/properties/activities/0/typeProperties/source/batch",
    ),
    (
        Kind::Pipeline,
        "PL_Copy",
        "activities[0].policy.retry",
        "/properties/activities/0/policy/retry",
    ),
    (
        Kind::Pipeline,
        "PL_Clean",
        "parameters.days.defaultValue",
        "/properties/parameters/days/defaultValue",
    ),
    (
        Kind::Trigger,
        "TR_Daily",
        "pipelines[0].parameters.days",
        "/properties/pipelines/0/parameters/days",
    ),
    (
        Kind::Factory,
        "adf-dev",
        "globalParameters.days.value",
        "/properties/globalParameters/days/value",
    ),
];
const BOOLEANS: [Place; 3] = [
    (
        Kind::Pipeline,
        "PL_Copy",
        "activities[0].typeProperties.enabled",
        "/properties/activities/0/typeProperties/enabled",
    ),
    (
        Kind::Pipeline,
        "PL_Copy",
        "parameters.'GP-Bool'.defaultValue",
        "/properties/parameters/GP-Bool/defaultValue",
    ),
    (
        Kind::Factory,
        "adf-dev",
        "globalParameters.live.value",
        "/properties/globalParameters/live/value",
    ),
];
const ARRAYS: [Place; 3] = [
    (
        Kind::Pipeline,
        "PL_Copy",
        "variables.names.defaultValue",
        "/properties/variables/names/defaultValue",
    ),
    (
        Kind::Pipeline,
        "PL_Copy",
        "annotations",
        "/properties/annotations",
    ),
    (
        Kind::Pipeline,
        "PL_Copy",
        "activities[0].dependsOn",
        "/properties/activities/0/dependsOn",
    ),
];
const OBJECTS: [Place; 3] = [
    (
        Kind::Pipeline,
        "PL_Copy",
        "activities[1].typeProperties.headers",
        "/properties/activities/1/typeProperties/headers",
    ),
    (
        Kind::Trigger,
        "TR_Hourly",
        "typeProperties",
        "/properties/typeProperties",
    ),
    (
        Kind::Pipeline,
        "PL_Clean",
        "parameters.days",
        "/properties/parameters/days",
    ),
];
const REMOVED: [Place; 6] = [
    (
        Kind::Pipeline,
        "PL_Copy",
        "annotations",
        "/properties/annotations",
    ),
    (
        Kind::Pipeline,
        "PL_Copy",
        "activities[1].typeProperties.headers",
        "/properties/activities/1/typeProperties/headers",
    ),
    (
        Kind::Pipeline,
        "PL_Copy",
        "activities[0].policy.retry",
        "/properties/activities/0/policy/retry",
    ),
    (
        Kind::LinkedService,
        "LS_Sql",
        "connectVia",
        "/properties/connectVia",
    ),
    (
        Kind::Pipeline,
        "PL_Clean",
        "parameters.days.defaultValue",
        "/properties/parameters/days/defaultValue",
    ),
    (
        Kind::Factory,
        "adf-dev",
        "globalParameters.env",
        "/properties/globalParameters/env",
    ),
];
const ADDED: [Place; 6] = [
    (
        Kind::Pipeline,
        "PL_Copy",
        "description",
        "/properties/description",
    ),
    (
        Kind::Pipeline,
        "PL_Copy",
        "activities['Train'].policy.deep.est",
        "/properties/activities/1/policy/deep/est",
    ),
    (
        Kind::Pipeline,
        "PL_Clean",
        "parameters.new.type",
        "/properties/parameters/new/type",
    ),
    (
        Kind::LinkedService,
        "LS_Vault",
        "typeProperties.'a.b'",
        "/properties/typeProperties/a.b",
    ),
    (
        Kind::Pipeline,
        "PL_Copy",
        "activities[0].policy.retry",
        "/properties/activities/0/policy/retry",
    ),
    (
        Kind::Factory,
        "adf-dev",
        "globalParameters.env.note",
        "/properties/globalParameters/env/note",
    ),
];

/// Texts as they are written and as they are deployed.
const WORDS: [(&str, &str); 14] = [
    ("https://qa.test", "https://qa.test"),
    ("a, \"b\": c # d", "a, \"b\": c # d"),
    ("on", "on"),
    ("5", "5"),
    ("", ""),
    ("- é ~ \u{1f600}", "- é ~ \u{1f600}"),
    ("two\nlines", "two\nlines"),
    ("`${x} `$y", "${x} $y"),
    ("$Env:HOST/x", "https://env.test/x"),
    ("${Env:HOST}$($Env:NUMBER)", "https://env.test42"),
    ("a$gone.b", "a.b"),
    (
        "@concat('a', pipeline().RunId)",
        "@concat('a', pipeline().RunId)",
    ),
    ("costs 5$", "costs 5$"),
    ("{\"unit\": \"x\"}", "{\"unit\": \"x\"}"),
];
/// The environment, and the secrets of the source under the names that are proposed for them.
const VARIABLES: [(&str, &str); 7] = [
    ("HOST", "https://env.test"),
    ("NUMBER", "42"),
    ("PL_COPY_SQL_PASSWORD", "old"),
    ("LS_DATABRICKS_ACCESS_TOKEN", "x"),
    ("PL_COPY_SECRET", "x"),
    ("PL_CLEAN_SECRET", "x"),
    ("TR_HOURLY_SECRET", "x"),
];

fn change(place: Place, sign: &str, written: &str, value: Option<Value>) -> Change {
    let (kind, name, path, pointer) = place;
    let cell = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let path = cell(&format!("{sign}{path}"));
    Change {
        line: format!("{},{name},{path},{}", kind.folder(), cell(written)),
        id: (kind, name),
        pointer,
        value,
        adds: sign == "+",
    }
}

fn changes() -> impl Strategy<Value = Change> {
    let at = prop::sample::select::<Place>;
    let word = || prop::sample::select(WORDS.to_vec());
    let number = prop_oneof![
        any::<i32>().prop_map(|n| (n.to_string(), json!(n))),
        Just(("$Env:NUMBER".to_owned(), json!(42)))
    ];
    let array = prop::collection::vec("[a-z' ]{0,3}", 0..3).prop_map(|items| {
        let quoted = items
            .iter()
            .map(|item| format!("'{}'", item.replace('\'', "''")));
        (
            format!("@({})", quoted.collect::<Vec<_>>().join(", ")),
            json!(items),
        )
    });
    let object = prop::sample::select(vec![
        ("{'x': 1}", json!({"x": 1})),
        (
            "{\"type\": \"int\", \"defaultValue\": 1}",
            json!({"type": "int", "defaultValue": 1}),
        ),
        ("{'secret': 'x'}", json!({"secret": "x"})),
        ("{}", json!({})),
        (
            "{'a.b': {'c]d': [1, 'x']}}",
            json!({"a.b": {"c]d": [1, "x"]}}),
        ),
        ("{'host': '$Env:HOST'}", json!({"host": "https://env.test"})),
    ]);
    prop_oneof![
        4 => (at(TEXTS.to_vec()), word()).prop_map(|(place, (text, value))| change(place, "", text, Some(json!(value)))),
        3 => (at(NUMBERS.to_vec()), number).prop_map(|(place, (text, value))| change(place, "", &text, Some(value))),
        2 => (at(BOOLEANS.to_vec()), any::<bool>()).prop_map(|(place, b)| change(place, "", &b.to_string(), Some(json!(b)))),
        2 => (at(ARRAYS.to_vec()), array).prop_map(|(place, (text, value))| change(place, "", &text, Some(value))),
        2 => (at(OBJECTS.to_vec()), object).prop_map(|(place, (text, value))| change(place, "", text, Some(value))),
        2 => at(REMOVED.to_vec()).prop_map(|place| change(place, "-", "", None)),
        2 => (at(ADDED.to_vec()), word()).prop_map(|(place, (text, value))| change(place, "+", text, Some(json!(value)))),
    ]
}

/// The documents after the changes, whose types must fit what is there.
fn by_hand(repository: &Repository, changes: &[Change]) -> Vec<(ResourceId, Value)> {
    let resources = repository.resources.iter();
    let mut documents: Vec<_> = resources
        .map(|resource| (resource.id.clone(), resource.file.json().clone()))
        .collect();
    for change in changes {
        let id = ResourceId::new(change.id.0, change.id.1);
        let (_, document) = documents.iter_mut().find(|(own, _)| *own == id).unwrap();
        apply(document, change);
    }
    documents
}

fn apply(document: &mut Value, change: &Change) {
    let (parent, last) = change.pointer.rsplit_once('/').unwrap();
    match &change.value {
        None => {
            if let Some(parent) = document.pointer_mut(parent).and_then(Value::as_object_mut) {
                parent.shift_remove(last);
            }
        }
        Some(value) if change.adds => {
            let mut here = document;
            for part in change.pointer.split('/').skip(1) {
                here = match part.parse::<usize>() {
                    Ok(at) => &mut here[at],
                    Err(_) => &mut here[part],
                };
            }
            *here = value.clone();
        }
        Some(value) => {
            if let Some(there) = document.pointer_mut(change.pointer)
                && std::mem::discriminant(there) == std::mem::discriminant(value)
            {
                *there = value.clone();
            } else if let Some(there @ Value::String(_)) = document.pointer_mut(change.pointer) {
                // A number has become text by a line before.
                *there = change
                    .line
                    .rsplit_once(",\"")
                    .unwrap()
                    .1
                    .trim_end_matches('"')
                    .replace("$Env:NUMBER", "42")
                    .into();
            }
        }
    }
}

/// The documents as the environment of a migration wants them, by way of `dataops.yaml`.
fn by_settings(repository: &Repository, migration: &Migration) -> Desired {
    let written = serde_json::to_value(&migration.environments[0]).unwrap();
    let keys = ["overrides", "globalParameters", "renames", "triggers"];
    let settings: Map<_, _> = keys
        .map(|key| (key.to_owned(), written[key].clone()))
        .into_iter()
        .collect();
    let yaml = json!({"name": "x", "environments": {"qa": settings}}).to_string();
    let solution = Solution::new("/s", yaml.as_str()).unwrap();
    let environment = solution
        .environment("qa", &Variables::new(VARIABLES))
        .unwrap();
    let overlay = Overlay::of(&environment).unwrap();
    Desired::of(repository, &overlay).unwrap_or_else(|error| panic!("{error}\n{yaml}"))
}

fn assert_same(changes: &[Change]) {
    let repository = repository();
    let lines: Vec<_> = changes.iter().map(|change| change.line.as_str()).collect();
    let migration = migrate(&repository, &[config(&lines.join("\n"))]).unwrap();
    let by_settings = by_settings(&repository, &migration);
    let by_hand =
        Desired::of_documents(by_hand(&repository, changes), &Overlay::default()).unwrap();
    let ids = repository
        .resources
        .iter()
        .map(|resource| resource.id.clone());
    for id in ids.chain([ResourceId::new(Kind::GlobalParameters, "default")]) {
        let body = |desired: &Desired| desired.get(&id).map(DesiredResource::body);
        assert_eq!(
            body(&by_settings),
            body(&by_hand),
            "{id}\n{}\n{}",
            lines.join("\n"),
            notes(&migration)
        );
    }
}

#[test]
fn each_change_alone_is_the_same_by_settings() {
    let places = [&TEXTS[..], &ADDED[..]];
    for (sign, place) in [("", 0), ("+", 1)]
        .into_iter()
        .flat_map(|(sign, at)| places[at].iter().map(move |place| (sign, *place)))
    {
        for (text, value) in WORDS {
            assert_same(&[change(place, sign, text, Some(json!(value)))]);
        }
    }
    for place in REMOVED {
        assert_same(&[change(place, "-", "", None)]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(100) })]

    #[test]
    fn all_changes_together_are_the_same_by_settings(changes in prop::collection::vec(changes(), 1..12)) {
        assert_same(&changes);
    }
}
