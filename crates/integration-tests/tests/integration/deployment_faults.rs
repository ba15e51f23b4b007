//! A deployment in which every call fails in turn, or at which the program is killed: the next one ends where an undisturbed one does.
//!
//! The normal run takes a sample of the calls for each kind of fault. `DATAOPS_FAULTS=all` takes every call.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use adf_client::{Remote, Retry};
use adf_model::{Factory, Kind};
use dataops_core::apply::Keeper;
use dataops_core::connection::Connection;
use dataops_core::deployment::Deployment;
use dataops_core::store::Place;
use dataops_solution::Solution;
use integration_tests::{Edition, Emulator, Program, eventually, wide};
use serde_json::{Value, json};
use tempfile::TempDir;

/// A kind of fault, in the form of an order to the emulator.
#[derive(Clone, Copy, Debug)]
enum Fault {
    Throttled,
    Broken { acted: bool },
    Unavailable,
    Reset { acted: bool },
    Silent { acted: bool },
}

impl Fault {
    const ALL: [Self; 8] = [
        Self::Throttled,
        Self::Broken { acted: false },
        Self::Broken { acted: true },
        Self::Unavailable,
        Self::Reset { acted: false },
        Self::Reset { acted: true },
        Self::Silent { acted: false },
        Self::Silent { acted: true },
    ];

    fn order(self) -> Value {
        let body =
            |code: &str| json!({"error": {"code": code, "message": "as ordered", "details": []}});
        match self {
            Self::Throttled => {
                json!({"status": 429, "headers": {"Retry-After": "1"}, "body": body("TooManyRequests")})
            }
            Self::Broken { acted } => {
                json!({"status": 500, "body": body("InternalServerError"), "afterHandler": acted})
            }
            Self::Unavailable => json!({"status": 503, "body": body("ServiceUnavailable")}),
            Self::Reset { acted } => json!({"reset": true, "afterHandler": acted}),
            Self::Silent { acted } => json!({"delayMs": 600_000, "afterHandler": acted}),
        }
    }
}

/// How long a service is listened to that is silent by order. Any other has the time that it takes, on a busy machine too.
const PATIENCE: Duration = Duration::from_secs(5);

impl Fault {
    /// Listens only for so long to a service that is silent by order.
    fn patient(self, connection: Connection) -> Connection {
        match self {
            Self::Silent { .. } => connection.with_patience(PATIENCE),
            _ => connection,
        }
    }
}

/// A connection as any.
fn usual(connection: Connection) -> Connection {
    connection
}

type State = BTreeMap<String, Value>;

/// An emulator, and the two editions of a factory.
struct Stage {
    emulator: Emulator,
    first: (TempDir, Solution),
    second: (TempDir, Solution),
}

impl Stage {
    fn new() -> Self {
        Self {
            emulator: Emulator::start(),
            first: wide(Edition::First),
            second: wide(Edition::Second),
        }
    }

    /// The first edition is there, as if nothing else had ever been.
    async fn set(&self) {
        self.emulator.reset();
        self.emulator.deploy(&self.first.1).await;
    }

    /// Deploys the second edition as `connect` says.
    async fn deploy(&self, connect: impl FnOnce(Connection) -> Connection) -> Result<(), String> {
        let connection = connect(self.emulator.connection(&self.second.1));
        let deployment = Deployment::new(&self.second.1, &connection);
        let ended = deployment.run(|_| {}).await;
        ended.map(drop).map_err(|error| format!("{error:#?}"))
    }

    fn order(&self, order: &Value, offset: u64) {
        let mut order = order.clone();
        order["pattern"] = "* *".into();
        order["offset"] = offset.into();
        self.emulator.order(&order);
    }

    /// How many calls an undisturbed deployment takes, and what it ends in.
    async fn undisturbed(&self) -> (u64, State) {
        self.set().await;
        self.order(&json!({"status": 500}), 1 << 40);
        self.deploy(usual).await.unwrap();
        let calls = self.emulator.faults()[0]["seen"].as_u64().unwrap();
        self.emulator.forget_faults();
        (calls, self.state().await)
    }

    /// All resources without what differs each time. No journal may be left.
    async fn state(&self) -> State {
        let connection = self.emulator.connection(&self.second.1);
        let remote = Remote::new(connection.factory().unwrap());
        let mut state = State::new();
        for kind in Kind::ALL {
            for (id, document) in remote.list(kind).await.unwrap() {
                let mut properties = document["properties"].clone();
                if let Some(properties) = properties.as_object_mut() {
                    properties.remove("lastPublishTime");
                }
                state.insert(id.to_string(), properties);
            }
        }
        let triggers = remote.client().triggers();
        for name in ["OnCsv", "OnSame", "Fresh"] {
            if let Ok(said) = triggers.event_subscription_status(name, None).await {
                let status = said.into_model().unwrap().status;
                state.insert(format!("subscription of {name}"), status.to_string().into());
            }
        }
        assert_eq!(journal(&connection).await, Vec::<String>::new());
        state
    }
}

/// The triggers that a journal has.
async fn journal(connection: &Connection) -> Vec<String> {
    let place = Place::of(connection.environment(), connection, Path::new("/nowhere"));
    let store = place.open(connection).unwrap();
    let keeper = Keeper::new(store, "local", "wide", "a test");
    let kept = keeper.read().await.unwrap();
    let entries = kept.into_iter().flat_map(|kept| kept.journal.triggers);
    entries.map(|entry| entry.trigger.to_string()).collect()
}

#[expect(
    clippy::print_stdout,
    reason = "who takes every call wants to know how many there were"
)]
fn tell(counts: &str) {
    println!("{counts}");
}

/// The calls at which something goes wrong: all of them, or some, others for each kind of fault.
fn places(calls: u64, sample: u64, skew: u64) -> Vec<u64> {
    if std::env::var("DATAOPS_FAULTS").as_deref() == Ok("all") {
        return (0..calls).collect();
    }
    let step = (calls / sample).max(1);
    (0..sample).map(|at| (at * step + skew) % calls).collect()
}

/// No call is repeated, so that the fault stops what it meets; the next deployment is undisturbed.
async fn each_call_fails(fault: Fault, skew: u64) {
    let stage = Stage::new();
    let (calls, wanted) = stage.undisturbed().await;
    let (mut tried, mut went_on) = (0, 0);

    for at in places(calls, 4, skew) {
        stage.set().await;
        stage.order(&fault.order(), at);
        let first = stage
            .deploy(|it| fault.patient(it).with_retry(Retry::none()))
            .await;
        stage.emulator.forget_faults();
        let second = stage.deploy(usual).await;

        assert_eq!(second, Ok(()), "{fault:?} at call {at}, after {first:?}");
        assert_eq!(stage.state().await, wanted, "{fault:?} at call {at}");
        tried += 1;
        went_on += usize::from(first.is_ok());
    }
    tell(&format!(
        "{fault:?}: {tried} deployments of {calls} calls, {went_on} went on, the next finished the others"
    ));
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_throttled_call_the_next_deployment_ends_as_an_undisturbed_one() {
    each_call_fails(Fault::Throttled, 3).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_500_the_next_deployment_ends_as_an_undisturbed_one() {
    each_call_fails(Fault::Broken { acted: false }, 8).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_500_of_a_service_that_has_acted_the_next_deployment_ends_as_an_undisturbed_one() {
    each_call_fails(Fault::Broken { acted: true }, 13).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_503_the_next_deployment_ends_as_an_undisturbed_one() {
    each_call_fails(Fault::Unavailable, 17).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_broken_connection_the_next_deployment_ends_as_an_undisturbed_one() {
    each_call_fails(Fault::Reset { acted: false }, 21).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_lost_answer_the_next_deployment_ends_as_an_undisturbed_one() {
    each_call_fails(Fault::Reset { acted: true }, 26).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_silence_the_next_deployment_ends_as_an_undisturbed_one() {
    each_call_fails(Fault::Silent { acted: false }, 29).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_silence_of_a_service_that_has_acted_the_next_deployment_ends_as_an_undisturbed_one()
{
    each_call_fails(Fault::Silent { acted: true }, 31).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fault_that_passes_does_not_stop_a_deployment() {
    let stage = Stage::new();
    let (calls, wanted) = stage.undisturbed().await;
    let mut tried = 0;

    for (skew, fault) in (1..).step_by(19).zip(Fault::ALL) {
        for at in places(calls, 1, skew) {
            stage.set().await;
            stage.order(&fault.order(), at);
            let ended = stage.deploy(|it| fault.patient(it)).await;

            assert_eq!(ended, Ok(()), "{fault:?} at call {at}");
            stage.emulator.forget_faults();
            assert_eq!(stage.state().await, wanted, "{fault:?} at call {at}");
            tried += 1;
        }
    }
    tell(&format!(
        "{tried} faults in deployments of {calls} calls passed"
    ));
}

/// The program is killed while a call is on its way; the next deployment is undisturbed.
#[cfg(unix)]
async fn killed_at_each_call(acted: bool, skew: u64) {
    let stage = Stage::new();
    let (calls, wanted) = stage.undisturbed().await;
    let (mut tried, mut left) = (0, 0);

    for at in places(calls, 6, skew) {
        stage.set().await;
        stage.order(&Fault::Silent { acted }.order(), at);
        let program = Program::dataops(["deploy", "--env", "local", "--quiet"])
            .within(stage.second.0.path())
            .at(&stage.emulator)
            .start();
        eventually("the call at which it is killed", || {
            let seen = stage.emulator.faults()[0]["seen"].as_u64();
            let is_there = seen > Some(at) || program.has_ended();
            std::future::ready(is_there.then_some(()))
        })
        .await;
        program.kill();
        stage.emulator.forget_faults();
        let journal = journal(&stage.emulator.connection(&stage.second.1)).await;
        let second = stage.deploy(usual).await;

        assert_eq!(second, Ok(()), "killed at call {at}, acted: {acted}");
        assert_eq!(stage.state().await, wanted, "killed at call {at}");
        tried += 1;
        left += usize::from(!journal.is_empty());
    }
    tell(&format!(
        "killed at {tried} of {calls} calls, {left} times with triggers stopped"
    ));
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn after_a_kill_the_next_deployment_ends_as_an_undisturbed_one() {
    killed_at_each_call(false, 9).await;
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn after_a_kill_while_the_service_acts_the_next_deployment_ends_as_an_undisturbed_one() {
    killed_at_each_call(true, 14).await;
}
