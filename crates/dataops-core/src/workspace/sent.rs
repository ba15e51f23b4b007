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

    /// Addresses, as [`shown_address`] shows them and as [`masked`] does. The one takes a whole text for addresses and shows nobody who signs in,
    /// and no query; the other reads texts of all kinds, in which a query says what is called, and hides what it knows for a secret.
    const ADDRESSES: &[(&str, &str, &str)] = &[
        (
            "https://u:CANARY@h.test/a.whl",
            "https://***@h.test/a.whl",
            "https://u:***@h.test/a.whl",
        ),
        (
            "https://u:CAN:ARY@h.test:8443/a?x=1",
            "https://***@h.test:8443/a?***",
            "https://u:***@h.test:8443/a?x=1",
        ),
        (
            "wasbs://c:CANARY@h.test/x",
            "wasbs://***@h.test/x",
            "wasbs://c:***@h.test/x",
        ),
        (
            "https://h.test/c?sv=1&sig=CANARY%3D&se=2",
            "https://h.test/c?***",
            "https://h.test/c?sv=1&sig=***&se=2",
        ),
        (
            "https://h.test/c?api_key=CANARY",
            "https://h.test/c?***",
            "https://h.test/c?api_key=***",
        ),
        (
            "https://f.test/api/x?code=CANARY==",
            "https://f.test/api/x?***",
            "https://f.test/api/x?code=***",
        ),
        // These have none.
        (
            "abfss://libs@lake.test/x.jar",
            "abfss://libs@lake.test/x.jar",
            "abfss://libs@lake.test/x.jar",
        ),
        (
            "https://h.test:8443/a@1",
            "https://h.test:8443/a@1",
            "https://h.test:8443/a@1",
        ),
        // Only in an address nothing is shown of what may be one.
        (
            "git+https://somebody@h.test/r.git@v1",
            "git+https://***@h.test/r.git@v1",
            "git+https://somebody@h.test/r.git@v1",
        ),
        (
            "https://h.test/a?api-version=2018-06-01",
            "https://h.test/a?***",
            "https://h.test/a?api-version=2018-06-01",
        ),
    ];

    #[test]
    fn an_address_has_no_secret_whichever_way_it_is_shown() {
        let token = format!("https://ghp_{}@h.test/r.git", "CANARY".repeat(6));
        let by_token = (
            &*token,
            "https://***@h.test/r.git",
            "https://***@h.test/r.git",
        );

        for (text, of_address, of_text) in ADDRESSES.iter().copied().chain([by_token]) {
            let (address, masked) = (shown_address(text), masked(text, "***"));

            assert_eq!((&*address, &*masked), (of_address, of_text));
            // What one has hidden is hidden for the other, and neither finds more in what both have seen.
            assert_eq!(shown_address(&masked), address);
            assert_eq!(super::masked(&address, "***"), address);
        }
    }
}
