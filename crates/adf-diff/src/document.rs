//! Two documents of one resource, without the repositories that they stand in.

use adf_model::Kind;
use serde_json::Value;

use crate::PropertyChange;
use crate::difference::documents;
use crate::renames::Renames;

/// What differs between two documents of a resource, noise included.
#[must_use]
pub fn compare_documents(kind: Kind, before: &Value, after: &Value) -> Vec<PropertyChange> {
    documents(Some(kind), before, after, &Renames::default())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::RiskKind;

    #[test]
    fn a_place_that_differs_has_its_risk() {
        let service =
            |host: &str| json!({"properties": {"type": "Sftp", "typeProperties": {"host": host}}});

        let changes = compare_documents(Kind::LinkedService, &service("a"), &service("b"));

        let [change] = &changes[..] else {
            panic!("{changes:?}");
        };
        let risk = change.risk(Kind::LinkedService).unwrap();
        assert_eq!(
            (change.path.to_string().as_str(), risk.kind),
            ("typeProperties.host", RiskKind::DataLocation)
        );
    }
}
