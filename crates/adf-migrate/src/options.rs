//! Publish options of azure.datafactory.tools, wherever they are written: a PowerShell script, a pipeline's YAML, a JSON file.
//! Lines are looked at, nothing is run.

use crate::note::{Note, NoteKind, Notes, Severity, Spot};
use crate::text::Text;

/// What the old tool did not mind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Leniency {
    /// Lines whose names match nothing.
    pub(crate) unknown_names: bool,
    /// Lines whose paths lead to nothing.
    pub(crate) unknown_paths: bool,
}

/// What publish options say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Options {
    pub(crate) leniency: Leniency,
    pub(crate) delete_not_in_source: Option<bool>,
    /// Whether triggers are as they were before.
    pub(crate) keep_triggers: bool,
    pub(crate) factory: Option<String>,
    pub(crate) resource_group: Option<String>,
    /// Rules of `Includes.Add` and `Excludes.Add`, with their signs.
    pub(crate) rules: Vec<(String, Spot)>,
}

/// An option, and what becomes of it.
struct Meaning {
    name: &'static str,
    /// What is said when it has this value; nothing is said of defaults.
    says: &'static [(&'static str, Severity, &'static str)],
}

/// Options that need a word.
const MEANINGS: [Meaning; 9] = [
    Meaning {
        name: "StopStartTriggers",
        says: &[(
            "false",
            Severity::Remark,
            "triggers were left alone; dataops stops only what it changes, and starts it again",
        )],
    },
    Meaning {
        name: "CreateNewInstance",
        says: &[(
            "false",
            Severity::Remark,
            "a factory that is not there was an error; `dataops plan` shows that one is created",
        )],
    },
    Meaning {
        name: "DeployGlobalParams",
        says: &[(
            "false",
            Severity::Lost,
            "global parameters were not deployed; dataops deploys those of the source: select without `factory.*`",
        )],
    },
    Meaning {
        name: "IgnoreLackOfReferencedObject",
        says: &[(
            "true",
            Severity::Remark,
            "references to nothing were let pass; `dataops validate` names them, and the service refuses them",
        )],
    },
    Meaning {
        name: "DoNotStopStartExcludedTriggers",
        says: &[(
            "true",
            Severity::Remark,
            "excluded triggers were not stopped; dataops stops only triggers that it changes",
        )],
    },
    Meaning {
        name: "DoNotDeleteExcludedObjects",
        says: &[(
            "false",
            Severity::Lost,
            "excluded objects were deleted when the source did not have them; dataops never deletes what a selection leaves out",
        )],
    },
    Meaning {
        name: "IncrementalDeployment",
        says: &[(
            "true",
            Severity::Remark,
            "dataops compares with the live factory, and needs no state",
        )],
    },
    Meaning {
        name: "TriggerStopMethod",
        says: &[
            (
                "allenabled",
                Severity::Remark,
                "all triggers of the target were stopped; dataops stops only what it changes",
            ),
            (
                "deployableonly",
                Severity::Remark,
                "dataops stops fewer: only triggers that it changes",
            ),
        ],
    },
    Meaning {
        name: "Method",
        says: &[(
            "azdatafactory",
            Severity::Accident,
            "properties that the module did not know were lost on the way; dataops keeps all",
        )],
    },
];

impl Options {
    /// Looks for options in a text.
    pub(crate) fn read(file: &Text, notes: &mut Notes) -> Self {
        let mut options = Self::default();
        let mut offset = 0;
        for line in file.text.split_inclusive('\n') {
            options.line(file, line, offset, notes);
            offset += line.len();
        }
        options
    }

    fn line(&mut self, file: &Text, line: &str, offset: usize, notes: &mut Notes) {
        let start = line.len() - line.trim_start().len();
        if line[start..].starts_with('#') {
            return;
        }
        self.rules(file, line, offset);
        let Some((name, value, at)) = assignment(line) else {
            return;
        };
        let spot = file.spot(offset + at);
        let word = value.trim_start_matches('$').to_ascii_lowercase();
        let is = |name_of: &str| name.eq_ignore_ascii_case(name_of);
        if is("DeleteNotInSource") {
            self.delete_not_in_source = word.parse().ok();
        } else if is("FailsWhenConfigItemNotFound") {
            self.leniency.unknown_names = word == "false";
        } else if is("FailsWhenPathNotFound") {
            self.leniency.unknown_paths = word == "false";
        } else if is("TriggerStartMethod") {
            self.keep_triggers = word == "keeppreviousstate";
        } else if is("DataFactoryName") {
            self.factory = plain(value);
        } else if is("ResourceGroupName") {
            self.resource_group = plain(value);
        } else if let Some(meaning) = MEANINGS.iter().find(|meaning| is(meaning.name)) {
            let said = meaning.says.iter().find(|(value, ..)| *value == word);
            if let Some((_, severity, message)) = said {
                let message = format!("{}: {message}", meaning.name);
                notes.add(Note::new(*severity, NoteKind::Option, spot, message));
            }
        }
    }

    /// `$opt.Excludes.Add("trigger.*", "")`.
    fn rules(&mut self, file: &Text, line: &str, offset: usize) {
        let lower = line.to_ascii_lowercase();
        for (call, sign) in [("includes.add(", '+'), ("excludes.add(", '-')] {
            let Some(at) = lower.find(call) else { continue };
            let rest = line[at + call.len()..].trim_start();
            let Some(quote @ ('"' | '\'')) = rest.chars().next() else {
                continue;
            };
            let rule = rest[1..].split(quote).next().unwrap_or_default();
            self.rules
                .push((format!("{sign}{rule}"), file.spot(offset + at)));
        }
    }
}

/// A value without variables.
fn plain(value: &str) -> Option<String> {
    (!value.is_empty() && !value.contains(['$', '{', '('])).then(|| value.to_owned())
}

/// `Name: value`, `"Name": value`, `$x.Name = value` or `-Name value` in a line, and where the name is.
fn assignment(line: &str) -> Option<(&str, &str, usize)> {
    let sign = line.find([':', '='])?;
    let left = line[..sign].trim_end().trim_end_matches(['"', '\'']);
    let start = left
        .rfind(|c: char| !c.is_ascii_alphanumeric())
        .map_or(0, |at| {
            at + left[at..].chars().next().map_or(1, char::len_utf8)
        });
    let value = line[sign + 1..].split('#').next().unwrap_or_default();
    let value = value.trim().trim_end_matches([',', ';']).trim();
    let value = value.trim_matches(['"', '\'']);
    let value = value.rsplit("::").next().unwrap_or(value);
    (start < left.len()).then_some((&left[start..], value, start))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::InputFile;

    fn read(text: &str) -> (Options, Vec<String>) {
        let mut notes = Notes::default();
        let file = Text::read(&InputFile::new("publish.ps1", text), &mut notes);
        let options = Options::read(&file, &mut notes);
        let notes = notes
            .list
            .iter()
            .map(|note| format!("{}: {}", note.spot, note.message));
        (options, notes.collect())
    }

    #[test]
    fn options_are_found_in_scripts_pipelines_and_json() {
        for text in [
            "$opt = New-AdfPublishOption\n$opt.DeleteNotInSource = $true\n$opt.TriggerStartMethod = [TriggerStartTypes]::KeepPreviousState\n$opt.FailsWhenPathNotFound = $false # old paths\n",
            "- task: PublishADFTask@1\n  inputs:\n    DeleteNotInSource: true\n    TriggerStartMethod: 'KeepPreviousState'\n    FailsWhenPathNotFound: false\n",
            "{\n  \"DeleteNotInSource\": true,\n  \"TriggerStartMethod\": \"KeepPreviousState\",\n  \"FailsWhenPathNotFound\": false\n}",
        ] {
            let (options, notes) = read(text);

            assert_eq!(options.delete_not_in_source, Some(true), "{text}");
            assert!(
                options.keep_triggers && options.leniency.unknown_paths,
                "{text}"
            );
            assert!(
                !options.leniency.unknown_names && notes.is_empty(),
                "{text}"
            );
        }
    }

    #[test]
    fn options_that_dataops_does_otherwise_are_told() {
        let (options, notes) = read(
            "$opt.Excludes.Add(\"trigger.*\",\"\")\n$opt.DoNotDeleteExcludedObjects = $false\n# $opt.CreateNewInstance = $false\nDataFactoryName: adf-qa\nResourceGroupName: $(rg)\n",
        );

        assert_eq!(options.rules[0].0, "-trigger.*");
        assert_eq!(options.factory.as_deref(), Some("adf-qa"));
        assert_eq!(options.resource_group, None);
        assert_eq!(notes.len(), 1);
        assert!(
            notes[0].starts_with("publish.ps1:2:6: DoNotDeleteExcludedObjects: "),
            "{}",
            notes[0]
        );
    }
}
