//! How long each thing may take.

use std::time::Duration;

use rest_core::Wait;

/// How long each thing may take.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Starting or stopping a trigger, or a change of its subscription.
    pub trigger: Wait,
    /// What the service begins with a PUT, such as making an integration runtime.
    pub provisioning: Wait,
    /// A deployment by Azure Resource Manager as a whole.
    pub deployment: Wait,
    /// The approval of a private endpoint by the owner of what it leads to.
    pub approval: Wait,
    /// What is on its way when somebody wishes to end early.
    pub grace: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        let minutes = |minutes: u64| Duration::from_secs(60 * minutes);
        Self {
            trigger: Wait {
                limit: minutes(10),
                first: Duration::from_millis(500),
                longest: Duration::from_secs(10),
            },
            provisioning: Wait::up_to(minutes(30)),
            deployment: Wait {
                limit: minutes(120),
                first: Duration::from_millis(300),
                longest: Duration::from_secs(5),
            },
            approval: Wait::up_to(minutes(1)),
            grace: Duration::from_secs(10),
        }
    }
}

impl Limits {
    /// The same with another limit for triggers.
    #[must_use]
    pub fn with_trigger_limit(mut self, limit: Duration) -> Self {
        self.trigger.limit = limit;
        self
    }

    /// The same with another limit for a deployment by Azure Resource Manager.
    #[must_use]
    pub fn with_deployment_limit(mut self, limit: Duration) -> Self {
        self.deployment.limit = limit;
        self
    }

    /// The same with another limit for approvals.
    #[must_use]
    pub fn with_approval_limit(mut self, limit: Duration) -> Self {
        self.approval.limit = limit;
        self
    }
}
