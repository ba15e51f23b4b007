//! Which triggers are stopped and started, and in which state they are afterwards.

use dataops_plan::{Desired, Live, Overlay, Request, Selection};
use dataops_solution::deployment::TriggerPolicy::{Keep, Off, On};
use serde_json::json;

use crate::support::{
    deleting, documents, events, id, pipeline, planned, schedule, shown_triggers, tumbling,
    with_triggers,
};

const P: (&str, &[&str]) = ("pipeline.p", &[]);

#[test]
fn only_triggers_that_are_written_are_stopped() {
    let source = documents([
        (P.0, pipeline(&["pipeline.q"])),
        ("pipeline.q", pipeline(&[])),
        ("trigger.same", schedule("Started", &[P.0])),
        ("trigger.changed", schedule("Started", &[P.0, "pipeline.q"])),
        ("trigger.stopped", schedule("Stopped", &["pipeline.q"])),
        ("trigger.new", schedule("Started", &[P.0])),
    ]);
    let live = documents([
        (P.0, pipeline(P.1)),
        ("trigger.same", schedule("Started", &[P.0])),
        ("trigger.changed", schedule("Started", &[P.0])),
        ("trigger.stopped", schedule("Stopped", &[P.0])),
        ("trigger.theirs", schedule("Started", &[P.0])),
    ]);

    let plan = planned(&source, &live, &Request::default());

    insta::assert_snapshot!(shown_triggers(&plan), @r"
    trigger.changed: started to started: its document says so; stopped: it is put; started
    trigger.new: absent to started: its document says so; started
    trigger.same: started to started: its document says so
    trigger.stopped: stopped to stopped: its document says so
    stop: trigger.changed [Stop]
    start: trigger.changed [Start] | trigger.new [Start]
    ");
}

#[test]
fn event_triggers_are_unsubscribed_before_and_subscribed_after() {
    let source = documents([
        (P.0, pipeline(P.1)),
        ("trigger.drop", events("Started", &[P.0], "/new/")),
    ]);
    let live = documents([
        (P.0, pipeline(P.1)),
        ("trigger.drop", events("Started", &[P.0], "/old/")),
    ]);

    let plan = planned(&source, &live, &Request::default());

    insta::assert_snapshot!(shown_triggers(&plan), @r"
    trigger.drop: started to started: its document says so; stopped: it is put; started
    stop: trigger.drop [Unsubscribe, AwaitDisabled, Stop]
    start: trigger.drop [Subscribe, AwaitEnabled, Start]
    ");
}

#[test]
fn the_environment_says_whether_triggers_run() {
    let all = |state: &str| {
        documents([
            (P.0, pipeline(P.1)),
            ("trigger.a", schedule(state, &[P.0])),
            ("trigger.b", schedule(state, &[P.0])),
            ("trigger.c", schedule(state, &[P.0])),
        ])
    };
    let mut source = all("Started");
    source.extend(documents([("trigger.new", schedule("Started", &[P.0]))]));
    let request = with_triggers([("a", Off), ("b", On), ("*", Keep), ("typo", On)]);

    let before_started = planned(&source, &all("Started"), &request);
    let before_stopped = planned(&source, &all("Stopped"), &request);

    insta::assert_snapshot!(shown_triggers(&before_started), @r"
    trigger.a: started to stopped: the environment says so; stopped: it is not to run any more
    trigger.b: started to started: the environment says so
    trigger.c: started to started: it was so before
    trigger.new: absent to stopped: it is new, and new ones are not started here
    stop: trigger.a [Stop]
    ");
    insta::assert_snapshot!(shown_triggers(&before_stopped), @r"
    trigger.a: stopped to stopped: the environment says so
    trigger.b: stopped to started: the environment says so; started
    trigger.c: stopped to stopped: it was so before
    trigger.new: absent to stopped: it is new, and new ones are not started here
    start: trigger.b [Start]
    ");
    assert_eq!(
        before_started.warnings[0].text,
        "the environment says whether trigger `typo` runs, and there is none"
    );
}

#[test]
fn a_trigger_without_a_pipeline_is_not_started() {
    let source = documents([("trigger.idle", schedule("Started", &[]))]);

    let new = planned(&source, &[], &with_triggers([("idle", On)]));
    let there = planned(&source, &source, &Request::default());

    insta::assert_snapshot!(shown_triggers(&new), @"trigger.idle: absent to stopped: it starts no pipeline");
    insta::assert_snapshot!(shown_triggers(&there), @r"
    trigger.idle: started to stopped: it starts no pipeline; stopped: it is not to run any more
    stop: trigger.idle [Stop]
    ");
}

#[test]
fn what_depends_on_a_trigger_is_stopped_before_it_and_started_after_it() {
    let window = |retries: u64| {
        let mut first = tumbling("Started", P.0, "2026-01-01T00:00:00Z", &[]);
        first["typeProperties"]["retryPolicy"] = json!({"count": retries});
        documents([
            (P.0, pipeline(P.1)),
            ("trigger.first", first),
            (
                "trigger.second",
                tumbling("Started", P.0, "2026-01-01T00:00:00Z", &["trigger.first"]),
            ),
            (
                "trigger.third",
                tumbling("Started", P.0, "2026-01-01T00:00:00Z", &["trigger.second"]),
            ),
            (
                "trigger.stopped",
                tumbling("Stopped", P.0, "2026-01-01T00:00:00Z", &["trigger.first"]),
            ),
            (
                "trigger.free",
                tumbling("Started", P.0, "2026-01-01T00:00:00Z", &[]),
            ),
        ])
    };

    let plan = planned(&window(2), &window(1), &Request::default());

    insta::assert_snapshot!(shown_triggers(&plan), @r"
    trigger.first: started to started: its document says so; stopped: it is put; started
    trigger.free: started to started: its document says so
    trigger.second: started to started: its document says so; stopped: it depends on trigger.first; started
    trigger.stopped: stopped to stopped: its document says so
    trigger.third: started to started: its document says so; stopped: it depends on trigger.first; started
    stop: trigger.third [Stop]
    stop: trigger.second [Stop]
    stop: trigger.first [Stop]
    start: trigger.first [Start]
    start: trigger.second [Start]
    start: trigger.third [Start]
    ");
}

#[test]
fn a_trigger_is_stopped_before_it_is_deleted() {
    let source = documents([(P.0, pipeline(P.1))]);
    let live = documents([
        (P.0, pipeline(P.1)),
        ("trigger.old", events("Started", &[P.0], "/x/")),
    ]);

    let plan = planned(&source, &live, &deleting());

    insta::assert_snapshot!(shown_triggers(&plan), @r"
    trigger.old: started to absent: it is deleted; stopped: it is deleted
    stop: trigger.old [Unsubscribe, AwaitDisabled, Stop]
    ");
}

#[test]
fn triggers_that_nothing_but_what_is_undone_wants_are_stopped() {
    let source = documents([
        (P.0, pipeline(P.1)),
        ("trigger.back", schedule("Started", &[P.0])),
    ]);
    let live = documents([
        (P.0, pipeline(P.1)),
        ("pipeline.new", pipeline(P.1)),
        ("trigger.new", events("Started", &["pipeline.new"], "/in/")),
        ("trigger.idle", schedule("Stopped", &["pipeline.new"])),
        ("trigger.theirs", schedule("Started", &[P.0])),
    ]);
    let undone = [
        "pipeline.new",
        "trigger.NEW",
        "trigger.idle",
        "trigger.back",
        "trigger.gone",
    ];
    let undone = Request {
        undone: undone.iter().map(|name| id(name)).collect(),
        ..with_triggers([("*", On)])
    };

    let plan = planned(&source, &live, &undone);

    insta::assert_snapshot!(shown_triggers(&plan), @r"
    trigger.back: absent to started: the environment says so; started
    trigger.new: started to stopped: what is undone has created it; stopped: it is not to run any more
    stop: trigger.new [Unsubscribe, AwaitDisabled, Stop]
    start: trigger.back [Start]
    ");
    insta::assert_snapshot!(crate::support::shown(&plan), @r"
    skip pipeline.new: what is undone has created it, and nothing is deleted unasked
    unchanged pipeline.p: it is as it ought to be
    create trigger.back: the factory does not have it
    skip trigger.idle: what is undone has created it, and nothing is deleted unasked
    skip trigger.new: what is undone has created it, and nothing is deleted unasked
    skip trigger.theirs: the source does not have it, and nothing is deleted unasked
    ");
    let deleting = Request {
        delete_not_in_source: true,
        ..undone.clone()
    };
    let plan = planned(&source, &live, &deleting);
    assert_eq!(plan.lists.delete.len(), 4, "{:?}", plan.lists.delete);
    let selection = Selection {
        only: vec!["trigger.back".parse().unwrap()],
        ..Selection::default()
    };
    let plan = planned(
        &source,
        &live,
        &Request {
            selection,
            ..undone
        },
    );
    insta::assert_snapshot!(shown_triggers(&plan), @r"
    trigger.back: absent to started: the environment says so; started
    start: trigger.back [Start]
    ");
}

#[test]
fn windows_that_begin_anew_need_a_trigger_that_is_deleted_and_created() {
    let source = documents([
        (P.0, pipeline(P.1)),
        (
            "trigger.hourly",
            tumbling("Started", P.0, "2026-02-01T00:00:00Z", &[]),
        ),
    ]);
    let live = documents([
        (P.0, pipeline(P.1)),
        (
            "trigger.hourly",
            tumbling("Started", P.0, "2026-01-01T00:00:00.000Z", &[]),
        ),
    ]);

    let plan = planned(&source, &live, &Request::default());

    insta::assert_snapshot!(crate::support::shown(&plan), @r"
    unchanged pipeline.p: it is as it ought to be
    replace trigger.hourly: the service does not change typeProperties.startTime in place
    needs consent: tumbling-window-lineage trigger.hourly: typeProperties.startTime differs: it is deleted and created, and its windows begin anew
    ");
    insta::assert_snapshot!(shown_triggers(&plan), @r"
    trigger.hourly: started to started: its document says so; stopped: it is put; started
    stop: trigger.hourly [Stop]
    start: trigger.hourly [Start]
    ");
    insta::assert_snapshot!(crate::support::shown_levels(&plan.order.remove), @"trigger.hourly");
    let live_again = documents([
        (P.0, pipeline(P.1)),
        (
            "trigger.hourly",
            tumbling("Started", P.0, "2026-02-01T00:00:00.000Z", &[]),
        ),
    ]);
    assert!(!planned(&source, &live_again, &Request::default()).has_work());
}

#[test]
fn a_replaced_trigger_that_another_depends_on_is_a_problem() {
    let all = |start: &str| {
        documents([
            (P.0, pipeline(P.1)),
            ("trigger.first", tumbling("Started", P.0, start, &[])),
            (
                "trigger.second",
                tumbling("Started", P.0, "2026-01-01T00:00:00Z", &["trigger.first"]),
            ),
        ])
    };

    let plan = planned(
        &all("2026-02-01T00:00:00Z"),
        &all("2026-01-01T00:00:00Z"),
        &Request::default(),
    );

    assert_eq!(
        plan.problems[0].text,
        "it has to be deleted before it can be changed, and trigger.second refers to it"
    );
}

#[test]
fn what_a_deployment_that_was_killed_has_stopped_is_something_to_do() {
    let documents = documents([
        (P.0, pipeline(P.1)),
        ("trigger.left", events("Stopped", &[P.0], "/in/")),
        ("trigger.theirs", schedule("Stopped", &[P.0])),
        ("trigger.running", schedule("Started", &[P.0])),
    ]);
    let source: Vec<_> = documents[..2].to_vec();
    let desired = Desired::of_documents(source, &Overlay::default()).unwrap();
    let journal = ["trigger.left", "trigger.theirs", "trigger.running"].map(|name| id(name).into());
    let factory = json!({"name": "adf", "properties": {}});
    let live = Live::new(Some(factory), documents).with_started(&journal);

    let plan = dataops_plan::plan(&desired, &live, &with_triggers([("*", Keep)]));

    assert!(plan.has_work());
    insta::assert_snapshot!(shown_triggers(&plan), @r"
    trigger.left: started to started: an earlier deployment has stopped it and was not finished; started
    trigger.theirs: started to started: an earlier deployment has stopped it and was not finished; started
    start: trigger.left [Subscribe, AwaitEnabled, Start] | trigger.theirs [Start]
    ");
}

#[test]
fn what_a_deployment_has_deleted_to_create_it_anew_runs_again() {
    let source = documents([
        (P.0, pipeline(P.1)),
        ("trigger.ran", schedule("Stopped", &[P.0])),
        ("trigger.new", schedule("Stopped", &[P.0])),
    ]);
    let there = documents([(P.0, pipeline(P.1))]);
    let desired = Desired::of_documents(source, &Overlay::default()).unwrap();
    let factory = json!({"name": "adf", "properties": {}});
    let journal = [id("trigger.ran").into()];
    let live = Live::new(Some(factory), there).with_ran(&journal);

    let plan = dataops_plan::plan(&desired, &live, &with_triggers([("*", Keep)]));

    insta::assert_snapshot!(shown_triggers(&plan), @r"
    trigger.new: absent to stopped: it is new, and new ones are not started here
    trigger.ran: absent to started: it ran before it went; started
    start: trigger.ran [Start]
    ");
}
