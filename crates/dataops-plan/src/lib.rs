#![doc = include_str!("../README.md")]

mod again;
mod changes;
mod cluster;
mod compare;
mod concealed;
mod desired;
mod digest;
mod key;
mod levels;
mod live;
mod normal;
mod notebooks;
mod plan;
mod planner;
mod prepared;
mod render;
mod request;
mod rest;
mod secret;
mod seen;
mod selection;
mod verify;

pub use cluster::{ClusterAction, ClusterPlan};
pub use compare::as_far_as_said;
pub use concealed::{conceal, secret_texts};
pub use desired::{
    Desired, DesiredError, DesiredResource, Note, Overlay, all_global_parameters, documents,
};
pub use digest::Digest;
pub use key::{ResourceKey, ResourceKeyError};
pub use live::Live;
pub use notebooks::{
    LARGEST_IMPORT, LocalObject, MovedObject, NotebookAction, NotebookBecause, NotebookPlan,
    ObjectKind, ObjectPlan, Obstacle, RemoteObject, as_stored,
};
pub use plan::{
    Action, AfterBecause, Because, Change, Consent, ConsentError, FactoryAddress, Finding, Lists,
    Options, Order, Plan, PlanFileError, Problem, ResourcePlan, Round, SCHEMA, SecretPlan,
    SecretState, StopBecause, TriggerPlan, TriggerState, TriggerStep, TriggerSteps, Verdict,
    Warning, What,
};
pub use planner::plan;
pub use render::{Line, Tone, change_in_words, human, markdown};
pub use request::{Policy, Request, TriggerPolicies};
pub use secret::{STARS, SecretTrace, secret_places, without_secrets};
pub use seen::{Seen, differences, places};
pub use selection::{Selection, Selector, SelectorError};
pub use verify::{Moved, MovedHow};
