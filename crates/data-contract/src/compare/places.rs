//! Servers: where data are, and how their files are written.

use std::borrow::Cow;

use crate::model::{Contract, Server};

use super::{Change, Impact, Party, Version};

/// Where the data are: whoever deploys decides that, and tells it by this.
const WHERE: [&str; 5] = ["location", "path", "catalog", "schema", "host"];
/// How they are written, which whoever reads them has to know.
const HOW: [&str; 4] = ["type", "format", "delimiter", "encoding"];
/// The same, as custom properties.
const CUSTOM: [&str; 4] = ["quote", "escape", "header", "nullValue"];

pub(super) fn compare(old: &Contract, new: &Contract, changes: &mut Vec<Change>) {
    for server in old.servers() {
        let name = server.name();
        let mut change = |contract: &Contract,
                          (server, version): (Server<'_>, Version),
                          (impact, concerns),
                          message| {
            changes.push(Change {
                impact,
                concerns,
                subject: format!("server {name}"),
                message,
                version,
                line: u64::try_from(contract.position(server.node).line).unwrap_or(1),
            });
        };
        let Some(other) = new.servers().find(|other| other.name() == name) else {
            let message = "the server is gone, and nobody finds the data there any more";
            let kind = (Impact::Breaking, Party::Consumers);
            change(old, (server, Version::Old), kind, message.to_owned());
            continue;
        };
        let here = (other, Version::New);
        for (name, before, after) in otherwise(server, other) {
            let message = format!("`{name}` is {after} instead of {before}");
            change(new, here, (Impact::Breaking, Party::Both), message);
        }
        let place =
            |server: Server<'_>| WHERE.map(|field| server.field(field).map(Cow::into_owned));
        if place(server) != place(other) {
            let message = "the data are elsewhere".to_owned();
            change(new, here, (Impact::Note, Party::Both), message);
        }
    }
}

/// What is otherwise of how the files are written: its name, as it was, as it is.
fn otherwise(old: Server<'_>, new: Server<'_>) -> Vec<(&'static str, String, String)> {
    let custom = |server: Server<'_>, name: &str| {
        let value = server.custom(name)?;
        crate::model::as_text(value).map(Cow::into_owned)
    };
    let fields = HOW.map(|name| (name, told(old.field(name)), told(new.field(name))));
    let customs = CUSTOM.map(|name| {
        let (old, new) = (custom(old, name), custom(new, name));
        (name, told(old.map(Cow::Owned)), told(new.map(Cow::Owned)))
    });
    let all = fields.into_iter().chain(customs);
    all.filter(|(_, before, after)| before != after).collect()
}

fn told(value: Option<Cow<'_, str>>) -> String {
    value.map_or_else(|| "not said".to_owned(), |value| format!("`{value}`"))
}
