//! What differs from what ought to be.

use super::*;

#[test]
fn what_was_sent_is_as_it_ought_to_be() {
    let file = file();
    let wanted = wanted(&file, &names());
    let (rulesets, environments) = sent(&wanted);

    let plan = compare(wanted, found(&file, &rulesets, &environments));

    assert!(plan.is_settled() && plan.counts().leave == 0, "{plan:#?}");
}

#[test]
fn what_somebody_has_changed_is_told_and_strangers_stay() {
    let file = file();
    let wanted = wanted(&file, &names());
    let (mut rulesets, mut environments) = sent(&wanted);
    let main = rulesets
        .iter_mut()
        .find(|it| it.name == "dataops: main")
        .unwrap();
    main.document["enforcement"] = json!("evaluate");
    main.document["bypass_actors"] =
        json!([{ "actor_id": 5, "actor_type": "RepositoryRole", "bypass_mode": "always" }]);
    let rules = main.document["rules"].as_array_mut().unwrap();
    rules.retain(|rule| rule["type"] != "deletion");
    let reviews = rules.iter_mut().find(|it| it["type"] == "pull_request");
    reviews.unwrap()["parameters"]["require_extra_approval_for_unattributed_changes"] =
        json!(false);
    let mut theirs = main.clone();
    (theirs.id, theirs.name) = (40, "signed".to_owned());
    let mut wide = theirs.clone();
    wide.id = 41;
    wide.document["conditions"]["ref_name"]["include"] = json!(["~ALL"]);
    let mut tags = theirs.clone();
    (tags.id, tags.document["target"]) = (42, json!("tag"));
    rulesets.extend([theirs, wide, tags]);
    environments[0].reviewers.pop();

    let plan = compare(wanted, found(&file, &rulesets, &environments)).pruned();

    let steps = plan.steps.iter().filter(|it| it.action != Action::Keep);
    let steps: Vec<_> = steps
        .map(|it| {
            let places: Vec<_> = it
                .changes
                .iter()
                .map(|change| change.place.as_str())
                .collect();
            format!(
                "{:?} {} {:?} {}",
                it.action,
                it.title,
                it.id,
                places.join(" ")
            )
        })
        .collect();
    insta::assert_snapshot!(steps.join("\n"), @r#"
    Leave ruleset `signed` Some(41) 
    Change ruleset `dataops: main` Some(2) enforcement rules.deletion rules.pull_request.require_extra_approval_for_unattributed_changes bypass_actors
    Delete ruleset `signed` Some(40) 
    Leave ruleset `signed` Some(41) 
    Leave ruleset `signed` Some(41) 
    Change protection, with approval by platform, @ada None reviewers
    "#);
}
