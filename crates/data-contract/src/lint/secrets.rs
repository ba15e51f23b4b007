//! Secrets in a contract: it is in git, and whoever reads it has them.

use adf_model::secret::{Secret, SecretKind, keys_in, secrets_in};
use yaml_source::{Node, Value};

use super::rule::{Findings, SECRET};

/// No secret is shorter; what is, stands for one.
const SHORTEST: usize = 8;

/// Looks at all texts.
pub(super) fn check(findings: &mut Findings<'_>) {
    let root = findings.contract.root();
    node(findings, root, false);
}

/// Looks at a value and what is in it; in a server, every text may be a setting.
fn node(findings: &mut Findings<'_>, node: &Node, in_servers: bool) {
    match &node.value {
        Value::Text(text) => self::text(findings, node, (text, in_servers)),
        Value::Sequence(items) => {
            for item in items {
                self::node(findings, item, in_servers);
            }
        }
        _ => {
            for member in node.members() {
                let is_servers = in_servers || member.key == "servers";
                self::node(findings, &member.value, is_servers);
            }
        }
    }
}

fn text(findings: &mut Findings<'_>, node: &Node, (text, in_servers): (&str, bool)) {
    // Elsewhere a name and a `=` are a rule about data, or words.
    let secrets = match in_servers || text.contains("://") {
        true => secrets_in(text),
        false => keys_in(text),
    };
    let Some(secret) = secrets.iter().find(|secret| !stands_for(text, secret)) else {
        return;
    };
    let hint = "take it out and have it renewed: data are read by whoever signs in, or by AZURE_STORAGE_SAS_TOKEN or AZURE_STORAGE_KEY of the environment";
    let message = format!("the text has {} in it", what(text, secret));
    findings.hinted(&SECRET, node, message, Some(hint.to_owned()));
}

/// Whether it is a variable, or something to be filled in.
fn stands_for(text: &str, secret: &Secret) -> bool {
    let value = text[secret.at.clone()].trim();
    let filled = ["${", "{{", "<", "***", "...", "…"];
    value.len() < SHORTEST || filled.iter().any(|mark| value.contains(mark))
}

/// What it is, without what it says.
fn what(text: &str, secret: &Secret) -> String {
    let word = match secret.kind {
        SecretKind::Signature => "the signature of a shared access (SAS)",
        SecretKind::StorageKey => "the key of a storage account",
        SecretKind::Code => "the key of a function",
        SecretKind::UserInfo => "the password of a user",
        SecretKind::Header => "what a request is authorised by",
        SecretKind::Token(what) => what,
        SecretKind::Setting | SecretKind::Field | SecretKind::Property => {
            let name = secret.name.clone().map_or("", |name| text[name].trim());
            return format!("the value of `{name}`");
        }
    };
    word.to_owned()
}
