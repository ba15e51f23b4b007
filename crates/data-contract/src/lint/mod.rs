//! What a contract says wrongly, misleadingly, or in vain.

mod faults;
mod keys;
mod links;
mod names;
mod numbers;
mod operators;
mod options;
mod properties;
mod quality;
mod rule;
mod secrets;
mod server;
mod service;
mod shape;
mod standard;
mod walk;

pub use faults::faults;
pub use rule::{Finding, Level, RULES, Rule, rule};

use crate::model::Contract;

pub(crate) use numbers::order;

use rule::Findings;

/// Looks at a contract; what is found is in the order of the text.
///
/// ```
/// let text = "apiVersion: v3.1.0\nkind: DataContract\nid: c\nversion: 1.0.0\nstatus: active\nschema:\n- nmae: orders\n";
/// let contract = data_contract::Contract::read(text, &Default::default())?;
///
/// let found = data_contract::lint::lint(&contract);
///
/// let unknown = found.iter().find(|finding| finding.rule == "DC101").expect("a key is not known");
/// assert_eq!((unknown.line, unknown.column), (7, 3));
/// assert_eq!(unknown.hint.as_deref(), Some("did you mean `name`?"));
/// # Ok::<(), yaml_source::YamlError>(())
/// ```
#[must_use]
pub fn lint(contract: &Contract) -> Vec<Finding> {
    let mut findings = Findings::of(contract);
    walk::document(&mut findings);
    names::check(&mut findings);
    properties::check(&mut findings);
    quality::check(&mut findings);
    links::check(&mut findings);
    server::check(&mut findings);
    service::check(&mut findings);
    secrets::check(&mut findings);
    let mut found = findings.found;
    found.sort_by(|one, other| {
        let key = |finding: &Finding| (finding.line, finding.column, finding.rule);
        key(one).cmp(&key(other))
    });
    found.dedup();
    found
}
