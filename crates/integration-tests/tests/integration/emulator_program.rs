//! `dataops emulator` as a program: its first line, its port, its folder, its end.

use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;

use integration_tests::{Emulator, Program};

fn emulator(args: &[&str]) -> integration_tests::Ended {
    Program::dataops(["emulator"]).args(args).run()
}

#[test]
fn the_first_line_says_how_to_reach_it_and_nothing_else_is_on_stdout() {
    let emulator = Emulator::start();
    let ready = emulator.ready.clone();
    assert!(ready.ready && ready.endpoint.starts_with("http://127.0.0.1:"));
    assert_eq!(ready.account, "devstoreaccount1");

    let ended = emulator.stop();

    assert_eq!(ended.stdout.lines().count(), 1, "{ended}");
    assert_eq!(ended.code, Some(0), "{ended}");
    assert!(
        !ended.stderr.contains(&ready.token) && !ended.stderr.contains(&ready.account_key),
        "{ended}"
    );
}

#[test]
fn a_port_that_is_in_use_is_named() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();

    let ended = emulator(&["--listen", &address.to_string()]);

    assert_eq!(ended.code, Some(2), "{ended}");
    assert!(
        ended
            .stderr
            .contains(&format!("port {} is in use", address.port())),
        "{ended}"
    );
    assert_eq!(ended.stdout, "");
}

#[test]
fn an_address_of_the_network_is_refused() {
    let ended = emulator(&["--listen", "0.0.0.0:0"]);

    assert_eq!(ended.code, Some(2), "{ended}");
    assert!(
        ended
            .stderr
            .contains("`0.0.0.0:0` is not a loopback address"),
        "{ended}"
    );
}

#[test]
fn a_folder_that_cannot_be_used_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "x").unwrap();
    let closed = folder.path().join("closed");
    std::fs::create_dir(&closed).unwrap();
    std::fs::set_permissions(&closed, PermissionsExt::from_mode(0o500)).unwrap();
    let below_file = file.join("data");
    let is_root = std::fs::write(closed.join("probe"), "x").is_ok();

    let on_file = emulator(&["--data-dir", file.to_str().unwrap()]);
    let under_file = emulator(&["--data-dir", below_file.to_str().unwrap()]);

    assert_eq!(on_file.code, Some(2), "{on_file}");
    assert!(on_file.stderr.contains("is not a directory"), "{on_file}");
    assert_eq!(under_file.code, Some(2), "{under_file}");
    assert!(
        under_file.stderr.contains(below_file.to_str().unwrap()),
        "{under_file}"
    );
    // Permissions do not bind the superuser.
    if !is_root {
        let in_closed = emulator(&["--data-dir", closed.join("data").to_str().unwrap()]);
        assert_eq!(in_closed.code, Some(2), "{in_closed}");
        assert!(
            in_closed.stderr.contains("cannot be written"),
            "{in_closed}"
        );
    }
}

#[test]
fn a_folder_belongs_to_one_emulator_at_a_time() {
    let emulator = Emulator::start();

    let second = self::emulator(&["--data-dir", emulator.data().to_str().unwrap()]);

    assert_eq!(second.code, Some(2), "{second}");
    assert!(
        second.stderr.contains("is used by another emulator"),
        "{second}"
    );
    assert_eq!(emulator.state()["account"], "devstoreaccount1");
}
