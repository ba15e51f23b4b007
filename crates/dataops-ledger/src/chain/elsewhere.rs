//! What is known of a chain elsewhere: by the records of other environments that rest on its own, and by an earlier export.
//!
//! Who removes the newest record and the head together leaves a chain that is whole. Only somebody else's memory shows it.

use std::collections::BTreeSet;

use dataops_plan::Digest;

use super::{Break, BreakKind, Chain};
use crate::record::Record;

impl Chain {
    /// Finds the records that another environment's rest on and that are not there as they were.
    pub fn compare_with(&mut self, other: &Self) {
        let environment = self.environment.clone();
        let deployments = other.records.iter();
        let deployments = deployments.filter_map(|record| Some((record, record.deployment()?)));
        for (record, deployment) in deployments {
            let evidence = deployment.evidence.iter();
            for seen in evidence.filter(|seen| seen.environment == environment) {
                let kind = BreakKind::RestedOn {
                    by: other.environment.clone(),
                    record: record.number,
                };
                self.expect(seen.record, &seen.digest, kind);
            }
        }
    }

    /// Finds the records of an earlier export that are not there as they were. Those of other environments do not count.
    pub fn compare_with_export(&mut self, exported: &[Record]) {
        let environment = self.environment.clone();
        for record in exported.iter().filter(|it| it.environment == environment) {
            self.expect(record.number, &record.digest, BreakKind::Exported);
        }
    }

    fn expect(&mut self, number: u64, digest: &Digest, kind: BreakKind) {
        let is_there = self.record(number).is_some_and(|it| it.digest == *digest);
        // What is told of a record once is enough.
        let told: BTreeSet<_> = self.breaks.iter().map(|found| found.number).collect();
        if !is_there && !told.contains(&number) {
            self.breaks.push(Break {
                environment: self.environment.clone(),
                number,
                kind,
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::record::{Did, Evidence, Outcome, Record};
    use crate::sample::{Environment, deployment, hour};

    fn told(chain: &super::Chain) -> Vec<String> {
        chain.breaks().iter().map(ToString::to_string).collect()
    }

    /// Two records, of which the newest goes with the head.
    fn cut() -> (Vec<Record>, Environment) {
        let mut qa = Environment::new("qa");
        qa.deploy("sha256:aaaaaaaa").deploy("sha256:bbbbbbbb");
        let before = qa.chain().records().to_vec();
        qa.store.documents.remove(&qa.keys().record(2));
        qa.store.documents.remove(&qa.keys().head());
        (before, qa)
    }

    #[test]
    fn what_was_cut_off_with_the_head_is_seen_by_who_rests_on_it() {
        let (before, qa) = cut();
        assert_eq!(told(&qa.chain()), [""; 0]);
        let mut uat = Environment::new("uat");
        let mut promoted = deployment("sha256:bbbbbbbb", hour(3), Outcome::Deployed);
        promoted.evidence = before
            .iter()
            .map(|record| Evidence {
                environment: "qa".to_owned(),
                record: record.number,
                digest: record.digest.clone(),
            })
            .collect();
        uat.write(Did::Deployment(Box::new(promoted)));

        let mut chain = qa.chain();
        chain.compare_with(&uat.chain());
        chain.compare_with(&uat.chain());

        assert_eq!(
            told(&chain),
            ["qa, record 2: record 1 of uat rests on it, and it is not there, or is another one"]
        );
    }

    #[test]
    fn what_was_cut_off_with_the_head_is_seen_beside_an_earlier_export() {
        let (before, mut qa) = cut();
        // Another one in its place is no better.
        qa.deploy("sha256:cccccccc");
        let mut chain = qa.chain();
        assert!(chain.breaks().is_empty());

        chain.compare_with_export(&before);

        assert_eq!(
            told(&chain),
            ["qa, record 2: it was exported earlier, and it is not there, or is another one"]
        );
    }
}
