//! Data Factory over ARM (`Microsoft.DataFactory`, 2018-06-01).

pub(crate) mod approvals;
mod call;
mod captures;
mod copy;
mod deployments;
mod executor;
mod factories;
mod files;
mod globals;
mod going;
mod lane;
mod lookup;
mod notebook;
pub(crate) mod place;
mod query;
mod resources;
pub(crate) mod runs;
mod runtimes;
mod secret;
mod settings;
mod snapshot;
mod storage;
pub(crate) mod store;
mod subscription;
mod training;
pub(crate) mod triggers;
mod wildcard;

use std::sync::Arc;
use std::time::Instant;

use adf_model::{Kind, ResourceId};
use axum::Router;
use axum::extract::{Request, State as Extract};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

pub(crate) use self::going::cancel_what_is_left;

use self::call::Call;
use self::place::FactoryPath;
use crate::pace::{Draw, Turn};
use crate::problem::Problem;
use crate::service::Service;
use crate::state::State;
use crate::storage_account;

/// Everything below `/subscriptions` that is Data Factory's.
pub(crate) fn router(state: Arc<State>) -> Router {
    Router::new().fallback(handle).with_state(state)
}

type Answer = Result<Response, Problem>;

async fn handle(Extract(state): Extract<Arc<State>>, request: Request) -> Response {
    let draw = Draw::of(request.method());
    let latency = state.pace.latency();
    if !latency.is_zero() {
        tokio::time::sleep(latency).await;
    }
    let left = match state.pace.draw(draw, Instant::now()) {
        Turn::Granted { left } => left,
        Turn::Refused { seconds } => return throttled(draw, seconds),
    };
    let answer = match Call::read(request).await {
        Ok(call) => subscription(&state, &call),
        Err(problem) => Err(problem),
    };
    let mut response = answer.into_response();
    response
        .headers_mut()
        .insert(draw.header(), HeaderValue::from(left));
    response
}

fn throttled(draw: Draw, seconds: u64) -> Response {
    let message = format!(
        "the number of {} requests exceeds the limit of the subscription; try again after {seconds} seconds",
        draw.word()
    );
    let code = "SubscriptionRequestsThrottled";
    let mut response = Problem::arm(StatusCode::TOO_MANY_REQUESTS, code, message).into_response();
    let headers = response.headers_mut();
    headers.insert("retry-after", HeaderValue::from(seconds));
    headers.insert(draw.header(), HeaderValue::from(0));
    response
}

fn lacking(call: &Call) -> Problem {
    let path = format!("/{}", call.segments.join("/"));
    Problem::not_implemented(Service::Arm, &call.method, &path)
}

fn subscription(state: &Arc<State>, call: &Call) -> Answer {
    let lower: Vec<_> = call
        .segments
        .iter()
        .map(|text| text.to_lowercase())
        .collect();
    let lower: Vec<_> = lower.iter().map(String::as_str).collect();
    let spelled = |at: usize| call.segments[at].clone();
    let ours = ["providers", "microsoft.datafactory", "factories"];
    let (group, below) = match &lower[..] {
        ["subscriptions", _, "resourcegroups", _, rest @ ..] => (Some(spelled(3)), rest),
        ["subscriptions", _, rest @ ..] => (None, rest),
        _ => return Err(lacking(call)),
    };
    if let [
        "providers",
        "microsoft.storage",
        "storageaccounts",
        account,
        "listkeys",
    ] = below
        && call.method == Method::POST
    {
        return storage_account::list_keys(state, account);
    }
    if let Some(answer) = deployments::handle(state, call, group.as_deref(), below) {
        return answer;
    }
    match (&group, below) {
        (None, ["providers", _]) => {
            return subscription::provider(state, call, &spelled(1), &spelled(3), None);
        }
        (None, ["providers", _, action @ ("register" | "unregister")]) => {
            return subscription::provider(state, call, &spelled(1), &spelled(3), Some(action));
        }
        (Some(group), []) => return subscription::group(state, call, &spelled(1), group),
        _ => {}
    }
    let Some(below) = below.strip_prefix(&ours) else {
        return Err(lacking(call));
    };
    call.check_version()?;
    match (group, below) {
        (group, []) => factories::list(state, call, &spelled(1), group.as_deref()),
        (Some(group), [_, below @ ..]) => {
            let path = FactoryPath {
                subscription: spelled(1),
                group,
                name: spelled(7),
            };
            path.check()?;
            factory(state, call, &path, below)
        }
        _ => Err(lacking(call)),
    }
}

fn factory(state: &Arc<State>, call: &Call, path: &FactoryPath, below: &[&str]) -> Answer {
    if below.is_empty() {
        return factories::one(state, call, path);
    }
    let Some(row) = state.adf.factories.get(&path.key()) else {
        return Err(Problem::arm(
            StatusCode::NOT_FOUND,
            "ParentResourceNotFound",
            format!(
                "the factory `{}` does not exist in the resource group `{}`",
                path.name, path.group
            ),
        ));
    };
    let path = &row.path;
    let spelled = |at: usize| call.segments[8 + at].as_str();
    let post = call.method == Method::POST;
    match below {
        ["querypipelineruns"] if post => query::pipeline_runs(state, call, path),
        ["querytriggerruns"] if post => query::trigger_runs(state, call, path),
        ["querytriggers"] if post => triggers::query(state, call, path),
        ["pipelines", _, "createrun"] if post => runs::create(state, call, path, spelled(1)),
        ["pipelineruns", _] if call.method == Method::GET => runs::get(state, path, spelled(1)),
        ["pipelineruns", _, "cancel"] if post => runs::cancel(state, call, path, spelled(1)),
        ["pipelineruns", _, "queryactivityruns"] if post => {
            query::activity_runs(state, call, path, spelled(1))
        }
        ["triggers", _, action] if post => triggers::act(state, call, path, spelled(1), action),
        ["adfcdcs", _, action] => captures::act(state, call, path, spelled(1), action),
        ["integrationruntimes", _, below @ ..]
            if !below.is_empty() || call.method == Method::PATCH =>
        {
            runtimes::act(state, call, path, spelled(1), below)
        }
        [
            "managedvirtualnetworks",
            _,
            "managedprivateendpoints",
            rest @ ..,
        ] if rest.len() < 2 => endpoints(state, call, path, spelled(1), rest.is_empty()),
        [collection] => match top_level(collection) {
            Some(kind) => resources::list(state, call, path, kind, None),
            None => Err(lacking(call)),
        },
        [collection, _] => match top_level(collection) {
            Some(kind) => resources::one(state, call, path, &ResourceId::new(kind, spelled(1))),
            None => Err(lacking(call)),
        },
        _ => Err(lacking(call)),
    }
}

/// The private endpoints of a managed network, or one of them.
fn endpoints(
    state: &Arc<State>,
    call: &Call,
    path: &FactoryPath,
    network: &str,
    all: bool,
) -> Answer {
    let kind = Kind::ManagedPrivateEndpoint;
    if all {
        return resources::list(state, call, path, kind, Some(network));
    }
    let id = ResourceId::below(network, kind, call.segments[11].as_str());
    resources::one(state, call, path, &id)
}

fn top_level(collection: &str) -> Option<Kind> {
    Kind::of_collection(collection).filter(|kind| *kind != Kind::ManagedPrivateEndpoint)
}

fn ok(body: &Value) -> Response {
    let json = "application/json; charset=utf-8";
    ([("content-type", json)], body.to_string()).into_response()
}

/// How many items a page has.
const PAGE: usize = 50;

/// How many items come before the page that the caller wants.
fn skipped(call: &Call) -> Result<usize, Problem> {
    match call.query("$skiptoken") {
        None => Ok(0),
        Some(token) => token
            .parse()
            .map_err(|_| Problem::bad_request(format!("`{token}` is not a $skipToken"))),
    }
}

/// One page, with a link to the next when there are `more` items.
fn page(call: &Call, items: &[Value], more: bool) -> Answer {
    let mut body = json!({"value": items});
    if more {
        let next = skipped(call)?.saturating_add(PAGE);
        body["nextLink"] = call.next_link(&next.to_string()).into();
    }
    Ok(ok(&body))
}
