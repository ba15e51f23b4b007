//! Publish options of azure.datafactory.tools, wherever they are written: a PowerShell script, a pipeline's YAML, a JSON file.
//! Lines are looked at, nothing is run.

mod comment;
mod meaning;
mod setting;

use std::collections::{BTreeMap, BTreeSet};

use crate::filter;
use crate::note::{Note, NoteKind, Notes, Severity, Spot};
use crate::options::comment::without_comments;
use crate::options::meaning::Meaning;
use crate::options::setting::{Setting, settings};
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
    pub(crate) location: Option<String>,
    /// The stage, or the file of its configuration.
    pub(crate) stage: Option<(String, Spot)>,
    /// Rules of `Includes.Add`, `Excludes.Add` and `FilterText`, with their signs.
    pub(crate) rules: Vec<(String, Spot)>,
    /// The file of `FilterTextFile`.
    pub(crate) filter_file: Option<(String, Spot)>,
}

impl Options {
    /// Looks for options in a text.
    pub(crate) fn read(file: &Text, notes: &mut Notes) -> Self {
        let mut reading = Reading {
            file,
            notes,
            options: Self::default(),
            variables: BTreeMap::new(),
            contradicted: BTreeSet::new(),
            filtering: None,
            filter_text: Vec::new(),
        };
        let text = without_comments(&file.text);
        let mut offset = 0;
        while let Some(line) = text
            .get(offset..)
            .and_then(|rest| rest.split_inclusive('\n').next())
        {
            let end = offset + line.len();
            offset = reading.line(line, offset).unwrap_or(end).max(end);
        }
        reading.end()
    }
}

/// A text that is being read.
struct Reading<'a> {
    file: &'a Text,
    notes: &'a mut Notes,
    options: Options,
    /// What a script has set before.
    variables: BTreeMap<String, String>,
    /// Options that have two values.
    contradicted: BTreeSet<&'static str>,
    /// Which of the task's filters counts.
    filtering: Option<String>,
    /// The rules of the task's `FilterText`.
    filter_text: Vec<(String, Spot)>,
}

impl Reading<'_> {
    /// Reads a line; the place behind it, where it has taken more than itself.
    fn line(&mut self, line: &str, offset: usize) -> Option<usize> {
        self.calls(line, offset);
        let mut end = None;
        for setting in settings(line) {
            let at = offset + setting.at;
            if setting.is("FilterText") {
                end = Some(self.filter_text(&setting, line, offset));
            } else {
                self.setting(&setting, self.file.spot(at));
            }
            if let Some(name) = setting.variable {
                let value = self.plain(setting.value).unwrap_or_default();
                self.variables.insert(name.to_ascii_lowercase(), value);
            }
        }
        end
    }

    fn setting(&mut self, setting: &Setting<'_>, spot: Spot) {
        let value = setting.value;
        let word = value.trim_start_matches('$').to_ascii_lowercase();
        if setting.is("DeleteNotInSource") {
            let before = self.options.delete_not_in_source;
            let new = word.parse().ok();
            self.options.delete_not_in_source =
                self.only_one("DeleteNotInSource", before, new, &spot);
        } else if setting.is("FailsWhenConfigItemNotFound") {
            self.options.leniency.unknown_names = word == "false";
        } else if setting.is("FailsWhenPathNotFound") {
            self.options.leniency.unknown_paths = word == "false";
        } else if setting.is("TriggerStartMethod") {
            self.options.keep_triggers = word == "keeppreviousstate";
        } else if setting.is("DataFactoryName") {
            let new = self.plain(value);
            let before = self.options.factory.take();
            self.options.factory = self.only_one("DataFactoryName", before, new, &spot);
        } else if setting.is("ResourceGroupName") {
            let new = self.plain(value);
            let before = self.options.resource_group.take();
            self.options.resource_group = self.only_one("ResourceGroupName", before, new, &spot);
        } else if setting.is("Location") {
            let before = self.options.location.take();
            self.options.location = self.plain(value).or(before);
        } else if setting.is("FilteringType") {
            self.filtering = Some(word);
        } else if setting.is("FilterTextFile") {
            self.options.filter_file = Some((value.to_owned(), spot));
        } else if is_stage(setting) {
            self.options.stage = self.plain(value).map(|stage| (stage, spot));
        } else if setting.is_argument && setting.is("Plan") {
            self.say("DryRun", &word, spot);
        } else {
            self.say(setting.name, &word, spot);
        }
    }

    fn say(&mut self, name: &str, word: &str, spot: Spot) {
        if let Some((severity, message)) = Meaning::of(name).and_then(|meaning| meaning.said(word))
        {
            let note = Note::new(severity, NoteKind::Option, spot, message);
            self.notes.add(note);
        }
    }

    /// Two tasks of one file that say different things are for two environments: neither is taken for both.
    fn only_one<T: PartialEq>(
        &mut self,
        name: &'static str,
        before: Option<T>,
        new: Option<T>,
        spot: &Spot,
    ) -> Option<T> {
        if self.contradicted.contains(name) {
            return None;
        }
        match (before, new) {
            (Some(before), Some(new)) if before != new => {
                self.contradicted.insert(name);
                let message = format!(
                    "{name} has another value further up, and neither is taken: a file of options is that of one deployment"
                );
                let note = Note::new(Severity::Lost, NoteKind::Option, spot.clone(), message);
                self.notes.add(note.hint(
                    "migrate one environment at a time, each with a file that has only its own task or call",
                ));
                None
            }
            (before, new) => new.or(before),
        }
    }

    /// `$opt.Excludes.Add("trigger.*", "")`.
    fn calls(&mut self, line: &str, offset: usize) {
        let lower = line.to_ascii_lowercase();
        for (call, sign) in [("includes.add(", '+'), ("excludes.add(", '-')] {
            for (at, _) in lower.match_indices(call) {
                let rest = line[at + call.len()..].trim_start();
                let Some(quote @ ('"' | '\'')) = rest.chars().next() else {
                    continue;
                };
                let rule = rest[1..].split(quote).next().unwrap_or_default();
                let rule = (format!("{sign}{rule}"), self.file.spot(offset + at));
                self.options.rules.push(rule);
            }
        }
    }

    /// The rules of the task's `FilterText`: on its line, or in the block below; where they end.
    fn filter_text(&mut self, setting: &Setting<'_>, line: &str, offset: usize) -> usize {
        let end = offset + line.len();
        if !setting.value.starts_with(['|', '>']) {
            let start = offset + setting.value_at;
            let rules = filter::rules(self.file, start..start + setting.value.len());
            self.filter_text.extend(rules);
            return end;
        }
        let indent = |line: &str| line.len() - line.trim_start().len();
        let own = indent(line);
        let mut below = end;
        for next in self.file.text[end..].split_inclusive('\n') {
            if !next.trim().is_empty() && indent(next) <= own {
                break;
            }
            below += next.len();
        }
        let rules = filter::rules(self.file, end..below);
        self.filter_text.extend(rules);
        below
    }

    /// A value without variables, but for those that were set to one before.
    fn plain(&self, value: &str) -> Option<String> {
        if let Some(name) = value.strip_prefix('$') {
            let name = name.trim_matches(['{', '}']).to_ascii_lowercase();
            return self
                .variables
                .get(&name)
                .filter(|value| !value.is_empty())
                .cloned();
        }
        (!value.is_empty() && !value.contains(['$', '{', '('])).then(|| value.to_owned())
    }

    /// A task says which of its filters counts, and without a word none does.
    fn end(mut self) -> Options {
        let file = self.options.filter_file.take();
        match self.filtering.as_deref() {
            Some("inline") => self.options.rules.append(&mut self.filter_text),
            Some("filepath") => self.options.filter_file = file,
            _ => {
                let text = self.filter_text.first().map(|(_, spot)| spot.clone());
                if let Some(spot) = text.or(file.map(|(_, spot)| spot)) {
                    let message = "the filter does not count without `FilteringType: Inline` or `FilePath`: everything was deployed";
                    let note = Note::new(Severity::Accident, NoteKind::Option, spot, message);
                    self.notes.add(note);
                }
            }
        }
        self.options
    }
}

/// `Stage` is an option of the cmdlet only: each pipeline has stages.
fn is_stage(setting: &Setting<'_>) -> bool {
    let is_task = setting.is("StageCode") || setting.is("StageConfigFile");
    is_task || setting.is_argument && setting.is("Stage")
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

    #[test]
    fn a_call_says_where_it_deploys_to() {
        let (options, notes) = read(
            "$rg = 'rg-x'\nPublish-AdfV2FromJson -RootFolder \"adf\" -ResourceGroupName \"$rg\" -DataFactoryName adf-x -Location \"$Location\" -Stage UAT -Method AzDataFactory -Plan\n",
        );

        assert_eq!(options.resource_group.as_deref(), Some("rg-x"));
        assert_eq!(options.factory.as_deref(), Some("adf-x"));
        assert_eq!(options.location, None);
        assert_eq!(options.stage.unwrap().0, "UAT");
        assert_eq!(notes.len(), 2, "{notes:?}");
        assert!(notes[0].contains("Method: properties"), "{}", notes[0]);
        assert!(notes[1].contains("DryRun: nothing was"), "{}", notes[1]);
    }

    #[test]
    fn a_pipelines_own_stages_are_none_of_the_tool() {
        let (options, notes) = read("stages:\n- stage: Build\n  plan: true\n");

        assert_eq!((options, notes), (Options::default(), Vec::new()));
    }

    #[test]
    fn the_filter_of_the_task_counts_where_it_says_so() {
        let block = "    FilterText: |\n      +pipeline.*\n\n      -trigger.*, dataset.*\n    DeleteNotInSource: true\n";
        for (text, rules, file, told) in [
            (
                "    FilterText: '+pipeline.*,dataset.*'\n    FilteringType: Inline\n",
                vec!["+pipeline.*", "dataset.*"],
                None,
                0,
            ),
            (
                &format!("    FilteringType: 'Inline'\n{block}"),
                vec!["+pipeline.*", "-trigger.*", "dataset.*"],
                None,
                0,
            ),
            (block, vec![], None, 1),
            (
                "    FilteringType: FilePath\n    FilterText: +old\n    FilterTextFile: rules.txt\n",
                vec![],
                Some("rules.txt"),
                0,
            ),
            (
                "    FilteringType: None\n    FilterTextFile: rules.txt\n",
                vec![],
                None,
                1,
            ),
        ] {
            let (options, notes) = read(text);

            let found: Vec<_> = options
                .rules
                .iter()
                .map(|(rule, _)| rule.as_str())
                .collect();
            assert_eq!(found, rules, "{text}");
            assert_eq!(
                options.filter_file.as_ref().map(|(path, _)| path.as_str()),
                file,
                "{text}"
            );
            assert_eq!(notes.len(), told, "{text}: {notes:?}");
            let deletes = text.contains("DeleteNotInSource").then_some(true);
            assert_eq!(options.delete_not_in_source, deletes, "{text}");
        }
    }

    #[test]
    fn two_deployments_in_one_file_are_not_taken_for_one() {
        let (options, notes) = read(
            "DataFactoryName: adf-qa\nDeleteNotInSource: true\n---\nDataFactoryName: adf-prod\nDeleteNotInSource: true\n---\nDataFactoryName: adf-qa\n",
        );

        assert_eq!(options.factory, None);
        assert_eq!(options.delete_not_in_source, Some(true));
        assert_eq!(notes.len(), 1, "{notes:?}");
        assert!(
            notes[0].starts_with("publish.ps1:4:1: DataFactoryName has another value"),
            "{}",
            notes[0]
        );
    }

    #[test]
    fn comments_set_nothing() {
        let (options, notes) = read(
            "<# $opt.DeleteNotInSource = $true\n-DataFactoryName adf-old #>\n# $opt.Excludes.Add('x.*','')\nPublish-AdfV2FromJson -DataFactoryName 'adf#new' # not -DryRun\n",
        );

        let expected = Options {
            factory: Some("adf#new".to_owned()),
            ..Options::default()
        };
        assert_eq!((options, notes), (expected, Vec::new()));
    }
}
