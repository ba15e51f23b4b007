//! Stored profiles that rules about drift compare with: JSON of `dataops contract profile`, beside the contract that names it.

use std::path::Path;

use data_contract::compile::{Settings, profiles};
use data_contract::infer::Profile;

use super::Named;
use crate::failure::Failure;

/// How a contract is compiled: as usual, with the profiles that its rules name.
///
/// # Errors
///
/// When one of them is not there, or is no profile.
pub(super) fn settings(named: &Named) -> Result<Settings, Failure> {
    let mut settings = Settings::default();
    let folder = named.path.parent().unwrap_or_else(|| Path::new(""));
    for name in profiles(&named.contract) {
        let path = folder.join(&name);
        let wrong = |error: &dyn std::fmt::Display| {
            Failure::usage(format!(
                "the stored profile {} of {} cannot be used: {error}",
                path.display(),
                named.path.display()
            ))
            .hint("write one by `dataops contract profile DATA --output json`")
        };
        let text = std::fs::read(&path).map_err(|error| wrong(&error))?;
        let profile: Profile = serde_json::from_slice(&text).map_err(|error| wrong(&error))?;
        settings.profiles.insert(name, profile);
    }
    Ok(settings)
}
