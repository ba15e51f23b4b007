//! Secrets in clear text. No message has one, and where a line is shown, it is covered.

mod named;
mod placeholder;
mod places;
mod requests;
mod text;

use adf_model::secret::is_secret_name;
use adf_model::{Kind, Members as _};
use adf_source::{SourceFile, SourceResource};
use serde_json::Value;

use super::{Group, rule};
use crate::pipeline::Pipeline;
use crate::value;
use crate::walk::{Enter, Way, walk};
use crate::{Context, Finding, Findings, Rule};
use places::Place;
use text::Language;

pub(super) const GROUP: Group = Group {
    rules: &[
        &CONNECTION_STRING,
        &SAS,
        &TOKEN,
        &ENCRYPTED,
        &SECURE_STRING,
        &MASKED,
        &PROPERTY,
        &HEADER,
        &DEFAULT,
        &OUTPUT,
        &FIELD,
        &UNCOVERED,
        &named::IN_FILE,
    ],
    check,
};

static CONNECTION_STRING: Rule = rule!(
    "ADF601",
    "connection-string-secret",
    Warning,
    "A connection string has a key or a password in it"
);
static SAS: Rule = rule!(
    "ADF602",
    "sas-token",
    Warning,
    "A text has the signature of a shared access in it"
);
static TOKEN: Rule = rule!(
    "ADF603",
    "token",
    Warning,
    "A text has a token or a key in it"
);
static ENCRYPTED: Rule = rule!(
    "ADF604",
    "encrypted-credential",
    Warning,
    "A credential is sealed with the key of one factory"
);
static SECURE_STRING: Rule = rule!(
    "ADF605",
    "secure-string",
    Warning,
    "A SecureString has its secret beside it"
);
static MASKED: Rule = rule!(
    "ADF606",
    "masked-secret",
    Note,
    "A secret is the mask that the service shows in its place"
);
static PROPERTY: Rule = rule!(
    "ADF607",
    "plain-secret",
    Warning,
    "A property that is a secret is written as plain text"
);
static HEADER: Rule = rule!(
    "ADF608",
    "secret-header",
    Warning,
    "A header that authorises has its secret beside it"
);
static DEFAULT: Rule = rule!(
    "ADF609",
    "secret-value",
    Warning,
    "A parameter that is a secret by its name or type has a value"
);
static OUTPUT: Rule = rule!(
    "ADF610",
    "visible-secret",
    Warning,
    "An activity reads a secret of a key vault, and monitoring shows it"
);
static FIELD: Rule = rule!(
    "ADF611",
    "secret-field",
    Warning,
    "A body or a form has a secret beside its name"
);

static UNCOVERED: Rule = rule!(
    "ADF612",
    "credentials-without-tls",
    Warning,
    "A request signs in over plain HTTP"
);

/// Members whose text is code: a name and a `=` in it make no setting.
const CODE: [&str; 2] = ["script", "scriptLines"];

fn check(context: &Context<'_>, findings: &mut Findings) {
    for resource in &context.repository.resources {
        check_document(resource, findings);
    }
    for pipeline in context.pipelines() {
        check_outputs(pipeline, findings);
        requests::check(pipeline, findings);
    }
    named::check(context, findings);
}

fn check_document(resource: &SourceResource, findings: &mut Findings) {
    let file = &resource.file;
    let is_connector = matches!(
        resource.id.kind,
        Kind::LinkedService | Kind::Credential | Kind::IntegrationRuntime
    );
    walk(file.json(), &mut |way, value| {
        match value {
            Value::Object(object) => {
                let kind = object.member("type").and_then(Value::as_str);
                if kind == Some("SecureString")
                    && object.member("value").is_some_and(Value::is_string)
                {
                    check_secure_string(file, way, object, findings);
                    return Enter::No;
                }
                check_variable(file, way, object, findings);
                check_declaration(file, way, object, findings);
            }
            Value::String(text) => check_text(file, way, text, is_connector, findings),
            _ => {}
        }
        Enter::Yes
    });
}

fn check_secure_string(
    file: &SourceFile,
    way: &Way<'_>,
    object: &serde_json::Map<String, Value>,
    findings: &mut Findings,
) {
    let text = object
        .member("value")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let pointer = format!("{}/value", way.pointer());
    let name = way.key().unwrap_or_default();
    if placeholder::is_mask(text) {
        let message = format!("`{name}` is a mask, not a secret");
        findings.add(
            Finding::at(&MASKED, file, pointer, message).hint(
                "the service shows it in place of the secret; take the secret from a key vault",
            ),
        );
    } else if is_secret(text) {
        let message = format!("`{name}` holds its secret in clear text");
        findings.add(secret(&SECURE_STRING, file, pointer, message));
    }
}

/// A value beside a name that is that of a secret: of a variable that is set, a property of a user, a parameter of a script.
fn check_variable(
    file: &SourceFile,
    way: &Way<'_>,
    properties: &serde_json::Map<String, Value>,
    findings: &mut Findings,
) {
    let text = |name: &str| properties.member(name).and_then(value::text);
    let Some(written) = text("value") else {
        return;
    };
    let names = ["variableName", "name", "key"].into_iter();
    if let Some(name) = names.filter_map(text).find(|name| is_secret_name(name))
        && is_secret(written)
        && !is_named_only(name, written)
    {
        let message = format!("`{name}` seems to be a secret, and is set to a value in clear text");
        let pointer = format!("{}/value", way.pointer());
        findings.add(secret(&DEFAULT, file, pointer, message));
    }
}

/// A parameter whose type is that of secrets.
fn check_declaration(
    file: &SourceFile,
    way: &Way<'_>,
    declaration: &serde_json::Map<String, Value>,
    findings: &mut Findings,
) {
    let text = |name: &str| declaration.member(name).and_then(Value::as_str);
    let name = way.key().unwrap_or_default();
    if let Some(default) = text("defaultValue")
        && let Some(kind) = text("type")
        && kind.eq_ignore_ascii_case("SecureString")
        && !is_secret_name(name)
        && is_secret(default)
    {
        let message = format!("`{name}` is a secret by its type, and has a value in clear text");
        let pointer = format!("{}/defaultValue", way.pointer());
        findings.add(secret(&DEFAULT, file, pointer, message));
    }
}

fn check_text(
    file: &SourceFile,
    way: &Way<'_>,
    written: &str,
    is_connector: bool,
    findings: &mut Findings,
) {
    let key = way.key().unwrap_or_default();
    if is_connector && key == "encryptedCredential" {
        let message = "the credential can be opened by one factory only";
        findings.add(
            secret(&ENCRYPTED, file, way.pointer(), message.to_owned())
                .hint("take the secret from a key vault, by `AzureKeyVaultSecret`"),
        );
        return;
    }
    match Place::of(way, is_connector) {
        Some(Place::Value(name)) if is_named_only(name, written) => {}
        Some(place) if is_secret(written) => {
            let (rule, message) = match place {
                Place::Property => (&PROPERTY, format!("`{key}` holds its secret in clear text")),
                Place::Header => (
                    &HEADER,
                    format!("header `{key}` holds its secret in clear text"),
                ),
                Place::Field => (&FIELD, format!("`{key}` holds its secret in clear text")),
                Place::Value(name) => (
                    &DEFAULT,
                    format!("`{name}` seems to be a secret, and has a value in clear text"),
                ),
            };
            findings.add(secret(rule, file, way.pointer(), message));
        }
        _ => {
            let is_within = |keys: &[&str]| way.keys_up().take(2).any(|key| keys.contains(&key));
            let language = if is_within(&CODE) {
                Language::Code
            } else if is_within(&["description"]) {
                Language::Prose
            } else {
                Language::Data
            };
            if let Some((rule, what)) = text::secret_in(written, language) {
                let message = format!("the text holds {what}");
                findings.add(secret(rule, file, way.pointer(), message));
            }
        }
    }
}

/// Whether a value under the name of a secret tells where the secret is.
fn is_named_only(name: &str, written: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.ends_with("secret") && placeholder::is_name_of_secret(written)
}

fn is_secret(text: &str) -> bool {
    !value::is_dynamic_text(text) && !placeholder::is_placeholder(text)
}

/// A finding whose value is not shown.
fn secret(rule: &'static Rule, file: &SourceFile, pointer: String, message: String) -> Finding {
    let covered = file.span(&pointer).bytes;
    Finding::at_key(rule, file, pointer, message)
        .hint("take it from a key vault, and replace the one that is in git")
        .covering(covered)
}

/// Activities that read a secret, so that its value is in their output.
fn check_outputs(pipeline: &Pipeline<'_>, findings: &mut Findings) {
    for activity in pipeline
        .active()
        .filter(|activity| activity.kind() == Some("WebActivity"))
    {
        let url = activity.type_property("url").and_then(value::text);
        let reads = url.is_some_and(|url| {
            let url = url.to_ascii_lowercase();
            url.contains("vault.azure.net") && url.contains("/secrets")
        });
        let policy = activity.json.member("policy");
        let hidden = policy.and_then(|policy| policy.member("secureOutput"));
        if reads && hidden != Some(&Value::Bool(true)) {
            let name = activity.name().unwrap_or_default();
            let message = format!("`{name}` reads a secret, and its output is shown in monitoring");
            let pointer = format!("{}/name", activity.pointer);
            findings.add(
                Finding::at(&OUTPUT, &pipeline.resource.file, pointer, message)
                    .hint("set `policy.secureOutput` to true"),
            );
        }
    }
}
