//! Which factory is meant.

use std::fmt;
use std::str::FromStr;

/// A factory's place: its subscription, resource group and name.
///
/// It is read from a resource id, whose segments Azure writes in any case, and written as one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FactoryId {
    /// The subscription's id.
    pub subscription: String,
    /// The resource group's name.
    pub resource_group: String,
    /// The factory's name.
    pub factory: String,
}

/// A text is not the resource id of a factory.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not the id of a factory; expected `/subscriptions/…/resourceGroups/…/providers/Microsoft.DataFactory/factories/…`"
)]
pub struct FactoryIdError(String);

const FIXED: [(usize, &str); 5] = [
    (0, "subscriptions"),
    (2, "resourceGroups"),
    (4, "providers"),
    (5, "Microsoft.DataFactory"),
    (6, "factories"),
];

impl FromStr for FactoryId {
    type Err = FactoryIdError;

    fn from_str(text: &str) -> Result<Self, FactoryIdError> {
        let segments: Vec<_> = text.trim_matches('/').split('/').collect();
        let fits = segments.len() == 8
            && FIXED
                .iter()
                .all(|&(at, fixed)| segments[at].eq_ignore_ascii_case(fixed))
            && segments.iter().all(|segment| !segment.is_empty());
        if !fits {
            return Err(FactoryIdError(text.to_owned()));
        }
        Ok(Self {
            subscription: segments[1].to_owned(),
            resource_group: segments[3].to_owned(),
            factory: segments[7].to_owned(),
        })
    }
}

impl fmt::Display for FactoryId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "/subscriptions/{}/resourceGroups/{}/providers/Microsoft.DataFactory/factories/{}",
            self.subscription, self.resource_group, self.factory
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_read_in_any_case_and_written_as_azure_does() {
        let id: FactoryId =
            "/SUBSCRIPTIONS/s/RESOURCEGROUPS/rg/PROVIDERS/MICROSOFT.DATAFACTORY/FACTORIES/adf"
                .parse()
                .unwrap();

        let written =
            "/subscriptions/s/resourceGroups/rg/providers/Microsoft.DataFactory/factories/adf";
        assert_eq!(id.to_string(), written);
        assert_eq!(written.parse::<FactoryId>().unwrap(), id);
    }

    #[test]
    fn other_resources_are_not_factories() {
        for text in [
            "",
            "adf",
            "/subscriptions/s/resourceGroups/rg",
            "/subscriptions/s/resourceGroups//providers/Microsoft.DataFactory/factories/adf",
            "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Storage/factories/adf",
            "/subscriptions/s/resourceGroups/rg/providers/Microsoft.DataFactory/factories/adf/pipelines/p",
        ] {
            assert!(text.parse::<FactoryId>().is_err(), "{text}");
        }
    }
}
