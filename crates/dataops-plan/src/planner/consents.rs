//! Consents to nothing: whoever gave one meant something else.

use dataops_solution::suggestion::nearest;

use crate::plan::{Consent, Finding, Verdict, Warning};
use crate::request::Policy;

/// The consents that nothing of a plan is covered by.
pub(super) fn warnings(policy: &Policy, findings: &[Finding]) -> Vec<Warning> {
    let consents = policy.consents.iter();
    let idle = consents.filter(|consent| {
        let mut findings = findings.iter();
        !findings.any(|found| consent.covers(found.rule, found.resource.as_ref()))
    });
    idle.map(|consent| Warning {
        hint: Some(hint(consent, findings)),
        ..Warning::new(
            None,
            format!("the consent `{consent}` is to nothing that this plan does"),
        )
    })
    .collect()
}

/// What may have been meant.
fn hint(consent: &Consent, findings: &[Finding]) -> String {
    let of_rule = findings.iter().filter(|found| found.rule == consent.rule());
    let known: Vec<_> = of_rule.map(written).collect();
    let given = consent.to_string();
    if let Some(meant) = nearest(&given, known.iter().map(String::as_str)) {
        return format!("did you mean `{meant}`?");
    }
    let asked = findings.iter();
    let asked = asked.filter(|found| found.verdict == Verdict::NeedsConsent);
    let asked: Vec<_> = asked.map(written).collect();
    match (known.as_slice(), asked.as_slice()) {
        ([], []) => "nothing of this plan needs consent".to_owned(),
        ([], asked) => format!("what needs consent: {}", listed(asked)),
        (known, _) => format!("what `{}` is about here: {}", consent.rule(), listed(known)),
    }
}

/// The consent to a finding alone.
fn written(found: &Finding) -> String {
    match &found.resource {
        Some(resource) => format!("{}={resource}", found.rule),
        None => found.rule.to_string(),
    }
}

fn listed(consents: &[String]) -> String {
    const MOST: usize = 6;
    let first: Vec<_> = consents
        .iter()
        .take(MOST)
        .map(|it| format!("`{it}`"))
        .collect();
    match consents.len().saturating_sub(MOST) {
        0 => first.join(", "),
        more => format!("{} and {more} more", first.join(", ")),
    }
}
