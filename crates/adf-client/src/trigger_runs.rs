//! Runs of triggers.

use adf_model::{Document, Kind};
use azure_core::Result;
use azure_core::http::pager::PagerOptions;
use azure_core::http::{ClientMethodOptions, Pager, Response, Url};
use rest_core::{Page, RestClient};

use crate::models::{RunFilter, TriggerRun};
use crate::runs::query;
use rest_core::segment;

/// Runs of triggers.
#[derive(Clone, Debug)]
pub struct TriggerRunsClient {
    pub(crate) rest: RestClient,
}

impl TriggerRunsClient {
    /// Finds trigger runs: `POST queryTriggerRuns`.
    ///
    /// # Errors
    ///
    /// When a time of `filter` cannot be written; those of the service come with the pages.
    pub fn query(
        &self,
        filter: &RunFilter,
        options: Option<PagerOptions<'static>>,
    ) -> Result<Pager<Page<Document<TriggerRun>>>> {
        let url = self.rest.url(["queryTriggerRuns"]);
        Ok(query(&self.rest, url, filter.body()?, options))
    }

    /// Runs a trigger's run again: `POST triggers/{name}/triggerRuns/{id}/rerun`. The request is not repeated where it may have arrived.
    ///
    /// # Errors
    ///
    /// When the service refuses.
    pub async fn rerun(
        &self,
        trigger: &str,
        run_id: &str,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<()>> {
        let options = options.unwrap_or_default();
        self.rest
            .post(self.url(trigger, run_id, "rerun")?)
            .context(&options.context)
            .send_empty()
            .await
    }

    /// Cancels a run of a tumbling window trigger: `POST triggers/{name}/triggerRuns/{id}/cancel`.
    ///
    /// # Errors
    ///
    /// When the service refuses.
    pub async fn cancel(
        &self,
        trigger: &str,
        run_id: &str,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<()>> {
        let options = options.unwrap_or_default();
        self.rest
            .post(self.url(trigger, run_id, "cancel")?)
            .repeatable()
            .context(&options.context)
            .send_empty()
            .await
    }

    fn url(&self, trigger: &str, run_id: &str, action: &str) -> Result<Url> {
        Ok(self.rest.url([
            Kind::Trigger.collection(),
            segment("trigger", trigger)?,
            "triggerRuns",
            segment("trigger run", run_id)?,
            action,
        ]))
    }
}
