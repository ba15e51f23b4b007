//! What differs between two versions of a contract.

use data_contract::Contract;
use data_contract::compare::{Comparison, compare};

pub(crate) fn read(version: &str, body: &str) -> Contract {
    let text = format!(
        "apiVersion: v3.1.0\nkind: DataContract\nid: c\nversion: {version}\nstatus: active\n{body}"
    );
    Contract::read(&text, &Default::default()).expect("the contract is YAML")
}

pub(crate) fn shown(compared: &Comparison) -> String {
    let lines = compared.changes.iter().map(|change| {
        format!(
            "{:?} {} ({:?} {}): {}\n",
            change.impact, change.subject, change.version, change.line, change.message
        )
    });
    lines.collect()
}

pub(crate) fn columns(old: &str, new: &str) -> String {
    let body = |columns: &str| format!("schema:\n- name: t\n  properties:\n{columns}");
    shown(&compare(
        &read("1.0.0", &body(old)),
        &read("1.0.0", &body(new)),
    ))
}

#[test]
fn what_is_gone_or_another_breaks_a_contract() {
    let changes = columns(
        "  - {name: a}\n  - {name: b, logicalType: integer}\n  - {name: c, physicalType: varchar(10)}\n  - {name: d, physicalType: varchar(10)}\n  - {name: e, classification: public}\n",
        "  - {name: b, logicalType: number}\n  - {name: c, physicalType: varchar(20)}\n  - {name: d, physicalType: varchar(5)}\n  - {name: e, classification: secret}\n  - {name: f}\n  - {name: g, required: true}\n",
    );

    insta::assert_snapshot!(changes, @r"
    Breaking t.b (New 9): it holds numbers instead of whole numbers
    Breaking t.c (New 10): its type is varchar(20) instead of varchar(10), which is wider
    Breaking t.d (New 11): its type is varchar(5) instead of varchar(10)
    Breaking t.g.required (New 14): it is new that `g` is never null
    Breaking t.a (Old 9): the column is gone
    Compatible t.f (New 13): the column is new
    Compatible t.g (New 14): the column is new
    Note t.e (New 12): its values are confidential now
    ");
}

#[test]
fn stricter_rules_break_producers_and_looser_ones_consumers() {
    let changes = columns(
        "  - {name: a, logicalType: integer, logicalTypeOptions: {minimum: 0, maximum: 10}, unique: true}
  - {name: b, logicalType: string, logicalTypeOptions: {maxLength: 5, pattern: '^a'}}
  - {name: c, quality: [{id: few, metric: nullValues, unit: percent, mustBeLessThan: 5}, {id: set, metric: invalidValues, arguments: {validValues: [a, b]}, mustBe: 0, severity: warning}]}
  - {name: d, quality: [{id: more, metric: invalidValues, arguments: {validValues: [a]}, mustBe: 0}]}
",
        "  - {name: a, logicalType: integer, logicalTypeOptions: {minimum: 1, maximum: 20}}
  - {name: b, logicalType: string, logicalTypeOptions: {maxLength: 4, pattern: '^b'}}
  - {name: c, quality: [{id: few, metric: nullValues, unit: percent, mustBeLessThan: 1}, {id: set, metric: invalidValues, arguments: {validValues: [a, b]}, mustBe: 0}]}
  - {name: d, quality: [{id: more, metric: invalidValues, arguments: {validValues: [a, b]}, mustBe: 0}]}
",
    );

    insta::assert_snapshot!(changes, @r"
    Breaking t.a.minimum (New 9): it is asked more strictly that `a` is at least 1; it was: `a` is at least 0
    Breaking t.a.maximum (New 9): it is asked less strictly that `a` is at most 20; it was: `a` is at most 10
    Breaking t.b.maxLength (New 10): it is asked more strictly that `b` has at most 4 characters; it was: `b` has at most 5 characters
    Breaking t.b.pattern (New 10): it is asked otherwise that `b` matches ^b; it was: `b` matches ^a
    Breaking few (New 11): it is asked more strictly that null values of `c` < 1 %; it was: null values of `c` < 5 %
    Breaking set (New 11): it is asked more strictly that invalid values of `c` = 0 (an error now)
    Breaking more (New 12): it is asked less strictly that invalid values of `d` = 0 (with b)
    Breaking t.a.unique (Old 9): it is no longer asked that no value of `a` repeats
    ");
}

#[test]
fn another_key_is_another_rule() {
    let body = |key: &str, primary: &str, to: &str| {
        format!(
            "schema:
- name: t
  properties:
  - {{name: x, primaryKey: true, primaryKeyPosition: 1}}
  - {{name: y{primary}}}
  - {{name: z, relationships: [{{to: u.{to}}}]}}
  quality: [{{id: once, metric: duplicateValues, arguments: {{properties: {key}}}, mustBe: 0}}]
- name: u
  properties: [{{name: a}}, {{name: b}}]
"
        )
    };
    let both = ", primaryKey: true, primaryKeyPosition: 2";
    let old = read("1.0.0", &body("[x, y]", both, "a"));
    let changed = |new: &str| shown(&compare(&old, &read("1.0.0", new)));

    insta::assert_snapshot!(changed(&body("[x]", both, "a")), @r"
    Breaking once (New 12): it is asked more strictly that duplicate values of `t` = 0 (`x` instead of `x`, `y`)
    ");
    insta::assert_snapshot!(changed(&body("[x, y, z]", both, "a")), @r"
    Breaking once (New 12): it is asked less strictly that duplicate values of `t` = 0 (`x`, `y`, `z` instead of `x`, `y`)
    ");
    insta::assert_snapshot!(changed(&body("[x, y]", "", "a")), @r"
    Breaking t.primaryKey (New 9): it is asked more strictly that no primary key repeats: `x`; it was: no primary key repeats: `x`, `y`
    Breaking t.y.primaryKey (Old 10): it is no longer asked that `y` is never null, since it is in the primary key
    ");
    insta::assert_snapshot!(changed(&body("[x, y]", both, "b")), @r"
    Breaking t.z.relationship (New 11): it is asked otherwise that each `z` is in `u.b`; it was: each `z` is in `u.a`
    ");
    assert_eq!(changed(&body("[y, x]", both, "a")), "");
}

#[test]
fn the_version_grows_by_what_changed() {
    let one = "schema: [{name: t, properties: [{name: a}]}]\nservers: [{server: s, type: local, path: a, format: csv}]\n";
    let advice = |version: &str, body: &str| {
        let compared = compare(&read("1.2.3", one), &read(version, body));
        (compared.suggested(), compared.is_versioned())
    };
    let suggested = |version: &str, versioned| (Some(version.to_owned()), versioned);

    assert_eq!(advice("1.2.3", one), suggested("1.2.3", true));
    assert_eq!(
        advice("1.2.4", &one.replace("path: a", "path: b")),
        suggested("1.2.4", true)
    );
    assert_eq!(
        advice("1.2.4", &one.replace("{name: a}", "{name: a}, {name: b}")),
        suggested("1.3.0", false)
    );
    assert_eq!(
        advice("2.0.0", &one.replace("{name: a}", "{name: b}")),
        suggested("2.0.0", true)
    );
    assert_eq!(
        advice("latest", &one.replace("{name: a}", "{name: b}")),
        suggested("2.0.0", false)
    );
}

#[test]
fn a_version_that_is_lost_tells_nobody_of_a_change() {
    let body = |columns: &str| format!("schema: [{{name: t, properties: [{columns}]}}]\n");
    let compared = |old: &str, new: &str| {
        compare(
            &read(old, &body("{name: a}")),
            &read(new, &body("{name: b}")),
        )
    };

    for (old, new) in [
        ("1.0.0", ""),
        ("1.0.0", "draft"),
        ("1.0", "latest"),
        ("draft", ""),
        ("", ""),
        ("v1.0", "1.9"),
    ] {
        let compared = compared(old, new);
        assert!(compared.breaks_unannounced(), "{old} {new}");
    }
    for (old, new) in [("1.0", "v2.0.0-rc.1"), ("draft", "1.0.0"), ("a", "b")] {
        let compared = compared(old, new);
        assert!(compared.is_versioned(), "{old} {new}");
    }
    assert_eq!(
        compared("1.0.0", "").unordered().as_deref(),
        Some("the contract has no version that could grow")
    );
}

#[test]
fn what_is_not_settled_breaks_with_its_second_number() {
    let body = |columns: &str| format!("schema: [{{name: t, properties: [{columns}]}}]\n");
    let status = |status: &str| {
        let text = format!(
            "apiVersion: v3.1.0\nkind: DataContract\nid: c\nversion: 1.2.3\nstatus: {status}\n{}",
            body("{name: a}")
        );
        Contract::read(&text, &Default::default()).expect("the contract is YAML")
    };
    let needed = |old: &Contract| compare(old, &read("1.3.0", &body("{name: b}"))).suggested();

    assert_eq!(needed(&status("draft")).as_deref(), Some("1.3.0"));
    assert_eq!(needed(&status("proposed")).as_deref(), Some("1.3.0"));
    assert_eq!(needed(&status("active")).as_deref(), Some("2.0.0"));
    let first = read("0.1.0", &body("{name: a}"));
    assert_eq!(needed(&first).as_deref(), Some("0.2.0"));
    let minor = compare(&first, &read("0.2.0", &body("{name: b}")));
    assert!(minor.is_versioned());
    let patch = compare(&first, &read("0.1.1", &body("{name: b}")));
    assert!(patch.breaks_unannounced());
}

#[test]
fn a_rule_may_be_called_as_checks_of_columns_are() {
    let rules = |ids: &[&str]| {
        let rules = ids
            .iter()
            .map(|id| format!("{{id: {id}, metric: nullValues, mustBe: 0}}"));
        let rules: Vec<_> = rules.collect();
        let rules = rules.join(", ");
        let body =
            format!("schema: [{{name: t, properties: [{{name: a, quality: [{rules}]}}]}}]\n");
        read("1.0.0", &body)
    };
    let ids = [
        "type-2",
        "physicalType-1",
        "type",
        "present",
        "notEmpty",
        "x.extraColumns",
    ];

    let compared = compare(&rules(&ids), &rules(&[]));

    let gone = compared
        .changes
        .iter()
        .map(|change| change.subject.as_str());
    assert_eq!(gone.collect::<Vec<_>>(), ids);
    assert!(compared.breaks_unannounced());
}

#[test]
fn a_contract_does_not_differ_from_itself() {
    let body = "schema:
- name: t
  properties:
  - {name: a, logicalType: integer, primaryKey: true, relationships: [{to: t.b}], quality: [{metric: duplicateValues, mustBe: 0}, {type: text, description: x}]}
  - {name: b, logicalType: date, enum: [{value: '2026-01-01'}]}
  quality: [{type: sql, query: SELECT 1, mustBe: 1}, {type: custom, engine: dataops, implementation: {check: constant}}]
slaProperties: [{property: latency, value: 1, unit: d, element: t.b}]
";

    assert_eq!(
        shown(&compare(&read("1.0.0", body), &read("1.0.0", body))),
        ""
    );
}

#[test]
fn each_change_says_whom_it_concerns() {
    let body = |columns: &str| format!("schema:\n- name: t\n  properties:\n{columns}");
    let compared = compare(
        &read(
            "1.0.0",
            &body(
                "  - {name: a, required: true}\n  - {name: b, logicalType: integer}\n  - {name: c}\n",
            ),
        ),
        &read(
            "1.0.0",
            &body(
                "  - {name: a}\n  - {name: b, logicalType: number}\n  - {name: d, required: true}\n",
            ),
        ),
    );
    let lines = compared.changes.iter().map(|change| {
        format!(
            "{:?} {}: {}\n",
            change.concerns, change.subject, change.message
        )
    });
    insta::assert_snapshot!(lines.collect::<String>(), @r"
    Both t.b: it holds numbers instead of whole numbers
    Producers t.d.required: it is new that `d` is never null
    Consumers t.a.required: it is no longer asked that `a` is never null
    Consumers t.c: the column is gone
    Producers t.d: the column is new
    ");
}

#[test]
fn two_of_one_name_are_told_and_none_of_them_is_lost() {
    let body = |second: &str, more: &str| {
        format!(
            "schema:\n- name: t\n  properties: [{{name: a}}{more}]\n{second}\n- name: u\n  properties: [{{name: x}}]\n"
        )
    };
    let twice = "- name: t\n  properties: [{name: b, required: true}]";
    let changed = |old: &str, new: &str| shown(&compare(&read("1.0.0", old), &read("1.0.0", new)));

    insta::assert_snapshot!(changed(&body("", ""), &body(twice, ", {name: a}")), @r"
    Breaking t.a (New 8): another column has this name, in line 8, so that it is open which one is meant
    Breaking t (New 9): another object has this name, in line 7, so that it is open which one is meant
    Breaking t.b.required (New 10): it is new that `b` is never null
    ");
    assert_eq!(changed(&body(twice, ""), &body(twice, "")), "");
    let columns = "[{name: a, required: true}, {name: a, required: true}]";
    let columns = format!("schema: [{{name: t, properties: {columns}}}]\n");
    assert_eq!(changed(&columns, &columns), "");
    insta::assert_snapshot!(changed(&columns, &columns.replacen("{name: a, required: true}, ", "", 1)), @r"
    Note t.a (Old 6): the column is no longer there more than once
    ");
    insta::assert_snapshot!(changed(&body("", ", {name: c, required: true}"), &body("", "")), @r"
    Breaking t.c (Old 8): the column is gone
    ");
    insta::assert_snapshot!(changed(&body(twice, ""), &body("", "")), @r"
    Breaking t (Old 9): one of several of this name is gone, and was another object
    ");
    insta::assert_snapshot!(changed(&body(twice, ""), &body(&twice.replace("required: true", "unique: true"), "")), @r"
    Breaking t.b.unique (New 10): it is new that no value of `b` repeats
    Breaking t.b.required (Old 10): it is no longer asked that `b` is never null
    ");
}

#[test]
fn what_only_warns_can_change() {
    let changes = columns(
        "  - {name: a, quality: [{id: one, metric: nullValues, mustBeLessThan: 5, severity: warning}, {id: two, metric: nullValues, mustBeLessThan: 6}, {id: three, metric: missingValues, arguments: {missingValues: [x]}, mustBe: 0, severity: warning}, {id: four, type: text, description: x}]}\n",
        "  - {name: a, quality: [{id: one, metric: nullValues, mustBeLessThan: 9, severity: warning}, {id: two, metric: nullValues, mustBeLessThan: 6, severity: warning}]}\n",
    );

    insta::assert_snapshot!(changes, @r"
    Breaking two (New 9): it is asked less strictly that null values of `a` < 6 (a warning now)
    Compatible one (New 9): it is asked less strictly that null values of `a` < 9; it was: null values of `a` < 5
    Compatible three (Old 9): it is no longer asked that missing values of `a` = 0
    Note four (Old 9): it is no longer asked that x
    ");
}

#[test]
fn versions_that_are_no_numbers_are_said_to_be_none() {
    let body = |columns: &str| format!("schema: [{{name: t, properties: [{columns}]}}]\n");
    let told = |old: &str, new: &str, columns: &str| {
        compare(&read(old, &body("{name: a}")), &read(new, &body(columns))).unordered()
    };

    assert_eq!(told("1.0.0", "2.0.0", "{name: b}"), None);
    assert_eq!(told("draft", "draft", "{name: a}"), None);
    assert_eq!(
        told("draft", "draft", "{name: b}").as_deref(),
        Some("the version is `draft` as before, and no number that could grow")
    );
    assert_eq!(told("1.0", "v2.0.0", "{name: b}"), None);
    let open = told("draft", "latest", "{name: b}").expect("it is open");
    assert!(
        open.starts_with("the versions `draft` and `latest` cannot be ordered"),
        "{open}"
    );
    assert!(open.ends_with("the first would have to grow"), "{open}");
    let added = told("draft", "latest", "{name: a}, {name: c}").expect("it is open");
    assert!(added.ends_with("the second would have to grow"), "{added}");
    let by_word = |old: &str, new: &str, columns: &str| {
        compare(&read(old, &body("{name: a}")), &read(new, &body(columns))).breaks_by_word()
    };
    assert!(by_word("draft", "latest", "{name: b}"));
    for (old, new, columns) in [
        ("draft", "draft", "{name: b}"),
        ("1.0.0", "2.0.0", "{name: b}"),
        ("draft", "latest", "{name: a}, {name: c}"),
    ] {
        assert!(!by_word(old, new, columns), "{old} {new} {columns}");
    }
}

#[test]
fn what_a_key_says_need_not_be_said_twice() {
    let column = |says: &str| {
        columns(
            "  - {name: a, KEYS}\n".replace("KEYS", says).as_str(),
            "  - {name: a, primaryKey: true}\n",
        )
    };
    let back = |says: &str| {
        columns(
            "  - {name: a, primaryKey: true}\n",
            "  - {name: a, KEYS}\n".replace("KEYS", says).as_str(),
        )
    };

    for same in [
        "primaryKey: true, required: true",
        "primaryKey: true, unique: true",
        "required: true, unique: true",
    ] {
        assert_eq!(column(same), "", "{same}");
        assert_eq!(back(same), "", "{same}");
    }
    insta::assert_snapshot!(back("required: true"), @r"
    Breaking t.primaryKey (Old 9): it is no longer asked that no primary key repeats: `a`
    ");
    insta::assert_snapshot!(column("unique: true"), @r"
    Breaking t.a.primaryKey (New 9): it is new that `a` is never null, since it is in the primary key
    ");
}

#[test]
fn agreements_that_no_data_show_are_compared_all_the_same() {
    let body = |sla: &str| {
        format!(
            "schema: [{{name: t, properties: [{{name: b, logicalType: date}}]}}]\nslaProperties:\n{sla}"
        )
    };
    let changed = |old: &str, new: &str| {
        shown(&compare(
            &read("1.0.0", &body(old)),
            &read("1.0.0", &body(new)),
        ))
    };
    let before = "- {property: availability, value: 99.9, unit: percent}
- {property: timeToRepair, value: 1, unit: d}
- {property: endOfSupport, value: '2030-01-01'}
- {property: support, value: weekdays}
- {property: throughput, value: 10, unit: MB/s}
- {property: frequency, value: 24, unit: h}
- {property: latency, value: 1, unit: d, element: t.b}
";

    insta::assert_snapshot!(changed(before, "- {property: availability, value: 50, unit: percent}
- {property: timeToRepair, value: 12, unit: h}
- {property: endOfSupport, value: '2029-06-30'}
- {property: support, value: never}
- {property: throughput, value: 80, unit: Mbit/s}
- {property: frequency, value: 1, unit: d}
- {property: latency, value: 2, unit: d, element: t.b}
"), @r"
    Breaking sla availability (New 8): less is promised: 50 percent instead of 99.9 percent
    Breaking sla endOfSupport (New 10): less is promised: 2029-06-30 instead of 2030-01-01
    Breaking t.b.latency (New 14): it is asked less strictly that the newest value of `t.b` is younger than 2 d; it was: the newest value of `t.b` is younger than 1 d
    Compatible sla timeToRepair (New 9): more is promised: 12 h instead of 1 d
    Compatible sla support (New 11): it is promised otherwise: never instead of weekdays
    Compatible sla throughput (New 12): it is promised otherwise: 80 Mbit/s instead of 10 MB/s
    Note sla frequency (New 13): the same is written otherwise: 1 d instead of 24 h
    ");
    let availability = "- {property: availability, value: 99.9, unit: percent}\n";
    let latency = "- {property: latency, value: 1, unit: d, element: t.b}\n";
    insta::assert_snapshot!(changed(&format!("{availability}{latency}"), latency), @r"
    Breaking sla.availability (Old 8): it is no longer asked that availability 99.9 percent
    ");
    insta::assert_snapshot!(changed(latency, &format!("{availability}{latency}")), @r"
    Compatible sla.availability (New 8): it is new that availability 99.9 percent
    ");
}

#[test]
fn words_the_status_and_the_id_are_told() {
    let contract = |id: &str, status: &str, words: &str| {
        let text = format!(
            "id: {id}\nversion: 1.0.0\n{status}schema:\n- name: t\n  quality: [{{id: w, type: text, description: {words}}}]\n"
        );
        Contract::read(&text, &Default::default()).unwrap()
    };
    let old = contract("c", "status: active\n", "people are happy");
    let compared = compare(
        &old,
        &contract("d", "status: deprecated\n", "people are content"),
    );

    insta::assert_snapshot!(shown(&compared), @r"
    Breaking id (New 1): the contract is called `d` instead of `c`: whoever refers to it by its id no longer finds it
    Note status (New 3): the contract is deprecated now; it was active
    Note w (New 6): it says people are content; it was: people are happy
    ");
    let silent = compare(&old, &contract("c", "", "people are happy"));
    insta::assert_snapshot!(shown(&silent), @"Note status (New 1): the contract does not say any more that it is active");
}
