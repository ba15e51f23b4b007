//! Whether a resource is as it ought to be; its secrets are told apart from the rest.

use std::borrow::Cow;
use std::collections::BTreeSet;

use adf_model::Kind;
use serde_json::{Value, json};

use crate::concealed;
use crate::prepared::Prepared;
use crate::secret::{Found, SecretAt, SecretFound, found, spell_alike};

/// A resource as it ought to be beside the one that is there.
#[derive(Clone, Debug)]
pub(crate) struct Compared<'p> {
    /// Whether they are the same but for secrets.
    pub(crate) is_same: bool,
    /// The normal form of the one that ought to be.
    pub(crate) desired: Cow<'p, Value>,
    /// The normal form of the one that is there.
    pub(crate) live: Cow<'p, Value>,
    /// The secrets that ought to be there.
    pub(crate) secrets: Vec<(&'p SecretAt, SecretFound)>,
    /// Where something that is no secret ought to be, and a secret is, by JSON pointers.
    pub(crate) others: Vec<(String, SecretFound)>,
}

impl Compared<'_> {
    /// Whether a secret is known to be another than it ought to be.
    pub(crate) fn has_other_secret(&self) -> bool {
        let wanted = self.secrets.iter().map(|(_, found)| found);
        let mut all = wanted.chain(self.others.iter().map(|(_, found)| found));
        all.any(|found| matches!(found, SecretFound::Another | SecretFound::Missing))
    }
}

/// Compares a resource as it ought to be with the one that is there. What is a secret on one side is one on both.
pub(crate) fn compare<'p>(desired: &'p Prepared, live: &'p Prepared) -> Compared<'p> {
    let Found {
        wanted: secrets,
        others,
        concealed,
    } = found(desired, live);
    if desired.digest == live.digest {
        return Compared {
            is_same: true,
            desired: Cow::Borrowed(&desired.normal),
            live: Cow::Borrowed(&live.normal),
            secrets,
            others,
        };
    }
    let (wanted, there) = concealed::both(desired, live);
    let mut compared = Compared {
        is_same: wanted.digest == there.digest,
        secrets,
        others,
        desired: normal(wanted),
        live: normal(there),
    };
    if !compared.is_same {
        for [ours, theirs] in concealed {
            leave_out(compared.desired.to_mut(), &ours);
            leave_out(compared.live.to_mut(), &theirs);
        }
        align(&mut compared, desired, live);
        spell_alike(compared.live.to_mut(), &compared.desired);
        compared.is_same = compared.desired == compared.live;
    }
    compared
}

/// Leaves out what stands at a place of the document that a normal form is of.
fn leave_out(normal: &mut Value, pointer: &str) {
    if let Some(pointer) = pointer.strip_prefix("/properties") {
        remove(normal, pointer);
    }
}

fn normal(prepared: Cow<'_, Prepared>) -> Cow<'_, Value> {
    match prepared {
        Cow::Borrowed(prepared) => Cow::Borrowed(&prepared.normal),
        Cow::Owned(prepared) => Cow::Owned(prepared.normal),
    }
}

/// Leaves out what one side says and the other cannot.
fn align(compared: &mut Compared<'_>, desired: &Prepared, live: &Prepared) {
    if desired.is_sealed || live.is_sealed {
        // What is sealed stands for secrets: one that is there openly on one side is not missing on the other.
        for secret in desired.masked.secrets.iter().chain(&live.masked.secrets) {
            let Some(pointer) = secret.pointer.strip_prefix("/properties") else {
                continue;
            };
            let pointer = pointer.strip_suffix("/value").unwrap_or(pointer);
            let both =
                [&compared.desired, &compared.live].map(|side| side.pointer(pointer).is_some());
            if both != [true, true] {
                remove(compared.desired.to_mut(), pointer);
                remove(compared.live.to_mut(), pointer);
            }
        }
    }
    match desired.kind {
        Kind::ManagedVirtualNetwork => only_where_both(compared, "preventDataExfiltration"),
        Kind::ManagedPrivateEndpoint => only_where_both(compared, "fqdns"),
        Kind::Factory => {
            let says = compared.desired.clone().into_owned();
            let live = compared.live.to_mut();
            keep_only(live, &says);
            same_shape(live, &says);
        }
        _ => {}
    }
}

fn only_where_both(compared: &mut Compared<'_>, name: &str) {
    if compared.desired.get(name).is_none() || compared.live.get(name).is_none() {
        remove(compared.desired.to_mut(), &format!("/{name}"));
        remove(compared.live.to_mut(), &format!("/{name}"));
    }
}

/// Of a factory only what the source says is looked at: much of it belongs to whoever made it.
fn keep_only(live: &mut Value, says: &Value) {
    if let (Some(live), Some(says)) = (live.as_object_mut(), says.as_object()) {
        live.retain(|key, _| says.contains_key(key));
        for (key, value) in live {
            keep_only(value, &says[key]);
        }
    }
}

/// The document of a factory that runs, as far as that of a source says something of it too, for those who compare documents.
pub fn as_far_as_said(live: &mut Value, says: &Value) {
    keep_only(live, says);
    let kinds = |document: &Value| kinds(document.pointer("/identity/type"));
    let is_asked_for = kinds(live).is_superset(&kinds(says));
    if let (Some(there), Some(wanted)) = (live.get_mut("identity"), says.get("identity"))
        && is_asked_for
    {
        *there = wanted.clone();
    }
    if says.get("properties").is_some()
        && let Some(live) = live.as_object_mut()
    {
        live.entry("properties").or_insert_with(|| json!({}));
    }
}

/// The kinds of identities in a text such as `SystemAssigned,UserAssigned`.
fn kinds(value: Option<&Value>) -> BTreeSet<String> {
    let text = value.and_then(Value::as_str).unwrap_or_default();
    let kinds = text.split(',');
    let kinds = kinds.map(|kind| kind.trim().to_ascii_lowercase());
    kinds.collect()
}

/// A factory that says nothing of itself lacks each property, and not all of them at once; and its identity may be more than is asked for.
fn same_shape(live: &mut Value, says: &Value) {
    let Some(live) = live.as_object_mut() else {
        return;
    };
    for name in ["properties", "tags", "userAssignedIdentities"] {
        if says.get(name).is_some_and(Value::is_object) {
            live.entry(name).or_insert_with(|| json!({}));
        }
    }
    if let (Some(wanted), Some(there)) = (says.get("identity"), live.get_mut("identity"))
        && kinds(Some(there)).is_superset(&kinds(Some(wanted)))
    {
        *there = wanted.clone();
    }
}

fn remove(value: &mut Value, pointer: &str) {
    let Some((parent, key)) = pointer.rsplit_once('/') else {
        return;
    };
    let key = key.replace("~1", "/").replace("~0", "~");
    if let Some(parent) = value.pointer_mut(parent).and_then(Value::as_object_mut) {
        parent.shift_remove(&key);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::json;

    use super::*;

    fn prepared(kind: Kind, properties: &Value) -> Prepared {
        let document = json!({"name": "x", "properties": properties});
        Prepared::of(kind, document, &BTreeSet::new())
    }

    fn found(kind: Kind, desired: &Value, live: &Value) -> (bool, Vec<SecretFound>) {
        let (desired, live) = (prepared(kind, desired), prepared(kind, live));
        let compared = compare(&desired, &live);
        let secrets = compared.secrets.iter().map(|(_, found)| *found);
        (compared.is_same, secrets.collect())
    }

    fn service(details: &Value) -> Value {
        json!({"type": "SqlServer", "typeProperties": details})
    }

    #[test]
    fn a_secret_that_the_service_hides_is_not_a_difference() {
        let wanted = service(
            &json!({"server": "s", "password": {"type": "SecureString", "value": "hunter2"}}),
        );
        let there = service(&json!({"server": "s", "encryptedCredential": "sealed",
            "password": {"type": "SecureString", "value": "**********"}}));

        assert_eq!(
            found(Kind::LinkedService, &wanted, &there),
            (true, vec![SecretFound::Unreadable])
        );
    }

    #[test]
    fn what_is_sealed_stands_for_secrets_on_either_side() {
        let open = service(
            &json!({"server": "s", "password": {"type": "SecureString", "value": "hunter2"}}),
        );
        let sealed = service(&json!({"server": "s", "encryptedCredential": "sealed"}));
        let other = service(&json!({"server": "t", "encryptedCredential": "sealed"}));
        let none = service(&json!({"server": "s"}));

        assert_eq!(
            found(Kind::LinkedService, &open, &sealed),
            (true, vec![SecretFound::Unreadable])
        );
        assert_eq!(found(Kind::LinkedService, &sealed, &open), (true, vec![]));
        assert!(!found(Kind::LinkedService, &open, &other).0);
        assert!(!found(Kind::LinkedService, &open, &none).0);
    }

    #[test]
    fn a_connection_string_is_compared_without_its_secret() {
        let string = |text: &str| service(&json!({"connectionString": text}));
        let wanted = string("Server=s;Password=hunter2;Database=d");

        let hidden = found(
            Kind::LinkedService,
            &wanted,
            &string("Server=s;Password=**********;Database=d"),
        );
        let left_out = found(
            Kind::LinkedService,
            &wanted,
            &service(
                &json!({"connectionString": "Server=s;Database=d;", "encryptedCredential": "x"}),
            ),
        );
        let other = found(Kind::LinkedService, &wanted, &string("Server=t;Database=d"));

        assert_eq!(hidden, (true, vec![SecretFound::Unreadable]));
        assert_eq!(left_out, (true, vec![SecretFound::Unreadable]));
        assert!(!other.0);
    }

    #[test]
    fn a_secret_that_can_be_read_is_compared() {
        let headers = |token: &str| json!({"activities": [{"typeProperties": {"headers": {"Authorization": token}}}]});

        assert_eq!(
            found(Kind::Pipeline, &headers("one"), &headers("one")),
            (true, vec![SecretFound::Same])
        );
        assert_eq!(
            found(Kind::Pipeline, &headers("one"), &headers("two")),
            (true, vec![SecretFound::Another])
        );
    }

    #[test]
    fn of_a_factory_only_what_the_source_says_counts() {
        let live = json!({"publicNetworkAccess": "Enabled", "encryption": {"keyName": "k"}, "createTime": "now"});

        let says = |properties: Value| found(Kind::Factory, &properties, &live).0;

        assert!(says(json!({"publicNetworkAccess": "Enabled"})));
        assert!(!says(json!({"publicNetworkAccess": "Disabled"})));
        assert!(!says(
            json!({"purviewConfiguration": {"purviewResourceId": "x"}})
        ));
    }
}
