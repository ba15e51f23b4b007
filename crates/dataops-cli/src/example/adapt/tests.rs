use dataops_solution::Solution;
use dataops_solution::environment::Variables;

use super::super::{AZURE_DEVOPS, CI, GITHUB, SMOKE, SOLUTION, TESTS};
use super::*;

const BOTH: Hosts = Hosts {
    azure_devops: true,
    github: true,
};

fn adapted(name: &str, environments: &[&str]) -> Vec<(&'static str, String)> {
    hosted(name, environments, BOTH)
}

fn hosted(name: &str, environments: &[&str], hosts: Hosts) -> Vec<(&'static str, String)> {
    let environments: Vec<_> = environments.iter().map(|it| (*it).to_owned()).collect();
    let adapted = Adapted {
        name,
        environments: &environments,
        hosts,
        branch: BRANCH,
    };
    let files = [SOLUTION, SMOKE, TESTS, CI, AZURE_DEVOPS, GITHUB].concat();
    files
        .into_iter()
        .map(|(path, bytes)| {
            (
                path,
                adapted.text(path, std::str::from_utf8(bytes).unwrap()),
            )
        })
        .collect()
}

fn file(files: &[(&str, String)], path: &str) -> String {
    let found = files.iter().find(|(known, _)| *known == path);
    found.unwrap().1.clone()
}

#[test]
fn the_example_is_what_is_written_under_its_own_names() {
    let files = adapted(NAME, &[FIRST, MIDDLE, LAST]);

    for (path, bytes) in [SOLUTION, SMOKE, TESTS, CI, AZURE_DEVOPS, GITHUB].concat() {
        assert_eq!(
            file(&files, path),
            std::str::from_utf8(bytes).unwrap(),
            "{path}"
        );
    }
}

#[test]
fn each_environment_has_its_settings_and_comes_after_the_one_before() {
    let variables = "AZURE_SUBSCRIPTION_ID DATABRICKS_HOST DATABRICKS_CLUSTER_ID".split(' ');
    let variables = Variables::new(variables.map(|name| (name, "https://adb.test")));
    for chain in [
        &["dev"][..],
        &["test", "prod"],
        &["qa", "uat", "prod"],
        &["dev", "qa", "uat", "prod"],
        &["a", "b", "c", "d", "e"],
    ] {
        let files = adapted("claims", chain);
        let solution = Solution::new("/s", file(&files, "dataops.yaml")).unwrap();

        let names: Vec<_> = solution.settings.environments.keys().cloned().collect();
        let expected = [&["local"][..], chain].concat();
        assert_eq!(names, expected);
        assert_eq!(solution.settings.name, "claims");
        for (at, name) in chain.iter().enumerate() {
            let environment = solution.environment(name, &variables).unwrap();
            let before = at.checked_sub(1).map(|at| chain[at].to_owned());
            assert_eq!(environment.after, before, "{chain:?} {name}");
            let tests = environment.promote.tests.clone().unwrap_or_default();
            assert_eq!(tests, vec!["contract"; at.min(1)], "{chain:?} {name}");
            assert_eq!(
                environment.azure().unwrap().factory,
                format!("adf-ingest-{name}")
            );
            assert_eq!(
                environment.storage.unwrap().account,
                format!("stingest{name}")
            );
            let is_last = at + 1 == chain.len();
            assert_eq!(environment.smoke.is_some(), is_last, "{chain:?} {name}");
        }
    }
}

#[test]
fn pipelines_name_the_environments_in_their_order() {
    let files = adapted("claims", &["dev", "qa", "prod"]);

    let azure = file(&files, ".azuredevops/release.yml");
    assert!(
        azure.contains(
            "  - { name: dev, after: build, testRun: true }\n  \
               - { name: qa, after: dev, testRun: true }\n  \
               - { name: prod, after: qa, testRun: false }\n\n"
        ),
        "{azure}"
    );
    let github = file(&files, ".github/workflows/release.yml");
    for line in [
        "      test_dev: ${{ steps.changed.outputs.test_dev }}\n",
        "      test_qa: ${{ steps.changed.outputs.test_qa }}\n",
        "  qa:\n    needs: [build, dev]\n",
        "  prod:\n    needs: [build, qa]\n",
        "--deployed dev,qa,prod\n",
    ] {
        assert!(github.contains(line), "{line}\n{github}");
    }
    assert!(!github.contains("uat"), "{github}");
    for path in [".azuredevops/drift.yml", ".github/workflows/rollback.yml"] {
        assert!(file(&files, path).contains("[dev, qa, prod]"), "{path}");
    }
    let readme = file(&files, "README.md");
    assert!(readme.starts_with("# claims\n"), "{readme}");
    assert!(readme.contains("dataops promote --env qa\n"), "{readme}");
    assert!(!readme.contains("uat"), "{readme}");
}

#[test]
fn no_generated_data_come_into_what_is_called_production() {
    let variables = "AZURE_SUBSCRIPTION_ID DATABRICKS_HOST DATABRICKS_CLUSTER_ID".split(' ');
    let variables = Variables::new(variables.map(|name| (name, "https://adb.test")));
    for (chain, real) in [
        (&["prod"][..], &["prod"][..]),
        (&["live"], &["live"]),
        (&["prd", "test"], &["prd"]),
        (&["qa", "production"], &["production"]),
        (&["qa", "prod1", "prod2"], &["prod1", "prod2"]),
        (&["dev", "preprod", "prod", "dr"], &["prod"]),
        (&["prod", "dr"], &["prod"]),
        (&["live", "prod", "qa2"], &["live", "prod"]),
    ] {
        let files = adapted("claims", chain);
        let solution = Solution::new("/s", file(&files, "dataops.yaml")).unwrap();
        let azure = file(&files, ".azuredevops/release.yml");
        let github = file(&files, ".github/workflows/release.yml");
        let readme = file(&files, "README.md");
        let tells_of_it = readme.contains("The dropped file starts the pipeline");
        assert_eq!(tells_of_it, readme.contains("dataops drop "), "{chain:?}");
        let policy = file(&files, "branch-policy.yaml");
        let policy = branch_policy::File::read("branch-policy.yaml", &policy).unwrap();
        assert_eq!(policy.problems(), []);
        for (at, name) in chain.iter().enumerate() {
            let is_real = real.contains(name);
            let is_last = at + 1 == chain.len();
            let environment = solution.environment(name, &variables).unwrap();
            let is_tried = !is_real && (!is_last || chain.len() == 1);

            let of_azure = azure.split(&format!("{{ name: {name},")).nth(1).unwrap();
            let of_azure = of_azure.split('\n').next().unwrap();
            let of_github = github
                .split(&format!("      name: {name}\n"))
                .nth(1)
                .unwrap();
            for text in [of_azure, of_github.split('\n').next().unwrap()] {
                let tells = text.contains(&format!("testRun: {is_tried}"));
                assert!(tells, "{chain:?} {name}: {text}");
            }
            let dropped = readme.contains(&format!("--env {name} --wait"));
            assert_eq!(dropped, is_tried, "{chain:?} {name}\n{readme}");
            assert!(environment.smoke.is_some() || is_tried, "{chain:?} {name}");
            let guarded = &policy.settings().environments[*name];
            let has_approvers = !guarded.approvers.is_empty();
            assert!(has_approvers || !is_real, "{chain:?} {name}");
            if let Some(before) = at.checked_sub(1).map(|at| chain[at]) {
                // Each asks for a test that the one before it has.
                let asked = match real.contains(&before) {
                    true => "smoke",
                    false => "contract",
                };
                let tests = environment.promote.tests.unwrap_or_default();
                assert_eq!(tests, [asked], "{chain:?} {name}");
            }
        }
    }
}

#[test]
fn the_pipelines_go_by_the_branch_that_there_is() {
    let environments = ["qa", "prod"].map(str::to_owned);
    let adapted = Adapted {
        name: "claims",
        environments: &environments,
        hosts: BOTH,
        branch: "release/next",
    };
    for (path, bytes) in [SOLUTION, CI, AZURE_DEVOPS, GITHUB].concat() {
        let text = adapted.text(path, std::str::from_utf8(bytes).unwrap());
        let says = text.lines().filter(|line| {
            let words = line.split(|it: char| !it.is_alphanumeric() && it != '_');
            words.into_iter().any(|word| word == "main") && !line.contains("sys.exit(main")
        });
        let is_about_branches = !path.ends_with(".py");
        assert!(!is_about_branches || says.count() == 0, "{path}\n{text}");
    }
    let policy = branch_policy::File::read(
        "branch-policy.yaml",
        &adapted.text(
            "branch-policy.yaml",
            include_str!("../../../../../examples/data-ingestion/branch-policy.yaml"),
        ),
    )
    .unwrap();
    assert!(policy.settings().branches.contains_key("release/next"));
    assert_eq!(policy.problems(), []);
}

#[test]
fn names_that_have_the_solutions_in_them_stay() {
    let files = adapted("claims", &["qa", "uat", "prod"]);

    let settings = file(&files, "dataops.yaml");
    assert!(settings.contains("target: /Shared/claims"), "{settings}");
    assert!(
        settings.contains("pipeline: data-ingestion-pipeline"),
        "{settings}"
    );
    let pipeline = file(&files, "adf/pipeline/data-ingestion-pipeline.json");
    assert!(
        pipeline.contains("/Shared/claims/data-prepare"),
        "{pipeline}"
    );
    let environment = file(&files, ".azuredevops/templates/environment.yml");
    assert!(environment.contains("- group: claims-${{ parameters.name }}"));
}

#[test]
fn a_solution_tells_of_the_hosts_that_it_has_and_of_no_other() {
    let chains = [&["dev"][..], &["dev", "qa", "uat", "prod"]];
    for (azure_devops, github) in [(true, true), (true, false), (false, true)] {
        for chain in chains {
            let hosts = Hosts {
                azure_devops,
                github,
            };
            let files = hosted("claims", chain, hosts);
            let policy = file(&files, "branch-policy.yaml");
            let read = branch_policy::File::read("branch-policy.yaml", &policy)
                .unwrap_or_else(|error| panic!("{error}\n{policy}"));
            let readme = file(&files, "README.md");

            assert_eq!(read.problems(), [], "{policy}");
            let settings = read.settings();
            assert_eq!(settings.azure_dev_ops.is_some(), azure_devops, "{policy}");
            assert_eq!(settings.github.is_some(), github, "{policy}");
            for (is_there, words) in [
                (
                    azure_devops,
                    ["azureDevOps: {", "connections:", "[ingestion]"],
                ),
                (github, ["github: {", "gitHubEnvironments:", "@contoso"]),
            ] {
                for word in words {
                    assert_eq!(policy.contains(word), is_there, "{word}\n{policy}");
                }
            }
            for (is_there, word) in [
                (azure_devops, ".azuredevops"),
                (azure_devops, "--host azure-devops"),
                (github, ".github/"),
                (github, "--host github"),
                (true, "smoke/"),
                (chain.len() > 1, "a small file of its own"),
            ] {
                assert_eq!(
                    readme.contains(word),
                    is_there,
                    "{word} of {chain:?}\n{readme}"
                );
            }
        }
    }
    let none = Hosts {
        azure_devops: false,
        github: false,
    };
    let readme = file(&hosted("claims", &["dev"], none), "README.md");
    for word in ["CI/CD", ".github", ".azuredevops", "ci/", "branch-policy"] {
        assert!(!readme.contains(word), "{word}\n{readme}");
    }
    assert!(readme.trim_end().ends_with("by its trigger."), "{readme}");
}

#[test]
fn every_identity_of_the_environments_is_guarded() {
    let files = adapted("claims", &["dev", "prod"]);

    let policy = file(&files, "branch-policy.yaml");

    for line in [
        "  - connections: [claims-dev, claims-prod]\n",
        "  - connections: [claims-dev-plan, claims-prod-plan, claims-records]\n",
        "  - variableGroups: [claims-dev, claims-prod]\n",
        "  - gitHubEnvironments: [dev-plan, prod-plan, records]\n",
    ] {
        assert!(policy.contains(line), "{line}\n{policy}");
    }
}

#[test]
fn codeowners_says_what_the_policy_asks_for() {
    let files = adapted("claims", &["dev", "prod"]);
    let policy = file(&files, "branch-policy.yaml");
    let read = branch_policy::File::read("branch-policy.yaml", &policy).unwrap();

    let owners = file(&files, ".github/CODEOWNERS");

    let wanted = branch_policy::github::ownerships(&read);
    assert!(wanted.len() > 15, "{wanted:?}");
    assert_eq!(branch_policy::codeowners::gaps(&owners, &wanted), []);
}
