use dataops_solution::Solution;
use dataops_solution::environment::Variables;

use super::super::{AZURE_DEVOPS, CI, GITHUB, SOLUTION, TESTS};
use super::*;

fn adapted(name: &str, environments: &[&str]) -> Vec<(&'static str, String)> {
    let environments: Vec<_> = environments.iter().map(|it| (*it).to_owned()).collect();
    let adapted = Adapted {
        name,
        environments: &environments,
    };
    let files = [SOLUTION, TESTS, CI, AZURE_DEVOPS, GITHUB].concat();
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

    for (path, bytes) in [SOLUTION, TESTS, CI, AZURE_DEVOPS, GITHUB].concat() {
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
        let mut expected: Vec<_> = chain.iter().map(|it| (*it).to_owned()).collect();
        expected.push("local".to_owned());
        expected.sort();
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
            let is_last = at > 0 && at + 1 == chain.len();
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
