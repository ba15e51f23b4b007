//! What is refused before anything is done.

use super::*;

#[tokio::test]
async fn input_that_would_fire_a_trigger_is_refused_before_anything_is_done() {
    let emulator = Emulator::start();
    let folder = solution(&COPY.replace("canary.txt", "canary.csv"));
    assert_eq!(
        dataops(&emulator, folder.path(), &["deploy", "--no-smoke"]).code,
        Some(0)
    );

    let refused = dataops(&emulator, folder.path(), &["smoke"]);

    assert_eq!(refused.code, Some(2), "{refused}");
    assert!(
        refused.stderr.contains("would fire the trigger `OnDrop`"),
        "{refused}"
    );
    assert_eq!(blobs(&emulator, folder.path()).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_parameter_that_the_pipeline_does_not_have_is_refused_before_anything_is_done() {
    let emulator = Emulator::start();
    let folder = solution(&COPY.replace("file:", "fil:"));
    assert_eq!(
        dataops(&emulator, folder.path(), &["deploy", "--no-smoke"]).code,
        Some(0)
    );

    let refused = dataops(&emulator, folder.path(), &["smoke"]);

    assert_eq!(refused.code, Some(2), "{refused}");
    assert!(refused.stderr.contains("no parameter `fil`"), "{refused}");
    assert_eq!(blobs(&emulator, folder.path()).await, Vec::<String>::new());
    assert_eq!(smoked(&emulator, folder.path()), Vec::<Value>::new());
}

#[test]
fn what_cannot_be_tested_is_refused_by_name() {
    let emulator = Emulator::start();
    let none = small().0;
    let unread = solution("{ pipeline: greet, contract: contracts/c.yaml }");
    write(unread.path(), "contracts/c.yaml", "kind: [DataContract\n");
    let absent = solution("{ pipeline: greet, contract: contracts/c.yaml }");

    let without = dataops(&emulator, none.path(), &["smoke"]);
    let unread = dataops(&emulator, unread.path(), &["smoke"]);
    let absent = dataops(&emulator, absent.path(), &["smoke"]);

    assert_eq!(
        (without.code, unread.code, absent.code),
        (Some(2), Some(2), Some(2)),
        "{without}{unread}{absent}"
    );
    assert!(
        without
            .stderr
            .contains("environment `local` has no `smoke`"),
        "{without}"
    );
    assert!(
        unread.stderr.contains("the contract is no YAML"),
        "{unread}"
    );
    assert!(absent.stderr.contains("c.yaml cannot be read"), "{absent}");
}

#[test]
fn input_that_is_not_there_is_wrong_usage_and_says_nothing_of_what_is_deployed() {
    let emulator = Emulator::start();
    let folder = solution("{ pipeline: copy, input: nowhere.txt }");

    let missing = dataops(&emulator, folder.path(), &["smoke"]);

    assert_eq!(missing.code, Some(2), "{missing}");
    assert!(missing.stderr.contains("`smoke.input`: "), "{missing}");
    assert!(missing.stderr.contains("nowhere.txt"), "{missing}");
    assert_eq!(smoked(&emulator, folder.path()), Vec::<Value>::new());
}
