use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

fn tolerant(text: &str) -> (Result<Value, Fault>, Vec<Fault>) {
    let mut parser = Parser::new(text, Values::default());
    let value = parser.document();
    (value, parser.into_faults())
}

/// Each fault as its kind, the text it marks, and its message.
fn faults(text: &str) -> Vec<(ProblemKind, &str, String)> {
    let mut faults = Vec::new();
    if let Err(fault) = read(text, &mut faults) {
        faults.push(fault);
    }
    let shown = |fault: Fault| (fault.kind, &text[fault.bytes], fault.message);
    faults.into_iter().map(shown).collect()
}

fn only(text: &str) -> (ProblemKind, &str, String) {
    let mut found = faults(text);
    assert_eq!(found.len(), 1, "{text}: {found:?}");
    found.remove(0)
}

pub(crate) fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,8}".prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 64, 20, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..20).prop_map(Value::from),
            prop::collection::vec(("[a-z/~\"\\\\é]{0,3}", inner), 0..20)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// The pointers of all values inside `value`, with the values.
fn pointers(value: &Value, pointer: &str, into: &mut Vec<(String, Value)>) {
    into.push((pointer.to_owned(), value.clone()));
    match value {
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                pointers(item, &format!("{pointer}/{at}"), into);
            }
        }
        Value::Object(members) => {
            for (key, member) in members {
                let key = key.replace('~', "~0").replace('/', "~1");
                pointers(member, &format!("{pointer}/{key}"), into);
            }
        }
        _ => {}
    }
}

proptest! {
    #[test]
    fn what_is_written_is_read(value in any_json(), pretty: bool) {
        let text = if pretty { format!("{value:#}") } else { value.to_string() };
        let expected: Value = serde_json::from_str(&text).unwrap();

        let mut faults = Vec::new();
        prop_assert_eq!(&read(&text, &mut faults).unwrap(), &expected);
        let (value, found) = tolerant(&text);
        prop_assert_eq!(&value.unwrap(), &expected);
        faults.extend(found);
        // Floating numbers beyond the integers are written without a point.
        faults.retain(|fault| fault.kind != ProblemKind::Number);
        prop_assert_eq!(faults, vec![]);
    }

    #[test]
    fn each_place_holds_its_value(value in any_json(), pretty: bool) {
        let text = if pretty { format!("{value:#}") } else { value.to_string() };
        let value: Value = serde_json::from_str(&text).unwrap();
        let mut all = Vec::new();
        pointers(&value, "", &mut all);

        let index = Index::of(&text);

        for (pointer, expected) in all {
            let place = index.find(&text, &pointer).unwrap();
            let found: Value = serde_json::from_str(&text[place.value]).unwrap();
            prop_assert_eq!(&found, &expected, "{}", pointer);
            let last = pointer.rsplit('/').next().unwrap().replace("~1", "/").replace("~0", "~");
            if let Some(key) = place.key {
                prop_assert_eq!(serde_json::from_str::<String>(&text[key]).unwrap(), last);
            }
        }
    }

    #[test]
    fn both_readers_take_the_same_for_json(value in any_json(), at: prop::sample::Index, put in "[\\]\\[{}\",:0-9e\\\\+\\-. nul/*\n]{0,3}", cut in 0..3_usize) {
        let mut text: Vec<char> = value.to_string().chars().collect();
        let start = at.index(text.len());
        let end = (start + cut).min(text.len());
        text.splice(start..end, put.chars());
        let text: String = text.into_iter().collect();

        let (read, faults) = tolerant(&text);

        match serde_json::from_str::<Value>(&text) {
            Ok(value) => prop_assert_eq!(read.unwrap(), value),
            Err(error) => prop_assert!(read.is_err() || !faults.is_empty(), "{} {}", text, error),
        }
        Index::of(&text).find(&text, "/a/0");
    }

    #[test]
    fn any_text_ends_in_a_value_or_a_fault(text in "[\\]\\[{}\",:0-9e\\\\u+\\-. nultrefas'/*\n\u{feff}é]{0,60}") {
        let (read, faults) = tolerant(&text);

        for fault in faults.into_iter().chain(read.err()) {
            prop_assert!(text.get(fault.bytes).is_some());
        }
    }
}

#[test]
fn comments_and_commas_are_passed_over_and_named() {
    let text = "{ // one\n \"a\": [1, 2,], /* two */ }";

    let mut found = Vec::new();
    let value = read(text, &mut found).unwrap();

    assert_eq!(value, json!({"a": [1, 2]}));
    let shown: Vec<_> = found
        .iter()
        .map(|fault| (fault.kind, &text[fault.bytes.clone()]))
        .collect();
    assert_eq!(
        shown,
        [
            (ProblemKind::Comment, "// one"),
            (ProblemKind::TrailingComma, ","),
            (ProblemKind::TrailingComma, ","),
            (ProblemKind::Comment, "/* two */"),
        ]
    );
}

#[test]
fn the_last_of_two_equal_keys_counts_and_both_are_shown() {
    let text = r#"{"a": 1, "b": 2, "\u0061": 3}"#;

    let mut found = Vec::new();
    let value = read(text, &mut found).unwrap();

    assert_eq!(value.to_string(), r#"{"a":3,"b":2}"#);
    let fault = found.remove(0);
    assert_eq!(fault.kind, ProblemKind::DuplicateKey);
    assert_eq!(&text[fault.bytes], r#""\u0061""#);
    assert_eq!(&text[fault.related.unwrap().0], r#""a""#);
    let place = Index::of(text).find(text, "/a").unwrap();
    assert_eq!(
        (&text[place.value], &text[place.key.unwrap()]),
        ("3", r#""\u0061""#)
    );
}

#[test]
fn what_people_write_into_strings_is_kept_and_named() {
    let read = |text| super::read(text, &mut Vec::new()).unwrap();

    assert_eq!(read("\"a\nb\""), json!("a\nb"));
    assert_eq!(only("\"a\nb\"").0, ProblemKind::ControlCharacter);
    assert_eq!(read(r#""C:\data""#), json!("C:\\data"));
    assert_eq!(
        only(r#""C:\data""#),
        (ProblemKind::Escape, r"\d", r"`\d` is no escape".to_owned())
    );
    assert_eq!(read(r#""\ud83d\ude00""#), json!("😀"));
    assert_eq!(read(r#""\ud83d\u0041""#), json!("\u{fffd}A"));
    assert_eq!(only(r#""\udead""#).0, ProblemKind::Escape);
    assert_eq!(only(r#""\u12""#).1, r"\u");
}

#[test]
fn numbers_that_cannot_be_kept_are_named() {
    let read = |text| super::read(text, &mut Vec::new()).unwrap();

    assert_eq!(read("18446744073709551615"), json!(u64::MAX));
    assert_eq!(read("1e300"), json!(1e300));
    for (text, value) in [
        ("18446744073709551616", json!(18_446_744_073_709_551_616.0)),
        ("-9223372036854775809", json!(-9_223_372_036_854_775_809.0)),
        ("1e400", json!(f64::MAX)),
        ("-1e400", json!(f64::MIN)),
        ("007", json!(7)),
        ("+1", json!(1)),
        (".5", json!(0.5)),
        ("5.", json!(5.0)),
    ] {
        assert_eq!(read(text), value, "{text}");
        assert_eq!(only(text).0, ProblemKind::Number, "{text}");
    }
    for text in ["1-2", "0x10", "1.2.3", "-", "-Infinity", "1e"] {
        assert_eq!(only(text).0, ProblemKind::Syntax, "{text}");
    }
}

#[test]
fn what_is_no_json_is_told_with_what_was_expected() {
    let told = |text| {
        let mut found = Vec::new();
        let fault = read(text, &mut found)
            .err()
            .unwrap_or_else(|| found.remove(0));
        let hint = fault
            .hint
            .map(|hint| format!(" ({hint})"))
            .unwrap_or_default();
        format!("{:?}: {}{hint}", fault.kind, fault.message)
    };

    let texts = [
        "",
        " // nothing",
        "{\"a\" 1}",
        "{\"a\": }",
        "{\"a\": 1 \"b\": 2}",
        "[1 2]",
        "{\"a\": 1",
        "{\"a\": \"x",
        "{a: 1}",
        "{'a': 1}",
        "{“a”: 1}",
        "{\"a\": True}",
        "{\"a\": 1}}",
        "[1,,2]",
        "{\"a\":\u{a0}1}",
        "\"a\": {}",
        "/* never closed",
        "<<<<<<< HEAD\n{}\n=======\n{}\n>>>>>>> other",
        "{\n<<<<<<< HEAD\n  \"a\": 1\n=======\n  \"a\": 2\n>>>>>>> other\n}",
        "{\n  \"a\": 1\n=======\n}",
    ];
    insta::assert_snapshot!(texts.map(told).join("\n"), @r#"
    Empty: the file is empty (a resource is a JSON object such as `{"name": …, "properties": {…}}`)
    Empty: the file holds nothing but comments (a resource is a JSON object such as `{"name": …, "properties": {…}}`)
    Syntax: expected `:` after the key, found `1`
    Syntax: expected a value, found `}`
    Syntax: expected `,` or `}`, found `"b"` (is a comma missing before it?)
    Syntax: expected `,` or `]`, found `2` (is a comma missing before it?)
    Syntax: expected `,` or `}`, found the end of the file
    Syntax: a string that is not closed (close it with `"`)
    Syntax: expected a key in double quotes, or `}`, found `a` (is a quote missing?)
    Syntax: expected a key in double quotes, or `}`, found `'` (JSON has double quotes only)
    Syntax: expected a key in double quotes, or `}`, found `“` (these are typographic quotes; JSON has `"`)
    Syntax: expected a value, found `True` (JSON writes `true`, `false` and `null`)
    Syntax: expected the end of the file, found `}` (what follows the document is not read)
    Syntax: expected a value, found `,` (is there a comma too many?)
    Syntax: expected a value, found a no-break space (U+00A0) (write a plain space)
    Syntax: expected the end of the file, found `:` (are `{` before it and `}` at the end missing?)
    Syntax: a comment that is not closed (close it with `*/`)
    Conflict: a merge conflict that nobody has solved (choose a side, and delete the lines `<<<<<<<`, `=======` and `>>>>>>>`)
    Conflict: a merge conflict that nobody has solved (choose a side, and delete the lines `<<<<<<<`, `=======` and `>>>>>>>`)
    Conflict: a merge conflict that nobody has solved (choose a side, and delete the lines `<<<<<<<`, `=======` and `>>>>>>>`)
    "#);
}

#[test]
fn what_is_nested_too_deep_is_refused_without_a_stack() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let nested = |levels: usize| open.repeat(levels) + "1" + &close.repeat(levels);

        assert_eq!(faults(&nested(DEEPEST)), []);
        assert_eq!(only(&nested(DEEPEST + 1)).0, ProblemKind::TooDeep);
        assert_eq!(only(&nested(1_000_000)).0, ProblemKind::TooDeep);
        assert_eq!(only(&open.repeat(1_000_000)).0, ProblemKind::TooDeep);
    }
}

#[test]
fn many_faults_are_cut() {
    let text = format!("[{}]", "1,/**/".repeat(10_000));

    assert_eq!(faults(&text).len(), MOST_FAULTS);
}

/// These took minutes, or gigabytes, where each fault looked at the whole text.
#[test]
fn floods_of_faults_end_soon() {
    let size = 1 << 20;
    for (text, kind) in [
        ("[".to_owned() + &"1 ".repeat(size / 2), ProblemKind::Syntax),
        (
            "[".to_owned() + &"\"a\" ".repeat(size / 4),
            ProblemKind::Syntax,
        ),
        (
            format!("[\"{}\"]", "\t".repeat(size)),
            ProblemKind::ControlCharacter,
        ),
        (
            format!("[\"{}\"]", "\\x".repeat(size / 2)),
            ProblemKind::Escape,
        ),
        (
            format!("{{{}}}", "\"a\":1,".repeat(size / 6)),
            ProblemKind::DuplicateKey,
        ),
        ("//\n".repeat(size / 3) + "[]", ProblemKind::Comment),
        (
            format!("[{}]", "[1,],".repeat(size / 5)),
            ProblemKind::TrailingComma,
        ),
        (
            format!("[01{}]", ",01".repeat(size / 3)),
            ProblemKind::Number,
        ),
    ] {
        let found = faults(&text);

        assert_eq!(found[0].0, kind);
        assert!(found.len() <= 2 * MOST_FAULTS + 1, "{}", found.len());
    }
}

#[test]
fn many_members_are_found_by_their_keys() {
    let many: Value = (0..1000)
        .map(|at| (format!("k{at}"), json!(at)))
        .collect::<Map<_, _>>()
        .into();
    let text = many.to_string();
    let index = Index::of(&text);

    for at in [0, 1, 17, 999] {
        assert_eq!(
            &text[index.find(&text, &format!("/k{at}")).unwrap().value],
            at.to_string()
        );
    }
    assert_eq!(index.find(&text, "/none").unwrap().value, 0..text.len());
}
