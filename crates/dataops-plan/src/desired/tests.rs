use dataops_solution::secret::Secret;
use serde_json::json;

use super::*;

fn overlay(overrides: &[(&str, OverrideValue)]) -> Overlay {
    let overrides = overrides.iter();
    Overlay {
        factory: Some("adf-qa".to_owned()),
        overrides: overrides
            .map(|(path, value)| (OverridePath::parse(path).unwrap(), value.clone()))
            .collect(),
        ..Overlay::default()
    }
}

fn documents() -> Vec<(ResourceId, Value)> {
    vec![
        (
            ResourceId::new(Kind::Factory, "adf-dev"),
            json!({"name": "adf-dev", "id": "/subscriptions/s", "location": "westeurope", "properties": {
                "repoConfiguration": {"type": "FactoryGitHubConfiguration"},
                "globalParameters": {"mode": {"type": "string", "value": "dev"}, "days": {"type": "int", "value": 1}}}}),
        ),
        (
            ResourceId::new(Kind::LinkedService, "Sql"),
            json!({"name": "Sql", "etag": "e", "properties": {"type": "SqlServer", "typeProperties": {
                "server": "dev.test", "encryptedCredential": "sealed",
                "password": {"type": "SecureString", "value": ""}}}}),
        ),
        (
            ResourceId::below("default", Kind::ManagedPrivateEndpoint, "sql"),
            json!({"name": "sql", "properties": {"groupId": "sqlServer"}}),
        ),
    ]
}

fn desired(overlay: &Overlay) -> Result<Desired, DesiredError> {
    Desired::of_documents(documents(), overlay)
}

#[test]
fn a_document_is_what_the_environment_wants() {
    let desired = desired(&overlay(&[
        (
            "linkedService.sql.typeProperties.server",
            json!("qa.test").into(),
        ),
        (
            "linkedService.Sql.typeProperties.password",
            OverrideValue::Secret(Secret::new("hunter2")),
        ),
        (
            "managedPrivateEndpoint.sql.groupId",
            json!("database").into(),
        ),
    ]))
    .unwrap();

    let id = ResourceId::new(Kind::LinkedService, "sql");
    let service = desired.get(&id).unwrap();
    assert_eq!(
        service.body(),
        json!({"name": "Sql", "properties": {"type": "SqlServer", "typeProperties": {
            "server": "qa.test", "password": {"type": "SecureString", "value": "hunter2"}}}})
    );
    assert!(!format!("{desired:?}").contains("hunter2"));
    let id = ResourceId::below("default", Kind::ManagedPrivateEndpoint, "sql");
    let endpoint = desired.get(&id).unwrap();
    assert_eq!(endpoint.body()["properties"]["groupId"], "database");
}

#[test]
fn a_secret_of_the_environment_stands_in_any_place() {
    let place = "linkedService.Sql.typeProperties.server";
    let secret = OverrideValue::Secret(Secret::new("hunter2"));

    let desired = desired(&overlay(&[(place, secret)])).unwrap();

    assert!(!format!("{desired:?}").contains("hunter2"));
    let id = ResourceId::new(Kind::LinkedService, "Sql");
    let body = desired.get(&id).unwrap().body();
    assert_eq!(body["properties"]["typeProperties"]["server"], "hunter2");
}

#[test]
fn a_new_factory_takes_neither_name_nor_repository_of_the_source() {
    let desired = desired(&overlay(&[])).unwrap();

    let body = desired.factory.as_ref().unwrap().body();
    assert_eq!(
        body,
        json!({"name": "adf-qa", "location": "westeurope", "properties": {}})
    );
}

#[test]
fn global_parameters_have_the_values_of_the_environment() {
    let with = |values: &[(&str, Value)]| {
        let values = values.iter();
        let overlay = Overlay {
            global_parameters: values
                .map(|(name, value)| ((*name).to_owned(), value.clone()))
                .collect(),
            ..overlay(&[])
        };
        let id = ResourceId::new(Kind::GlobalParameters, "default");
        desired(&overlay).map(|desired| desired.get(&id).unwrap().body())
    };

    assert_eq!(
        with(&[("mode", json!("qa")), ("days", json!("7"))]).unwrap(),
        json!({"name": "default", "properties": {
            "mode": {"type": "string", "value": "qa"}, "days": {"type": "int", "value": 7}}})
    );
    insta::assert_snapshot!(
        [
            with(&[("Mode", json!("qa"))]).unwrap_err().to_string(),
            with(&[("days", json!(1.5))]).unwrap_err().to_string(),
            with(&[("mode", json!(1))]).unwrap_err().to_string(),
        ]
        .join("\n"),
        @r"
        global parameter `Mode`: the source does not have it; it has mode, days
        global parameter `days`: its type is int, and the value is another
        global parameter `mode`: its type is string, and the value is another
        "
    );
}

#[test]
fn of_several_factory_files_the_environments_counts() {
    let factory = |name: &str| {
        (
            ResourceId::new(Kind::Factory, name),
            json!({"name": name, "location": name}),
        )
    };
    let both = vec![factory("adf-dev"), factory("ADF-QA")];

    let chosen = Desired::of_documents(both.clone(), &overlay(&[])).unwrap();
    let none = Desired::of_documents(both, &Overlay::default()).unwrap_err();

    assert_eq!(chosen.factory.unwrap().body()["location"], "ADF-QA");
    assert_eq!(
        none.to_string(),
        "there are several factory files (adf-dev, ADF-QA), and none is called as the environment's factory"
    );
}

#[test]
fn a_file_that_cannot_be_read_is_never_taken_for_one_that_is_gone() {
    let files = [
        ("pipeline/a.json", "{\"name\": \"a\", \"properties\": {}}"),
        ("pipeline/b.json", "{\n \"name\": "),
        ("pipeline/c.json", ""),
    ];
    let repository = Repository::read(&files.into_iter().collect());

    let error = Desired::of(&repository, &Overlay::default()).unwrap_err();

    assert_eq!(
        error.to_string(),
        "pipeline/b.json:2:10: expected a value, found the end of the file; another file cannot be read either"
    );
}

#[test]
fn what_does_not_fit_is_told() {
    let mut twice = documents();
    twice.push((ResourceId::new(Kind::LinkedService, "SQL"), json!({})));
    let nothing = overlay(&[("dataset.x.y", json!(1).into())]);

    assert_eq!(
        Desired::of_documents(twice, &overlay(&[]))
            .unwrap_err()
            .to_string(),
        "two files hold linked service `SQL`"
    );
    assert_eq!(
        desired(&nothing).unwrap_err().to_string(),
        "override `dataset.x.y`: there is no dataset `x`"
    );
}

#[test]
fn a_file_that_is_damaged_stops_a_deployment_even_if_it_can_be_read() {
    let document = br#"{"name": "a", "properties": {"activities": []}}"#;
    for damage in ["}}} trailing".as_bytes(), b"\xff"] {
        let bytes = [document.as_slice(), damage].concat();
        let files = [("pipeline/a.json".to_owned(), bytes)];
        let repository = Repository::read(&files.into_iter().collect());

        let refused = super::documents(&repository);

        assert!(matches!(refused, Err(DesiredError::Unreadable { .. })));
    }
}

#[test]
fn of_two_files_of_one_resource_the_last_is_wanted() {
    let files = ["A", "a"].map(|name| {
        let document = json!({"name": name, "properties": {"activities": [], "description": name}});
        (
            format!("pipeline/{name}.json"),
            document.to_string().into_bytes(),
        )
    });
    let repository = Repository::read(&files.into_iter().collect());

    let wanted = super::documents(&repository).unwrap();

    assert_eq!(wanted.len(), 1);
    assert_eq!(wanted[0].1["properties"]["description"], "a");
}

#[test]
fn a_managed_virtual_network_may_leave_out_its_properties() {
    let network = ResourceId::new(Kind::ManagedVirtualNetwork, "default");
    let documents = vec![(network.clone(), json!({"name": "default"}))];

    let desired = Desired::of_documents(documents, &overlay(&[])).unwrap();

    let body = desired.get(&network).unwrap().body();
    assert_eq!(body, json!({"name": "default", "properties": {}}));
}
