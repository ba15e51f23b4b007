//! What a notebook declares, asks for, runs and ends with.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::arguments::Constants;
use crate::cell::Cell;
use crate::lex::tokens;
use crate::{Language, Notebook, code, run_magic, sql};

/// What a notebook declares, asks for, runs and ends with. Places are bytes of its file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Uses {
    /// The widgets that are created.
    pub widgets: Vec<Widget>,
    /// The parameters that are asked for.
    pub reads: Vec<Read>,
    /// The notebooks that are run.
    pub runs: Vec<Run>,
    /// Where the notebook ends with a value.
    pub exits: Vec<Range<usize>>,
    /// Where the Python process is ended, which is no clean end of a notebook.
    pub process_exits: Vec<Range<usize>>,
    /// The modules that are imported, by the first part of their names.
    pub modules: BTreeSet<String>,
    /// The names that the code gives a value.
    pub defines: BTreeSet<String>,
    /// Whether all names of a module are imported.
    pub defines_more: bool,
    /// Whether parameters are asked for in ways that cannot be followed.
    pub reads_more: bool,
    /// Whether widgets are created in ways that cannot be followed.
    pub declares_more: bool,
    /// Whether the notebook may end with a value in ways that cannot be followed.
    pub exits_more: bool,
}

/// A widget that is created.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Widget {
    /// Its name.
    pub name: String,
    /// How it is created: `text`, `dropdown`, `combobox` or `multiselect`.
    pub kind: String,
    /// Its value when none is given, where that is a constant.
    pub default: Option<String>,
    /// Its choices, where they are constants.
    pub choices: Option<Vec<String>>,
    /// The place of its name.
    pub place: Range<usize>,
}

/// A parameter that is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Read {
    /// Its name.
    pub name: String,
    /// Whether asking fails when it was neither given nor declared.
    pub needed: bool,
    /// The place of its name.
    pub place: Range<usize>,
}

/// A notebook that is run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// Its path, as it is written.
    pub path: String,
    /// Whether it runs in the same scope, by `%run`; otherwise as a run of its own.
    pub inline: bool,
    /// The names of the parameters that it gets; none where they are computed.
    pub arguments: Option<Vec<String>>,
    /// The place of the path.
    pub place: Range<usize>,
}

impl Notebook {
    /// What the notebook declares, asks for, runs and ends with.
    #[must_use]
    pub fn uses(&self) -> Uses {
        let mut uses = Uses::default();
        let constants = self.constants();
        for cell in &self.cells {
            let (start, body) = cell.body();
            match cell.language(self.language) {
                Some(Language::Sql) => sql::look(cell, start, body, &mut uses),
                Some(language) => {
                    let tokens = tokens(body, language);
                    let code = code::Code {
                        cell,
                        start,
                        body,
                        tokens: &tokens,
                        language,
                        constants: &constants,
                    };
                    code.look(&mut uses);
                }
                None => run_magic::look(cell, &mut uses),
            }
        }
        uses
    }

    /// The names that are given one constant text, and nothing else, in the whole notebook.
    fn constants(&self) -> Constants {
        let mut found: BTreeMap<String, Option<String>> = BTreeMap::new();
        for cell in &self.cells {
            let language = cell.language(self.language);
            if let Some(language @ (Language::Python | Language::Scala)) = language {
                let (_, body) = cell.body();
                for (name, value) in code::assignments(body, &tokens(body, language)) {
                    found
                        .entry(name.to_owned())
                        .and_modify(|known| *known = None)
                        .or_insert(value);
                }
            }
        }
        found
            .into_iter()
            .filter_map(|(name, value)| Some((name, value?)))
            .collect()
    }
}

/// Where a part of a cell's body stands in the file.
pub(crate) fn place(cell: &Cell, start: usize, part: &Range<usize>) -> Range<usize> {
    cell.in_file(&(start + part.start..start + part.end))
}
