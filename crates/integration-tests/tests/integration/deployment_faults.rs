//! A deployment in which every call fails in turn, or at which the program is killed: the next one ends where an undisturbed one does.
//!
//! The normal run takes a sample of the calls for each kind of fault. `DATAOPS_FAULTS=all` takes every call.
//!
//! A row of this matrix is a fault at a call. It proves something only when the call was made: one that was never met is told, and fails.

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
    ///
    /// Of some deployments the one with the fewest calls: how often triggers are asked about differs a little.
    async fn undisturbed(&self) -> (u64, State) {
        let mut calls = Vec::new();
        for _ in 0..RUNS {
            self.set().await;
            self.order(&json!({"status": 500}), 1 << 40);
            self.deploy(usual).await.unwrap();
            calls.push(self.calls());
            self.emulator.forget_faults();
        }
        (calls.into_iter().min().unwrap(), self.state().await)
    }

    /// The same of the program, which takes a lease and keeps records besides.
    #[cfg(unix)]
    async fn undisturbed_program(&self) -> (u64, State) {
        let mut calls = Vec::new();
        for _ in 0..RUNS {
            self.set().await;
            self.order(&json!({"status": 500}), 1 << 40);
            let ended = self.program().run();
            assert_eq!(ended.code, Some(0), "{ended}");
            calls.push(self.calls());
            self.emulator.forget_faults();
        }
        (calls.into_iter().min().unwrap(), self.state().await)
    }

    /// The program that deploys the second edition.
    #[cfg(unix)]
    fn program(&self) -> Program {
        Program::dataops(["deploy", "--env", "local", "--quiet"])
            .within(self.second.0.path())
            .at(&self.emulator)
    }

    /// How many calls were made since the order.
    fn calls(&self) -> u64 {
        self.emulator.faults()[0]["seen"].as_u64().unwrap()
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

/// How many undisturbed deployments tell how many calls one takes.
const RUNS: usize = 3;

/// How often a row is tried before it counts as one whose call is never made: how often triggers are asked about differs a little.
const TRIES: usize = 4;

/// The rows of one kind of fault.
struct Rows {
    name: String,
    calls: u64,
    /// Those whose call was met.
    proven: usize,
    /// Those that were tried until the fault was met, or given up.
    missed: Vec<u64>,
}

impl Rows {
    fn new(name: impl std::fmt::Display, calls: u64) -> Self {
        Self {
            name: name.to_string(),
            calls,
            proven: 0,
            missed: Vec::new(),
        }
    }

    fn count(&mut self, at: u64, is_met: bool) {
        match is_met {
            true => self.proven += 1,
            false => self.missed.push(at),
        }
    }

    /// Tells how many there were; one that was never met, or none at all, proves nothing.
    fn end(self, more: &str) {
        let Self {
            name,
            calls,
            proven,
            missed,
        } = self;
        tell(&format!(
            "row {name}: {proven} of {calls} calls met, {} never met{more}",
            missed.len()
        ));
        assert!(
            missed.is_empty(),
            "{name}: never met at the calls {missed:?}"
        );
        assert!(proven > 0, "{name}: no call was tried");
    }
}

/// No call is repeated, so that the fault stops what it meets; the next deployment is undisturbed.
async fn each_call_fails(fault: Fault, skew: u64) {
    let stage = Stage::new();
    let (calls, wanted) = stage.undisturbed().await;
    let mut rows = Rows::new(format!("{fault:?}"), calls);
    let mut went_on = 0;

    for at in places(calls, 4, skew) {
        let mut met = None;
        for _ in 0..TRIES {
            stage.set().await;
            stage.order(&fault.order(), at);
            let first = stage
                .deploy(|it| fault.patient(it).with_retry(Retry::none()))
                .await;
            let is_met = stage.calls() > at;
            stage.emulator.forget_faults();
            if is_met {
                met = Some(first);
                break;
            }
        }
        rows.count(at, met.is_some());
        let Some(first) = met else { continue };
        if first.is_ok() {
            // Who says that all is well has to be right without another deployment.
            went_on += 1;
            assert_eq!(
                stage.state().await,
                wanted,
                "{fault:?} at call {at}, told as done"
            );
        }
        let second = stage.deploy(usual).await;

        assert_eq!(second, Ok(()), "{fault:?} at call {at}, after {first:?}");
        assert_eq!(stage.state().await, wanted, "{fault:?} at call {at}");
    }
    rows.end(&format!(", {went_on} deployments did without the answer"));
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

    for (skew, fault) in (1..).step_by(19).zip(Fault::ALL) {
        let mut rows = Rows::new(format!("passing {fault:?}"), calls);
        for at in places(calls, 1, skew) {
            let mut is_met = false;
            for _ in 0..TRIES {
                stage.set().await;
                stage.order(&fault.order(), at);
                let ended = stage.deploy(|it| fault.patient(it)).await;
                is_met = stage.calls() > at;
                stage.emulator.forget_faults();

                assert_eq!(ended, Ok(()), "{fault:?} at call {at}");
                assert_eq!(stage.state().await, wanted, "{fault:?} at call {at}");
                if is_met {
                    break;
                }
            }
            rows.count(at, is_met);
        }
        rows.end("");
    }
}

/// The program is killed while a call is on its way; the next deployment is undisturbed.
#[cfg(unix)]
async fn killed_at_each_call(acted: bool, skew: u64) {
    let stage = Stage::new();
    let (calls, wanted) = stage.undisturbed_program().await;
    let when = if acted {
        "while the service acts"
    } else {
        "before"
    };
    let mut rows = Rows::new(format!("killed {when}"), calls);
    let mut left = 0;

    for at in places(calls, 6, skew) {
        let mut is_met = false;
        for _ in 0..TRIES {
            stage.set().await;
            stage.order(&Fault::Silent { acted }.order(), at);
            let program = stage.program().start();
            eventually("the call at which it is killed", || {
                let is_there = stage.calls() > at || program.has_ended();
                std::future::ready(is_there.then_some(()))
            })
            .await;
            is_met = stage.calls() > at && !program.has_ended();
            program.kill();
            stage.emulator.forget_faults();
            if is_met {
                break;
            }
        }
        rows.count(at, is_met);
        if !is_met {
            continue;
        }
        let journal = journal(&stage.emulator.connection(&stage.second.1)).await;
        let second = stage.deploy(usual).await;

        assert_eq!(second, Ok(()), "killed at call {at}, acted: {acted}");
        assert_eq!(stage.state().await, wanted, "killed at call {at}");
        left += usize::from(!journal.is_empty());
    }
    rows.end(&format!(", {left} times with triggers stopped"));
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
