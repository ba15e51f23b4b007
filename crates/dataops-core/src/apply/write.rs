//! One PUT: over the version that the plan saw, and never lost in doubt.
//!
//! A PUT whose answer is lost may have been done. It is sent again by the client, and the version that it names is then gone: the refusal
//! is about our own write. So whatever is in doubt is read back and compared.

use dataops_plan::{Action, DesiredResource, ResourceKey, ResourcePlan};
use serde_json::Value;

use super::trouble::is_ambiguous;
use super::work::{Done, Work};
use super::{Trouble, TroubleKind};

/// How often a document is put over a version that turned out to be older.
const MOST_VERSIONS: usize = 4;

/// What is there in the place of a document that was to be written.
enum There {
    /// What was to be written.
    AsDesired(Option<String>),
    /// What the plan saw, under this version.
    AsPlanned(Option<String>),
    /// Nothing.
    Nothing,
    /// Something else.
    Other,
}

/// Puts a resource as the plan says.
pub(super) async fn put(work: &Work<'_>, key: &ResourceKey) -> Result<Done, Trouble> {
    let resource = Write::of(work, key)?;
    let body = resource.desired.body();
    let mut etag = resource.first_version().await?;
    for _ in 0..MOST_VERSIONS {
        let wait = work.limits.provisioning;
        let sent = work
            .remote
            .put_document(key.id(), &body, etag.as_deref(), wait);
        let error = match sent.await {
            Ok(written) => {
                return Ok(Done {
                    etag: version(&written.document),
                    request_id: written.request_id,
                    note: None,
                });
            }
            Err(error) => error,
        };
        let other_version = adf_client::is_other_version(&error);
        if !other_version && !is_ambiguous(&error) {
            return Err(error.into());
        }
        match (resource.look().await?, other_version) {
            (There::AsDesired(now), _) => {
                return Ok(Done {
                    etag: now,
                    ..Done::noting("its answer was lost, and it is there")
                });
            }
            (There::AsPlanned(now), true) => etag = now,
            (There::Nothing, true) => {
                return Err(Trouble::moved(format!(
                    "{key} was deleted by somebody else meanwhile"
                )));
            }
            (There::Other, true) => return Err(resource.moved()),
            // It was written, and what does not show of it may not have been.
            (There::AsPlanned(now), false) if now.is_some() && now != etag => etag = now,
            (_, false) => return Err(error.into()),
        }
    }
    Err(resource.moved())
}

struct Write<'w> {
    work: &'w Work<'w>,
    plan: &'w ResourcePlan,
    desired: &'w DesiredResource,
}

impl<'w> Write<'w> {
    fn of(work: &'w Work<'w>, key: &ResourceKey) -> Result<Self, Trouble> {
        let plan = work.plan.resource(key);
        let desired = work.desired.get(key.id());
        let (plan, desired) = plan.zip(desired).ok_or_else(|| {
            Trouble::new(TroubleKind::Refused, format!("the source has no {key}"))
        })?;
        Ok(Self {
            work,
            plan,
            desired,
        })
    }

    /// The version that the first PUT names. Where there is none to name, what is there is looked at instead: the service has no PUT that
    /// only creates.
    async fn first_version(&self) -> Result<Option<String>, Trouble> {
        let has_version = self.plan.resource.kind.has_etag() && self.plan.etag.is_some();
        match self.plan.action {
            Action::Update if has_version => Ok(self.plan.etag.clone()),
            Action::Update => match self.look().await? {
                There::AsPlanned(etag) | There::AsDesired(etag) => Ok(etag),
                There::Nothing | There::Other => Err(self.moved()),
            },
            Action::Create => match self.look().await? {
                There::Nothing => Ok(None),
                There::AsPlanned(etag) | There::AsDesired(etag) => Ok(etag),
                There::Other => Err(Trouble::moved(format!(
                    "{} was created by somebody else since the plan was made",
                    self.plan.resource
                ))),
            },
            _ => Ok(None),
        }
    }

    async fn look(&self) -> Result<There, Trouble> {
        let found = self.work.remote.document(self.plan.resource.id()).await?;
        let Some(document) = found else {
            return Ok(There::Nothing);
        };
        let etag = version(&document);
        let is_new = self.plan.etag.is_none() || etag != self.plan.etag;
        // A secret does not show, so that a document with one may be another than it seems.
        let shows = self.plan.secrets.is_empty();
        Ok(match self.desired.is_met_by(&document) {
            true if shows && is_new => There::AsDesired(etag),
            true => There::AsPlanned(etag),
            false if self.plan.saw(&document) => There::AsPlanned(etag),
            false => There::Other,
        })
    }

    fn moved(&self) -> Trouble {
        let key = &self.plan.resource;
        Trouble::moved(format!(
            "{key} was changed by somebody else since the plan was made"
        ))
    }
}

/// The entity tag of a document.
pub(super) fn version(document: &Value) -> Option<String> {
    let tag = document.get("etag").or_else(|| document.get("eTag"))?;
    tag.as_str().map(str::to_owned)
}
