//! The notebooks of a solution, and where they are in the workspace.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;
use std::sync::OnceLock;

use adf_source::{Lines, Span};
use databricks_notebook::{
    Format, JupyterError, Language, Notebook, Uses, is_jupyter, without_extension,
};
use dataops_solution::settings::TakenFor;
use dataops_solution::source::{Contents, SolutionSource, below_root};

use crate::notebook_folders::OtherFolders;
use crate::scope::Scope;
use crate::suggestion::is_slip;
use crate::{Finding, Rule};

/// The notebooks of a solution, and the source files beside them.
pub(crate) struct Notebooks<'a> {
    /// Their folder, from the solution's root.
    pub(crate) root: String,
    /// The folder in the workspace that they go to.
    pub(crate) target: String,
    /// Those that they go to in environments which say another one.
    others: OtherFolders,
    /// In the order of their paths.
    pub(crate) files: Vec<NotebookFile<'a>>,
    by_target: HashMap<String, usize>,
    files_by_stem: HashMap<String, usize>,
    /// Where in the workspace nothing is known of, because a file or a folder cannot be read.
    unread: Vec<String>,
    /// The notebooks that others run in their own scope.
    run_inline: OnceLock<BTreeSet<usize>>,
}

/// A source file or Jupyter document below the notebooks' folder.
pub(crate) struct NotebookFile<'a> {
    /// Its path from the solution's root.
    pub(crate) path: String,
    pub(crate) text: &'a str,
    pub(crate) format: Format,
    /// Its path in the workspace.
    pub(crate) target: String,
    notebook: OnceLock<Result<Notebook, JupyterError>>,
    uses: OnceLock<Uses>,
    scope: OnceLock<Scope>,
    lines: OnceLock<Lines>,
}

/// What a path in the workspace names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Named {
    /// A notebook.
    Notebook(usize),
    /// A source file without a header, which a workspace keeps as a file with its extension.
    File(usize),
    /// Nothing, although it would be in the solution's folder.
    Nothing,
    /// Something that is not of this solution, or cannot be read.
    Elsewhere,
}

impl<'a> Notebooks<'a> {
    /// The notebooks of a solution; none where it names no folder of them.
    pub(crate) fn of(solution: &'a SolutionSource) -> Option<Self> {
        let settings = solution.settings.as_ref().ok()?.notebooks.as_ref()?;
        let root = below_root(&settings.root.to_string_lossy())?;
        let target = normal(&settings.target);
        let files = solution.files.below(&root).filter_map(|(path, contents)| {
            let Contents::Text(text) = contents else {
                return None;
            };
            let format = match settings.taken_for(path) {
                _ if !is_source(path) => return None,
                TakenFor::Nothing => return None,
                TakenFor::Notebook => Format::by_extension(path),
                TakenFor::File => Format::File,
                TakenFor::WhatItSays => Format::of(path, text),
            };
            Some(NotebookFile::new(&root, &target, path, text, format))
        });
        let files: Vec<_> = files.collect();
        // A folder that is not there is found where it is named.
        if files.is_empty() {
            return None;
        }
        let unread = solution.files.below(&root);
        let unread = unread.filter(|(path, contents)| match contents {
            Contents::Text(_) => false,
            Contents::UnreadableFolder(_) => true,
            _ => is_source(path),
        });
        let unread = unread.map(|(path, _)| format!("{target}/{}", without_extension(path)));
        let unread = unread.collect();
        let mut by_target = HashMap::new();
        let mut files_by_stem = HashMap::new();
        for (at, file) in files.iter().enumerate() {
            by_target.entry(file.target.clone()).or_insert(at);
            if file.format == Format::File {
                let stem = without_extension(&file.target);
                files_by_stem.entry(stem.to_owned()).or_insert(at);
            }
        }
        let others = OtherFolders::of(solution, &target);
        Some(Self {
            root,
            target,
            others,
            files,
            by_target,
            files_by_stem,
            unread,
            run_inline: OnceLock::new(),
        })
    }

    /// The path from the solution's root of a file below their folder.
    pub(crate) fn path(&self, below: &str) -> String {
        match self.root.as_str() {
            "" => below.to_owned(),
            root => format!("{root}/{below}"),
        }
    }

    /// What the path of a notebook names: from the root of the workspace, or from the folder of `from`.
    pub(crate) fn named(&self, path: &str, from: Option<&NotebookFile<'_>>) -> Named {
        let Some(path) = absolute(path, from) else {
            return Named::Elsewhere;
        };
        let is_known = self.by_target.contains_key(&path) || self.files_by_stem.contains_key(&path);
        let path = match is_known {
            true => path,
            false => match self.others.below(&path) {
                Some(rest) => format!("{}{rest}", self.target),
                None => path,
            },
        };
        if let Some(at) = self.by_target.get(&path).copied()
            && self.files[at].format != Format::File
        {
            return Named::Notebook(at);
        }
        if let Some(at) = self
            .files_by_stem
            .get(&path)
            .or_else(|| self.by_target.get(&path))
        {
            return Named::File(*at);
        }
        let is_unread = |unread: &String| {
            let rest = path.strip_prefix(unread.as_str());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '.']))
        };
        if self.unread.iter().any(is_unread) {
            return Named::Elsewhere;
        }
        let inside = path
            .strip_prefix(&self.target)
            .is_some_and(|rest| rest.starts_with('/'));
        let near = || {
            let known = self.files.iter();
            known
                .map(|file| file.target.as_str())
                .any(|known| is_slip(&path, known))
        };
        match inside || near() {
            true => Named::Nothing,
            false => Named::Elsewhere,
        }
    }

    /// The file at a path from the solution's root.
    pub(crate) fn at(&self, path: &str) -> Option<usize> {
        let found = self
            .files
            .binary_search_by(|file| file.path.as_str().cmp(path));
        found.ok()
    }

    /// The paths of all notebooks in the workspace.
    pub(crate) fn targets(&self) -> impl Iterator<Item = &str> {
        let notebooks = self.files.iter().filter(|file| file.format != Format::File);
        notebooks.map(|file| file.target.as_str())
    }

    /// Everything that a notebook's scope does: its own code, that of notebooks which it runs in it, and that of modules
    /// beside it.
    pub(crate) fn scope(&self, at: usize) -> &Scope {
        self.files[at].scope.get_or_init(|| self.gather(at))
    }

    fn gather(&self, at: usize) -> Scope {
        let inline = self.run_inline_by(at);
        let mut scope = Scope::default();
        scope.is_open = inline.is_open;
        let mut seen = BTreeSet::new();
        let mut open: Vec<_> = inline.files.into_iter().collect();
        while let Some(at) = open.pop() {
            if !seen.insert(at) {
                continue;
            }
            let file = &self.files[at];
            let uses = file.uses();
            scope.add(uses);
            open.extend(
                uses.modules
                    .iter()
                    .flat_map(|module| self.modules(module, file)),
            );
        }
        scope
    }

    /// A notebook, and those that it runs in its own scope.
    pub(crate) fn run_inline_by(&self, at: usize) -> Inline {
        let mut inline = Inline::default();
        let mut open = vec![at];
        while let Some(at) = open.pop() {
            if !inline.files.insert(at) {
                continue;
            }
            let file = &self.files[at];
            for run in file.uses().runs.iter().filter(|run| run.inline) {
                match self.named(&run.path, Some(file)) {
                    Named::Notebook(target) => open.push(target),
                    // What runs there may do anything.
                    _ => inline.is_open = true,
                }
            }
        }
        inline
    }

    /// Whether another notebook runs this one in its own scope.
    pub(crate) fn is_run_inline(&self, at: usize) -> bool {
        let targets = || {
            let runs = self.files.iter().flat_map(|file| {
                let runs = file.uses().runs.iter().filter(|run| run.inline);
                runs.map(move |run| self.named(&run.path, Some(file)))
            });
            runs.filter_map(|named| match named {
                Named::Notebook(at) => Some(at),
                _ => None,
            })
            .collect()
        };
        self.run_inline.get_or_init(targets).contains(&at)
    }

    /// The files of a module that lies beside a notebook, or at the root of all.
    fn modules(&self, module: &str, from: &NotebookFile<'_>) -> impl Iterator<Item = usize> {
        let folder = from
            .target
            .rsplit_once('/')
            .map_or("", |(folder, _)| folder);
        let places = [folder, self.target.as_str()].map(|folder| format!("{folder}/{module}"));
        let files = self.files.iter().enumerate();
        let found = files.filter(move |(_, file)| {
            file.format == Format::File
                && places.iter().any(|place| {
                    let rest = file.target.strip_prefix(place.as_str());
                    rest.is_some_and(|rest| rest == ".py" || rest.starts_with('/'))
                })
        });
        found.map(|(at, _)| at)
    }
}

/// Whether a file may be a notebook, or code beside one.
pub(crate) fn is_source(path: &str) -> bool {
    Language::of_file(path).is_some() || is_jupyter(path)
}

impl<'a> NotebookFile<'a> {
    fn new(root: &str, target: &str, path: &str, text: &'a str, format: Format) -> Self {
        Self {
            path: match root {
                "" => path.to_owned(),
                root => format!("{root}/{path}"),
            },
            text,
            format,
            target: format!("{target}/{}", format.target(path)),
            notebook: OnceLock::new(),
            uses: OnceLock::new(),
            scope: OnceLock::new(),
            lines: OnceLock::new(),
        }
    }

    pub(crate) fn notebook(&self) -> &Result<Notebook, JupyterError> {
        self.notebook
            .get_or_init(|| Notebook::read(&self.path, self.text))
    }

    pub(crate) fn uses(&self) -> &Uses {
        self.uses.get_or_init(|| match self.notebook() {
            Ok(notebook) => notebook.uses(),
            Err(_) => Uses::default(),
        })
    }

    pub(crate) fn span(&self, bytes: Range<usize>) -> Span {
        let lines = self.lines.get_or_init(|| Lines::of(self.text));
        lines.span(self.text, bytes)
    }

    /// A finding about a part of the file.
    pub(crate) fn finding(
        &self,
        rule: &'static Rule,
        bytes: Range<usize>,
        message: impl Into<String>,
    ) -> Finding {
        Finding {
            span: Some(self.span(bytes)),
            ..Finding::in_file(rule, &self.path, message)
        }
    }
}

/// A notebook, and those that it runs in its own scope.
#[derive(Debug, Default)]
pub(crate) struct Inline {
    pub(crate) files: BTreeSet<usize>,
    /// Whether it runs others that are not known.
    pub(crate) is_open: bool,
}

/// The path of a notebook from the workspace's root; none where it leads out of it.
pub(crate) fn absolute(path: &str, from: Option<&NotebookFile<'_>>) -> Option<String> {
    if path.starts_with('/') {
        return Some(normal(path));
    }
    let (folder, _) = from?.target.rsplit_once('/')?;
    let below = below_root(&format!("{}/{path}", folder.trim_start_matches('/')))?;
    Some(format!("/{below}"))
}

/// A path in the workspace as others are compared with it: `/Workspace/x` is `/x`, and slashes are single.
pub(crate) fn normal(path: &str) -> String {
    let parts: Vec<_> = path.split('/').filter(|part| !part.is_empty()).collect();
    let parts = match parts.as_slice() {
        ["Workspace", rest @ ..] => rest,
        parts => parts,
    };
    format!("/{}", parts.join("/"))
}
