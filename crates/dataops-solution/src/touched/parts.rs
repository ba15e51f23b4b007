//! What changed files touch, by where they lie.

use super::{Change, ChangedFile, Part, Touched, Work};
use crate::settings::{FILE_NAME, Settings};
use crate::source::{Glob, below_root, named_by};

pub(super) fn look(change: Change<'_>, touched: &mut Touched) {
    for file in change.files {
        for path in [Some(&file.path), file.was.as_ref()].into_iter().flatten() {
            let inner = path.strip_prefix(change.folder);
            if is_of_ci(path) || inner.is_some_and(is_of_ci) {
                touched.part(Part::Ci, told(file));
            }
            let Some(inner) = inner.filter(|inner| *inner != FILE_NAME) else {
                continue;
            };
            for settings in [change.base, change.head] {
                let places = Places::of(settings);
                let parts = places.parts(inner).into_iter();
                // Who may run a file is git's affair, and a linter's: nothing that is deployed has it.
                for part in parts.filter(|part| !file.says_the_same || *part == Part::Python) {
                    touched.part(part, told(file));
                }
                if places.requirements.as_deref() == Some(inner) && !file.says_the_same {
                    on_emulators(change, touched, |work| work.test(inner));
                }
            }
            if !file.says_the_same {
                name(change, file, inner, touched);
            }
        }
    }
    spread(change, touched);
}

/// Environments that name a file, those that are no more too.
fn name(change: Change<'_>, file: &ChangedFile, path: &str, touched: &mut Touched) {
    let is_it = |named: String| below_root(&named).as_deref() == Some(path);
    let written = [change.base, change.head].into_iter();
    let mut written = written.flat_map(|it| it.environments.values().flat_map(named_by));
    if written.any(is_it) {
        touched.part(Part::Settings, told(file));
    }
    for (name, work) in &mut touched.environments {
        let sides = [change.base, change.head];
        let merged = sides
            .iter()
            .filter_map(|settings| settings.merged(name).ok());
        let mut named = merged.flat_map(|environment| named_by(&environment));
        if named.any(is_it) {
            work.deploy(path);
        }
    }
}

/// What touched parts mean for environments.
fn spread(change: Change<'_>, touched: &mut Touched) {
    if touched.has(Part::Adf) && change.adf_differs {
        touched.each(|work| work.deploy(Part::Adf.name()));
    }
    if touched.has(Part::Notebooks) {
        touched.each(|work| work.deploy(Part::Notebooks.name()));
    }
    if touched.has(Part::Contracts) {
        touched.each(|work| work.test(Part::Contracts.name()));
    }
    // Elsewhere ML pipelines belong to another team, and are published by it.
    if touched.has(Part::Ml) {
        on_emulators(change, touched, |work| work.deploy(Part::Ml.name()));
    }
}

/// The environments that run on this machine: only there do notebooks run with the packages of the solution.
fn on_emulators(change: Change<'_>, touched: &mut Touched, what: impl Fn(&mut Work)) {
    for (name, work) in &mut touched.environments {
        let merged = change.head.merged(name).ok();
        if merged.and_then(|it| it.emulator) == Some(true) {
            what(work);
        }
    }
}

/// Where the parts of a solution lie, from its root.
struct Places {
    adf: Option<String>,
    notebooks: Option<String>,
    ml: Vec<String>,
    requirements: Option<String>,
    contracts: Vec<Glob>,
}

impl Places {
    fn of(settings: &Settings) -> Self {
        let folder = |path: &std::path::Path| below_root(&path.to_string_lossy());
        let ml = settings.ml.iter().flat_map(|ml| &ml.pipelines);
        let ml = ml.filter_map(|path| path.parent().and_then(folder));
        Self {
            adf: settings.adf.as_ref().and_then(|adf| folder(&adf.root)),
            notebooks: settings.notebooks.as_ref().and_then(|it| folder(&it.root)),
            ml: ml.collect(),
            requirements: (settings.python.as_ref()).and_then(|it| folder(&it.requirements)),
            contracts: settings
                .contracts
                .iter()
                .filter_map(|pattern| below_root(pattern))
                .map(|pattern| Glob::new(&pattern))
                .collect(),
        }
    }

    fn parts(&self, path: &str) -> Vec<Part> {
        let within = |folder: &String| is_below(path, folder);
        let is = [
            (Part::Adf, self.adf.as_ref().is_some_and(within)),
            (Part::Notebooks, self.notebooks.as_ref().is_some_and(within)),
            (Part::Ml, self.ml.iter().any(within)),
            (
                Part::Contracts,
                self.contracts.iter().any(|glob| glob.matches(path)),
            ),
            (
                Part::Python,
                is_python(path) || self.requirements.as_deref() == Some(path),
            ),
        ];
        let parts = is.into_iter().filter(|(_, is)| *is);
        parts.map(|(part, _)| part).collect()
    }
}

fn is_below(path: &str, folder: &str) -> bool {
    let rest = match folder {
        "" => Some(path),
        folder => path
            .strip_prefix(folder)
            .and_then(|it| it.strip_prefix('/')),
    };
    // What begins with a dot is deployed nowhere.
    rest.is_some_and(|rest| !rest.split('/').any(|part| part.starts_with('.')))
}

/// Whether code, its tests, or what it needs.
fn is_python(path: &str) -> bool {
    let (folders, name) = path.rsplit_once('/').unwrap_or(("", path));
    let is_requirements = name.starts_with("requirements") && name.ends_with(".txt");
    let configures = [
        "pyproject.toml",
        "ruff.toml",
        ".ruff.toml",
        "setup.cfg",
        "pytest.ini",
        "tox.ini",
    ];
    name.ends_with(".py")
        || is_requirements
        || configures.contains(&name)
        || folders.split('/').any(|folder| folder == "tests")
}

/// Whether a CI system reads the file, or runs it: `ci/` has what puts the program onto an agent.
fn is_of_ci(path: &str) -> bool {
    const FOLDERS: [&str; 6] = [
        "ci/",
        ".azuredevops/",
        ".azure-pipelines/",
        ".pipelines/",
        ".github/workflows/",
        ".github/actions/",
    ];
    let name = path.rsplit('/').next().unwrap_or(path);
    let is_yaml = name.ends_with(".yml") || name.ends_with(".yaml");
    FOLDERS.iter().any(|folder| path.starts_with(folder))
        || is_yaml && name.starts_with("azure-pipelines")
        || is_yaml && name.starts_with("branch-policy.")
}

/// How a file is told.
fn told(file: &ChangedFile) -> String {
    match &file.was {
        Some(was) => format!("{was} → {}", file.path),
        None => file.path.clone(),
    }
}
