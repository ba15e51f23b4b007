//! Reads a solution from a disk, within bounds.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Read;
use std::path::Path;

use super::files::below_root;
use super::{Contents, Glob, SolutionFiles, SolutionSource};
use crate::ml::MlPipeline;
use crate::settings::{EnvironmentSettings, FILE_NAME, Settings, SettingsError};
use crate::solution;

/// The most files that one solution names.
const MOST_FILES: usize = 10_000;
/// The largest file that is read; Databricks imports no larger notebook.
const LARGEST: u64 = 10 << 20;
/// The most bytes of all files.
const MOST_BYTES: u64 = 512 << 20;
/// The deepest folder.
const DEEPEST: usize = 32;

const LEADS_OUT: &str = "it is a link that leads out of the solution";
const IS_LINK: &str = "it is a link, and links are not deployed";

pub(super) fn read(root: &Path) -> Result<SolutionSource, SettingsError> {
    let text = solution::read(&root.join(FILE_NAME))?;
    let mut source = SolutionSource::new(text, SolutionFiles::default());
    if let Ok(settings) = &source.settings {
        let mut reader = Reader {
            root,
            bytes: 0,
            files: SolutionFiles::default(),
        };
        reader.read_all(settings);
        source.files = reader.files;
    }
    Ok(source)
}

struct Reader<'r> {
    root: &'r Path,
    bytes: u64,
    files: SolutionFiles,
}

impl Reader<'_> {
    fn read_all(&mut self, settings: &Settings) {
        if let Some(notebooks) = &settings.notebooks
            && let Some(root) = below_root(&notebooks.root.to_string_lossy())
        {
            self.folder(&root, DEEPEST, &|_| true);
        }
        for pattern in &settings.contracts {
            if let Some(pattern) = below_root(pattern) {
                let glob = Glob::new(&pattern);
                self.folder(&glob.base(), DEEPEST, &|path| glob.matches(path));
            }
        }
        for path in named(settings) {
            if let Some(path) = below_root(&path) {
                self.file(&path);
            }
        }
        self.entry_scripts(settings);
    }

    /// What the descriptions of ML pipelines name.
    fn entry_scripts(&mut self, settings: &Settings) {
        let descriptions = settings.ml.iter().flat_map(|ml| &ml.pipelines);
        let scripts: BTreeSet<_> = descriptions
            .filter_map(|path| {
                let path = below_root(&path.to_string_lossy())?;
                let described = MlPipeline::parse(self.files.text(&path)?).ok()?;
                let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
                below_root(&format!("./{folder}/{}", described.entry_script.display()))
            })
            .collect();
        for script in scripts {
            self.file(&script);
        }
    }

    /// The files below a folder that are wanted. What begins with a dot is passed by, as at deployment; links are told.
    fn folder(&mut self, folder: &str, depth: usize, wanted: &dyn Fn(&str) -> bool) {
        let on_disk = self.root.join(folder);
        if on_disk.is_symlink() && self.leaves_root(&on_disk) {
            self.link(folder.to_owned(), LEADS_OUT);
            return;
        }
        let Ok(entries) = fs::read_dir(on_disk) else {
            return;
        };
        let mut names = BTreeMap::new();
        for entry in entries.flatten().take(MOST_FILES) {
            let name = entry.file_name().to_string_lossy().into_owned();
            if let Ok(kind) = entry.file_type()
                && !name.starts_with('.')
                && !matches!(name.as_str(), "__pycache__" | "node_modules")
            {
                names.insert(name, kind);
            }
        }
        for (name, kind) in names {
            let path = match folder {
                "" => name,
                folder => format!("{folder}/{name}"),
            };
            if kind.is_dir() {
                if depth > 0 {
                    self.folder(&path, depth - 1, wanted);
                }
            } else if wanted(&path) {
                match kind.is_symlink() {
                    true => self.link(path, IS_LINK),
                    false => self.file(&path),
                }
            }
        }
    }

    fn link(&mut self, path: String, reason: &str) {
        if self.files.len() < MOST_FILES {
            let contents = Contents::Unreadable(reason.to_owned());
            self.files.insert(path, contents);
        }
    }

    fn file(&mut self, path: &str) {
        if self.files.len() >= MOST_FILES || self.files.get(path).is_some() {
            return;
        }
        if let Some(contents) = self.contents(path) {
            self.files.insert(path.to_owned(), contents);
        }
    }

    /// What a file holds; none where there is no file.
    fn contents(&mut self, path: &str) -> Option<Contents> {
        let file = self.root.join(path);
        let metadata = fs::metadata(&file).ok()?;
        if !metadata.is_file() {
            return None;
        }
        if self.leaves_root(&file) {
            return Some(Contents::Unreadable(LEADS_OUT.to_owned()));
        }
        let size = metadata.len();
        if size > LARGEST || self.bytes + size > MOST_BYTES {
            return Some(Contents::TooLarge(size));
        }
        self.bytes += size;
        let mut bytes = Vec::new();
        let read =
            fs::File::open(&file).and_then(|file| file.take(LARGEST).read_to_end(&mut bytes));
        Some(match read {
            Err(error) => Contents::Unreadable(error.to_string()),
            Ok(_) => String::from_utf8(bytes).map_or(Contents::Bytes(size), Contents::Text),
        })
    }

    fn leaves_root(&self, file: &Path) -> bool {
        match (self.root.canonicalize(), file.canonicalize()) {
            (Ok(root), Ok(file)) => !file.starts_with(root),
            _ => true,
        }
    }
}

/// The single files that the settings name, as they are written.
#[must_use]
pub fn named(settings: &Settings) -> BTreeSet<String> {
    let ml = settings.ml.iter().flat_map(|ml| &ml.pipelines);
    let requirements = settings.python.iter().map(|python| &python.requirements);
    let shared = ml.chain(requirements);
    shared
        .map(|path| path.to_string_lossy().into_owned())
        .chain(settings.environments.values().flat_map(named_by))
        .collect()
}

/// The single files that one environment names.
pub(crate) fn named_by(environment: &EnvironmentSettings) -> Vec<String> {
    let databricks = environment.databricks.iter();
    let specs = databricks.flat_map(|databricks| {
        let cluster = databricks.cluster.iter();
        let pools = databricks.instance_pools.values().map(|pool| &pool.spec);
        cluster
            .filter_map(|cluster| cluster.spec.as_ref())
            .chain(pools)
    });
    let smoke = environment.smoke.iter();
    let tries = smoke.flat_map(|smoke| smoke.input.iter().chain(&smoke.contract));
    let paths = specs.chain(tries);
    paths
        .map(|path| path.to_string_lossy().into_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(root: &Path, path: &str, text: &str) {
        let file = root.join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }

    const SETTINGS: &str = "
name: s
notebooks: { root: notebooks, target: /Shared/s }
contracts: ['contracts/*.yaml']
ml: { pipelines: [ml/pipeline.yaml] }
python: { requirements: requirements.txt }
environments: { qa: { databricks: { host: h, cluster: { name: c, spec: ../out.json } } } }
";

    #[test]
    fn everything_that_is_named_is_read_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("solution");
        write(&root, FILE_NAME, SETTINGS);
        write(
            &root,
            "ml/pipeline.yaml",
            "{name: t, version: '1', entryScript: train.py}",
        );
        for path in [
            "notebooks/a.py",
            "notebooks/.hidden/b.py",
            "notebooks/__pycache__/c.pyc",
            "notebooks/lib/d.py",
            "contracts/e.yaml",
            "contracts/f.txt",
            "ml/train.py",
            "other.py",
            "../out.json",
        ] {
            write(&root, path, "x");
        }
        fs::write(root.join("notebooks/data.bin"), [0xff, 0xfe]).unwrap();

        let source = SolutionSource::read(&root).unwrap();

        let read: Vec<_> = source.files.iter().map(|(path, _)| path).collect();
        assert_eq!(
            read,
            [
                "contracts/e.yaml",
                "ml/pipeline.yaml",
                "ml/train.py",
                "notebooks/a.py",
                "notebooks/data.bin",
                "notebooks/lib/d.py"
            ]
        );
        assert_eq!(
            source.files.get("notebooks/data.bin"),
            Some(&Contents::Bytes(2))
        );
    }

    #[cfg(unix)]
    #[test]
    fn links_do_not_lead_out_of_the_solution() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("solution");
        write(&root, FILE_NAME, SETTINGS);
        write(folder.path(), "secret.txt", "x");
        fs::create_dir(root.join("notebooks")).unwrap();
        std::os::unix::fs::symlink("../../secret.txt", root.join("notebooks/a.py")).unwrap();
        std::os::unix::fs::symlink("..", root.join("notebooks/round")).unwrap();
        std::os::unix::fs::symlink("../secret.txt", root.join("requirements.txt")).unwrap();

        let source = SolutionSource::read(&root).unwrap();

        let read: Vec<_> = source.files.iter().collect();
        let is_link = &Contents::Unreadable(IS_LINK.to_owned());
        let leads_out = &Contents::Unreadable(LEADS_OUT.to_owned());
        assert_eq!(
            read,
            [
                ("notebooks/a.py", is_link),
                ("notebooks/round", is_link),
                ("requirements.txt", leads_out)
            ]
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_folder_that_is_elsewhere_is_not_read() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("solution");
        write(&root, FILE_NAME, SETTINGS);
        write(folder.path(), "elsewhere/a.py", "x");
        std::os::unix::fs::symlink("../elsewhere", root.join("notebooks")).unwrap();

        let source = SolutionSource::read(&root).unwrap();

        let read: Vec<_> = source.files.iter().collect();
        let leads_out = &Contents::Unreadable(LEADS_OUT.to_owned());
        assert_eq!(read, [("notebooks", leads_out)]);
    }

    #[test]
    fn a_file_that_is_too_large_is_not_read() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), FILE_NAME, SETTINGS);
        write(folder.path(), "requirements.txt", "");
        let file = fs::File::options()
            .write(true)
            .open(folder.path().join("requirements.txt"));
        file.unwrap().set_len(LARGEST + 1).unwrap();

        let source = SolutionSource::read(folder.path()).unwrap();

        assert_eq!(
            source.files.get("requirements.txt"),
            Some(&Contents::TooLarge(LARGEST + 1))
        );
    }
}
