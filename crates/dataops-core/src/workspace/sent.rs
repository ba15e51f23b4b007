//! What a workspace is sent that nobody may see: it may repeat it in what it says.

use adf_model::Kind;
use adf_model::secret::{Secrecy, SecretValues, masked};
use dataops_plan::{STARS, secret_texts};
use rest_core::{reworded, shown_address};
use serde_json::Value;

/// The secrets that are sent. `Debug` shows none.
#[derive(Clone, Debug)]
pub(crate) struct Sent(SecretValues);

impl Default for Sent {
    fn default() -> Self {
        Self(SecretValues::hidden_by(STARS))
    }
}

impl Sent {
    /// These texts are secrets.
    pub(crate) fn secrets<'s>(texts: impl IntoIterator<Item = &'s str>) -> Self {
        let mut sent = Self::default();
        for text in texts.into_iter().flat_map(secret_texts) {
            sent.0.add(text);
        }
        sent
    }

    /// A document is sent, too: the specification of a cluster or pool, libraries. What is a secret in it is known by its name or form.
    pub(crate) fn and(mut self, document: &Value) -> Self {
        for secret in Secrecy::of(Kind::LinkedService).secrets(document) {
            secret_texts(&secret)
                .into_iter()
                .for_each(|it| self.0.add(it));
        }
        self
    }

    /// What the workspace says, without the secrets and without whatever else looks like one.
    pub(crate) fn text(&self, said: &str) -> String {
        let known = self.0.text(said);
        shown_address(&masked(&known, STARS)).into_owned()
    }

    /// The same of a refusal.
    pub(crate) fn error(&self, error: azure_core::Error) -> azure_core::Error {
        reworded(error, &|said| self.text(said))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_was_sent_is_hidden_however_it_is_repeated() {
        let sent = Sent::secrets(["CANARY-1"]).and(&json!({
            "spark_conf": {"fs.azure.account.key.st.dfs.core.windows.net": "CANARY-2", "spark.sql.x": "4 days", "a.token": "{{secrets/s/k}}"},
            "spark_env_vars": {"index": "https://u:CANARY-3@h.test/simple"},
            "libraries": [{"weird": {"token": "CANARY-4"}}],
        }));

        let said = sent.text(
            "CANARY-1, 'CANARY-2', CANARY-3 and CANARY-4 are not good, nor is https://h.test/a?k=CANARY-5 and \
             spark.sql.x is 4 days, and {{secrets/s/k}} is not there",
        );

        assert_eq!(
            said,
            format!(
                "{STARS}, '{STARS}', {STARS} and {STARS} are not good, nor is https://h.test/a?*** and \
                 spark.sql.x is 4 days, and {{{{secrets/s/k}}}} is not there"
            )
        );
    }
}
