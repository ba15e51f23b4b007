//! Values of Data Factory documents that differ in an environment.

use adf_model::Kind;
use adf_model::secret::{Secrecy, SecretKind, is_secret_name, is_secret_of_connection, secrets_in};
use dataops_solution::aml_address;
use dataops_solution::fit::{Fit, Misfit};
use dataops_solution::key_vault;
use dataops_solution::overrides::OverridePath;
use dataops_solution::secret::Secret;
use serde_json::{Map, Value};

use super::variables::has_variable;
use crate::rules::rule;
use crate::settings::Written;
use crate::suggestion::{meant, nearest};
use crate::{Context, Finding, Findings, Rule};

pub(super) static NOTHING: Rule = rule!(
    "ENV105",
    "override-of-nothing",
    Error,
    "The path of an override leads to nothing"
);
pub(super) static TYPE: Rule = rule!(
    "ENV106",
    "override-type",
    Error,
    "An override has another type than the value that it takes the place of"
);
pub(super) static SECRET: Rule = rule!(
    "ENV107",
    "override-secret",
    Error,
    "An override has a secret in clear text"
);
pub(super) static ML_ADDRESS: Rule = rule!(
    "ENV120",
    "ml-address",
    Error,
    "An `aml://` name is not written as one"
);
pub(super) static ML_KIND: Rule = rule!(
    "ENV129",
    "ml-kind",
    Error,
    "An `aml://` name gives an activity the id of something that it does not run"
);
pub(super) static ADDED: Rule = rule!(
    "ENV121",
    "override-adds",
    Warning,
    "An override adds a property that its document does not have"
);
pub(super) static STATE: Rule = rule!(
    "ENV123",
    "override-state",
    Error,
    "An override gives a trigger a state that triggers do not have"
);

pub(super) fn check(context: &Context<'_>, written: Written<'_>, findings: &mut Findings) {
    if !context.has_factory(written) {
        return;
    }
    for (environment, settings) in &written.settings.environments {
        for (text, value) in &settings.overrides {
            let setting = ["environments", environment, "overrides", text];
            let found = Override {
                context,
                written,
                setting: &setting,
                value,
            };
            found.check(text, findings);
        }
    }
}

struct Override<'c, 'a> {
    context: &'c Context<'a>,
    written: Written<'c>,
    setting: &'c [&'c str],
    value: &'c Value,
}

impl Override<'_, '_> {
    fn check(&self, text: &str, findings: &mut Findings) {
        self.check_address(findings);
        let path = match OverridePath::parse(text) {
            Ok(path) => path,
            Err(error) => {
                let kinds = Kind::ALL.map(Kind::folder);
                let given = text.split('.').next().unwrap_or_default();
                let last = text.rsplit('.').next().unwrap_or_default();
                if holds_clear_secret(self.value, is_secret_of_connection(last)) {
                    findings.add(self.secret());
                }
                let hint = error.hint.or_else(|| meant(given, kinds));
                return findings.add(self.at_key(&NOTHING, &error.reason).hint_if(hint));
            }
        };
        self.check_ml_kind(&path, findings);
        if has_clear_secret(&path, self.value) {
            findings.add(self.secret());
        }
        let Some(resource) = self.context.find(path.id.kind, &path.id.name) else {
            if !self.context.exists(path.id.kind, &path.id.name) {
                let message = format!("there is no {}", path.id);
                let hint = self.context.meant(path.id.kind, &path.id.name);
                findings.add(self.at_key(&NOTHING, &message).hint_if(hint));
            }
            return;
        };
        let document = resource.file.json();
        match fit(&path, document, self.value) {
            Ok(Fit::Replaces(_)) => self.check_state(&path, findings),
            Ok(Fit::Adds { known }) => findings.add(self.added(&path, &known)),
            Err(misfit) => findings.add(match &misfit {
                Misfit::NoSuch { at, part, known } => self
                    .at_key(&NOTHING, &misfit.to_string())
                    .hint(nearest_path(&path, *at, part, known)),
                Misfit::OtherType { .. } => self.at_value(&TYPE, &misfit.to_string()),
            }),
        }
    }

    /// Only addresses that lead to something are looked at: the others are told as such.
    fn check_ml_kind(&self, path: &OverridePath, findings: &mut Findings) {
        let address = self.value.as_str();
        let Some(address) = address.filter(|it| aml_address::is_well_formed(it)) else {
            return;
        };
        if let Some((takes, hint)) = other_kind(path, address) {
            let message = format!("{takes}, and `{address}` is none");
            findings.add(self.at_value(&ML_KIND, &message).hint(hint));
        }
    }

    fn at_key(&self, rule: &'static Rule, message: &str) -> Finding {
        self.written.key_finding(rule, self.setting, message)
    }

    fn at_value(&self, rule: &'static Rule, message: &str) -> Finding {
        self.written.finding(rule, self.setting, message)
    }

    /// A new property that is nearly another was meant to be that one.
    fn added(&self, path: &OverridePath, known: &[String]) -> Finding {
        let added = path.addition(known);
        let message = format!("{} has no `{}` there", path.id, added.name);
        let rule = match added.is_slip {
            true => &NOTHING,
            false => &ADDED,
        };
        self.at_key(rule, &message).hint(added.hint)
    }

    fn check_state(&self, path: &OverridePath, findings: &mut Findings) {
        if let Some(text) = unknown_state(path, self.value) {
            let message = format!("`{text}` is no state of a trigger");
            findings.add(
                self.at_value(&STATE, &message)
                    .hint("write `Started` or `Stopped`"),
            );
        }
    }

    fn secret(&self) -> Finding {
        let finding = self.at_value(&SECRET, "a secret stands here in clear text");
        let bytes = finding.span.as_ref().map(|span| span.bytes.clone());
        let finding = match bytes {
            Some(bytes) => finding.covering(bytes),
            None => finding,
        };
        finding.hint("keep it in a Key Vault that the linked service refers to, or write a variable: `{ secret: \"${PASSWORD}\" }`")
    }

    fn check_address(&self, findings: &mut Findings) {
        let Some(text) = self.value.as_str() else {
            return;
        };
        let is_wrong = aml_address::is_meant(text) && !aml_address::is_well_formed(text);
        if is_wrong && !has_variable(text) {
            let message = format!("`{text}` names nothing that can be looked up");
            findings.add(self.at_value(&ML_ADDRESS, &message).hint(
                "write aml://pipelines/NAME, aml://pipelines/NAME/VERSION, aml://pipeline-endpoints/NAME or aml://batch-endpoints/NAME, the latter two with /default for what is behind them",
            ));
        }
    }
}

/// What an activity that runs ML pipelines cannot run there, where an address leads to it, and what to write.
fn other_kind(path: &OverridePath, address: &str) -> Option<(&'static str, &'static str)> {
    const PIPELINE: &str = "`mlPipelineId` takes the id of a published pipeline";
    const ENDPOINT: &str = "`mlPipelineEndpointId` takes the id of a pipeline endpoint";
    let place = path.place();
    let place = match place {
        [above @ .., last] if last == "value" => above,
        whole => whole,
    };
    let rest = address.strip_prefix("aml://")?;
    let (kind, name) = rest.split_once('/')?;
    let is_default = name.ends_with("/default");
    match (place.last()?.as_str(), kind) {
        ("mlPipelineId", "pipelines") => None,
        ("mlPipelineId", "pipeline-endpoints") if is_default => None,
        ("mlPipelineId", _) => Some((
            PIPELINE,
            "write aml://pipelines/NAME, or aml://pipeline-endpoints/NAME/default for the pipeline behind an endpoint",
        )),
        ("mlPipelineEndpointId", "pipeline-endpoints") if !is_default => None,
        ("mlPipelineEndpointId", _) => Some((
            ENDPOINT,
            "write aml://pipeline-endpoints/NAME, or give the pipeline by `mlPipelineId`",
        )),
        _ => None,
    }
}

/// How an override fits a document.
pub(super) fn fit<'d>(
    path: &OverridePath,
    document: &'d Value,
    value: &Value,
) -> Result<Fit<'d>, Misfit> {
    match value.get("secret").and_then(Value::as_str) {
        Some(secret) => path.fit_secret(document, secret),
        None => path.fit(document, value),
    }
}

/// What is given to a trigger as its state, where it is none.
pub(super) fn unknown_state<'v>(path: &OverridePath, value: &'v Value) -> Option<&'v str> {
    let last = path.place().last().map(String::as_str);
    let is_state = path.id.kind == Kind::Trigger && last == Some("runtimeState");
    let text = value.as_str().filter(|text| !has_variable(text))?;
    (is_state && !matches!(text, "Started" | "Stopped")).then_some(text)
}

/// Whether an override puts a secret in clear text somewhere.
pub(super) fn has_clear_secret(path: &OverridePath, value: &Value) -> bool {
    has_secret_within(path, value) || holds_clear_secret(value, is_secret_place(path))
}

/// Whether a value is a secret in clear text: at a place that holds one, in a text, or where it is marked as one.
fn holds_clear_secret(value: &Value, is_place: bool) -> bool {
    // Also where it is marked as one that nobody may see.
    let marked = value.get("secret").and_then(Value::as_str);
    let Some(text) = value.as_str().or(marked).filter(|text| is_clear(text)) else {
        return false;
    };
    let mut secrets = secrets_in(text).into_iter();
    // A `code` is a secret of functions only.
    let holds =
        secrets.any(|secret| secret.kind != SecretKind::Code && is_clear(&text[secret.at.clone()]));
    is_place || holds || value.is_object()
}

/// Whether a path leads to a place for a secret.
fn is_secret_place(path: &OverridePath) -> bool {
    let mut parts = path
        .place()
        .iter()
        .rev()
        .skip_while(|part| *part == "value");
    let is_secret = match path.id.kind {
        Kind::LinkedService | Kind::Credential | Kind::IntegrationRuntime => {
            is_secret_of_connection
        }
        _ => is_secret_name,
    };
    parts.next().is_some_and(|part| is_secret(part))
}

/// Whether an object or a list that is put there has a secret in it.
fn has_secret_within(path: &OverridePath, value: &Value) -> bool {
    if Secret::of_setting(value).is_some() || !(value.is_object() || value.is_array()) {
        return false;
    }
    let unknown = Map::new();
    let place = path.place().iter();
    let secrecy = place.fold(Secrecy::of(path.id.kind), |above, part| {
        above.below(&unknown, part)
    });
    let mut secrets = secrecy.secrets(value).into_iter();
    secrets.any(|secret| is_clear(&secret))
}

/// The path that is nearest to one that leads to nothing.
fn nearest_path(path: &OverridePath, at: usize, part: &str, known: &[String]) -> String {
    match nearest(part, known.iter().map(String::as_str)) {
        Some(near) => format!("did you mean `{}`?", path.with_part(at, near)),
        None if known.is_empty() => "nothing is there".to_owned(),
        None => {
            let names: Vec<_> = known
                .iter()
                .take(12)
                .map(|name| format!("`{name}`"))
                .collect();
            format!("there is {}", names.join(", "))
        }
    }
}

/// Whether a text is a value, and not a variable or what the service shows in the place of secrets.
fn is_clear(text: &str) -> bool {
    !text.is_empty()
        && !has_variable(text)
        && !text.chars().all(|letter| letter == '*')
        && !text.starts_with('@')
        // It says where a secret is.
        && !text.starts_with(key_vault::SCHEME)
}
