//! What code in notebooks had better not do.

use std::ops::Range;

use adf_model::secret::{SecretKind, keys_in};
use databricks_notebook::Format;

use crate::notebooks::NotebookFile;
use crate::rules::rule;
use crate::{Findings, Rule};

pub(super) static PROCESS_EXIT: Rule = rule!(
    "NB117",
    "process-exit",
    Warning,
    "A notebook ends the Python process, which is no clean end of a run"
);
pub(super) static SECRET: Rule = rule!(
    "NB122",
    "secret-in-notebook",
    Warning,
    "A notebook or a module has a secret in clear text"
);

/// Looks at the code of a file.
pub(super) fn check(file: &NotebookFile<'_>, findings: &mut Findings) {
    if file.format != Format::File {
        for place in &file.uses().process_exits {
            let message = "this ends the Python process; the run fails, or its result is lost";
            let finding = file.finding(&PROCESS_EXIT, place.clone(), message);
            findings
                .add(finding.hint(
                    "end a notebook by `dbutils.notebook.exit(…)`, and fail by an exception",
                ));
        }
    }
    for (what, place) in secrets(file.text) {
        let message = format!("{what} stands here in clear text");
        let finding = file
            .finding(&SECRET, place.clone(), message)
            .covering(place);
        findings
            .add(finding.hint("read it by `dbutils.secrets.get(scope, key)`, and renew this one"));
    }
}

/// The key that everybody's storage emulator has.
const AZURITE: &str =
    "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

/// Secrets by the forms that services give them.
fn secrets(text: &str) -> Vec<(&'static str, Range<usize>)> {
    let mut found = Vec::new();
    let mut find = |what, mark: &str, prefix: usize, letters: fn(char) -> bool, least: usize| {
        for (start, _) in text.match_indices(mark) {
            let value = start + prefix;
            let rest = &text[value..];
            let length = rest.find(|letter| !letters(letter)).unwrap_or(rest.len());
            let before = text[..start].chars().next_back();
            let begins =
                !before.is_some_and(|before| before.is_ascii_alphanumeric() || before == '_');
            let value = &text[value..value + length];
            if length >= least && begins && value != AZURITE {
                found.push((what, start..start + prefix + length));
            }
        }
    };
    let base64 = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '+' | '/' | '=');
    let in_url = |letter: char| {
        letter.is_ascii_alphanumeric() || matches!(letter, '%' | '-' | '_' | '+' | '/' | '=')
    };
    find("an account key", "AccountKey=", 11, base64, 40);
    find("an access key", "SharedAccessKey=", 16, base64, 40);
    find("a shared access signature", "sig=", 4, in_url, 20);
    for key in keys_in(text) {
        let is_known = |(_, place): &(_, Range<usize>)| place.contains(&key.at.start);
        if !found.iter().any(is_known) && &text[key.at.clone()] != AZURITE {
            let what = match key.kind {
                SecretKind::Token(what) => what,
                _ => "an account key",
            };
            found.push((what, key.at));
        }
    }
    found.sort_by_key(|(_, place)| place.start);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_known_by_their_form() {
        let token = format!("x = \"dapi{}\"", "0a".repeat(16));
        let key = format!("AccountKey={}==;", "k".repeat(86));

        assert_eq!(secrets(&token), [("a token of Databricks", 5..41)]);
        assert_eq!(secrets(&key), [("an account key", 0..99)]);
        assert_eq!(secrets(&format!("AccountKey={AZURITE}")), []);
        assert_eq!(secrets(&format!("key = \"{AZURITE}\"")), []);
        let key = format!("{}==", &"Ab0+".repeat(22)[..86]);
        let call = format!("spark.conf.set(\"fs.azure.account.key.a.test\", \"{key}\")");
        assert_eq!(secrets(&call), [("an account key", 47..135)]);
        let link = format!("x = 'https://a.test/c?sig={}%3D'", "Ab0".repeat(10));
        assert_eq!(secrets(&link), [("a shared access signature", 22..59)]);
        for harmless in [
            "dapi_client",
            "AccountKey={key}",
            "?sv=1&sig=<signature>",
            "my_sig=abcdefghijklmnopqrstuvwxyz",
        ] {
            assert_eq!(secrets(harmless), [], "{harmless}");
        }
    }
}
