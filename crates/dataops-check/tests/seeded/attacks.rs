//! Documents that are made to take long, or to fill the memory: each is looked at to its end.

use crate::harness::Solution;

const FLOOD: &str = "adf/pipeline/flood.json";

/// How many findings there are of a rule in a pipeline with these activities, and of all rules.
fn found(activities: &str, rule: &str) -> (usize, usize) {
    let document =
        format!(r#"{{"name": "flood", "properties": {{"activities": [{activities}]}}}}"#);
    let found = Solution::good().with(FLOOD, document).check();
    let of_it = found.iter().filter(|finding| finding.rule.id == rule);
    (of_it.count(), found.len())
}

/// A thousand are listed, and a sentence counts the rest.
const LISTED: usize = 1_001;

#[test]
fn a_hundred_thousand_wrong_items_end_in_a_count() {
    let items = vec!["1"; 100_000].join(",");

    assert_eq!(found(&items, "ADF102").0, LISTED);
}

#[test]
fn many_activities_that_wait_for_nobody_end_in_a_count() {
    let wait = |number| {
        format!(
            r#"{{"name": "w{number}", "type": "Wait", "typeProperties": {{"waitTimeInSeconds": 1}},
            "dependsOn": [{{"activity": "x{number}", "dependencyConditions": ["Succeeded"]}}]}}"#
        )
    };
    let activities: Vec<_> = (0..20_000).map(wait).collect();

    assert_eq!(found(&activities.join(","), "ADF210").0, LISTED);
}

#[test]
fn a_circle_of_many_activities_is_one_finding() {
    let wait = |number: usize| {
        let next = (number + 1) % 5_000;
        format!(
            r#"{{"name": "w{number}", "type": "Wait", "typeProperties": {{"waitTimeInSeconds": 1}},
            "dependsOn": [{{"activity": "w{next}", "dependencyConditions": ["Succeeded"]}}]}}"#
        )
    };
    let activities: Vec<_> = (0..5_000).map(wait).collect();

    assert_eq!(found(&activities.join(","), "ADF212").0, 1);
}

#[test]
fn an_expression_of_a_megabyte_is_too_long() {
    for expression in [
        format!("@{}1{}", "add(1,".repeat(100_000), ")".repeat(100_000)),
        format!("@concat('{}')", "x".repeat(1_000_000)),
        format!("@{}", "[".repeat(1_000_000)),
    ] {
        let activity = format!(
            r#"{{"name": "w", "type": "Wait", "typeProperties": {{"waitTimeInSeconds": {{"value": "{expression}", "type": "Expression"}}}}}}"#
        );

        assert_eq!(found(&activity, "ADF404").0, 1, "{}", &expression[..20]);
    }
}

#[test]
fn texts_that_begin_like_secrets_all_along_are_looked_at_once() {
    for part in [
        "code=",
        "?sig=",
        "eyJ",
        "dapi",
        "a=b;",
        "-----BEGIN PRIVATE KEY-----",
    ] {
        let text = part.repeat(1_000_000 / part.len());
        let activity = format!(
            r#"{{"name": "w", "type": "Wait", "typeProperties": {{"waitTimeInSeconds": 1}}, "description": "{text}"}}"#
        );

        assert!(found(&activity, "ADF601").1 < 20, "{part}");
    }
}

#[test]
fn a_hundred_thousand_parameters_that_nobody_reads_end_in_a_count() {
    let parameters: Vec<_> = (0..100_000)
        .map(|number| {
            format!(r#""p-{number}": {{"type": "string"}}, "q{number}": {{"type": "string"}}"#)
        })
        .collect();
    let text = "@concat('x') ".repeat(10_000);
    let document = format!(
        r#"{{"name": "flood", "properties": {{"description": "{text}", "activities": [], "parameters": {{{}}}}}}}"#,
        parameters.join(", ")
    );

    let found = Solution::good().with(FLOOD, document).check();

    let unused = found.iter().filter(|finding| finding.rule.id == "ADF501");
    assert_eq!(unused.count(), LISTED);
}
