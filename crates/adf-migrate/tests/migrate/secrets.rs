//! A secret is found in nothing that a migration says.

use adf_migrate::Role;

use crate::harness::{config, migrated, settings, source};

const CANARY: &str = "c4n4ry-5ecret";

#[test]
fn a_canary_sings_nowhere() {
    let lines = format!(
        "linkedService,LS_Databricks,typeProperties.accessToken.value,{CANARY}
linkedService,LS_Databricks,typeProperties.accessToken,\"{{'type':'SecureString','value':'{CANARY}'}}\"
linkedService,LS_Databricks,+typeProperties.password,{CANARY}
linkedService,LS_Databricks,typeProperties.domain,https://user:{CANARY}@qa.test
linkedService,LS_Sql,typeProperties.connectionString,Data Source=qa.test;Initial Catalog=d;User ID=u;Password={CANARY}
linkedService,LS_Sql,+typeProperties.encryptedCredential,{CANARY}
linkedService,LS_Vault,typeProperties.baseUrl,https://v.test?sig={CANARY}
pipeline,PL_Copy,variables.sqlPassword.defaultValue,{CANARY}
pipeline,PL_Copy,activities[1].typeProperties.headers,\"{{'Authorization':'{CANARY}','x':'y'}}\"
pipeline,PL_Copy,+activities[1].typeProperties.connectionString,{CANARY}
pipeline,PL_Copy,-annotations,{CANARY}
factory,*,+globalParameters.apiKey.type,string
factory,*,+globalParameters.apiKey.value,{CANARY}
pipeline,PL_Copy,parameters.days.defaultValue,{CANARY}
pipeline,PL_Copy,activities,{CANARY}
pipeline,PL_Copy,variables.names.defaultValue,{CANARY}
pipeline,PL_Copy,a.b,{CANARY}
pipeline,none,a.b,{CANARY}
pipeline,PL_Copy,folder.name,$({CANARY})
pipeline,PL_Copy,description,{CANARY},{CANARY}"
    );
    let parameters = format!(
        r#"{{"parameters": {{"LS_Databricks_accessToken": {{"value": "{CANARY}"}}, "LS_Sql_connectionString": {{"value": "{CANARY}"}},
            "containerSasToken": {{"value": "{CANARY}"}}, "nothing": {{"value": "{CANARY}"}}}}}}"#
    );
    let sources = [
        config(&lines),
        source(
            Role::Parameters,
            "ARMTemplateParametersForFactory.qa.json",
            &parameters,
        ),
    ];
    for sources in [&sources[..], &sources[..1], &sources[1..]] {
        let migration = migrated(sources);

        let all = format!(
            "{migration:?} {}",
            serde_json::to_string(&migration).unwrap()
        );
        assert!(!all.contains(CANARY), "{all}");
        assert!(!settings(&migration).is_empty());
    }
}

#[test]
fn secrets_become_variables_with_proposed_names() {
    let migration = migrated(&[config(
        "linkedService,LS_Databricks,typeProperties.accessToken.value,hunter2
linkedService,LS_Sql,typeProperties.connectionString,Server=qa.test;Database=d;User ID=u;Password=$Env:SQL_PASSWORD
linkedService,LS_Vault,typeProperties.baseUrl,$Env:VAULT_URL
pipeline,PL_Copy,variables.sqlPassword.defaultValue,hunter2
linkedService,LS_Sql,+typeProperties.password,hunter2",
    )]);

    insta::assert_snapshot!(settings(&migration), @r###"
    qa linkedService.LS_Databricks.typeProperties.accessToken.value: {"secret":"${LS_DATABRICKS_ACCESS_TOKEN}"}
    qa linkedService.LS_Sql.typeProperties.connectionString: {"secret":"Server=qa.test;Database=d;User ID=u;Password=${SQL_PASSWORD}"}
    qa linkedService.LS_Sql.typeProperties.password: "${LS_SQL_PASSWORD}"
    qa linkedService.LS_Vault.typeProperties.baseUrl: "${VAULT_URL}"
    qa pipeline.PL_Copy.variables.sqlPassword.defaultValue: {"secret":"${PL_COPY_SQL_PASSWORD}"}
    qa needs SQL_PASSWORD (Taken)
    qa needs VAULT_URL (Taken)
    qa needs LS_DATABRICKS_ACCESS_TOKEN (Secret)
    qa needs LS_SQL_PASSWORD (Secret)
    qa needs PL_COPY_SQL_PASSWORD (Secret)
    "###);
}
