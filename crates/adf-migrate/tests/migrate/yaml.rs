//! Environments in the text of `dataops.yaml`.

use std::fmt::Write as _;

use adf_migrate::EnvironmentDraft;
use adf_migrate::yaml::{ExtendError, Sign, difference, extend, new_file};
use dataops_solution::Solution;
use dataops_solution::environment::Variables;
use serde_json::{Value, json};

fn draft(name: &str) -> EnvironmentDraft {
    let mut draft = EnvironmentDraft {
        name: name.to_owned(),
        data_factory: Some("adf-qa".to_owned()),
        delete_not_in_source: Some(true),
        ..EnvironmentDraft::default()
    };
    let values = [
        (
            "linkedService.LS.typeProperties.url",
            json!("https://qa.test"),
        ),
        ("pipeline.a b.x", json!(["on", {"k": 1.5}])),
        ("pipeline.P.[a.b]", json!({"secret": "${PASSWORD}"})),
    ];
    draft
        .overrides
        .extend(values.map(|(path, value)| (path.to_owned(), value)));
    draft.triggers.insert("*".to_owned(), "off".to_owned());
    draft
}

fn shown(old: &str, new: &str) -> String {
    let mut text = String::new();
    for line in difference(old, new) {
        let sign = match line.sign {
            Sign::Same => ' ',
            Sign::Added => '+',
            Sign::Removed => '-',
            Sign::Gap => '…',
        };
        let _ = writeln!(text, "{sign}{}", line.text);
    }
    text
}

/// What the environment says that a text has.
fn resolved(text: &str) -> Vec<(String, Value)> {
    let solution = Solution::new("/s", text).unwrap();
    let qa = solution
        .environment("qa", &Variables::new([("PASSWORD", "p")]))
        .unwrap();
    let plain = |value: Option<&Value>| value.cloned().unwrap_or_else(|| "secret".into());
    qa.overrides
        .iter()
        .map(|(path, value)| (path.clone(), plain(value.plain())))
        .collect()
}

#[test]
fn a_new_file_has_all_environments() {
    let text = new_file(
        "ingest",
        "adf",
        &[
            draft("qa"),
            EnvironmentDraft {
                name: "1".to_owned(),
                ..EnvironmentDraft::default()
            },
        ],
    );

    insta::assert_snapshot!(text, @r###"
    name: ingest
    adf:
      root: adf
    environments:
      qa:
        dataFactory: adf-qa
        deleteNotInSource: true
        overrides:
          linkedService.LS.typeProperties.url: https://qa.test
          "pipeline.P.[a.b]": { secret: "${PASSWORD}" }
          "pipeline.a b.x": ["on", { k: 1.5 }]
        triggers:
          "*": off
      "1": {}
    "###);
    assert_eq!(resolved(&text).len(), 3);
    assert_eq!(extend(&text, &[draft("qa")], false).unwrap().text, text);
}

#[test]
fn what_somebody_has_written_stays() {
    let old = "# ours
name: ingest

environments:
    qa:   # the first
        subscription: ${SUB:-x}
        overrides:
            # a comment
            linkedService.LS.typeProperties.url: https://old.test
            dataset.D.x: 1 # another
    # the last comment
    prod: { extends: qa }
pipeline: main
";
    let extended = extend(old, &[draft("qa"), draft("uat"), draft("prod")], false).unwrap();

    assert_eq!(
        extended.differing,
        ["environments.qa.overrides.linkedService.LS.typeProperties.url"]
    );
    insta::assert_snapshot!(shown(old, &extended.text), @r###"
    …
                 linkedService.LS.typeProperties.url: https://old.test
                 dataset.D.x: 1 # another
    +            "pipeline.P.[a.b]": { secret: "${PASSWORD}" }
    +            "pipeline.a b.x": ["on", { k: 1.5 }]
    +        dataFactory: adf-qa
    +        deleteNotInSource: true
    +        triggers:
    +          "*": off
         # the last comment
    -    prod: { extends: qa }
    +    prod: { extends: qa, "dataFactory": "adf-qa", "deleteNotInSource": true, overrides: { "linkedService.LS.typeProperties.url": "https://qa.test", "pipeline.P.[a.b]": { secret: "${PASSWORD}" }, "pipeline.a b.x": ["on", { k: 1.5 }] }, triggers: { "*": "off" } }
    +    uat:
    +      dataFactory: adf-qa
    +      deleteNotInSource: true
    +      overrides:
    +        linkedService.LS.typeProperties.url: https://qa.test
    +        "pipeline.P.[a.b]": { secret: "${PASSWORD}" }
    +        "pipeline.a b.x": ["on", { k: 1.5 }]
    +      triggers:
    +        "*": off
     pipeline: main
    "###);
    let replaced = extend(old, &[draft("qa")], true).unwrap();
    assert!(shown(old, &replaced.text).contains(
        "-            linkedService.LS.typeProperties.url: https://old.test\n+            linkedService.LS.typeProperties.url: https://qa.test\n"
    ));
}

#[test]
fn every_way_of_writing_an_environment_takes_more() {
    for old in [
        "name: x\n",
        "name: x",
        "name: x\nenvironments:\n",
        "name: x\nenvironments: {}\npipeline: p\n",
        "name: x\nenvironments:\n  qa:\n  uat: {}\n",
        "name: x\nenvironments:\n  qa: {}\n",
        "name: x\nenvironments:\n  qa: { after: dev } # here\n",
        "name: x\nenvironments: { qa: { overrides: { a.b.c: { x: [1] } } }, dev: {} }\n",
        "name: x\nenvironments: { dev: {} }\n",
        "name: x\nenvironments:\n  qa:\n    overrides: {}\n    after: dev\n  dev: {}\n",
        "name: x\nenvironments:\n  qa:\n    overrides: { a.b.c: 1 }\n",
        "name: x\r\nenvironments:\r\n  qa:\r\n    after: dev\r\n  dev: {}\r\n",
        "\u{feff}name: x\nenvironments:\n  dev:\n    overrides:\n      a.b.c: |\n        text\n        more\n",
    ] {
        let extended =
            extend(old, &[draft("qa")], false).unwrap_or_else(|error| panic!("{error}: {old}"));

        let all = resolved(&extended.text);
        assert!(all.len() >= 3, "{old}\n{}", extended.text);
        let again = extend(&extended.text, &[draft("qa")], false).unwrap();
        assert_eq!(
            (again.text, again.differing),
            (extended.text, vec![]),
            "{old}"
        );
    }
}

#[test]
fn what_cannot_be_extended_is_refused() {
    let odd = extend("name: x\nenvironments: [qa]\n", &[draft("qa")], false);
    let broken = extend("name: [", &[draft("qa")], false);

    assert_eq!(odd, Err(ExtendError::Odd("qa".to_owned())));
    assert!(matches!(broken, Err(ExtendError::Unreadable(_))));
}

#[test]
fn texts_are_what_they_were_after_yaml() {
    for text in [
        "",
        "on",
        "1e5",
        "a: b",
        "a #b",
        "- x",
        "\u{feff}\u{85}\u{2028}\u{7f}é\u{1f600}\0",
        "'",
        "\"\\",
        "~",
        "x:",
        "http://a:1/b",
        "%x",
        "@x",
        "a\nb\t",
    ] {
        let mut draft = draft("qa");
        draft.overrides = [(format!("pipeline.{text}.x"), json!(text))].into();
        let file = new_file("x", "adf", &[draft]);

        assert_eq!(
            resolved(&file),
            [(format!("pipeline.{text}.x"), json!(text))],
            "{file}"
        );
    }
}
