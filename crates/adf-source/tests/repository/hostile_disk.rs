//! What lies in wait on a disk that is none of our own.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::process::Command;

use adf_source::Limits;

use crate::disk::{folder, read};
use crate::{named, problems, resources};

#[test]
fn links_are_told_and_not_followed() {
    let outside = folder([("secret.json", "{\"name\": \"secret\"}")]);
    let disk = folder([("pipeline/a.json", &named("a"))]);
    let at = |path: &str| disk.path().join(path);
    symlink(
        outside.path().join("secret.json"),
        at("pipeline/secret.json"),
    )
    .unwrap();
    symlink("..", at("pipeline/loop")).unwrap();
    symlink("itself.json", at("pipeline/itself.json")).unwrap();
    symlink("pipeline", at("dataset")).unwrap();
    symlink("a.json", at("unrelated.txt")).unwrap();
    fs::create_dir(at("docs")).unwrap();
    for configuration in ["publish_config.json", "docs/publish_config.json"] {
        symlink("pipeline/a.json", at(configuration)).unwrap();
    }

    let read = read(disk.path(), &Limits::default());

    assert_eq!(resources(&read), ["pipeline `a` in pipeline/a.json"]);
    let told = problems(&read).replace(&outside.path().display().to_string(), "OUTSIDE");
    insta::assert_snapshot!(told, @r"
    dataset: Link: this is a link to `pipeline`, which is not followed (put the file itself here; Data Factory reads what git has, and that is the link)
    pipeline/itself.json: Link: this is a link to `itself.json`, which is not followed (put the file itself here; Data Factory reads what git has, and that is the link)
    pipeline/loop: Link: this is a link to `..`, which is not followed (put the file itself here; Data Factory reads what git has, and that is the link)
    pipeline/secret.json: Link: this is a link to `OUTSIDE/secret.json`, which is not followed (put the file itself here; Data Factory reads what git has, and that is the link)
    publish_config.json: Unused: the file has no effect: this is a link to `pipeline/a.json`, which is not followed (put the file itself here; Data Factory reads what git has, and that is the link)
    ");
}

#[test]
fn pipes_and_devices_are_not_opened() {
    let disk = folder([("pipeline/a.json", &named("a"))]);
    let made = Command::new("mkfifo")
        .arg(disk.path().join("pipeline/pipe.json"))
        .status()
        .unwrap();
    assert!(made.success());
    let _socket = UnixListener::bind(disk.path().join("pipeline/socket.json")).unwrap();

    let mut read = read(disk.path(), &Limits::default());

    read.problems
        .sort_by(|left, right| left.path.cmp(&right.path));
    insta::assert_snapshot!(problems(&read), @r"
    pipeline/pipe.json: Unreadable: this is a pipe, a socket or a device, and not a file (delete it)
    pipeline/socket.json: Unreadable: this is a pipe, a socket or a device, and not a file (delete it)
    ");
}

#[test]
fn names_that_are_not_utf8_are_told() {
    let disk = folder([("pipeline/a.json", &named("a"))]);
    let name = OsStr::from_bytes(b"pipeline/\xff.json");
    fs::write(disk.path().join(name), named("b")).unwrap();

    let read = read(disk.path(), &Limits::default());

    assert_eq!(
        problems(&read),
        "pipeline/\u{fffd}.json: Encoding: the file's name is not UTF-8 (rename it)\n"
    );
}
