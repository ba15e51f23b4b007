//! ARM parameter files.

use adf_migrate::{Role, migrate};
use adf_source::{Files, Repository};

use crate::harness::{FACTORY, migrated, notes, settings, source};

fn parameters(entries: &str) -> String {
    format!(r#"{{"$schema": "x", "contentVersion": "1.0.0.0", "parameters": {{{entries}}}}}"#)
}

#[test]
fn parameters_go_back_to_the_properties_that_they_stand_for() {
    let text = parameters(
        r#""factoryName": {"value": "adf-qa"},
        "LS_Databricks_properties_typeProperties_domain": {"value": "https://qa.test"},
        "ls_databricks_properties_typeProperties_existingclusterid": {"value": "c-2"},
        "LS_Databricks_accessToken": {"value": ""},
        "LS_Sql_connectionString": {"value": "Integrated Security=False;Encrypt=True;Connection Timeout=30;Data Source=qa.test;Initial Catalog=d"},
        "LS_Vault_properties_typeProperties_baseUrl": {"value": "https://dev.vault.test/"},
        "TR_Daily_properties_PL_Copy_parameters_days": {"value": 5},
        "default_properties_env_value": {"value": "qa"},
        "integrationRuntime_ir-dev": {"value": "ir-qa"},
        "containerSasToken": {"value": "secret"},
        "LS_Datbricks_properties_typeProperties_domain": {"value": "x"}"#,
    );
    let migration = migrated(&[source(
        Role::Parameters,
        "qa/ARMTemplateParametersForFactory.json",
        &text,
    )]);

    assert_eq!(
        migration.environments[0].data_factory.as_deref(),
        Some("adf-qa")
    );
    insta::assert_snapshot!(settings(&migration), @r###"
    qa linkedService.LS_Databricks.typeProperties.accessToken.value: {"secret":"${LS_DATABRICKS_ACCESS_TOKEN}"}
    qa linkedService.LS_Databricks.typeProperties.existingClusterId: "c-2"
    qa linkedService.LS_Sql.typeProperties.connectionString: {"secret":"${LS_SQL_CONNECTION_STRING}"}
    qa trigger.TR_Daily.pipelines.0.parameters.days: 5
    qa global env: "qa"
    qa integrationRuntime.ir-dev: ir-qa
    qa needs LS_DATABRICKS_ACCESS_TOKEN (Secret)
    qa needs LS_SQL_CONNECTION_STRING (Secret)
    "###);
    insta::assert_snapshot!(notes(&migration), @r###"
    Lost qa/ARMTemplateParametersForFactory.json:2:9 UnknownParameter: the parameter `LS_Databricks_properties_typeProperties_domain` stands for nothing in the source (did you mean `LS_Databricks_properties_typeProperties_existingClusterId`?)
    Remark qa/ARMTemplateParametersForFactory.json:3:9 LetterCase: the template writes `LS_Databricks_properties_typeProperties_existingClusterId`; case does not count
    Remark qa/ARMTemplateParametersForFactory.json:4:9 Secret: the secret was given to each deployment by hand; give it to the variable `LS_DATABRICKS_ACCESS_TOKEN` (better: let the linked service refer to the key vault, and deploy no secret)
    Remark qa/ARMTemplateParametersForFactory.json:5:9 Secret: `linkedService.LS_Sql.typeProperties.connectionString` holds a secret, which stays out of dataops.yaml; give it to the variable `LS_SQL_CONNECTION_STRING` (better: let the linked service refer to a key vault, and deploy no secret)
    Lost qa/ARMTemplateParametersForFactory.json:11:9 UnknownParameter: the parameter `LS_Datbricks_properties_typeProperties_domain` stands for nothing in the source (did you mean `LS_Databricks_properties_typeProperties_existingClusterId`?)
    "###);
}

#[test]
fn a_template_says_what_its_own_parameters_stand_for() {
    let template = r#"{"$schema": "x", "parameters": {"host": {"type": "string"}, "token": {"type": "secureString"}, "half": {"type": "string"}},
        "resources": [{"name": "[concat(parameters('factoryName'), '/LS_Databricks')]", "type": "Microsoft.DataFactory/factories/linkedServices",
            "properties": {"typeProperties": {"domain": "[parameters('host')]",
                "accessToken": {"type": "SecureString", "value": "[parameters('token')]"}, "existingClusterId": "[concat('c-', parameters('half'))]"}}}]}"#;
    let given = parameters(
        r#""host": {"value": "https://qa.test"}, "half": {"value": "2"},
        "token": {"reference": {"keyVault": {"id": "/x"}, "secretName": "s"}}"#,
    );
    let migration = migrated(&[
        source(Role::Parameters, "arm_template.json", template),
        source(Role::Parameters, "arm_template_parameters.qa.json", &given),
    ]);

    insta::assert_snapshot!(settings(&migration), @r###"
    qa linkedService.LS_Databricks.typeProperties.accessToken.value: {"secret":"${LS_DATABRICKS_ACCESS_TOKEN}"}
    qa linkedService.LS_Databricks.typeProperties.domain: "https://qa.test"
    qa needs LS_DATABRICKS_ACCESS_TOKEN (Secret)
    "###);
    insta::assert_snapshot!(notes(&migration), @r###"
    Lost arm_template_parameters.qa.json:1:100 Inexpressible: the parameter stands inside of an expression of the template, which is no property of a document
    Remark arm_template_parameters.qa.json:2:9 Secret: the secret came from a key vault; let the pipeline read it into the variable `LS_DATABRICKS_ACCESS_TOKEN` (better: let the linked service refer to the key vault, and deploy no secret)
    "###);
}

#[test]
fn a_parameter_that_its_template_uses_nowhere_is_no_loss() {
    let template =
        r#"{"parameters": {"LS_Vault_user": {"type": "secureString"}}, "resources": []}"#;
    let given = parameters(r#""LS_Vault_user": {"value": "u"}"#);
    let migration = migrated(&[
        source(Role::Parameters, "arm_template.json", template),
        source(Role::Parameters, "qa.parameters.json", &given),
    ]);

    assert_eq!(settings(&migration), "");
    insta::assert_snapshot!(notes(&migration), @"Remark qa.parameters.json:1:62 NoEffect: the template declares the parameter, and nothing in it uses it");
}

#[test]
fn every_parameter_of_an_export_is_found_again() {
    let mut files: Vec<_> = FACTORY.to_vec();
    files.push((
        "publish_config.json",
        r#"{"includeGlobalParamsTemplate": true}"#,
    ));
    let files: Files = files.into_iter().collect();
    let repository = Repository::read(&files);
    let vintage = adf_arm::Vintage::of(&repository);
    let (definition, _) = adf_arm::Definition::of(&repository, vintage);
    let export = adf_arm::export(&repository, "adf-dev", &definition, vintage);
    let made = export.files();
    let text = |name: &str| {
        let file = made.iter().find(|file| file.path == name).unwrap();
        String::from_utf8(file.bytes()).unwrap()
    };

    for with_template in [false, true] {
        let mut sources = vec![source(
            Role::Parameters,
            "qa/arm_template_parameters.json",
            &text(adf_arm::PARAMETERS),
        )];
        if with_template {
            sources.push(source(
                Role::Parameters,
                "arm_template.json",
                &text(adf_arm::TEMPLATE),
            ));
        }
        let migration = migrate(&repository, &sources).unwrap();

        // Only the secret that the file leaves empty differs from the source.
        assert_eq!(
            settings(&migration),
            "qa linkedService.LS_Databricks.typeProperties.accessToken.value: {\"secret\":\"${LS_DATABRICKS_ACCESS_TOKEN}\"}\nqa needs LS_DATABRICKS_ACCESS_TOKEN (Secret)\n",
            "{}",
            notes(&migration)
        );
    }
}

#[test]
fn a_file_that_names_no_environment_is_refused() {
    let file = source(Role::Parameters, "x.json", &parameters(""));

    let error = migrate(&Repository::default(), &[file]).unwrap_err();

    assert_eq!(
        error.to_string(),
        "x.json:1:1: its name does not say which environment it is for"
    );
    assert_eq!(
        error.hint.as_deref(),
        Some("put the environment before it, as in `qa=x.json`")
    );
}
