//! Bundles that are read, and those that are not what was sealed.

use std::error::Error;
use std::fs;
use std::path::Path;

use dataops_bundle::{Bundle, MANIFEST};
use dataops_solution::environment::Variables;
use tempfile::TempDir;

use crate::{sealed, solution, write};

/// A bundle on a disk.
fn bundle() -> TempDir {
    let solution = solution();
    let folder = tempfile::tempdir().unwrap();
    sealed(solution.path()).write(folder.path()).unwrap();
    folder
}

fn told(folder: &Path) -> String {
    let error = Bundle::open(folder).unwrap_err();
    let cause = error.source().map(|cause| format!(" because {cause}"));
    format!("{error}{}", cause.unwrap_or_default()).replace(&folder.display().to_string(), "BUNDLE")
}

#[test]
fn a_bundle_gives_back_the_solution() {
    let folder = bundle();

    let bundle = Bundle::open(folder.path()).unwrap();

    let solution = bundle.solution().unwrap();
    let qa = solution.environment("qa", &Variables::new([("FACTORY", "adf-qa")]));
    assert!(qa.is_ok(), "{qa:?}");
    assert!(solution.root.join("dataops.yaml").is_file());
    let names: Vec<_> = bundle
        .repository()
        .resources
        .iter()
        .map(|resource| resource.id.to_string())
        .collect();
    assert_eq!(names, ["factory `adf-dev`", "pipeline `copy`"]);
    assert!(bundle.source().files.text("notebooks/prepare.py").is_some());
    assert!(
        bundle
            .templates()
            .any(|(path, _)| path == "ARMTemplateForFactory.json")
    );
    assert_eq!(bundle.manifest().source, None);
}

#[test]
fn every_change_is_refused_by_name() {
    let changed = bundle();
    write(
        changed.path(),
        "solution/notebooks/prepare.py",
        "print(2)\n",
    );
    let grown = bundle();
    write(grown.path(), "solution/clusters/c.json", "{}".repeat(1000));
    let missing = bundle();
    fs::remove_file(missing.path().join("arm/ARMTemplateForFactory.json")).unwrap();
    let extra = bundle();
    write(extra.path(), "solution/adf/pipeline/evil.json", "{}");
    write(extra.path(), ".hidden", "");
    let moved = bundle();
    fs::rename(
        moved.path().join("solution/clusters"),
        moved.path().join("solution/clusters2"),
    )
    .unwrap();

    let all = [&changed, &grown, &missing, &extra, &moved].map(|folder| told(folder.path()));
    insta::assert_snapshot!(all.join("\n"), @r"
    BUNDLE is not what was sealed: `solution/notebooks/prepare.py` was changed
    BUNDLE is not what was sealed: `solution/clusters/c.json` was changed
    BUNDLE is not what was sealed: `arm/ARMTemplateForFactory.json` is missing
    BUNDLE is not what was sealed: `.hidden` does not belong to it; `solution/adf/pipeline/evil.json` does not belong to it
    BUNDLE is not what was sealed: `solution/clusters2/c.json` does not belong to it; `solution/clusters/c.json` is missing
    ");
}

#[test]
fn a_manifest_is_believed_only_for_what_it_proves() {
    let edited = |edit: &dyn Fn(&str) -> String| {
        let folder = bundle();
        let path = folder.path().join(MANIFEST);
        let text = fs::read_to_string(&path).unwrap();
        fs::write(&path, edit(&text)).unwrap();
        told(folder.path())
    };
    let replaced =
        |old: &'static str, new: &'static str| edited(&|text| text.replacen(old, new, 1));

    let long = edited(&|_| format!("{{\"format\": 1, \"x\": {}", "[".repeat(1_000_000)));
    assert!(
        long.starts_with("BUNDLE/manifest.json: it is not the manifest of a bundle: "),
        "{long}"
    );
    let all = [
        replaced("arm/ARM", "../../ARM"),
        replaced("arm/ARM", "/ARM"),
        replaced("\"size\": ", "\"size\": 1"),
        replaced("ingest", "other"),
        replaced("\"format\": 1", "\"format\": 2"),
        edited(&|_| String::new()),
    ];
    let digits = |line: &str| {
        line.split(' ')
            .map(|word| if word.len() >= 64 { "DIGEST" } else { word })
            .collect::<Vec<_>>()
            .join(" ")
    };
    insta::assert_snapshot!(all.map(|line| digits(&line)).join("\n"), @r"
    BUNDLE/manifest.json: `../../ARMTemplateForFactory.json` is no path that a bundle takes: it leads to another folder
    BUNDLE/manifest.json: `/ARMTemplateForFactory.json` is no path that a bundle takes: it is absolute
    BUNDLE/manifest.json: it says DIGEST and its contents make DIGEST
    BUNDLE/manifest.json: it says DIGEST and its contents make DIGEST
    BUNDLE/manifest.json: its form is 2, and this program reads form 1
    BUNDLE/manifest.json: it is not the manifest of a bundle: EOF while parsing a value at line 1 column 0
    ");
}

#[test]
fn what_is_no_bundle_is_told() {
    let empty = tempfile::tempdir().unwrap();

    assert_eq!(
        told(empty.path()),
        "BUNDLE is no bundle: it has no manifest.json"
    );
    assert_eq!(
        told(&empty.path().join("none")),
        "BUNDLE is no bundle: it has no manifest.json"
    );
}

#[cfg(unix)]
#[test]
fn links_are_refused_whatever_they_lead_to() {
    use std::os::unix::fs::symlink;
    let same = bundle();
    let outside = tempfile::tempdir().unwrap();
    let notebook = same.path().join("solution/notebooks/prepare.py");
    fs::rename(&notebook, outside.path().join("prepare.py")).unwrap();
    symlink(outside.path().join("prepare.py"), &notebook).unwrap();
    let folder = bundle();
    fs::rename(folder.path().join("arm"), outside.path().join("arm")).unwrap();
    symlink(outside.path().join("arm"), folder.path().join("arm")).unwrap();
    let manifest = bundle();
    fs::rename(
        manifest.path().join(MANIFEST),
        outside.path().join(MANIFEST),
    )
    .unwrap();
    symlink(
        outside.path().join(MANIFEST),
        manifest.path().join(MANIFEST),
    )
    .unwrap();

    let all = [&same, &folder, &manifest].map(|folder| told(folder.path()));
    insta::assert_snapshot!(all.join("\n"), @r"
    BUNDLE is not what was sealed: `solution/notebooks/prepare.py` is a link or a device
    BUNDLE is not what was sealed: `arm/ARMTemplateForFactory.json` is missing; `arm/ARMTemplateParametersForFactory.json` is missing; `arm/globalParameters/adf-dev_GlobalParameters.json` is missing; `arm/linkedTemplates/ArmTemplateParameters_master.json` is missing; `arm/linkedTemplates/ArmTemplate_0.json` is missing; `arm/linkedTemplates/ArmTemplate_master.json` is missing; `arm` is a link or a device
    BUNDLE/manifest.json: it is a link or a device
    ");
}
