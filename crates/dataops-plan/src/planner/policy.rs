//! What a policy is about, found in the plan.

use adf_diff::RiskKind;
use adf_model::Kind;
use dataops_solution::deployment::PolicyRule;
use serde_json::Value;

use super::draft::{Draft, Entry};
use crate::key::ResourceKey;
use crate::live::LiveResource;
use crate::plan::{Action, Because, Change, Finding, SecretState, Verdict, What};
use crate::prepared::Prepared;

/// Everything that a policy is about.
pub(super) fn findings(draft: &Draft<'_>) -> Vec<Finding> {
    let mut findings = Findings {
        draft,
        found: Vec::new(),
    };
    for entry in &draft.entries {
        findings.deletion(entry);
        findings.change(entry);
    }
    findings.amount();
    findings.found
}

struct Findings<'p, 'd> {
    draft: &'p Draft<'d>,
    found: Vec<Finding>,
}

impl Findings<'_, '_> {
    fn add(&mut self, rule: PolicyRule, resource: Option<ResourceKey>, text: impl Into<String>) {
        let verdict = self.draft.request.policy.verdict(rule, resource.as_ref());
        self.found.push(Finding {
            rule,
            resource,
            text: text.into(),
            verdict,
        });
    }

    fn deletion(&mut self, entry: &Entry<'_>) {
        if entry.action != Action::Delete {
            return;
        }
        let key = Some(entry.key());
        self.add(PolicyRule::Delete, key.clone(), "it is deleted");
        let kind = entry.live.map(|live| live.prepared().type_name());
        let lost = match (entry.id.kind, kind.unwrap_or_default()) {
            (Kind::IntegrationRuntime, "SelfHosted") => "its nodes lose their registration",
            (Kind::Credential, _) => "what signs in with it no longer can",
            (Kind::ManagedPrivateEndpoint, _) => "a new one has to be approved again",
            (Kind::Trigger, "TumblingWindowTrigger") => "which windows it has run is forgotten",
            _ => return,
        };
        self.add(PolicyRule::DeleteStateful, key, lost);
    }

    fn change(&mut self, entry: &Entry<'_>) {
        let key = Some(entry.key());
        let fixed = match &entry.because {
            Because::Immutable(fixed) => fixed.join(", "),
            _ => String::new(),
        };
        match (entry.action, entry.id.kind) {
            (Action::Replace, Kind::ManagedPrivateEndpoint) => {
                let again = "it is deleted and created, and has to be approved again";
                let text = match &entry.because {
                    Because::Refused(status) => refused(entry, status) + again,
                    _ => format!("{fixed} differs: {again}"),
                };
                self.add(PolicyRule::PrivateEndpointReplacement, key, text);
            }
            (Action::Replace, _) => self.add(
                PolicyRule::TumblingWindowLineage,
                key,
                format!("{fixed} differs: it is deleted and created, and its windows begin anew"),
            ),
            (Action::Update, _) => {
                if let Some((from, to)) = runtime_change(entry) {
                    let text = format!("it is {from} and would become {to}");
                    self.add(PolicyRule::IntegrationRuntimeKind, key.clone(), text);
                }
                let moved = locations(entry);
                if !moved.is_empty() {
                    let text = format!("it points at other data: {} differs", moved.join(", "));
                    self.add(PolicyRule::DataLocation, key.clone(), text);
                }
                self.secrets(entry);
            }
            _ => {}
        }
    }

    /// Which secrets an update writes, and which it makes the factory read.
    fn secrets(&mut self, entry: &Entry<'_>) {
        let written = |state| matches!(state, SecretState::Changed | SecretState::New);
        let is_written = entry.secrets.iter().any(|secret| written(secret.state));
        let mut said = Vec::new();
        if is_written || entry.because == Because::SecretsAsked {
            said.push("a secret is written".to_owned());
        }
        let read = secrets_read(entry);
        if !read.is_empty() {
            said.push(format!(
                "another secret is read: {} differs",
                read.join(", ")
            ));
        }
        if !said.is_empty() {
            self.add(PolicyRule::SecretChange, Some(entry.key()), said.join("; "));
        }
    }

    /// How much is deleted.
    fn amount(&mut self) {
        let entries = self.draft.entries.iter();
        let live = entries.filter(|entry| entry.live.is_some() && counts(entry.id.kind));
        let (mut all, mut deleted) = (0_usize, 0_usize);
        for entry in live {
            all += 1;
            deleted += usize::from(entry.action == Action::Delete);
        }
        let most = usize::from(self.draft.request.policy.max_delete_percent);
        if deleted == 0 {
            return;
        }
        if self.draft.request.removes.is_some() {
            return self.destruction(deleted, all);
        }
        let mut sources = self.draft.entries.iter();
        if !sources.any(|entry| entry.desired.is_some() && counts(entry.id.kind)) {
            let text =
                format!("the source is empty, and {deleted} of {all} resources would be deleted");
            self.add(PolicyRule::EmptySource, None, text);
        }
        if deleted * 100 > most * all {
            let text = format!("{deleted} of {all} resources are deleted, more than {most} %");
            self.add(PolicyRule::MassDelete, None, text);
        }
    }

    /// That the solution goes: to ask for that is to consent to how much it is, but no consent helps against a denial.
    fn destruction(&mut self, deleted: usize, all: usize) {
        let text = format!("{deleted} of {all} resources are removed with the solution");
        let rules = [PolicyRule::Destroy, PolicyRule::MassDelete];
        let policy = &self.draft.request.policy;
        let denied = rules.map(|rule| (rule, policy.verdict(rule, None) == Verdict::Denied));
        for (rule, is_denied) in denied {
            if is_denied || rule == PolicyRule::Destroy {
                self.add(rule, None, text.clone());
            }
        }
    }
}

/// Why a private endpoint is made anew, and who has to do something.
fn refused(entry: &Entry<'_>, status: &str) -> String {
    let live = entry.live.map(LiveResource::prepared);
    let owner = live.and_then(|live| live.text("/properties/privateLinkResourceId"));
    let owner = owner.unwrap_or("what it leads to");
    format!(
        "its connection is {status} and leads nowhere: once the owner of {owner} agrees to it, "
    )
}

/// Whether a kind counts among the resources of a factory.
fn counts(kind: Kind) -> bool {
    !matches!(kind, Kind::GlobalParameters | Kind::ManagedVirtualNetwork)
}

/// What an integration runtime is and would become, where that is something else.
fn runtime_change(entry: &Entry<'_>) -> Option<(&'static str, &'static str)> {
    let kind = |prepared: &Prepared| -> &'static str {
        let properties = &prepared.normal;
        let details = |name: &str| {
            properties
                .pointer(&format!("/typeProperties/{name}"))
                .is_some()
        };
        match prepared.type_name() {
            "SelfHosted" if details("linkedInfo") => "linked to a shared one",
            "SelfHosted" => "self-hosted",
            "Managed" if details("ssisProperties") => "an Azure-SSIS one",
            "Managed" => "an Azure one",
            "Airflow" => "an Airflow one",
            _ => "of another kind",
        }
    };
    if entry.id.kind != Kind::IntegrationRuntime {
        return None;
    }
    let (wanted, there) = (&entry.desired?.prepared, entry.live?.prepared());
    let is_other = wanted.type_name() != there.type_name() || kind(wanted) != kind(there);
    is_other.then(|| (kind(there), kind(wanted)))
}

/// The places of an update that say which secret is read, and from where.
fn secrets_read<'e>(entry: &'e Entry<'_>) -> Vec<&'e str> {
    let is_vault = |kind: &str| kind == "AzureKeyVault";
    let is_vault = entry.id.kind == Kind::LinkedService
        && entry.prepared().is_some_and(|it| is_vault(it.type_name()));
    let tells = |change: &&Change| {
        let path = change.path.as_str();
        let last = path.rsplit('.').next().unwrap_or_default();
        let is_other = match &change.what {
            What::Added { new: value } | What::Removed { old: value } => !reads(value).is_empty(),
            What::Changed { old, new } => reads(old) != reads(new),
            What::Moved { .. } | What::Renamed { .. } => false,
        };
        matches!(last, "secretName" | "secretVersion")
            || path.ends_with(".store")
            || path.contains(".store.")
            || (is_vault && path == "typeProperties.baseUrl")
            || is_other
    };
    let places = entry.changes.iter().filter(tells);
    places.map(|change| change.path.as_str()).collect()
}

/// What in a value says where a secret is: in a Key Vault, or in a secret scope of Databricks.
fn reads(value: &Value) -> Vec<&Value> {
    let is_vault = |kind: &str| kind.eq_ignore_ascii_case("AzureKeyVaultSecret");
    let mut found = Vec::new();
    let mut open = vec![value];
    while let Some(value) = open.pop() {
        match value {
            Value::String(text) if text.contains("{{secrets/") => found.push(value),
            Value::Array(items) => open.extend(items),
            Value::Object(object) => match object.get("type").and_then(Value::as_str) {
                Some(kind) if is_vault(kind) => found.push(value),
                _ => open.extend(object.values()),
            },
            _ => {}
        }
    }
    found
}

/// The places of an update that say where data are.
fn locations<'e>(entry: &'e Entry<'_>) -> Vec<&'e str> {
    let says = |change: &&Change| match entry.id.kind {
        // Those of pipelines say how data are worked on: what is theirs to say.
        Kind::LinkedService | Kind::Dataset => {
            change.risk.as_deref() == Some(RiskKind::DataLocation.name())
                || change.path.starts_with("typeProperties.connectionString")
        }
        Kind::Trigger => ["typeProperties.scope", "typeProperties.blobPathBeginsWith"]
            .contains(&change.path.as_str()),
        _ => false,
    };
    let places = entry.changes.iter().filter(says);
    places.map(|change| change.path.as_str()).collect()
}
