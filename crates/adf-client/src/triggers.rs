//! Starting and stopping triggers, and their subscriptions to events.
//!
//! A trigger on events is put, subscribed, and then started; it is stopped and unsubscribed before it is deleted.

use adf_model::{Document, Trigger};
use azure_core::Result;
use azure_core::http::pager::PagerOptions;
use azure_core::http::{ClientMethodOptions, Pager, Response};
use rest_core::{Page, Polled, Wait, poll};
use serde_json::Map;

use crate::ResourceClient;
use crate::models::{EventSubscription, EventSubscriptionStatus};
use crate::runs::query;

/// ```no_run
/// use std::time::Duration;
/// use adf_client::{FactoryClient, Wait};
///
/// # async fn example(factory: FactoryClient) -> azure_core::Result<()> {
/// let (triggers, wait) = (factory.triggers(), Wait::up_to(Duration::from_secs(300)));
/// triggers.subscribe_to_events("OnDataDrop", wait, None).await?;
/// triggers.start("OnDataDrop", wait, None).await?;
/// # Ok(())
/// # }
/// ```
impl ResourceClient<Trigger> {
    /// Starts a trigger (`POST triggers/{name}/start`) and waits until it is started; one that is started already stays so.
    ///
    /// # Errors
    ///
    /// When the service refuses or the operation fails, and [`TimedOut`](crate::TimedOut) when the limit is reached.
    pub async fn start(
        &self,
        name: &str,
        wait: Wait,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<()> {
        let answer = self.act(name, "start", options).await?;
        let what = format!("starting trigger `{name}`");
        self.rest.settle(&what, &answer, wait).await
    }

    /// Stops a trigger (`POST triggers/{name}/stop`) and waits until it is stopped; one that is stopped already stays so.
    ///
    /// # Errors
    ///
    /// As [`ResourceClient::<Trigger>::start`].
    pub async fn stop(
        &self,
        name: &str,
        wait: Wait,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<()> {
        let answer = self.act(name, "stop", options).await?;
        let what = format!("stopping trigger `{name}`");
        self.rest.settle(&what, &answer, wait).await
    }

    /// Subscribes a trigger to its events (`POST triggers/{name}/subscribeToEvents`) and waits until the subscription is
    /// enabled.
    ///
    /// # Errors
    ///
    /// When the service refuses, and [`TimedOut`](crate::TimedOut) when the limit is reached.
    pub async fn subscribe_to_events(
        &self,
        name: &str,
        wait: Wait,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<()> {
        let answer = self.act(name, "subscribeToEvents", options).await?;
        let what = format!("subscribing trigger `{name}` to its events");
        self.subscription(name, &what, &answer, EventSubscriptionStatus::Enabled, wait)
            .await
    }

    /// Ends a trigger's subscription to its events (`POST triggers/{name}/unsubscribeFromEvents`) and waits until it has ended.
    ///
    /// # Errors
    ///
    /// As [`ResourceClient::<Trigger>::subscribe_to_events`].
    pub async fn unsubscribe_from_events(
        &self,
        name: &str,
        wait: Wait,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<()> {
        let answer = self.act(name, "unsubscribeFromEvents", options).await?;
        let what = format!("unsubscribing trigger `{name}` from its events");
        self.subscription(
            name,
            &what,
            &answer,
            EventSubscriptionStatus::Disabled,
            wait,
        )
        .await
    }

    /// How a trigger's subscription to its events stands: `POST triggers/{name}/getEventSubscriptionStatus`.
    ///
    /// # Errors
    ///
    /// When the service refuses.
    pub async fn event_subscription_status(
        &self,
        name: &str,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<EventSubscription>> {
        let options = options.unwrap_or_default();
        self.rest
            .post(self.url(name, &["getEventSubscriptionStatus"])?)
            .repeatable()
            .context(&options.context)
            .send()
            .await
    }

    /// Finds triggers: `POST querytriggers`, all of them or the reruns of the tumbling window trigger `parent`.
    pub fn query(
        &self,
        parent: Option<&str>,
        options: Option<PagerOptions<'static>>,
    ) -> Pager<Page<Document<Trigger>>> {
        let parent = parent.map(|parent| ("parentTriggerName".to_owned(), parent.into()));
        let body: Map<_, _> = parent.into_iter().collect();
        query(&self.rest, self.rest.url(["querytriggers"]), body, options)
    }

    /// Asks for a state; asking twice is asking once.
    async fn act(
        &self,
        name: &str,
        action: &str,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<()>> {
        let options = options.unwrap_or_default();
        self.rest
            .post(self.url(name, &[action])?)
            .repeatable()
            .context(&options.context)
            .send_empty()
            .await
    }

    /// Waits for a state of the subscription.
    ///
    /// The `Location` of the answer names `getEventSubscriptionStatus`, which is a POST and no operation to follow by GET.
    async fn subscription(
        &self,
        name: &str,
        what: &str,
        answer: &Response<()>,
        wanted: EventSubscriptionStatus,
        wait: Wait,
    ) -> Result<()> {
        if u16::from(answer.status()) == 200 {
            let said = serde_json::from_slice::<EventSubscription>(answer.body());
            if answer.body().is_empty() || said.is_ok_and(|said| said.status == wanted) {
                return Ok(());
            }
        }
        poll(what, wait, || async {
            let now = self.event_subscription_status(name, None).await?;
            Ok(if now.into_model()?.status == wanted {
                Polled::Done(())
            } else {
                Polled::Pending(None)
            })
        })
        .await
    }
}
