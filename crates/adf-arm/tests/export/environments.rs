//! Parameters files of other environments.

use adf_arm::{Definition, NoParameter, Vintage, export};
use adf_model::{Kind, ResourceId};
use adf_source::Repository;
use serde_json::{Value, json};

use crate::source::{FACTORY, asking, document, reference, repository, service};

/// What the file of an environment says after `given`, and what whoever deploys must add.
fn file(
    repository: &Repository,
    given: &[(Kind, &str, &str, Value)],
) -> (Result<(), NoParameter>, Value, Vec<String>) {
    let (definition, _) = Definition::of(repository, Vintage::Today);
    let export = export(repository, FACTORY, &definition, Vintage::Today);
    let mut environment = export.environment("adf-qa");
    let set = given.iter().try_for_each(|(kind, name, pointer, value)| {
        environment.set(&ResourceId::new(*kind, *name), pointer, value)
    });
    let json: Value = serde_json::from_slice(&environment.bytes()).unwrap();
    let needed = environment.needed().map(str::to_owned).collect();
    (set, json["parameters"].clone(), needed)
}

fn databricks() -> Repository {
    let properties = json!({"domain": "https://dev.test", "existingClusterId": "c-1", "encryptedCredential": "x"});
    repository(&[service("linkedService/ls", "AzureDatabricks", properties)])
}

const CLUSTER: &str = "ls_properties_typeProperties_existingClusterId";

#[test]
fn a_file_says_everything_but_what_must_be_given() {
    let (_, parameters, needed) = file(&databricks(), &[]);

    assert_eq!(
        parameters,
        json!({"factoryName": {"value": "adf-qa"}, CLUSTER: {"value": "c-1"}})
    );
    assert_eq!(needed, ["ls_accessToken"]);
}

#[test]
fn a_value_goes_to_the_parameter_at_its_place() {
    let place = "/properties/typeProperties/existingClusterId";

    let (set, parameters, _) = file(
        &databricks(),
        &[(Kind::LinkedService, "LS", place, json!("c-2"))],
    );

    assert_eq!(set, Ok(()));
    assert_eq!(parameters[CLUSTER], json!({"value": "c-2"}));
}

#[test]
fn a_literal_that_differs_is_named() {
    let place = "/properties/typeProperties/domain";
    let set = |value: &str| {
        file(
            &databricks(),
            &[(Kind::LinkedService, "ls", place, json!(value))],
        )
        .0
    };

    assert_eq!(
        set("https://qa.test"),
        Err(NoParameter {
            pointer: place.to_owned()
        })
    );
    assert_eq!(set("https://dev.test"), Ok(()));
}

#[test]
fn a_secret_is_left_to_whoever_deploys() {
    let repository = databricks();
    let (definition, _) = Definition::of(&repository, Vintage::Today);
    let export = export(&repository, FACTORY, &definition, Vintage::Today);
    let mut environment = export.environment("adf-qa");
    let id = ResourceId::new(Kind::LinkedService, "ls");

    let place = "/properties/typeProperties/existingClusterId";
    environment.withhold(&id, place).unwrap();

    assert_eq!(
        environment.needed().collect::<Vec<_>>(),
        ["ls_accessToken", CLUSTER]
    );
    assert!(
        !String::from_utf8(environment.bytes())
            .unwrap()
            .contains("c-1")
    );
    assert!(
        environment
            .withhold(&id, "/properties/typeProperties/domain")
            .is_err()
    );
}

#[test]
fn an_object_goes_to_the_parameters_in_it() {
    let pipeline = json!({"pipelineReference": reference("p", "Pipeline"), "parameters": {"env": "dev", "n": 1}});
    let files = repository(&[
        asking("pipeline/p", ["env", "n"]),
        document(
            "trigger/t",
            json!({"type": "ScheduleTrigger", "pipelines": [pipeline], "typeProperties": {}}),
        ),
    ]);
    let set = |value: Value| {
        file(
            &files,
            &[(
                Kind::Trigger,
                "t",
                "/properties/pipelines/0/parameters",
                value,
            )],
        )
    };

    let (done, parameters, _) = set(json!({"n": 2, "env": "qa"}));
    assert_eq!(done, Ok(()));
    assert_eq!(
        parameters["t_properties_p_parameters_env"],
        json!({"value": "qa"})
    );
    assert_eq!(
        parameters["t_properties_p_parameters_n"],
        json!({"value": 2})
    );
    assert!(set(json!({"env": "qa"})).0.is_err());
}

#[test]
fn values_inside_an_objects_parameter_add_up() {
    let globals = json!({"limits": {"type": "object", "value": {"max": 5, "min": 1}}, "q": {"type": "string", "value": "[x]"}});
    let files = repository(&[
        document("factory/adf-dev", json!({"globalParameters": globals})),
        (
            "publish_config",
            json!({"includeGlobalParamsTemplate": true}),
        ),
    ]);
    let limits = |key: &str| format!("/properties/globalParameters/limits/value/{key}");
    let (max, min) = (limits("max"), limits("min"));

    let (set, parameters, _) = file(
        &files,
        &[
            (Kind::Factory, "adf-dev", &max, json!(9)),
            (Kind::Factory, "adf-dev", &min, json!(2)),
        ],
    );

    assert_eq!(set, Ok(()));
    assert_eq!(
        parameters["default_properties_limits_value"],
        json!({"value": {"max": 9, "min": 2}})
    );
    // ARM reads no expressions in a parameters file.
    assert_eq!(
        parameters["default_properties_q_value"],
        json!({"value": "[x]"})
    );
}
