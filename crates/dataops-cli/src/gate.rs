//! Whether a bundle may come to an environment that asks something of it, whichever command brings it.

use std::collections::BTreeMap;

use dataops_core::ledger::{Ledger, now};
use dataops_ledger::{Chain, Decision, Evidence, Overridden, Promotion, Terms, render};
use dataops_solution::environment::Needs;

use crate::bundles::{Absent, Brought, Wanted};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::in_force::{InForce, RecordsPlace};
use crate::ledger;
use crate::session::Session;

/// The wish to deploy whatever the conditions are.
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct Override {
    /// Deploy although the conditions of `after` and `promote` do not hold, for this reason, which is recorded.
    #[arg(long = "override", value_name = "REASON", value_parser = reason)]
    reason: Option<String>,
}

fn reason(text: &str) -> Result<String, String> {
    match text.split_whitespace().collect::<Vec<_>>().join(" ") {
        empty if empty.is_empty() => {
            Err("a reason is expected, for those who read the records".to_owned())
        }
        reason => Ok(reason),
    }
}

/// Why something may be deployed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Standing {
    /// The records that speak for it.
    pub(crate) evidence: Vec<Evidence>,
    /// That it is deployed although it might not be.
    pub(crate) overridden: Option<Overridden>,
}

/// Where the bundle that is asked about goes, and what it must have passed.
pub(crate) struct Asked<'a> {
    pub(crate) in_force: &'a InForce,
    pub(crate) records: &'a RecordsPlace,
    pub(crate) to: &'a str,
    pub(crate) terms: &'a Terms,
}

impl Asked<'_> {
    /// The records of an environment.
    pub(crate) async fn chain(&self, context: &Context, name: &str) -> Result<Chain, Failure> {
        let (session, ledger) = self.visit(context, name).await?;
        let chain = ledger::chain(&ledger).await;
        session.close().await;
        chain
    }

    /// Brings a bundle, from beside the records of an environment where it is kept.
    pub(crate) async fn bring(
        &self,
        context: &Context,
        wanted: Wanted,
        name: &str,
    ) -> Result<Result<Brought, Absent>, Failure> {
        let (session, ledger) = self.visit(context, name).await?;
        let brought = Box::pin(wanted.bring(&ledger)).await;
        session.close().await;
        brought
    }

    async fn visit(&self, context: &Context, name: &str) -> Result<(Session, Ledger), Failure> {
        let solution = self.in_force.knowing(name);
        let session = context.visit(solution, name, Needs::Records).await?;
        let connection = &session.connection;
        let place = self
            .in_force
            .records(context, self.records, name, connection);
        match place.and_then(|place| ledger::open(&place, connection)) {
            Ok(ledger) => Ok((session, ledger)),
            Err(failure) => {
                session.close().await;
                Err(failure)
            }
        }
    }

    /// Whether a bundle may go there, by the records of the environments before.
    pub(crate) async fn decide(
        &self,
        context: &Context,
        bundle: &str,
    ) -> Result<Decision, Failure> {
        let there = self.chain(context, self.to).await?;
        let mut chains = BTreeMap::new();
        for name in &self.terms.after {
            let mut chain = self.chain(context, name).await?;
            chain.compare_with(&there);
            chains.insert(name.clone(), chain);
        }
        let promotion = Promotion {
            bundle,
            to: self.to,
            after: &self.terms.after,
            tests: &self.terms.tests,
            max_age: self.terms.max_age,
            now: now(),
        };
        Ok(promotion.decide(&chains))
    }

    /// Lets what is deployed without `promote` in, if it may.
    pub(crate) async fn admit(
        &self,
        context: &Context,
        bundle: Option<&str>,
        wish: &Override,
    ) -> Result<Standing, Failure> {
        if self.terms.are_none() {
            if wish.reason.is_some() {
                let text = format!("`{}` asks for nothing that could be overridden", self.to);
                return Err(Failure::usage(text));
            }
            return Ok(Standing::default());
        }
        let (unmet, is_told) = match (bundle, self.terms.after.is_empty()) {
            (None, _) => {
                let why = "what is deployed is a folder, and only a bundle can have passed";
                (vec![why.to_owned()], false)
            }
            (_, true) => {
                let why = format!(
                    "`after` of `{}` names no environment that it could have passed in",
                    self.to
                );
                (vec![why], false)
            }
            (Some(bundle), false) => {
                let decision = self.decide(context, bundle).await?;
                tell(context, &decision);
                if decision.allowed {
                    return Ok(Standing {
                        evidence: decision.evidence(),
                        overridden: None,
                    });
                }
                (decision.unmet(), !context.quiet)
            }
        };
        let Some(reason) = &wish.reason else {
            return Err(self.refusal(context, if is_told { &[] } else { &unmet }));
        };
        for unmet in &unmet {
            context.warn("warning", &format!("overridden: {unmet}"), None);
        }
        Ok(Standing {
            evidence: Vec::new(),
            overridden: Some(Overridden {
                reason: reason.clone(),
                unmet,
            }),
        })
    }

    /// The refusal, with what does not hold where that was not told.
    fn refusal(&self, context: &Context, unmet: &[String]) -> Failure {
        let to = self.to;
        let mut text = format!("it may not go to `{to}`, and nothing was changed");
        for unmet in unmet {
            text += &format!("\n{unmet}");
        }
        let hint = match self.terms.after.first() {
            Some(before) => {
                format!("`dataops promote --env {to}` brings what has passed in {before}")
            }
            None => format!("name the environment before `{to}` by `after` in dataops.yaml"),
        };
        let hint = ledger::advised(context, &hint);
        let failure = Failure::new(Exit::Refused, text).hint(hint);
        failure.hint("--override REASON deploys all the same, and is recorded")
    }
}

/// Tells a decision beside what is done.
pub(crate) fn tell(context: &Context, decision: &Decision) {
    for line in render::decision(decision) {
        context.say(&ledger::advised(context, &line.text));
    }
}
