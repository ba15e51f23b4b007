//! Agreements of service.

use crate::compile::has_age;
use crate::model::{Agreement, Contract, Property, Reference, Sla, as_text};
use crate::suggestion::meant;
use crate::time::{DurationError, seconds_of};

use super::links::{missing, names};
use super::properties::kind;
use super::rule::{Findings, SLA_ELEMENT, SLA_PROPERTY, SLA_TYPE, SLA_VALUE};

/// Looks at all agreements.
pub(super) fn check(findings: &mut Findings<'_>) {
    let contract = findings.contract;
    for sla in contract.sla() {
        agreement(findings, contract, sla);
    }
}

fn agreement<'c>(findings: &mut Findings<'c>, contract: &'c Contract, sla: Sla<'_>) {
    let property = sla.property();
    if !matches!(
        sla.agreement(),
        Some(Agreement::Latency | Agreement::Retention)
    ) {
        let node = sla.node.get("property").unwrap_or(sla.node);
        let hint = meant(&property, ["freshness", "latency", "retention"]);
        return findings.hinted(
            &SLA_PROPERTY,
            node,
            format!("`{property}` does not show in data, and is not measured"),
            hint,
        );
    }
    value(findings, sla);
    let mut elements = sla.elements();
    if elements.is_empty() {
        elements.extend(contract.default_element().map(std::borrow::Cow::into_owned));
    }
    if elements.is_empty() {
        let message = format!("`{property}` says in `element` which column has the time");
        findings.at(&SLA_ELEMENT, sla.node, message);
    }
    for element in elements {
        self::element(findings, contract, (sla, &element));
    }
}

fn value(findings: &mut Findings<'_>, sla: Sla<'_>) {
    let Some(node) = sla.value() else {
        return;
    };
    let value = as_text(node).unwrap_or_default();
    let unit = sla.unit();
    let Err(error) = seconds_of(&value, unit.as_deref()) else {
        return;
    };
    let hint = match &error {
        DurationError::Ambiguous => "write `min` or `mo`".to_owned(),
        DurationError::NoUnit => "add `unit: d`, or write the value as `PT6H`".to_owned(),
        DurationError::Unit(_) => "known are s, min, h, d, w, mo, y".to_owned(),
        DurationError::Malformed(_) => {
            "write a number with a unit, or a duration such as `PT6H`".to_owned()
        }
    };
    let place = match error {
        DurationError::Ambiguous | DurationError::Unit(_) => sla.node.get("unit").unwrap_or(node),
        _ => node,
    };
    findings.hinted(&SLA_VALUE, place, error.to_string(), Some(hint));
}

fn element<'c>(findings: &mut Findings<'c>, contract: &'c Contract, (sla, name): (Sla<'_>, &str)) {
    let place = sla.node.get("element").unwrap_or(sla.node);
    if findings.names.object(name).is_some() {
        return;
    }
    let reference = Reference::parse(name);
    let found = reference
        .as_ref()
        .and_then(|reference| findings.names.find(reference));
    let alone = || {
        let mut with = contract
            .objects()
            .filter_map(|object| findings.names.column(object, name));
        let first = with.next()?;
        with.next().is_none().then(|| first.last().copied())?
    };
    let property: Option<Property<'_>> = found.and_then(|found| found.property()).or_else(alone);
    let Some(property) = property else {
        if names(contract).is_empty() {
            return;
        }
        return missing_element(findings, place, name);
    };
    let kind = kind(property, contract.api());
    if !has_age(&kind) {
        let message = format!("`{name}` holds {}, which have no age", kind.plural());
        findings.at(&SLA_TYPE, place, message);
    }
}

fn missing_element(findings: &mut Findings<'_>, place: &yaml_source::Node, name: &str) {
    let before = findings.found.len();
    missing(findings, place, name);
    for finding in &mut findings.found[before..] {
        finding.rule = SLA_ELEMENT.id;
        finding.name = SLA_ELEMENT.name;
    }
}
