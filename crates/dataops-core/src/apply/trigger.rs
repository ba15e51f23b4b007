//! The steps of one trigger, each bounded.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use adf_client::ResourceClient;
use adf_client::models::EventSubscriptionStatus;
use adf_model::Trigger;
use dataops_plan::{ResourceKey, TriggerState, TriggerStep};
use rest_core::{Polled, Retry, ServiceErrorExt, TimedOut, Wait, poll};

use super::trouble::{in_full, is_ambiguous};
use super::{Event, Trouble, TroubleKind};

/// A step that was not taken.
struct Missed {
    error: azure_core::Error,
    /// What the service has said last while it was asked again and again.
    said: Option<String>,
}

impl From<azure_core::Error> for Missed {
    fn from(error: azure_core::Error) -> Self {
        Self { error, said: None }
    }
}

/// How long the last question may take.
const ONCE_MORE: Duration = Duration::from_secs(10);

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
                Ok(()) => {}
                Err(missed) if ends_running(*step) && missed.error.is_not_found() => return Ok(()),
                Err(missed) => return Err(self.trouble(trigger, steps, missed).await),
            }
        }
        Ok(())
    }

    /// Why a step was not taken; of one that took too long, also what the service said last, and how the subscription stands.
    async fn trouble(
        &self,
        trigger: &ResourceKey,
        steps: &[TriggerStep],
        missed: Missed,
    ) -> Trouble {
        let mut trouble = Trouble::from(&missed.error);
        if trouble.kind != TroubleKind::TimedOut {
            return trouble;
        }
        let mut told = Vec::new();
        told.extend(missed.said.map(|said| format!("the service says: {said}")));
        if steps.iter().any(|step| subscribes(*step))
            && let Ok(status) = self.subscription(trigger).await
        {
            told.push(format!("its subscription is {status}"));
        }
        if !told.is_empty() {
            trouble.message = format!("{}; {}", trouble.message, told.join("; "));
        }
        trouble
    }

    /// Whether a trigger is subscribed to its events.
    pub(super) async fn is_subscribed(&self, trigger: &ResourceKey) -> Result<bool, Trouble> {
        Ok(self.subscription(trigger).await? == EventSubscriptionStatus::Enabled)
    }

    async fn subscription(
        &self,
        trigger: &ResourceKey,
    ) -> azure_core::Result<EventSubscriptionStatus> {
        let status = self.client.event_subscription_status(&trigger.name, None);
        Ok(status.await?.into_model()?.status)
    }

    async fn step(&self, name: &str, step: TriggerStep) -> Result<(), Missed> {
        let Self { client, wait, .. } = *self;
        match step {
            TriggerStep::Unsubscribe | TriggerStep::AwaitDisabled => {
                Ok(client.unsubscribe_from_events(name, wait, None).await?)
            }
            TriggerStep::Subscribe | TriggerStep::AwaitEnabled => {
                Ok(client.subscribe_to_events(name, wait, None).await?)
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
    ) -> Result<(), Missed> {
        let what = match step {
            TriggerStep::Start => format!("starting trigger `{name}`"),
            _ => format!("stopping trigger `{name}`"),
        };
        let said = Mutex::new(None);
        let ended = poll(&what, self.wait, || async {
            let asked = match step {
                TriggerStep::Start => self.client.start(name, self.wait, None).await,
                _ => self.client.stop(name, self.wait, None).await,
            };
            let error = match asked {
                Ok(()) => return Ok(Polled::Done(())),
                Err(error) => error,
            };
            *said.lock().unwrap_or_else(PoisonError::into_inner) = Some(words(&error));
            match is_ambiguous(&error) || adf_client::is_busy(&error) {
                true if self.state(name).await? == wanted => Ok(Polled::Done(())),
                true => Ok(Polled::Pending(None)),
                false => Err(error),
            }
        });
        let ended = ended.await;
        let Err(error) = ended else { return Ok(()) };
        let said = said.into_inner().unwrap_or_else(PoisonError::into_inner);
        match said {
            None if TimedOut::of(&error).is_some() => self.once_more(name, step, error).await,
            said => Err(Missed { error, said }),
        }
    }

    /// Asks once more, where all the time has gone by without an answer that was heard: the client asks again by itself when the service
    /// is at work.
    async fn once_more(
        &self,
        name: &str,
        step: TriggerStep,
        error: azure_core::Error,
    ) -> Result<(), Missed> {
        let client = self.client.with_retry(Retry::none());
        let wait = Wait {
            limit: ONCE_MORE.min(self.wait.limit),
            ..self.wait
        };
        let asked = match step {
            TriggerStep::Start => client.start(name, wait, None).await,
            _ => client.stop(name, wait, None).await,
        };
        let Err(last) = asked else { return Ok(()) };
        let said = TimedOut::of(&last).is_none().then(|| words(&last));
        Err(Missed { error, said })
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

/// What the service says of itself in an error, otherwise the whole error.
fn words(error: &azure_core::Error) -> String {
    match error.service_error() {
        Some(said) if !said.message.is_empty() => said.message.clone(),
        _ => in_full(error),
    }
}

/// Whether a step is about the subscription of a trigger.
fn subscribes(step: TriggerStep) -> bool {
    !matches!(step, TriggerStep::Stop | TriggerStep::Start)
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
