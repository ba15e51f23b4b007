//! Checks, and the apps that report them.

use super::*;

#[test]
fn a_check_counts_by_the_app_that_reports_it() {
    let file = |github: &str| {
        let builds = "[{ check: own }, { check: scan, app: 9 }, { check: b, anyApp: true }, { check: told, required: false }]";
        let text = format!("github: {github}\nbranches: {{ main: {{ builds: {builds} }} }}\n");
        File::read("p.yaml", &text).unwrap()
    };
    let checks = |file: &File, names: &Names| {
        let body = wanted(file, names).remove(0).body;
        body["rules"]["required_status_checks"]["required_status_checks"].clone()
    };
    let server = Names {
        actions: actions("https://github.example.com/api/v3"),
        ..names()
    };

    assert_eq!(
        checks(&file("{}"), &names()),
        json!(["b", "own (app 15368)", "scan (app 9)"])
    );
    assert_eq!(
        checks(&file("{ app: 21 }"), &names()),
        json!(["b", "own (app 21)", "scan (app 9)"])
    );
    assert_eq!(
        checks(&file("{}"), &server),
        json!(["b", "own", "scan (app 9)"])
    );
    assert_eq!(notes(&file("{}"), &names()), []);
    let told = notes(&file("{}"), &server);
    assert_eq!(told.len(), 1);
    assert!(
        told[0].text.contains("may report `own`: name the app"),
        "{told:#?}"
    );
}

#[test]
fn a_check_that_anybody_may_report_differs_from_one_that_an_app_reports() {
    let file = file();
    let wanted = wanted(&file, &names());
    let (mut rulesets, environments) = sent(&wanted);
    let main = rulesets.iter_mut().find(|it| it.name == "dataops: main");
    let rules = main.unwrap().document["rules"].as_array_mut().unwrap();
    let rule = rules
        .iter_mut()
        .find(|it| it["type"] == "required_status_checks");
    let checks = &mut rule.unwrap()["parameters"]["required_status_checks"];
    // The service says so of a check that was chosen without a source.
    *checks = json!([{ "integration_id": null, "context": "validate" }]);

    let plan = compare(wanted, found(&file, &rulesets, &environments));

    let change: Vec<_> = plan.steps.iter().flat_map(|it| &it.changes).collect();
    assert_eq!(change.len(), 1, "{plan:#?}");
    assert_eq!(change[0].before, Some(json!(["validate"])));
    assert_eq!(change[0].after, Some(json!(["validate (app 15368)"])));
}
