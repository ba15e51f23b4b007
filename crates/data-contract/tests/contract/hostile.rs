//! Contracts that nobody would write.

use data_contract::compile::{Selection, Settings};
use data_contract::lint::lint;
use data_contract::model::Variables;
use data_contract::plan::{Evidence, Gap, Literal, Measured, ObjectId, Value};
use data_contract::spark::{Schema, Source, prepare};
use data_contract::{Contract, compare, compile, judge};
use proptest::prelude::*;

/// Words that contracts are made of, in places where they do not belong.
const WORDS: &[&str] = &[
    "schema",
    "properties",
    "name",
    "items",
    "map",
    "key",
    "value",
    "quality",
    "metric",
    "rowCount",
    "nullValues",
    "invalidValues",
    "duplicateValues",
    "missingValues",
    "validValues",
    "arguments",
    "pattern",
    "mustBe",
    "mustBeBetween",
    "mustBeLessThan",
    "type",
    "sql",
    "query",
    "custom",
    "engine",
    "dataops",
    "implementation",
    "check",
    "drift",
    "splitShare",
    "keyLeakage",
    "column",
    "columns",
    "with",
    "reference",
    "object",
    "bins",
    "logicalType",
    "integer",
    "string",
    "date",
    "array",
    "logicalTypeOptions",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "multipleOf",
    "minLength",
    "format",
    "required",
    "unique",
    "primaryKey",
    "enum",
    "relationships",
    "to",
    "from",
    "t.a",
    "schema/t/properties/a",
    "slaProperties",
    "property",
    "latency",
    "retention",
    "element",
    "unit",
    "percent",
    "d",
    "servers",
    "t",
    "a",
    "apiVersion",
    "v3.0.2",
    "v3.1.0",
    "${A:-b}",
    "{object}",
    "(",
    "-1",
    "1e999",
];

fn any_value() -> impl Strategy<Value = serde_json::Value> {
    let word = || prop::sample::select(WORDS).prop_map(str::to_owned);
    let leaf = prop_oneof![
        word().prop_map(Into::into),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        Just(serde_json::Value::Null),
        (-10..10_i32).prop_map(Into::into),
    ];
    leaf.prop_recursive(6, 60, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Into::into),
            prop::collection::vec((word(), inner), 0..6)
                .prop_map(|pairs| serde_json::Value::Object(pairs.into_iter().collect())),
        ]
    })
}

/// A contract whose parts are where they belong, and anything in them.
fn any_contract() -> impl Strategy<Value = String> {
    (any_value(), prop::collection::vec(any_value(), 0..4), any_value(), any_value()).prop_map(|(options, rules, sla, more)| {
        serde_json::json!({
            "apiVersion": "v3.1.0",
            "schema": [
                {"name": "t", "properties": [{"name": "a", "logicalType": "integer", "logicalTypeOptions": options, "quality": rules}, more], "quality": rules},
                more,
            ],
            "slaProperties": [sla],
            "servers": [sla],
        })
        .to_string()
    })
}

/// Runs a text through everything, with every kind of value where another was asked for.
fn survives(text: &str) {
    let Ok(contract) = Contract::read(text, &Variables::default()) else {
        return;
    };
    let found = lint(&contract);
    let lines = text.lines().count().max(1);
    assert!(
        found
            .iter()
            .all(|finding| (1..=lines).contains(&finding.line))
    );
    // Whatever it says, it says the same as itself.
    assert_eq!(compare::compare(&contract, &contract).changes, []);
    let Ok(plan) = compile(&contract, &Selection::default(), &Settings::default()) else {
        return;
    };
    let values = [
        Ok(Value::Count(u64::MAX)),
        Ok(Value::Count(0)),
        Ok(Value::Scalar(Literal::Null)),
        Ok(Value::Scalar(Literal::Timestamp(i64::MIN))),
        Ok(Value::Scalar(Literal::Date(i32::MAX))),
        Ok(Value::Scalar(Literal::Number(f64::NAN))),
        Ok(Value::Bins(Vec::new())),
        Ok(Value::AtLeast(u64::MAX, Gap::Absent)),
        Ok(Value::Spread(data_contract::plan::Spread::default())),
        Ok(Value::Frequencies {
            values: Vec::new(),
            rest: u64::MAX,
            more: 1,
        }),
        Err(Gap::Absent),
    ];
    for value in values {
        let measured = Measured {
            value,
            evidence: Evidence::Scan,
            samples: Vec::new(),
            files: Vec::new(),
        };
        let all: Vec<_> = plan
            .objects
            .iter()
            .map(|object| vec![measured.clone(); object.measures.len()])
            .collect();
        let verdict = judge(&plan, &all, jiff::Timestamp::MAX);
        assert_eq!(verdict.checks.len(), plan.checks.len().max(1));
    }
    let schema = Schema::read([("a", "int"), ("b", "array<struct<c:string>>")])
        .expect("the types are those of Spark");
    let places: Vec<_> = plan
        .objects
        .iter()
        .map(|object| (Source::Table(vec![object.name.clone()]), schema.clone()))
        .collect();
    for at in 0..plan.objects.len() {
        let prepared = prepare(&plan, ObjectId(at), &places);
        assert_eq!(
            prepared.measured(&[]).len(),
            plan.objects[at].measures.len()
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_mapping_is_taken_to_a_verdict(value in any_value()) {
        survives(&value.to_string());
    }

    #[test]
    fn any_parts_of_a_contract_are_taken_to_a_verdict(text in any_contract()) {
        survives(&text);
    }
}

#[test]
fn what_would_cost_too_much_is_refused() {
    let laughs = (1..15).fold("a0: &a0 [x, x]\n".to_owned(), |text, level| {
        let below = level - 1;
        format!(
            "{text}a{level}: &a{level} [*a{below}, *a{below}, *a{below}, *a{below}, *a{below}]\n"
        )
    });
    let deep = format!("schema: {}", "[{properties: ".repeat(10_000));
    let long = format!("description: {}", "x".repeat(17 << 20));
    for text in [
        laughs.as_str(),
        &deep,
        &long,
        "schema: &s [{name: t, properties: *s}]",
    ] {
        assert!(
            Contract::read(text, &Variables::default()).is_err(),
            "{text:.40}"
        );
    }
}

#[test]
fn a_wide_contract_is_compiled_at_once() {
    let columns: String = (0..1_000).map(|at| format!("  - {{name: c{at}, logicalType: integer, required: true, logicalTypeOptions: {{minimum: {at}}}}}\n")).collect();
    let plan = crate::made::columns(&columns);

    assert_eq!(plan.checks.len(), 2 + 1_000 * 4);
}

#[test]
fn aliases_that_stand_for_aliases_end_with_the_limit_and_the_place() {
    let mut text = "apiVersion: v3.1.0\na: &a [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for (before, name) in ('a'..='h').zip('b'..='i') {
        let items = vec![format!("*{before}"); 9].join(", ");
        text += &format!("{name}: &{name} [{items}]\n");
    }

    let error = Contract::read(&text, &Variables::default()).unwrap_err();

    assert!(error.reason.contains("100,000"), "{error}");
    assert!((3..=10).contains(&error.line), "{error}");
    let many = format!("a: &a x\nb: [{}]\n", "*a, ".repeat(1_001));
    let error = Contract::read(&many, &Variables::default()).unwrap_err();
    assert!(error.reason.contains("1,000 aliases"), "{error}");
}
