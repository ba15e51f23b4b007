//! That each variable that the sources name is in the reference.

use super::names::{OTHERS, VARIABLES};
use super::*;

#[test]
fn every_variable_is_in_the_reference() {
    let mut found = BTreeSet::new();
    for folder in [
        "dataops-cli",
        "dataops-core",
        "dataops-contracts",
        "dataops-bundle",
        "dataops-ledger",
        "databricks-client/src/config",
    ] {
        let folder = root().join("crates").join(folder);
        let sources = folder.join("src");
        literals(
            if sources.is_dir() { &sources } else { &folder },
            &mut found,
        );
    }
    let known: BTreeSet<_> = VARIABLES
        .iter()
        .map(|(name, _)| (*name).to_owned())
        .collect();
    let others: BTreeSet<_> = OTHERS.iter().map(|name| (*name).to_owned()).collect();
    let said: BTreeSet<_> = known.union(&others).cloned().collect();
    assert_eq!(found, said, "say what a variable is for in this file");

    let mut body = "| variable | |\n|---|---|\n".to_owned();
    for (name, meaning) in VARIABLES {
        writeln!(body, "| `{name}` | {meaning} |").unwrap();
    }
    body.push_str(
        "\nIn what environments of `dataops.yaml` say, and in `notebooks.target`, `${NAME}` and `${NAME:-default}` stand for any variable.\n",
    );
    page("variables.md", "Environment variables", &body);
}

/// Names in capitals with `_` that stand in quotes.
fn literals(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            literals(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            let names = text
                .split('"')
                .skip(1)
                .step_by(2)
                .chain(text.split('"').step_by(2));
            let is_name = |name: &&str| {
                name.contains('_')
                    && name.starts_with(|c: char| c.is_ascii_uppercase())
                    && name
                        .chars()
                        .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
            };
            found.extend(names.filter(is_name).map(str::to_owned));
        }
    }
}
