//! The factory itself: created where there is none, otherwise changed in what can be changed without writing over the rest.

use std::collections::BTreeMap;

use adf_client::models::FactoryUpdate;
use adf_model::Kind;
use dataops_plan::{Action, ResourceKey};
use serde_json::{Map, Value, json};

use super::trouble::is_ambiguous;
use super::work::{Done, Work};
use super::{Event, ResourceOutcome, Trouble, TroubleKind, write};

/// Does with the factory what the plan says.
pub(super) async fn bring(work: &Work<'_>) -> Vec<ResourceOutcome> {
    let order = &work.plan.order;
    let action = match (order.create_factory, order.patch_factory) {
        (true, _) => Action::Create,
        (_, true) => Action::Update,
        _ => return Vec::new(),
    };
    (work.tell)(Event::Step(match action {
        Action::Create => "creating the factory",
        _ => "changing the factory in place",
    }));
    let factories = work.plan.resources.iter();
    let factories =
        factories.filter(|plan| plan.resource.kind == Kind::Factory && plan.action == action);
    let keys: Vec<_> = factories.map(|plan| plan.resource.clone()).collect();
    work.each(&keys, |key| async move {
        match action {
            Action::Create => write::put(work, &key).await,
            _ => patch(work, &key).await,
        }
    })
    .await
}

/// Changes tags, identity and network access as the source says. What others have given the factory stays.
async fn patch(work: &Work<'_>, key: &ResourceKey) -> Result<Done, Trouble> {
    let gone = || Trouble::moved(format!("{key} is not there any more"));
    let plan = work.plan.resource(key).zip(work.desired.get(key.id()));
    let (plan, desired) =
        plan.ok_or_else(|| Trouble::new(TroubleKind::Refused, format!("the source has no {key}")))?;
    let live = work.remote.document(key.id()).await?.ok_or_else(gone)?;
    if !plan.saw(&live) {
        return Err(Trouble::moved(format!(
            "{key} was changed by somebody else since the plan was made"
        )));
    }
    let wanted = desired.body();
    let error = match work
        .remote
        .client()
        .update(&update(&wanted, &live), None)
        .await
    {
        Ok(answer) => {
            let etag = write::version(&answer.into_model()?.into_json());
            return Ok(Done {
                etag,
                ..Done::default()
            });
        }
        Err(error) => error,
    };
    if is_ambiguous(&error) {
        let now = work.remote.document(key.id()).await?.ok_or_else(gone)?;
        if update(&wanted, &now) == FactoryUpdate::default() {
            return Ok(Done::noting("its answer was lost, and it is there"));
        }
    }
    Err(error.into())
}

/// What the service has to change.
fn update(wanted: &Value, live: &Value) -> FactoryUpdate {
    const ACCESS: &str = "/properties/publicNetworkAccess";
    let differs = |pointer: &str| {
        let wanted = wanted.pointer(pointer)?;
        (live.pointer(pointer) != Some(wanted)).then_some(wanted)
    };
    let access = differs(ACCESS).and_then(Value::as_str);
    FactoryUpdate {
        tags: tags(wanted, live),
        identity: identity(wanted, live),
        public_network_access: access.map(|access| access == "Enabled"),
    }
}

/// All tags, since a change replaces them; nothing where those of the source are there.
fn tags(wanted: &Value, live: &Value) -> Option<BTreeMap<String, String>> {
    let tags = |document: &Value| {
        let tags = document.get("tags").and_then(Value::as_object);
        let tags = tags.into_iter().flatten();
        let texts =
            tags.filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())));
        texts.collect::<BTreeMap<_, _>>()
    };
    let there = tags(live);
    let mut all = there.clone();
    all.extend(tags(wanted));
    (all != there).then_some(all)
}

/// The kinds of identity and the identities of both; nothing where those of the source are there.
fn identity(wanted: &Value, live: &Value) -> Option<Value> {
    let kinds = |document: &Value| {
        let kind = document.pointer("/identity/type").and_then(Value::as_str);
        let kinds = kind.unwrap_or_default().split(',').map(str::trim);
        let kinds = kinds.filter(|kind| !kind.is_empty() && !kind.eq_ignore_ascii_case("None"));
        kinds.map(str::to_owned).collect::<Vec<_>>()
    };
    let users = |document: &Value| {
        let users = document.pointer("/identity/userAssignedIdentities");
        let users = users.and_then(Value::as_object).into_iter().flatten();
        let names = users.map(|(name, _)| name.clone());
        names.collect::<Vec<_>>()
    };
    let is_user = |kind: &String| kind.eq_ignore_ascii_case("UserAssigned");
    let mut all = kinds(live);
    for kind in kinds(wanted) {
        if !all.iter().any(|known| known.eq_ignore_ascii_case(&kind)) {
            all.push(kind);
        }
    }
    let mut names = users(live);
    let known = names.len();
    for name in users(wanted) {
        let is_there = names.iter().any(|known| known.eq_ignore_ascii_case(&name));
        if !is_there && kinds(wanted).iter().any(is_user) {
            names.push(name);
        }
    }
    if all == kinds(live) && names.len() == known {
        return None;
    }
    let identities = names.into_iter().map(|name| (name, json!({})));
    let identities: Map<_, _> = identities.collect();
    let mut identity = json!({ "type": all.join(",") });
    if !identities.is_empty() {
        identity["userAssignedIdentities"] = Value::Object(identities);
    }
    Some(identity)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_have_given_the_factory_stays() {
        let live = json!({"tags": {"cost": "42", "stage": "dev"}, "identity": {"type": "UserAssigned",
            "userAssignedIdentities": {"/ids/u": {"clientId": "c"}}}, "properties": {"publicNetworkAccess": "Enabled"}});
        let wanted = json!({"tags": {"stage": "qa"}, "identity": {"type": "SystemAssigned", "principalId": "p"},
            "properties": {"publicNetworkAccess": "Disabled", "purviewConfiguration": {"id": "x"}}});

        let change = update(&wanted, &live);

        let tags = [("cost", "42"), ("stage", "qa")];
        let tags = tags.map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(
            change,
            FactoryUpdate {
                tags: Some(BTreeMap::from(tags)),
                identity: Some(
                    json!({"type": "UserAssigned,SystemAssigned", "userAssignedIdentities": {"/ids/u": {}}})
                ),
                public_network_access: Some(false),
            }
        );
        assert_eq!(
            update(&json!({"properties": {}}), &live),
            FactoryUpdate::default()
        );
        assert_eq!(update(&live, &live), FactoryUpdate::default());
    }

    #[test]
    fn another_identity_of_the_same_kind_is_brought() {
        let factory = |id: &str| {
            json!({"identity": {"type": "UserAssigned",
                "userAssignedIdentities": {id: {"clientId": "c", "principalId": "p"}}}})
        };
        let live = factory("/ids/One");

        let change = update(&factory("/ids/two"), &live);

        let both = json!({"type": "UserAssigned",
            "userAssignedIdentities": {"/ids/One": {}, "/ids/two": {}}});
        assert_eq!(change.identity, Some(both));
        assert_eq!(
            update(&factory("/IDS/one"), &live),
            FactoryUpdate::default()
        );
    }
}
