//! `dataops contract diff` of two files: what breaks wants another version, and what is said wrongly is not compared.

use crate::contracts::CONTRACT;
use crate::environment::{Program, TestEnvironment};

#[test]
fn a_change_that_breaks_wants_another_version() {
    let stricter = CONTRACT.replace(
        "- { name: target, logicalType: integer }",
        "- { name: target, logicalType: integer, required: true }",
    );
    let environment = TestEnvironment::new()
        .file("old.yaml", CONTRACT)
        .file("new.yaml", &stricter)
        .file("major.yaml", stricter.replace("1.2.0", "2.0.0"));
    let diff = |new: &str, further: &[&str]| {
        let args = [&["contract", "diff", "old.yaml", new], further].concat();
        environment.run(Program::Dataops, &args)
    };

    let refused = diff("new.yaml", &[]);
    assert_eq!(refused.code, Some(1), "{refused}");
    assert!(refused.stdout.contains("breaking"), "{refused}");
    assert!(refused.stdout.contains("ought to be 2.0.0"), "{refused}");
    assert_eq!(diff("major.yaml", &[]).code, Some(0));
    let strict = diff("major.yaml", &["--fail-on-breaking"]);
    assert_eq!(strict.code, Some(1), "{strict}");
    let same = diff("old.yaml", &[]);
    assert_eq!(
        (same.code, same.stdout.as_str()),
        (Some(0), "nothing is otherwise\n")
    );
}

#[test]
fn another_word_for_a_version_says_what_it_leaves_open() {
    let named = |word: &str| CONTRACT.replace("version: 1.2.0", &format!("version: {word}"));
    let broken = named("autumn").replace(", required: true", "");
    let environment = TestEnvironment::new()
        .file("old.yaml", named("summer"))
        .file("new.yaml", broken)
        .file("renamed.yaml", named("autumn"));
    let diff = |new: &str, further: &[&str]| {
        let args = [&["contract", "diff", "old.yaml", new], further].concat();
        environment.run(Program::Dataops, &args)
    };

    let open = diff("new.yaml", &[]);
    assert_eq!(open.code, Some(0), "{open}");
    open.says("of one of numbers, the first would have to grow");
    open.says("--fail-on-breaking fails on what breaks");
    let strict = diff("new.yaml", &["--fail-on-breaking"]);
    assert_eq!(strict.code, Some(1), "{strict}");
    let renamed = diff("renamed.yaml", &[]);
    assert_eq!(
        (renamed.code, renamed.stdout.as_str()),
        (
            Some(0),
            "nothing is otherwise but the version: autumn, and summer before\n"
        )
    );
}

#[test]
fn a_contract_with_an_error_is_not_compared() {
    let wrong = CONTRACT.replace(
        "- { name: target, logicalType: integer }",
        "- { name: target, logicalType: intger }",
    );
    let environment = TestEnvironment::new()
        .file("right.yaml", CONTRACT)
        .file("wrong.yaml", &wrong);
    let diff =
        |old: &str, new: &str| environment.run(Program::Dataops, &["contract", "diff", old, new]);

    let refused = diff("right.yaml", "wrong.yaml");
    refused.refused(2).says("nothing was compared");
    refused.says("wrong.yaml:").says("intger");
    let mended = diff("wrong.yaml", "right.yaml");
    assert_eq!(mended.code, Some(1), "{mended}");
    mended.says("warning: wrong.yaml:");
}
