//! What a linter says about Python, with what it cannot know of notebooks: names that Databricks gives them, notebooks that they run,
//! and cells.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use adf_source::Span;
use databricks_notebook::{Format, PythonFile};

use super::notebooks::is_meant;
use super::{Group, rule};
use crate::lint::PythonLint;
use crate::notebooks::{Inline, NotebookFile, Notebooks};
use crate::{Context, Finding, Findings, Rule};

pub(super) const GROUP: Group = Group {
    rules: &[&LINT, &SYNTAX],
    check,
};

static LINT: Rule = rule!(
    "PY101",
    "python-lint",
    Warning,
    "The linter has something to say about Python code; its own code stands behind a slash"
);
static SYNTAX: Rule = rule!(
    "PY102",
    "python-syntax",
    Error,
    "A file of Python code cannot be read as Python"
);

/// The names that Databricks gives to a notebook.
const BUILTINS: [&str; 13] = [
    "dbutils",
    "display",
    "displayHTML",
    "get_ipython",
    "getArgument",
    "sc",
    "spark",
    "sql",
    "sqlContext",
    "table",
    "udf",
    "_sqldf",
    "dbruntime",
];

/// Codes that are about files as modules, which notebooks are not: their code may wait at its top level.
const OF_MODULES: [&str; 8] = [
    "CPY001", "D100", "EXE001", "EXE002", "F704", "INP001", "N999", "PLE1142",
];

fn check(context: &Context<'_>, findings: &mut Findings) {
    let mut by_path: BTreeMap<&str, Vec<&PythonLint>> = BTreeMap::new();
    for lint in context.python {
        by_path.entry(&lint.path).or_default().push(lint);
    }
    if by_path.is_empty() {
        return;
    }
    let notebooks = context.notebooks();
    for (path, lints) in by_path {
        let file = notebooks.and_then(|notebooks| File::at(notebooks, path));
        if file.as_ref().is_some_and(File::is_broken) {
            continue;
        }
        let mut is_broken = false;
        for lint in lints {
            // What follows the first fault of a file follows from it.
            let follows = lint.code.is_none() && std::mem::replace(&mut is_broken, true);
            if !follows && !file.as_ref().is_some_and(|file| file.knows_better(lint)) {
                findings.add(finding(lint, file.as_ref()));
            }
        }
    }
}

fn finding(lint: &PythonLint, file: Option<&File<'_, '_>>) -> Finding {
    let rule = match lint.code {
        Some(_) => &LINT,
        None => &SYNTAX,
    };
    let in_cell = file.and_then(|file| file.in_cell(lint));
    Finding {
        span: Some(in_cell.unwrap_or_else(|| lint.span.clone())),
        code: lint.code.clone(),
        ..Finding::in_file(rule, &lint.path, lint.message.as_str())
    }
    .hint_if(lint.url.as_ref().map(|url| format!("see {url}")))
}

/// A notebook, as a linter's findings need it.
struct File<'c, 'a> {
    notebooks: &'c Notebooks<'a>,
    at: usize,
    file: &'c NotebookFile<'a>,
    /// The notebook as a linter saw it, in source format.
    python: Option<PythonFile<'c>>,
    /// What runs in the notebook's scope, gathered when it is first asked for.
    scope: OnceCell<Inline>,
}

impl<'c, 'a> File<'c, 'a> {
    /// The notebook at a path, or what is meant as one; none where there is a module, or nothing.
    fn at(notebooks: &'c Notebooks<'a>, path: &str) -> Option<Self> {
        let at = notebooks.at(path)?;
        let file = &notebooks.files[at];
        if file.format == Format::File && !is_meant(file) {
            return None;
        }
        let python = match (file.format, file.notebook()) {
            (Format::Source(_), Ok(notebook)) => notebook.python_file(file.text),
            _ => None,
        };
        Some(Self {
            notebooks,
            at,
            file,
            python,
            scope: OnceCell::new(),
        })
    }

    /// Whether it is a Jupyter document that cannot be read, which is found by a rule of its own.
    fn is_broken(&self) -> bool {
        self.file.notebook().is_err()
    }

    /// Whether what a linter says does not hold in a notebook.
    fn knows_better(&self, lint: &PythonLint) -> bool {
        let code = lint.code.as_deref().unwrap_or_default();
        let foreign = |python: &PythonFile<'_>| python.foreign.contains(&lint.span.start.line);
        if self.python.as_ref().is_some_and(foreign) || OF_MODULES.contains(&code) {
            return true;
        }
        match code {
            // Magics are no Python until the file has the header that makes them magics.
            "" => self.file.format == Format::File,
            "F821" => lint
                .message
                .split('`')
                .nth(1)
                .is_some_and(|name| self.has_name(name)),
            "F401" => self.notebooks.is_run_inline(self.at),
            // Imports of several cells are no block that could be sorted.
            "I001" => self.python.as_ref().is_some_and(|python| {
                let mut within = python
                    .foreign
                    .range(lint.span.start.line..lint.span.end.line);
                within.next().is_some()
            }),
            "E402" => self
                .python
                .as_ref()
                .is_some_and(|python| self.begins_cell(python, lint.span.start.line)),
            "B018" => self
                .python
                .as_ref()
                .is_some_and(|python| python.cell_ends.contains(&lint.span.end.line)),
            _ => false,
        }
    }

    /// Whether Databricks, or a notebook that runs in the same scope, defines a name.
    fn has_name(&self, name: &str) -> bool {
        let scope = self
            .scope
            .get_or_init(|| self.notebooks.run_inline_by(self.at));
        BUILTINS.contains(&name)
            || scope.is_open
            || scope.files.iter().any(|at| {
                let uses = self.notebooks.files[*at].uses();
                uses.defines_more || uses.defines.contains(name)
            })
    }

    /// Whether nothing but imports stands before a line in its cell.
    fn begins_cell(&self, python: &PythonFile<'_>, line: usize) -> bool {
        let Some(start) = python.cell_starts.range(..=line).next_back() else {
            return false;
        };
        let mut before = self.file.text.lines().skip(start - 1).take(line - start);
        let mut open = 0_usize;
        before.all(|text| {
            let code = text.split('#').next().unwrap_or_default().trim();
            let inside = open > 0;
            open += code.matches(['(', '[']).count();
            open = open.saturating_sub(code.matches([')', ']']).count());
            let imports = code.starts_with("import ") || code.starts_with("from ");
            inside || code.is_empty() || imports
        })
    }

    /// The place of what stands in a cell of a Jupyter document.
    fn in_cell(&self, lint: &PythonLint) -> Option<Span> {
        let notebook = self.file.notebook().as_ref().ok()?;
        let cell = notebook.cells.get(lint.cell?.checked_sub(1)?)?;
        let lines = cell.text.split_inclusive('\n');
        let start: usize = lines.take(lint.span.start.line - 1).map(str::len).sum();
        Some(self.file.span(cell.in_file(&(start..start))))
    }
}
