//! Stored profiles that rules about drift compare with: JSON of `dataops contract profile`, beside the contract that names it, or where
//! local paths begin.

use std::io;
use std::path::Path;

use data_contract::compile::{Settings, profiles};
use data_contract::infer::Profile;

use super::{Named, bounded};

/// The longest profile: far more than one of very many columns.
const LARGEST: usize = 256 << 20;

/// How a contract is compiled: as usual, with the profiles that its rules name. One that cannot be used is an error of these rules
/// alone.
pub(super) fn settings(named: &Named, folder: &Path) -> Settings {
    let mut settings = Settings::default();
    let beside = named.path.parent().unwrap_or_else(|| Path::new(""));
    for name in profiles(&named.contract) {
        match read((beside, folder), &name) {
            Ok(profile) => {
                settings.profiles.insert(name, profile);
            }
            Err(reason) => {
                settings.unusable.insert(name, reason);
            }
        }
    }
    settings
}

fn read((beside, folder): (&Path, &Path), name: &str) -> Result<Profile, String> {
    let first = beside.join(name);
    let (path, text) = match bounded::bytes(&first, LARGEST) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let second = folder.join(name);
            let text = bounded::bytes(&second, LARGEST);
            (second, text)
        }
        text => (first, text),
    };
    let text = text.map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => format!(
            "there is no stored profile `{name}`, neither beside the contract nor in the folder {}; write one by \
             `dataops contract profile DATA --output json`",
            std::path::absolute(folder).unwrap_or_default().display()
        ),
        _ => unusable(&path, &error),
    })?;
    serde_json::from_slice(&text).map_err(|error| unusable(&path, &error))
}

fn unusable(path: &Path, error: &dyn std::fmt::Display) -> String {
    format!(
        "the stored profile {} cannot be used: {error}; write it anew by `dataops contract profile DATA --output json`",
        path.display()
    )
}
