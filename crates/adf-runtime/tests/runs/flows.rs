//! Dependencies, and how a flow ends.

use adf_runtime::ActivityStatus;
use proptest::prelude::*;
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

#[test]
fn long_chains_end() {
    let chain = (0..2000).map(|at| match at {
        0 => task("T0", ""),
        at => task(&format!("T{at}"), &format!("T{}", at - 1)),
    });

    let after = World::new(pipeline(chain)).run();

    assert_eq!(after.calls().len(), 2000);
}

/// An activity of a random flow: whether it fails, and on which earlier ones it depends, and how.
type Shape = Vec<(bool, Vec<(usize, Vec<&'static str>)>)>;

fn shape() -> impl Strategy<Value = Shape> {
    let conditions =
        proptest::sample::subsequence(vec!["Succeeded", "Failed", "Skipped", "Completed"], 1..=2);
    let dependencies = proptest::collection::vec((any::<prop::sample::Index>(), conditions), 0..3);
    let node = (any::<bool>(), dependencies);
    proptest::collection::vec(node, 1..10).prop_map(|nodes| {
        let mut shape = Shape::new();
        for (at, (fails, dependencies)) in nodes.into_iter().enumerate() {
            let earlier = dependencies.into_iter().filter(|_| at > 0);
            let parents = earlier.map(|(parent, conditions)| (parent.index(at), conditions));
            shape.push((fails, parents.collect()));
        }
        shape
    })
}

/// How each activity ends, found one after the other.
fn ends(shape: &Shape) -> Vec<&'static str> {
    let mut ends: Vec<&'static str> = Vec::new();
    for (fails, dependencies) in shape {
        let satisfied = dependencies.iter().all(|(parent, conditions)| {
            let end = ends[*parent];
            conditions.contains(&end) || (conditions.contains(&"Completed") && end != "Skipped")
        });
        ends.push(match (satisfied, fails) {
            (false, _) => "Skipped",
            (true, true) => "Failed",
            (true, false) => "Succeeded",
        });
    }
    ends
}

proptest! {
    #[test]
    fn activities_end_as_their_dependencies_say(shape in shape()) {
        let activities = shape.iter().enumerate().map(|(at, (fails, dependencies))| {
            let after: Vec<String> = dependencies
                .iter()
                .map(|(parent, conditions)| format!("T{parent}:{}", conditions.join("+")))
                .collect();
            let make = if *fails { fail } else { task };
            make(&format!("T{at}"), &after.join(" "))
        });

        let after = World::new(pipeline(activities)).run();

        let given: Vec<String> = (0..shape.len())
            .map(|at| format!("{:?}", after.only(&format!("T{at}")).status))
            .collect();
        prop_assert_eq!(given, ends(&shape));
    }
}
