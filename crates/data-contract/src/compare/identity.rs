//! Which contract it is, and whether it is still in use.

use crate::model::Contract;

use super::{Change, Impact, Party, Version};

pub(super) fn compare(old: &Contract, new: &Contract, changes: &mut Vec<Change>) {
    let change = |impact, subject: &str, message: String| Change {
        impact,
        concerns: Party::Consumers,
        subject: subject.to_owned(),
        message,
        version: Version::New,
        line: u64::try_from(new.key_position(new.root(), subject).line).unwrap_or(1),
    };
    if old.id() != new.id() {
        let message = format!(
            "the contract is called `{}` instead of `{}`: whoever refers to it by its id no longer finds it",
            new.id(),
            old.id()
        );
        changes.push(change(Impact::Breaking, "id", message));
    }
    let status = |contract: &Contract| contract.status().unwrap_or_default().into_owned();
    let (before, after) = (status(old), status(new));
    if before.eq_ignore_ascii_case(&after) {
        return;
    }
    let message = match (before.as_str(), after.as_str()) {
        ("", after) => format!("the contract is {after} now"),
        (before, "") => format!("the contract does not say any more that it is {before}"),
        (before, after) => format!("the contract is {after} now; it was {before}"),
    };
    changes.push(change(Impact::Note, "status", message));
}
