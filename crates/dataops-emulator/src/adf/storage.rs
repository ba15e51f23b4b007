//! Where the files of an activity are: datasets and store settings, read as containers and blobs.

use adf_runtime::{ActivityFailure, ResolvedDataset, ResolvedLinkedService};
use serde_json::{Map, Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use url::Url;

use super::settings::known;
use super::wildcard::{folder_matches, matches};
use crate::blob::disk::Blob;
use crate::blob::failure::Failure;
use crate::state::State;

/// A place in the account: a container, a folder in it, maybe a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Location {
    pub(super) container: String,
    pub(super) folder: String,
    pub(super) file: Option<String>,
}

/// What a dataset's `location` says.
const LOCATION: [&str; 5] = ["type", "container", "fileSystem", "folderPath", "fileName"];

impl Location {
    /// The place of a dataset.
    pub(super) fn of(state: &State, dataset: &ResolvedDataset) -> Result<Self, ActivityFailure> {
        check_account(state, &dataset.linked_service)?;
        let location = &dataset.properties["location"];
        let place = format!("the location of the dataset `{}`", dataset.name);
        known(&place, location, &LOCATION)?;
        let text = |name: &str| match &location[name] {
            Value::String(text) => text.trim_matches('/').to_owned(),
            _ => String::new(),
        };
        let container = match text("container") {
            empty if empty.is_empty() => text("fileSystem"),
            container => container,
        };
        if container.is_empty() {
            return Err(user(
                "UserErrorMissingContainer",
                &format!("the dataset `{}` names no container", dataset.name),
            ));
        }
        Ok(Self {
            container,
            folder: text("folderPath"),
            file: Some(text("fileName")).filter(|name| !name.is_empty()),
        })
    }

    /// The path of `name` in this folder.
    pub(super) fn path(&self, name: &str) -> String {
        match self.folder.as_str() {
            "" => name.to_owned(),
            folder => format!("{folder}/{name}"),
        }
    }
}

/// A failure that the definition or its data cause, in the words of the Copy activity.
pub(super) fn user(code: &str, message: &str) -> ActivityFailure {
    ActivityFailure::user("2200", format!("ErrorCode={code}, Message={message}"))
}

/// A failure of the account.
pub(super) fn failed(failure: &Failure) -> ActivityFailure {
    let message = crate::problem::in_full(failure);
    match failure {
        Failure::Io(_) | Failure::Store(_) => ActivityFailure::system("2200", message),
        _ => user("UserErrorFailedFileOperation", &message),
    }
}

/// What activities on the integration runtime say of where they ran and what that costs.
pub(super) fn billed(output: &mut Map<String, Value>) {
    let Value::Object(told) = json!({
        "effectiveIntegrationRuntime": "AutoResolveIntegrationRuntime (Local)",
        "billingReference": {
            "activityType": "PipelineActivity",
            "billableDuration": [{"meterType": "AzureIR", "duration": 0.016_666_666_666_666_666, "unit": "Hours"}],
        },
        "durationInQueue": {"integrationRuntimeQueue": 0},
    }) else {
        return;
    };
    output.extend(told);
}

fn check_account(state: &State, service: &ResolvedLinkedService) -> Result<(), ActivityFailure> {
    if !matches!(service.kind.as_str(), "AzureBlobStorage" | "AzureBlobFS") {
        return Err(user(
            "NotEmulated",
            &format!(
                "the emulator has no `{}`, which the linked service `{}` is",
                service.kind, service.name
            ),
        ));
    }
    match account(&service.properties) {
        Some(account) if !account.eq_ignore_ascii_case(&state.account) => Err(user(
            "UserErrorUnknownStorageAccount",
            &format!(
                "the linked service `{}` uses the storage account `{account}`, and the emulator has `{}` only",
                service.name, state.account
            ),
        )),
        _ => Ok(()),
    }
}

/// The account that a linked service names, where it can be seen.
fn account(properties: &Value) -> Option<String> {
    let connection = match &properties["connectionString"] {
        Value::String(text) => text.as_str(),
        secure => secure["value"].as_str().unwrap_or_default(),
    };
    let part = |wanted: &str| {
        connection
            .split(';')
            .filter_map(|part| part.split_once('='))
            .find(|(name, _)| name.trim().eq_ignore_ascii_case(wanted))
            .map(|(_, value)| value.trim().to_owned())
    };
    if let Some(account) = part("AccountName") {
        return Some(account);
    }
    let endpoint = ["serviceEndpoint", "url", "sasUri"]
        .into_iter()
        .find_map(|name| match &properties[name] {
            Value::String(text) => Some(text.clone()),
            secure => secure["value"].as_str().map(str::to_owned),
        })
        .or_else(|| part("BlobEndpoint"))?;
    let url = Url::parse(&endpoint).ok()?;
    match url.domain()? {
        "localhost" => url.path_segments()?.next().map(str::to_owned),
        domain => domain.split('.').next().map(str::to_owned),
    }
}

/// Settings of a store: those that are read here or by Copy, and those that change nothing on this machine.
const STORE_SETTINGS: [&str; 10] = [
    "type",
    "recursive",
    "wildcardFolderPath",
    "wildcardFileName",
    "prefix",
    "modifiedDatetimeStart",
    "modifiedDatetimeEnd",
    "deleteFilesAfterCompletion",
    "maxConcurrentConnections",
    "disableMetricsCollection",
];

/// Which files of a place are meant.
pub(super) struct Selection {
    pub(super) recursive: bool,
    wildcard_folder: Option<String>,
    wildcard_file: Option<String>,
    prefix: Option<String>,
    after: Option<OffsetDateTime>,
    before: Option<OffsetDateTime>,
}

/// A file: its blob's name, and its path below the place that was selected from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Selected {
    pub(super) blob: String,
    pub(super) relative: String,
}

impl Selection {
    /// Reads `storeSettings`.
    pub(super) fn of(settings: &Value) -> Result<Self, ActivityFailure> {
        let text = |name: &str| {
            let text = settings[name].as_str()?;
            Some(text.trim_matches('/').to_owned()).filter(|text| !text.is_empty())
        };
        known("storeSettings", settings, &STORE_SETTINGS)?;
        Ok(Self {
            recursive: flag(&settings["recursive"]).unwrap_or(true),
            wildcard_folder: text("wildcardFolderPath"),
            wildcard_file: text("wildcardFileName"),
            prefix: settings["prefix"].as_str().map(str::to_owned),
            after: moment(&settings["modifiedDatetimeStart"])?,
            before: moment(&settings["modifiedDatetimeEnd"])?,
        })
    }

    /// Whether names are given by wildcards.
    pub(super) fn has_wildcard(&self) -> bool {
        self.wildcard_folder.is_some() || self.wildcard_file.is_some()
    }

    /// The files.
    pub(super) fn files(
        &self,
        state: &State,
        at: &Location,
    ) -> Result<Vec<Selected>, ActivityFailure> {
        if let (Some(file), None) = (&at.file, &self.wildcard_file) {
            return self.single(state, at, file);
        }
        let (start, base) = self.start(at);
        let names = state.blob.names(&at.container, &start);
        let names = names.map_err(|failure| match failure {
            Failure::ContainerNotFound(_) => missing(at, &start),
            other => failed(&other),
        })?;
        let selected = names.into_iter().filter_map(|blob| {
            let relative = blob.strip_prefix(&base)?.to_owned();
            let wanted = self.wants(&blob, &relative) && self.is_in_time(state, at, &blob);
            wanted.then_some(Selected { blob, relative })
        });
        Ok(selected.collect())
    }

    /// What all names begin with, and the part of it that relative paths leave out.
    fn start(&self, at: &Location) -> (String, String) {
        if let Some(prefix) = &self.prefix {
            let base = prefix.rsplit_once('/').map_or("", |(base, _)| base);
            return (prefix.clone(), folder(base));
        }
        let base = match &self.wildcard_folder {
            None => at.folder.clone(),
            Some(pattern) => {
                let plain = pattern
                    .split('/')
                    .take_while(|part| !part.contains(['*', '?', '^']));
                plain.collect::<Vec<_>>().join("/")
            }
        };
        (folder(&base), folder(&base))
    }

    fn wants(&self, blob: &str, relative: &str) -> bool {
        let (folder, file) = blob.rsplit_once('/').unwrap_or(("", blob));
        if let Some(pattern) = &self.wildcard_file
            && !matches(pattern, file)
        {
            return false;
        }
        match &self.wildcard_folder {
            None => self.recursive || !relative.contains('/'),
            Some(pattern) => folder_matches(pattern, folder, self.recursive),
        }
    }

    /// Whether the blob was modified when it has to be.
    pub(super) fn is_in_time(&self, state: &State, at: &Location, blob: &str) -> bool {
        if self.after.is_none() && self.before.is_none() {
            return true;
        }
        let blob = state.blob.blob(&at.container, blob);
        blob.is_ok_and(|blob| self.has_time_of(&blob))
    }

    /// The same of a blob that is at hand.
    pub(super) fn has_time_of(&self, blob: &Blob) -> bool {
        self.after.is_none_or(|after| blob.modified >= after)
            && self.before.is_none_or(|before| blob.modified < before)
    }

    fn single(
        &self,
        state: &State,
        at: &Location,
        file: &str,
    ) -> Result<Vec<Selected>, ActivityFailure> {
        let name = at.path(file);
        match state.blob.blob(&at.container, &name) {
            Ok(blob) if !self.has_time_of(&blob) => Ok(Vec::new()),
            Ok(_) => Ok(vec![Selected {
                relative: file.to_owned(),
                blob: name,
            }]),
            Err(Failure::BlobNotFound(_) | Failure::ContainerNotFound(_)) => {
                Err(missing(at, &name))
            }
            Err(other) => Err(failed(&other)),
        }
    }
}

fn missing(at: &Location, blob: &str) -> ActivityFailure {
    let message = format!(
        "the required blob is missing. ContainerName: {}, path: {blob}",
        at.container
    );
    user("UserErrorSourceBlobNotExist", &message)
}

fn folder(path: &str) -> String {
    match path {
        "" => String::new(),
        path => format!("{path}/"),
    }
}

/// A Boolean, which may be written as text.
pub(super) fn flag(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(flag) => Some(*flag),
        Value::String(text) => text.to_lowercase().parse().ok(),
        _ => None,
    }
}

fn moment(value: &Value) -> Result<Option<OffsetDateTime>, ActivityFailure> {
    match value.as_str() {
        None | Some("") => Ok(None),
        Some(text) => {
            let wrong = || user("UserErrorInvalidDatetime", &format!("`{text}` is no time"));
            instant(text).map(Some).ok_or_else(wrong)
        }
    }
}

/// A time; one without a zone is UTC.
pub(super) fn instant(text: &str) -> Option<OffsetDateTime> {
    let read = |text: &str| OffsetDateTime::parse(text, &Rfc3339).ok();
    read(text).or_else(|| read(&format!("{text}Z")))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_account_is_seen_in_each_form_of_a_linked_service() {
        for properties in [
            json!({"serviceEndpoint": "https://acct.blob.core.windows.net/"}),
            json!({"url": "https://acct.dfs.core.windows.net"}),
            json!({"connectionString": "DefaultEndpointsProtocol=https;AccountName=acct;AccountKey=x"}),
            json!({"connectionString": {"type": "SecureString", "value": "BlobEndpoint=https://acct.blob.core.windows.net/;x=y"}}),
            json!({"sasUri": {"type": "SecureString", "value": "https://acct.blob.core.windows.net/?sv=1"}}),
            json!({"url": "http://localhost:10000/acct"}),
        ] {
            assert_eq!(
                account(&properties).as_deref(),
                Some("acct"),
                "{properties}"
            );
        }
        assert_eq!(account(&json!({"encryptedCredential": "x"})), None);
    }
}
