//! What holds for any two factories.

use dataops_plan::{Action, Live, Plan, Policy, Request, Selection, TriggerState};
use dataops_solution::deployment::{PolicyRule, PolicySettings};
use proptest::prelude::*;
use serde_json::json;

use crate::service::Service;
use crate::support::{Documents, desired, document, planned, refer};

const NAMES: [&str; 14] = [
    "integrationRuntime.r1",
    "linkedService.s1",
    "linkedService.s2",
    "dataset.d1",
    "dataset.d2",
    "dataset.d3",
    "dataflow.f1",
    "pipeline.p1",
    "pipeline.p2",
    "pipeline.p3",
    "pipeline.p4",
    "trigger.t1",
    "trigger.t2",
    "trigger.t3",
];

/// A factory: some resources in some order, each with a value and references to some before it.
fn factory() -> impl Strategy<Value = Documents> {
    let order = Just((0..NAMES.len()).collect::<Vec<_>>()).prop_shuffle();
    let chosen = order.prop_flat_map(|order| {
        let count = 0..=order.len();
        count.prop_map(move |count| order[..count].to_vec())
    });
    chosen.prop_flat_map(|chosen| {
        let details = (0..3_u8, any::<bool>(), any::<u16>());
        let details = proptest::collection::vec(details, chosen.len());
        details.prop_map(move |details| build(&chosen, &details))
    })
}

fn build(chosen: &[usize], details: &[(u8, bool, u16)]) -> Documents {
    let resources = chosen.iter().zip(details).enumerate();
    let resources = resources.map(|(at, (name, (value, started, uses)))| {
        let before = chosen[..at].iter().enumerate();
        let used: Vec<_> = before
            .filter(|(place, _)| uses >> place & 1 == 1)
            .map(|(_, name)| refer(NAMES[*name]))
            .collect();
        let state = if *started { "Started" } else { "Stopped" };
        let is_trigger = NAMES[*name].starts_with("trigger");
        let mut properties =
            json!({"type": "Any", "typeProperties": {"value": value, "uses": used}});
        if is_trigger {
            properties["runtimeState"] = state.into();
            properties["pipelines"] = json!([{"parameters": {}}]);
        }
        document(NAMES[*name], &properties)
    });
    resources.collect()
}

/// Consents to everything.
fn anything() -> Request {
    let settings = PolicySettings::default();
    let mut policy = Policy::new(&settings);
    policy.consents = PolicyRule::ALL.map(dataops_plan::Consent::to).to_vec();
    policy.max_delete_percent = 100;
    Request {
        policy,
        delete_not_in_source: true,
        ..Request::default()
    }
}

fn after(source: &Documents, live: &Documents, request: &Request) -> Option<(Plan, Service)> {
    let wanted = desired(source);
    let mut service = Service::with(live);
    let plan = dataops_plan::plan(&wanted, &service.live(), request);
    if !plan.is_applicable() {
        return None;
    }
    service.carry_out(&plan, &wanted);
    Some((plan, service))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn a_factory_that_is_its_source_needs_nothing(all in factory()) {
        let plan = planned(&all, &all, &anything());

        prop_assert!(!plan.has_work() && plan.is_applicable());
        prop_assert!(plan.resources.iter().all(|resource| resource.action == Action::Unchanged));
        prop_assert!(plan.triggers.iter().all(|trigger| trigger.before == trigger.after));
    }

    /// The service is strict: it asserts every reference at each step, and that no started trigger is written.
    #[test]
    fn a_plan_that_is_carried_out_leaves_nothing_to_do(source in factory(), live in factory()) {
        let Some((plan, service)) = after(&source, &live, &anything()) else {
            // Only an empty source stands against it.
            prop_assert!(source.is_empty());
            return Ok(());
        };

        let again = dataops_plan::plan(&desired(&source), &service.live(), &anything());
        prop_assert!(!again.has_work(), "{again:?}");
        for trigger in &plan.triggers {
            let found = service.get(trigger.trigger.id());
            let state = match found.as_ref().map(|found| found["properties"]["runtimeState"] == "Started") {
                None => TriggerState::Absent,
                Some(true) => TriggerState::Started,
                Some(false) => TriggerState::Stopped,
            };
            prop_assert_eq!(state, trigger.after);
        }
        for (id, _) in &source {
            prop_assert!(service.get(id).is_some());
        }
    }

    #[test]
    fn a_part_can_be_carried_out_too(source in factory(), live in factory(), kind in 0..3_usize, deletes in any::<bool>()) {
        let only = ["pipeline.*", "*.*1", "trigger.*"][kind].parse().unwrap();
        let request = Request {
            selection: Selection { only: vec![only], except: Vec::new() },
            delete_not_in_source: deletes,
            ..anything()
        };

        let done = after(&source, &live, &request);

        if let Some((plan, service)) = done {
            let again = dataops_plan::plan(&desired(&source), &service.live(), &request);
            prop_assert!(!again.has_work(), "{again:?}");
            for resource in &plan.resources {
                if resource.action == Action::Skip {
                    let before = live.iter().find(|(id, _)| id == resource.resource.id());
                    prop_assert_eq!(service.get(resource.resource.id()).is_some(), before.is_some());
                }
            }
        }
    }

    #[test]
    fn a_plan_survives_being_written(source in factory(), live in factory()) {
        let plan = planned(&source, &live, &anything());

        prop_assert_eq!(Plan::read(&plan.to_json()).unwrap(), plan);
    }

    #[test]
    fn the_order_of_documents_means_nothing(source in factory(), live in factory()) {
        let plan = |source: &Documents, live: &Documents| {
            let live = Live::new(Some(json!({"name": "f"})), live.clone());
            dataops_plan::plan(&desired(source), &live, &anything())
        };
        let reversed = |all: &Documents| all.iter().rev().cloned().collect::<Documents>();

        prop_assert_eq!(plan(&source, &live), plan(&reversed(&source), &reversed(&live)));
    }
}
