//! Reads a solution from a disk, within bounds.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::ErrorKind::{NotADirectory, NotFound};
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
const NAME: &str = "its name is not UTF-8";

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
        if let Some(adf) = &settings.adf
            && let Some(root) = below_root(&adf.root.to_string_lossy())
            && leads_out(self.root, &root)
        {
            self.add(root, Contents::UnreadableFolder(LEADS_OUT.to_owned()));
        }
        if let Some(notebooks) = &settings.notebooks
            && let Some(root) = below_root(&notebooks.root.to_string_lossy())
        {
            self.folder(&root, DEEPEST, &Below::Everything);
        }
        for pattern in &settings.contracts {
            if let Some(pattern) = below_root(pattern) {
                let glob = Glob::new(&pattern);
                self.folder(&glob.base(), DEEPEST, &Below::Matching(&glob));
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
    fn folder(&mut self, folder: &str, depth: usize, wanted: &Below<'_>) {
        if leads_out(self.root, folder) {
            let contents = Contents::UnreadableFolder(LEADS_OUT.to_owned());
            return self.add(folder.to_owned(), contents);
        }
        let entries = match fs::read_dir(self.root.join(folder)) {
            Ok(entries) => entries,
            // What is not there is found where it is named.
            Err(error) if matches!(error.kind(), NotFound | NotADirectory) => return,
            Err(error) => {
                let contents = Contents::UnreadableFolder(error.to_string());
                return self.add(folder.to_owned(), contents);
            }
        };
        let mut names = BTreeMap::new();
        for entry in entries.flatten().take(MOST_FILES) {
            let name = entry.file_name();
            let shown = name.to_string_lossy().into_owned();
            if let Ok(kind) = entry.file_type()
                && !shown.starts_with('.')
                && !matches!(shown.as_str(), "__pycache__" | "node_modules")
            {
                names.insert(shown, (kind, name.to_str().is_some()));
            }
        }
        for (name, (kind, is_utf8)) in names {
            let path = match folder {
                "" => name,
                folder => format!("{folder}/{name}"),
            };
            let unreadable = |reason: &str| Contents::Unreadable(reason.to_owned());
            match kind.is_dir() {
                true if depth == 0 || !wanted.enters(&path) => {}
                true if !is_utf8 => {
                    self.add(path, Contents::UnreadableFolder(NAME.to_owned()));
                }
                true => self.folder(&path, depth - 1, wanted),
                false if !wanted.takes(&path) => {}
                false if !is_utf8 => self.add(path, unreadable(NAME)),
                false if kind.is_symlink() => self.add(path, unreadable(IS_LINK)),
                false => self.file(&path),
            }
        }
    }

    fn add(&mut self, path: String, contents: Contents) {
        if self.files.len() < MOST_FILES {
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
        if leads_out(self.root, path) {
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
            Ok(_) => Contents::of(bytes),
        })
    }
}

/// What of a folder is read.
enum Below<'g> {
    Everything,
    Matching(&'g Glob),
}

impl Below<'_> {
    fn takes(&self, path: &str) -> bool {
        match self {
            Self::Everything => true,
            Self::Matching(glob) => glob.matches(path),
        }
    }

    fn enters(&self, folder: &str) -> bool {
        match self {
            Self::Everything => true,
            Self::Matching(glob) => glob.may_match_below(folder),
        }
    }
}

/// Whether a path below the root of a solution leads out of it, by a link. What is not there leads nowhere.
#[must_use]
pub fn leads_out(root: &Path, below: &str) -> bool {
    let is_link = |path: &Path| path.is_symlink();
    let on_disk = root.join(below);
    let mut ways = on_disk.ancestors().take_while(|way| *way != root);
    ways.any(is_link)
        && match (root.canonicalize(), on_disk.canonicalize()) {
            (Ok(root), Ok(target)) => !target.starts_with(root),
            (_, Err(error)) => error.kind() != NotFound,
            (Err(_), _) => true,
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
adf: { root: adf }
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
        let contents = source.files.get("notebooks/data.bin");
        assert!(matches!(contents, Some(Contents::Bytes(fault)) if fault.line == 1));
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
        std::os::unix::fs::symlink("../elsewhere", root.join("adf")).unwrap();

        let source = SolutionSource::read(&root).unwrap();

        let read: Vec<_> = source.files.iter().collect();
        let leads_out = &Contents::UnreadableFolder(LEADS_OUT.to_owned());
        assert_eq!(read, [("adf", leads_out), ("notebooks", leads_out)]);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_inside_the_solution_leads_to_the_documents() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("solution");
        write(&root, "factory/pipeline/p.json", "{}");
        write(folder.path(), "secret.txt", "x");
        std::os::unix::fs::symlink("factory", root.join("adf")).unwrap();
        std::os::unix::fs::symlink("../..", root.join("factory/out")).unwrap();

        assert!(!leads_out(&root, "adf"));
        assert!(!leads_out(&root, "not/there"));
        assert!(!leads_out(&root, "factory/out/not/there"));
        assert!(leads_out(&root, "factory/out/secret.txt"));
        // What ends where it began has not led out.
        assert!(!leads_out(&root, "factory/out/solution/factory"));
    }

    #[cfg(unix)]
    #[test]
    fn what_cannot_be_listed_or_named_is_told() {
        use std::ffi::OsStr;
        use std::os::unix::ffi::OsStrExt;
        use std::os::unix::fs::PermissionsExt;

        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        write(root, FILE_NAME, SETTINGS);
        for path in [
            "notebooks/closed/a.py",
            "contracts/closed/b.yaml",
            "contracts/c.yaml",
        ] {
            write(root, path, "x");
        }
        let odd = root.join("notebooks").join(OsStr::from_bytes(b"o\xff.py"));
        fs::write(odd, "x").unwrap();
        let closed = root.join("notebooks/closed");
        let mode = |mode| fs::set_permissions(&closed, fs::Permissions::from_mode(mode)).unwrap();
        mode(0o000);
        let is_closed = fs::read_dir(&closed).is_err();

        let source = SolutionSource::read(root).unwrap();

        mode(0o755);
        let contents = source.files.get("notebooks/o\u{fffd}.py");
        assert_eq!(contents, Some(&Contents::Unreadable(NAME.to_owned())));
        let contents = source.files.get("notebooks/closed");
        // Nothing is closed to a privileged user.
        assert_eq!(
            matches!(contents, Some(Contents::UnreadableFolder(_))),
            is_closed
        );
        assert!(source.files.get("contracts/c.yaml").is_some());
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
