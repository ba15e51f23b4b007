//! The installation of `dataops` on an agent, from a release of this machine's own.

use std::fs;
use std::path::{Path, PathBuf};

use integration_tests::{Ended, Program, folder_of_examples, write};
use tempfile::TempDir;

/// A release of a program that only tells its version.
struct Release {
    folder: TempDir,
    name: String,
}

impl Release {
    fn new() -> Self {
        let system = match std::env::consts::OS {
            "macos" => "apple-darwin",
            _ => "unknown-linux-musl",
        };
        let release = Self {
            folder: tempfile::tempdir().unwrap(),
            name: format!("dataops-0.0.9-{}-{system}", std::env::consts::ARCH),
        };
        let program = format!("packed/{}/dataops", release.name);
        let script = "#!/bin/sh\necho dataops 0.0.9\n";
        write(release.folder.path(), &program, script);
        fs::create_dir_all(release.path("releases/v0.0.9")).unwrap();
        let packed = release.shell(
            "chmod +x packed/*/dataops && tar -czf releases/v0.0.9/$NAME.tar.gz -C packed $NAME && cd releases/v0.0.9 && \
             { sha256sum *.tar.gz 2>/dev/null || shasum -a 256 *.tar.gz; } > SHA256SUMS",
            &[],
        );
        assert_eq!(packed.code, Some(0), "{packed}");
        release
    }

    fn path(&self, below: &str) -> PathBuf {
        self.folder.path().join(below)
    }

    fn sums(&self) -> String {
        fs::read_to_string(self.path("releases/v0.0.9/SHA256SUMS")).unwrap()
    }

    fn shell(&self, script: &str, variables: &[(&str, &str)]) -> Ended {
        let program = Program::new("bash")
            .args(["-euo", "pipefail", "-c", script])
            .within(self.folder.path())
            .env("NAME", &self.name);
        let variables = variables.iter();
        variables
            .fold(program, |program, (name, value)| program.env(name, *value))
            .run()
    }

    fn install(&self, variables: &[(&str, &str)]) -> Ended {
        let script: &Path = &folder_of_examples().join("data-ingestion/ci/install-dataops.sh");
        let fixed = [
            ("SCRIPT", script.to_str().unwrap().to_owned()),
            ("DATAOPS_VERSION", "0.0.9".to_owned()),
            ("DATAOPS_HOME", self.path("home").display().to_string()),
            (
                "DATAOPS_RELEASES",
                format!("file://{}", self.path("releases").display()),
            ),
        ];
        let fixed = fixed.iter().map(|(name, value)| (*name, value.as_str()));
        let all: Vec<_> = fixed.chain(variables.iter().copied()).collect();
        self.shell("exec bash \"$SCRIPT\"", &all)
    }
}

#[test]
fn what_is_kept_and_broken_is_asked_for_anew() {
    let release = Release::new();
    let kept = release.path("home/0.0.9/SHA256SUMS");
    let installed = release.install(&[]);
    assert_eq!(installed.code, Some(0), "{installed}");

    for broken in [
        "broken".to_owned(),
        format!("{:064}  {}.tar.gz\n", 0, release.name),
    ] {
        fs::write(&kept, &broken).unwrap();
        let again = release.install(&[]);

        assert_eq!(again.code, Some(0), "{broken}\n{again}");
        assert_eq!(fs::read_to_string(&kept).unwrap(), release.sums());
    }
}

#[test]
fn a_cache_keeps_the_archive_and_an_agent_unpacks_it_elsewhere() {
    let release = Release::new();
    let kept = || {
        let entries = fs::read_dir(release.path("home/0.0.9")).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<_> = names.collect();
        names.sort();
        names
    };
    let archive = format!("{}.tar.gz", release.name);
    let temporary = release.path("temporary").display().to_string();

    for variable in ["RUNNER_TEMP", "AGENT_TEMPDIRECTORY"] {
        let installed = release.install(&[(variable, &temporary)]);

        assert_eq!(installed.code, Some(0), "{installed}");
        assert_eq!(kept(), ["SHA256SUMS", archive.as_str()], "{variable}");
        assert!(release.path("temporary/0.0.9/bin/dataops").is_file());
        fs::remove_dir_all(&temporary).unwrap();
    }
    let alone = release.install(&[("RUNNER_TEMP", ""), ("AGENT_TEMPDIRECTORY", "")]);
    assert_eq!(alone.code, Some(0), "{alone}");
    assert_eq!(kept(), ["SHA256SUMS", "bin", archive.as_str()]);
}

#[test]
fn only_the_archive_that_is_pinned_is_run_in_whatever_case_it_is_written() {
    let release = Release::new();
    let sum = release.sums()[..64].to_uppercase();

    let pinned = release.install(&[("DATAOPS_SHA256", sum.as_str())]);
    let other = release.install(&[("DATAOPS_SHA256", "0".repeat(64).as_str())]);

    assert_eq!(pinned.code, Some(0), "{pinned}");
    assert_eq!(other.code, Some(1), "{other}");
    assert!(other.stderr.contains("has another SHA-256"), "{other}");
}

#[test]
fn a_cache_finds_its_folder_also_where_nothing_has_to_be_installed() {
    let release = Release::new();
    let programs = release.path("packed").join(&release.name);
    let path = format!("{}:{}", programs.display(), std::env::var("PATH").unwrap());

    let there = release.install(&[("PATH", path.as_str())]);

    assert!(there.stdout.contains("is there already"), "{there}");
    assert!(release.path("home").is_dir());
}
