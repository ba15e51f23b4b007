//! Which records somebody wants to see.

use crate::chain::Chain;
use crate::record::{Did, Outcome, Record, TestOutcome};
use crate::time::Time;

/// Which records somebody wants to see.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Those of the bundle whose digest begins so.
    pub bundle: Option<String>,
    /// Those from then on.
    pub since: Option<Time>,
    /// Those before.
    pub until: Option<Time>,
    /// Those of this kind.
    pub kind: Option<Kind>,
    /// Those of what did not succeed.
    pub failures_only: bool,
    /// Also those of the beginnings of deployments whose ends are recorded.
    pub beginnings: bool,
}

/// A kind of record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Deployments.
    Deployment,
    /// Tests.
    Test,
}

impl Filter {
    /// Whether somebody wants to see this one.
    #[must_use]
    pub fn takes(&self, record: &Record) -> bool {
        let bundle = |wanted: &str| {
            let digits = |text: &str| {
                text.strip_prefix("sha256:")
                    .unwrap_or(text)
                    .to_ascii_lowercase()
            };
            record
                .bundle()
                .is_some_and(|bundle| digits(bundle).starts_with(&digits(wanted)))
        };
        let kind = |kind| match record.did {
            Did::Deployment(_) => kind == Kind::Deployment,
            Did::Test(_) => kind == Kind::Test,
        };
        self.bundle.as_deref().is_none_or(bundle)
            && self.since.is_none_or(|since| record.at >= since)
            && self.until.is_none_or(|until| record.at < until)
            && self.kind.is_none_or(kind)
            && !(self.failures_only && record.is_success())
    }
}

impl Record {
    /// Whether what it is about succeeded.
    #[must_use]
    pub fn is_success(&self) -> bool {
        match &self.did {
            Did::Deployment(deployment) => deployment.outcome == Outcome::Deployed,
            Did::Test(test) => test.outcome == TestOutcome::Passed,
        }
    }
}

/// The records of several environments that somebody wants to see, in the order of time.
#[must_use]
pub fn select<'c>(chains: impl IntoIterator<Item = &'c Chain>, filter: &Filter) -> Vec<&'c Record> {
    let beginnings = filter.beginnings && !filter.failures_only;
    let records = chains.into_iter().flat_map(|chain| {
        let records = chain.records().iter();
        records.filter(move |record| beginnings || !chain.is_finished(record.number))
    });
    let mut records: Vec<_> = records.filter(|record| filter.takes(record)).collect();
    records.sort_by(|one, other| {
        let place = |record: &Record| (record.at, record.number);
        let places = place(one).cmp(&place(other));
        places.then_with(|| one.environment.cmp(&other.environment))
    });
    records
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::{audit, audit_markdown, json_lines};
    use crate::sample::{Environment, hour};

    fn environments() -> [Environment; 2] {
        let mut qa = Environment::new("qa");
        qa.deploy("sha256:aaaaaaaaaaaa00")
            .test("contract")
            .deploy_ending("sha256:bbbbbbbbbbbb00", Outcome::Failed);
        let mut prod = Environment::new("prod");
        prod.deploy_only("sha256:aaaaaaaaaaaa00", "pipeline.a");
        prod.test_ending("smoke", TestOutcome::Error);
        [qa, prod]
    }

    fn selected(filter: &Filter) -> Vec<String> {
        let chains = environments().map(|environment| environment.chain());
        let records = select(&chains, filter);
        records
            .iter()
            .map(|record| format!("{} {}", record.environment, record.number))
            .collect()
    }

    #[test]
    fn records_of_several_environments_come_in_the_order_of_time() {
        assert_eq!(
            selected(&Filter::default()),
            ["prod 1", "qa 1", "prod 2", "qa 2", "qa 3"]
        );
    }

    #[test]
    fn each_wish_leaves_records_out() {
        let since = Filter {
            since: Some(hour(2)),
            until: Some(hour(3)),
            ..Filter::default()
        };
        assert_eq!(selected(&since), ["prod 2", "qa 2"]);
        let bundle = Filter {
            bundle: Some("sha256:BBBB".to_owned()),
            ..Filter::default()
        };
        assert_eq!(selected(&bundle), ["qa 3"]);
        let tests = Filter {
            kind: Some(Kind::Test),
            failures_only: true,
            ..Filter::default()
        };
        assert_eq!(selected(&tests), ["prod 2"]);
    }

    #[test]
    fn records_are_shown_in_a_table() {
        let chains = environments().map(|environment| environment.chain());
        let records = select(&chains, &Filter::default());
        let lines: Vec<_> = audit(&records, &[])
            .into_iter()
            .map(|line| line.text)
            .collect();

        insta::assert_snapshot!(lines.join("\n"), @"
        when (UTC)           env   record  what                  bundle        commit    by   outcome
        2026-11-01 01:00:00  prod  1       deployment of a part  aaaaaaaaaaaa  01234567  ada  deployed, 2 changed, 40 as they were
        2026-11-01 01:00:00  qa    1       deployment            aaaaaaaaaaaa  01234567  ada  deployed, 2 changed, 40 as they were
        2026-11-01 02:00:00  prod  2       test smoke            aaaaaaaaaaaa            ada  could not be told
        2026-11-01 02:00:00  qa    2       test contract         aaaaaaaaaaaa            ada  passed
        2026-11-01 03:00:00  qa    3       deployment            bbbbbbbbbbbb  01234567  ada  failed
        ");
        insta::assert_snapshot!(audit_markdown(&records, &[]), @"
        ### Deployments and tests

        | when (UTC) | env | record | what | bundle | commit | by | outcome |
        |---|---|---|---|---|---|---|---|
        | 2026-11-01 01:00:00 | prod | 1 | deployment of a part | `aaaaaaaaaaaa` | `01234567` | ada | deployed, 2 changed, 40 as they were |
        | 2026-11-01 01:00:00 | qa | 1 | deployment | `aaaaaaaaaaaa` | `01234567` | ada | deployed, 2 changed, 40 as they were |
        | 2026-11-01 02:00:00 | prod | 2 | test smoke | `aaaaaaaaaaaa` |  | ada | could not be told |
        | 2026-11-01 02:00:00 | qa | 2 | test contract | `aaaaaaaaaaaa` |  | ada | passed |
        | 2026-11-01 03:00:00 | qa | 3 | deployment | `bbbbbbbbbbbb` | `01234567` | ada | failed |
        ");
    }

    #[test]
    fn a_deployment_that_ended_is_one_row_and_one_that_was_killed_is_told() {
        let mut qa = Environment::new("qa");
        qa.begin("sha256:aaaaaaaaaaaa00", Some(Outcome::Deployed))
            .begin("sha256:bbbbbbbbbbbb00", None);
        let chain = qa.chain();
        let told = |filter: &Filter| {
            let lines = audit(&select([&chain], filter), &[]).into_iter();
            lines.map(|line| line.text).collect::<Vec<_>>().join("\n")
        };

        insta::assert_snapshot!(told(&Filter::default()), @"
        when (UTC)           env  record  what        bundle        commit    by   outcome
        2026-11-01 02:00:00  qa   2       deployment  aaaaaaaaaaaa  01234567  ada  deployed, 2 changed, 40 as they were
        2026-11-01 03:00:00  qa   3       deployment  bbbbbbbbbbbb  01234567  ada  begun, and not ended: it was killed, or goes on
        ");
        let failures = Filter {
            failures_only: true,
            beginnings: true,
            ..Filter::default()
        };
        assert_eq!(select([&chain], &failures).len(), 1);
        let all = Filter {
            beginnings: true,
            ..Filter::default()
        };
        assert_eq!(select([&chain], &all).len(), 3);
    }

    #[test]
    fn a_long_reason_does_not_make_the_table_unreadable() {
        let mut qa = Environment::new("qa");
        let mut failed =
            crate::sample::deployment("sha256:aaaaaaaaaaaa00", hour(1), Outcome::Failed);
        failed.reason = Some("the service refused:\n\n".to_owned() + &"x".repeat(5_000));
        qa.write(Did::Deployment(Box::new(failed)));
        let chain = qa.chain();
        let records = select([&chain], &Filter::default());

        let lines = audit(&records, &[]);

        assert!(lines.iter().all(|line| line.text.chars().count() < 180));
        assert!(lines[1].text.contains("failed: the service refused: xxx"));
        assert_eq!(
            lines.last().unwrap().text,
            "… stands for the rest of a text; --format json has all of it"
        );
        assert!(audit_markdown(&records, &[]).len() < 1_000);
        assert!(json_lines(&records).len() > 5_000);
    }

    #[test]
    fn what_is_exported_as_lines_can_be_read_again() {
        let chains = environments().map(|environment| environment.chain());
        let records = select(&chains, &Filter::default());

        let text = json_lines(&records);

        let read: Vec<_> = text
            .lines()
            .map(|line| Record::read(line.as_bytes()).unwrap())
            .collect();
        assert_eq!(read.iter().collect::<Vec<_>>(), records);
    }

    #[test]
    fn a_name_moves_no_cursor() {
        let mut qa = Environment::new("q\u{1b}[2Ja");
        qa.deploy("sha256:aaaaaaaaaaaa00");
        let chain = qa.chain();
        let lines = audit(&select([&chain], &Filter::default()), &[]);

        assert!(lines.iter().all(|line| !line.text.contains('\u{1b}')));
    }
}
