//! The steps of one trigger, each bounded.

use adf_client::ResourceClient;
use adf_client::models::EventSubscriptionStatus;
use adf_model::Trigger;
use dataops_plan::{ResourceKey, TriggerState, TriggerStep};
use rest_core::{Polled, ServiceErrorExt, Wait, poll};

use super::trouble::is_ambiguous;
use super::{Event, Trouble};

/// What the steps of triggers need.
#[derive(Clone, Copy)]
pub(super) struct Steps<'s> {
    pub(super) client: &'s ResourceClient<Trigger>,
    pub(super) wait: Wait,
    pub(super) tell: &'s (dyn Fn(Event<'_>) + Sync),
}

impl Steps<'_> {
    /// Takes steps, one after the other. A trigger that does not exist cannot be stopped, which is as good.
    pub(super) async fn take(
        &self,
        trigger: &ResourceKey,
        steps: &[TriggerStep],
    ) -> Result<(), Trouble> {
        for step in steps {
            if matches!(step, TriggerStep::AwaitDisabled | TriggerStep::AwaitEnabled) {
                // Part of what goes before.
                continue;
            }
            (self.tell)(Event::Trigger {
                trigger,
                step: *step,
            });
            match self.step(&trigger.name, *step).await {
                Err(error) if ends_running(*step) && error.is_not_found() => return Ok(()),
                taken => taken?,
            }
        }
        Ok(())
    }

    /// Whether a trigger is subscribed to its events.
    pub(super) async fn is_subscribed(&self, trigger: &ResourceKey) -> Result<bool, Trouble> {
        let status = self.client.event_subscription_status(&trigger.name, None);
        let status = status.await?.into_model()?.status;
        Ok(status == EventSubscriptionStatus::Enabled)
    }

    async fn step(&self, name: &str, step: TriggerStep) -> azure_core::Result<()> {
        let Self { client, wait, .. } = *self;
        match step {
            TriggerStep::Unsubscribe | TriggerStep::AwaitDisabled => {
                client.unsubscribe_from_events(name, wait, None).await
            }
            TriggerStep::Subscribe | TriggerStep::AwaitEnabled => {
                client.subscribe_to_events(name, wait, None).await
            }
            TriggerStep::Stop => self.until(name, step, TriggerState::Stopped).await,
            TriggerStep::Start => self.until(name, step, TriggerState::Started).await,
        }
    }

    /// Starts or stops a trigger. The service may break off although it has done it, and does for a while when a subscription has just
    /// been made: so the state is looked at, and it is asked again.
    async fn until(
        &self,
        name: &str,
        step: TriggerStep,
        wanted: TriggerState,
    ) -> azure_core::Result<()> {
        let what = match step {
            TriggerStep::Start => format!("starting trigger `{name}`"),
            _ => format!("stopping trigger `{name}`"),
        };
        poll(&what, self.wait, || async {
            let asked = match step {
                TriggerStep::Start => self.client.start(name, self.wait, None).await,
                _ => self.client.stop(name, self.wait, None).await,
            };
            let error = match asked {
                Ok(()) => return Ok(Polled::Done(())),
                Err(error) => error,
            };
            match is_ambiguous(&error) || adf_client::is_busy(&error) {
                true if self.state(name).await? == wanted => Ok(Polled::Done(())),
                true => Ok(Polled::Pending(None)),
                false => Err(error),
            }
        })
        .await
    }

    async fn state(&self, name: &str) -> azure_core::Result<TriggerState> {
        let found = self.client.get(name, None).await;
        let found = match found {
            Err(error) if error.is_not_found() => return Ok(TriggerState::Absent),
            found => found?.into_model()?,
        };
        Ok(of_text(found.properties.runtime_state.as_deref()))
    }
}

/// Whether a step takes a trigger out of service.
fn ends_running(step: TriggerStep) -> bool {
    !matches!(
        step,
        TriggerStep::Subscribe | TriggerStep::AwaitEnabled | TriggerStep::Start
    )
}

/// The state that the service names.
pub(super) fn of_text(text: Option<&str>) -> TriggerState {
    match text {
        Some("Started") => TriggerState::Started,
        _ => TriggerState::Stopped,
    }
}
