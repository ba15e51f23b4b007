//! Dependencies, and how a flow ends.

use adf_runtime::ActivityStatus;
use serde_json::{Value, json};

use crate::world::{Act, World, activity, fail, pipeline, set, task};

/// Runs `activities` and tells `<status of the run>: <states>`.
fn told(activities: impl IntoIterator<Item = Value>) -> String {
    let after = World::new(pipeline(activities)).run();
    format!("{}: {}", after.status(), after.states())
}

#[test]
fn the_last_activities_decide_how_a_run_ends() {
    let good = || task("A", "");
    let bad = || fail("A", "");
    let table = [
        (told([]), "Succeeded: "),
        (told([good()]), "Succeeded: A Succeeded"),
        (told([bad()]), "Failed: A Failed"),
        (
            told([bad(), task("H", "A:Failed")]),
            "Succeeded: A Failed, H Succeeded",
        ),
        (
            told([good(), task("H", "A:Failed")]),
            "Succeeded: A Succeeded, H Skipped",
        ),
        (
            told([bad(), task("H", "A:Failed"), task("N", "A")]),
            "Failed: A Failed, H Succeeded, N Skipped",
        ),
        (
            told([
                bad(),
                task("H", "A:Failed"),
                task("N", "A"),
                task("D", "N:Skipped"),
            ]),
            "Succeeded: A Failed, D Succeeded, H Succeeded, N Skipped",
        ),
        (
            told([bad(), task("N", "A:Completed")]),
            "Succeeded: A Failed, N Succeeded",
        ),
        (
            told([bad(), task("B", "A"), task("H", "B:Failed+Skipped")]),
            "Succeeded: A Failed, B Skipped, H Succeeded",
        ),
        (
            told([
                good(),
                task("H", "A:Failed"),
                task("N", "H:Succeeded+Skipped"),
            ]),
            "Succeeded: A Succeeded, H Skipped, N Succeeded",
        ),
    ];

    for (given, expected) in table {
        assert_eq!(given, expected);
    }
}

#[test]
fn dependencies_on_several_activities_are_all_wanted() {
    let good = || task("A", "");
    let bad = || fail("A", "");
    let table = [
        (
            told([good(), fail("B", ""), task("N", "A B")]),
            "Failed: A Succeeded, B Failed, N Skipped",
        ),
        (
            told([good(), fail("B", ""), task("N", "A:Failed B:Failed")]),
            "Failed: A Succeeded, B Failed, N Skipped",
        ),
        (
            told([bad(), fail("H", "A:Failed")]),
            "Failed: A Failed, H Failed",
        ),
        (
            told([bad(), task("B", "A"), task("C", "B:Completed")]),
            "Failed: A Failed, B Skipped, C Skipped",
        ),
    ];

    for (given, expected) in table {
        assert_eq!(given, expected);
    }
}

#[test]
fn a_dependency_without_conditions_wants_success() {
    let mut after = task("B", "A");
    after["dependsOn"] = json!([{"activity": "a"}]);

    let given = told([fail("A", ""), after]);

    assert_eq!(given, "Failed: A Failed, B Skipped");
}

#[test]
fn activities_without_dependencies_run_at_the_same_time() {
    let wait = |name: &str, after: &str, seconds: u64| {
        activity(name, "Wait", after, json!({"waitTimeInSeconds": seconds}))
    };

    let after = World::new(pipeline([
        wait("A", "", 60),
        wait("B", "", 90),
        wait("C", "A B", 5),
    ]))
    .run();

    assert_eq!(after.seconds(), 95);
    assert_eq!(after.only("A").duration_in_ms, Some(60_000));
}

#[test]
fn a_failed_run_says_what_failed() {
    let one = World::new(pipeline([fail("A", "")])).run();
    let two = World::new(pipeline([fail("A", ""), fail("B", "")])).run();

    assert_eq!(one.message(), "Operation on target A failed: A broke");
    assert_eq!(
        two.message(),
        "Operation on target A failed: A broke; Operation on target B failed: B broke"
    );
}

#[test]
fn inactive_activities_count_as_they_are_marked() {
    let inactive = |mark: &str| {
        let mut activity = activity("A", "Wait", "", json!({"no": "properties"}));
        activity["state"] = json!("Inactive");
        activity["onInactiveMarkAs"] = json!(mark);
        activity
    };
    let after = |mark: &str| {
        told([
            inactive(mark),
            task("S", "A"),
            task("F", "A:Failed"),
            task("K", "A:Skipped"),
        ])
    };

    assert_eq!(
        after("Succeeded"),
        "Succeeded: A Inactive, F Skipped, K Skipped, S Succeeded"
    );
    assert_eq!(
        after("Failed"),
        "Failed: A Inactive, F Succeeded, K Skipped, S Skipped"
    );
    assert_eq!(
        after("Skipped"),
        "Succeeded: A Inactive, F Skipped, K Succeeded, S Skipped"
    );
    assert_eq!(told([inactive("Failed")]), "Failed: A Inactive");
}

#[test]
fn an_inactive_activity_has_a_status_but_no_output() {
    let mut inactive = task("A", "");
    inactive["state"] = json!("Inactive");
    let read = |text: &str| {
        let set = set("S", "A", "out", text);
        World::new(pipeline([inactive.clone(), set])).run()
    };

    assert_eq!(read("@activity('A').status").variable("out"), "Succeeded");
    assert_eq!(
        read("@activity('A').output").only("S").status,
        ActivityStatus::Failed
    );
}

#[test]
fn only_what_is_upstream_can_be_read() {
    let upstream = World::new(pipeline([
        task("A", ""),
        task("B", "A"),
        set("S", "B", "out", "@activity('a').output.v"),
    ]));
    let beside = World::new(pipeline([
        task("A", ""),
        activity("W", "Wait", "", json!({"waitTimeInSeconds": 5})),
        set("S", "W", "out", "@activity('A').status"),
    ]));

    let upstream = upstream.acts("A", &[Act::Give(json!({"v": "seen"}))]).run();
    let beside = beside.run().only("S");

    assert_eq!(upstream.variable("out"), "seen");
    assert_eq!(beside.error.error_code, "InvalidTemplate");
    assert!(
        beside.error.message.contains("`A`"),
        "{}",
        beside.error.message
    );
}

#[test]
fn a_failure_can_be_read_by_its_handler() {
    let after = World::new(pipeline([
        task("A", ""),
        set(
            "H",
            "A:Failed",
            "out",
            "@{activity('A').Status} @{activity('A').error.errorCode} @{activity('A').error.message} @{activity('A').error.failureType} @{activity('A').error.target}",
        ),
    ]))
    .acts("A", &[Act::Fail("no cluster")])
    .run();

    assert_eq!(
        after.variable("out"),
        "Failed 3204 no cluster SystemError A"
    );
    assert_eq!(after.status(), "Succeeded");
}
