//! What is in the files.

use adf_model::{Kind, ResourceId};
use adf_source::{Encoding, SourceFile};
use proptest::prelude::*;

use crate::{named, problems, repository, resources};

#[test]
fn a_bad_file_leaves_the_others_readable() {
    let read = repository([
        ("pipeline/array.json", "[]"),
        (
            "pipeline/broken.json",
            "{\n  \"name\": \"broken\",\n  \"properties\": {\n",
        ),
        (
            "pipeline/conflict.json",
            "{\n<<<<<<< HEAD\n  \"name\": \"a\"\n=======\n  \"name\": \"b\"\n>>>>>>> x\n}",
        ),
        ("pipeline/empty.json", ""),
        ("pipeline/fragment.json", "\"activities\": []"),
        ("pipeline/good.json", &named("good")),
        (
            "pipeline/lenient.json",
            "{\n  // why\n  \"name\": \"lenient\",\n  \"properties\": {\"a\": 1, \"b\": 2, \"a\": 3,}\n}",
        ),
    ]);

    assert_eq!(
        resources(&read),
        [
            "pipeline `good` in pipeline/good.json",
            "pipeline `lenient` in pipeline/lenient.json"
        ]
    );
    let lost: Vec<_> = read.lost.iter().map(|id| id.name.as_str()).collect();
    assert_eq!(lost, ["array", "broken", "conflict", "empty", "fragment"]);
    let reasons: Vec<_> = read
        .losses()
        .map(|problem| format!("{:?}", problem.kind))
        .collect();
    assert_eq!(
        reasons,
        ["NotAnObject", "Syntax", "Conflict", "Empty", "Syntax"]
    );
    insta::assert_snapshot!(problems(&read), @r#"
    pipeline/array.json:1:1: NotAnObject: the document is an array, not an object
    pipeline/broken.json:4:1: Syntax: expected a key in double quotes, or `}`, found the end of the file [pipeline/broken.json:3:17: opened here, and not closed]
    pipeline/conflict.json:2:1: Conflict: a merge conflict that nobody has solved (choose a side, and delete the lines `<<<<<<<`, `=======` and `>>>>>>>`)
    pipeline/empty.json:1:1: Empty: the file is empty (a resource is a JSON object such as `{"name": …, "properties": {…}}`)
    pipeline/fragment.json:1:13: Syntax: expected the end of the file, found `:` (are `{` before it and `}` at the end missing?)
    pipeline/lenient.json:2:3: Comment: JSON has no comments (say it in a `description` or in `annotations`)
    pipeline/lenient.json:4:34: DuplicateKey: the key `a` stands here a second time; the last one counts [pipeline/lenient.json:4:18: the first one]
    pipeline/lenient.json:4:40: TrailingComma: a comma before `}` (delete it)
    "#);
}

#[test]
fn a_document_that_is_made_of_damaged_text_is_a_guess() {
    let read = repository([
        ("pipeline/good.json", &named("good")),
        (
            "pipeline/comma.json",
            r#"{"name": "comma" "properties": {}}"#,
        ),
        (
            "pipeline/second.json",
            r#"{"name": "second"} {"name": "third"}"#,
        ),
        ("pipeline/lost.json", r#"{"name": "#),
        ("publish_config.json", r#"{"publishBranch": "x"} {}"#),
    ]);

    let guesses: Vec<_> = read.guesses().map(|problem| &*problem.path).collect();

    assert_eq!(guesses, ["pipeline/comma.json", "pipeline/second.json"]);
}

#[test]
fn configuration_that_cannot_be_read_has_no_effect() {
    let read = repository([
        (
            "arm-template-parameters-definition.json",
            "\"Microsoft.DataFactory/factories/pipelines\": {}",
        ),
        ("publish_config.json", "[]"),
        ("pipeline/a.json", &named("a")),
    ]);

    assert!(read.parameters_definition.is_none() && read.publish_config.is_none());
    assert!(read.lost.is_empty());
    insta::assert_snapshot!(problems(&read), @r"
    arm-template-parameters-definition.json:1:44: Unused: the file has no effect: expected the end of the file, found `:` (are `{` before it and `}` at the end missing?)
    publish_config.json:1:1: Unused: the file has no effect: the document is an array, not an object
    ");
}

#[test]
fn a_file_is_read_in_any_encoding_and_written_back_in_its_own() {
    let text = "{\r\n  \"name\": \"größe\",\r\n  \"properties\": {}\r\n}\r\n";
    for encoding in [
        Encoding::Utf8,
        Encoding::Utf8WithMark,
        Encoding::Utf16LittleEndian { mark: true },
        Encoding::Utf16LittleEndian { mark: false },
        Encoding::Utf16BigEndian { mark: true },
        Encoding::Utf16BigEndian { mark: false },
        Encoding::Utf32LittleEndian { mark: true },
        Encoding::Utf32BigEndian { mark: false },
    ] {
        let bytes = encoding.encode(text);
        let read = adf_source::Repository::read(
            &[("pipeline/größe.json", bytes.clone())]
                .into_iter()
                .collect(),
        );

        let file = &read
            .get(&ResourceId::new(Kind::Pipeline, "größe"))
            .unwrap()
            .file;
        let place = file.span("/properties").start;
        assert_eq!((file.text(), place.line, place.column), (text, 3, 17));
        assert_eq!(file.encoding().encode(file.text()), bytes);
        let told = problems(&read);
        let name = encoding.name();
        let expected = match name {
            "UTF-8" => String::new(),
            _ => format!("Wide: the file is {name}, where Data Factory writes UTF-8"),
        };
        assert!(told.contains(&expected), "{told}");
        assert_eq!(told.is_empty(), expected.is_empty(), "{told}");
    }
}

#[test]
fn damaged_text_is_told_by_its_offset() {
    let read = adf_source::Repository::read(
        &[(
            "pipeline/a.json",
            b"{\"name\": \"a\",\n \"properties\": {\"x\": \"gr\xf6\xdfe\"}}".to_vec(),
        )]
        .into_iter()
        .collect(),
    );

    assert_eq!(
        read.resources[0].file.json()["properties"]["x"],
        "gr\u{fffd}\u{fffd}e"
    );
    insta::assert_snapshot!(problems(&read), @"pipeline/a.json:2:25: Encoding: the byte at offset 38 is not UTF-8, and 1 more (save the file as UTF-8)");
}

#[test]
fn places_are_those_of_values_and_keys() {
    let read = repository([(
        "pipeline/a.json",
        "{\n  \"name\": \"a\",\n  \"properties\": { \"activities\": [\n    {\"name\": \"é\", \"type\": \"Wait\"}\n  ] }\n}",
    )]);
    let file = &read.resources[0].file;
    let text = |span: adf_source::Span| {
        (
            span.start.line,
            span.start.column,
            file.text()[span.bytes].to_owned(),
        )
    };

    assert_eq!(
        text(file.span("/properties/activities/0/type")),
        (4, 27, "\"Wait\"".to_owned())
    );
    assert_eq!(
        text(file.key_span("/properties/activities/0/type")),
        (4, 19, "\"type\"".to_owned())
    );
    assert_eq!(
        text(file.span("/properties/activities/0/none/x")),
        text(file.span("/properties/activities/0"))
    );
    assert_eq!(
        text(file.key_span("/properties/activities/0")),
        (4, 5, "{\"name\": \"é\", \"type\": \"Wait\"}".to_owned())
    );
    assert_eq!(file.span("").bytes, 0..file.text().len());
}

/// Reads `bytes`, and asks for a few places.
fn read_and_look(bytes: &[u8]) {
    let mut problems = Vec::new();
    let read = SourceFile::parse("pipeline/a.json", bytes, &mut problems);
    if let Ok(file) = &read {
        for pointer in ["", "/name", "/properties/activities/0", "/~0/~1", "x"] {
            assert!(file.text().get(file.span(pointer).bytes).is_some());
            assert!(file.text().get(file.key_span(pointer).bytes).is_some());
        }
    }
    for problem in problems.into_iter().chain(read.err()) {
        let span = problem.span.expect("a file that was opened has a place");
        assert!(span.start <= span.end && span.start.line > 0 && span.start.column > 0);
    }
}

const DOCUMENT: &str = r#"{"name": "é\u00e9\ud83d\ude00", "properties": {"activities": [{"name": "a", "n": -1.5e-3, "b": [true, null]}]}} // "#;

proptest! {
    #[test]
    fn any_bytes_are_a_document_or_a_problem(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        read_and_look(&bytes);
    }

    #[test]
    fn any_damage_to_a_document_is_a_document_or_a_problem(
        places in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..4_usize), 1..4),
        encoding in prop::sample::select(vec![Encoding::Utf8, Encoding::Utf8WithMark, Encoding::Utf16LittleEndian { mark: false }, Encoding::Utf16BigEndian { mark: true }]),
    ) {
        let mut bytes = encoding.encode(DOCUMENT);
        for (at, byte, kind) in places {
            let at = at.index(bytes.len());
            match kind {
                0 => bytes[at] = byte,
                1 => bytes.truncate(at + 1),
                2 => bytes.insert(at, byte),
                _ => bytes[at] = br#"{}[]",:\/"#[usize::from(byte) % 9],
            }
        }
        read_and_look(&bytes);
    }
}
