//! `aml://` addresses: what of the ML side an environment means, by name.

/// How an address begins.
const SCHEME: &str = "aml://";

/// The forms of addresses, for people.
pub const FORMS: &str = "aml://pipelines/NAME[/VERSION], aml://pipeline-endpoints/NAME[/default] or aml://batch-endpoints/NAME[/default]";

/// Whether a text is meant as an address.
#[must_use]
pub fn is_meant(text: &str) -> bool {
    text.starts_with(SCHEME)
}

/// Whether an address has one of the forms.
#[must_use]
pub fn is_well_formed(address: &str) -> bool {
    let Some(rest) = address.strip_prefix(SCHEME) else {
        return false;
    };
    match rest.split('/').collect::<Vec<_>>().as_slice() {
        ["pipelines" | "pipeline-endpoints" | "batch-endpoints", name]
        | ["pipeline-endpoints" | "batch-endpoints", name, "default"] => !is_blank(name),
        ["pipelines", name, version] => !is_blank(name) && !is_blank(version),
        _ => false,
    }
}

fn is_blank(text: &str) -> bool {
    text.trim().is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_something() {
        for good in [
            "aml://pipelines/training",
            "aml://pipelines/training/42",
            "aml://pipeline-endpoints/retrain/default",
            "aml://batch-endpoints/retrain",
        ] {
            assert!(is_meant(good) && is_well_formed(good), "{good}");
        }
        for wrong in [
            "aml://",
            "aml://pipelines",
            "aml://pipelines/",
            "aml://pipelines//42",
            "aml://pipelines/training/",
            "aml://pipelines/ ",
            "aml://batch-endpoints//default",
            "aml://pipeline-endpoints/retrain/other",
            "aml://models/training",
        ] {
            assert!(is_meant(wrong) && !is_well_formed(wrong), "{wrong}");
        }
    }
}
