//! Completions and manual pages, as releases bring them along.

use crate::environment::{Program, TestEnvironment};

#[test]
fn each_shell_completes_the_commands() {
    let environment = TestEnvironment::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let ended = environment.run(Program::Dataops, &["completions", shell]);

        assert_eq!(ended.code, Some(0), "{ended}");
        for word in ["promote", "changed", "--bundle"] {
            assert!(
                ended.stdout.contains(word.trim_start_matches('-')),
                "{shell}: {word}"
            );
        }
    }
}

#[test]
fn the_programs_that_stand_in_for_others_are_completed_too() {
    let environment = TestEnvironment::new();
    for (program, word) in [
        ("invoke-adf-pipeline", "--cancel-on-timeout"),
        ("test-data-ingestion", "contract"),
    ] {
        let args = ["completions", "bash", "--program", program];
        let ended = environment.run(Program::Dataops, &args);

        assert_eq!(ended.code, Some(0), "{ended}");
        assert!(ended.stdout.contains(word), "{ended}");
        assert!(ended.stdout.contains(program), "{ended}");
    }
}

#[test]
fn every_command_has_a_manual_page() {
    let environment = TestEnvironment::new();

    let ended = environment.run(Program::Dataops, &["man", "pages"]);

    assert_eq!(ended.code, Some(0), "{ended}");
    let page = |name: &str| std::fs::read_to_string(environment.path("pages").join(name)).unwrap();
    for name in [
        "dataops.1",
        "dataops-deploy.1",
        "dataops-env-prepare.1",
        "invoke-adf-pipeline.1",
        "test-data-ingestion.1",
    ] {
        assert!(page(name).starts_with(".ie"), "{name}\n{}", page(name));
    }
    assert!(page("dataops-deploy.1").contains("Bring a solution, or a bundle, to an environment"));
    assert!(!environment.path("pages/dataops-man.1").exists());
}
