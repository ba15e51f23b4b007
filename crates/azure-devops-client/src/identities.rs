//! People and groups (REST: Identities).

use azure_core::Result;
use azure_core::http::ClientMethodOptions;

use crate::client::{VERSION, versioned};
use crate::models::Identity;
use crate::{ProjectClient, list};

/// People and groups.
#[derive(Clone, Copy, Debug)]
pub struct Identities<'c> {
    pub(crate) client: &'c ProjectClient,
}

impl Identities<'_> {
    /// Those whose display name, account or e-mail address begins with `text`: `GET _apis/identities`. A group of a project is called
    /// `[project]\group`.
    ///
    /// # Errors
    ///
    /// When the service refuses.
    pub async fn search(
        &self,
        text: &str,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Vec<Identity>> {
        let options = options.unwrap_or_default();
        let client = &self.client.identities;
        let context = &options.context;
        list::all(|token| {
            let call = client.get(client.url(["_apis", "identities"]));
            versioned(call, VERSION)
                .context(context)
                .query("searchFilter", Some("General"))
                .query("filterValue", Some(text))
                .query("continuationToken", token)
        })
        .await
    }
}
