use std::collections::HashMap;

use super::*;

fn resolve(
    overrides: &Overrides,
    variables: &[(&str, &str)],
    file: &str,
) -> Result<Config, ConfigError> {
    let home = tempfile::tempdir().unwrap();
    if !file.is_empty() {
        std::fs::write(home.path().join(".databrickscfg"), file).unwrap();
    }
    let variables: HashMap<_, _> = variables.iter().copied().collect();
    let environment = |name: &str| variables.get(name).map(|value| (*value).to_owned());
    Config::resolve(overrides, &environment, Some(home.path()))
}

fn profile(name: &str) -> Overrides {
    Overrides {
        profile: Some(name.to_owned()),
        ..Overrides::default()
    }
}

const FILE: &str = "
[DEFAULT]
host = https://default.test
token = default-token
cluster_id = default-cluster

[azure]
host = https://adb-1.2.azuredatabricks.net
azure_client_id = app
azure_client_secret = hush
azure_tenant_id = tenant

[bare]
host = https://bare.test
";

#[test]
fn the_environment_goes_before_a_profile_that_it_names_itself() {
    let variables = [
        ("DATABRICKS_CONFIG_PROFILE", "azure"),
        ("ARM_TENANT_ID", "other"),
    ];

    let config = resolve(&Overrides::default(), &variables, FILE).unwrap();

    assert_eq!(config.value(Attribute::AzureTenantId), Some("other"));
    assert_eq!(
        config.get(Attribute::AzureTenantId).unwrap().source,
        Source::Environment("ARM_TENANT_ID")
    );
    assert_eq!(config.value(Attribute::AzureClientId), Some("app"));
    assert_eq!(config.auth_method(), Ok(AuthMethod::AzureClientSecret));
}

#[test]
fn a_profile_that_the_caller_names_goes_before_the_environment() {
    let variables = [
        ("DATABRICKS_HOST", "https://env.test"),
        ("DATABRICKS_TOKEN", "env-token"),
        ("DATABRICKS_WAREHOUSE_ID", "w"),
    ];

    let config = resolve(&profile("azure"), &variables, FILE).unwrap();

    assert_eq!(config.host(), Ok("https://adb-1.2.azuredatabricks.net"));
    assert_eq!(config.auth_method(), Ok(AuthMethod::AzureClientSecret));
    assert_eq!(config.value(Attribute::Token), None);
    assert_eq!(config.value(Attribute::WarehouseId), Some("w"));
}

#[test]
fn a_profile_without_a_way_to_sign_in_takes_that_of_the_environment() {
    let config = resolve(&profile("bare"), &[("DATABRICKS_TOKEN", "env-token")], FILE).unwrap();

    assert_eq!(config.host(), Ok("https://bare.test"));
    assert_eq!(config.value(Attribute::Token), Some("env-token"));
}

#[test]
fn arguments_go_before_everything() {
    let mut overrides = profile("DEFAULT");
    overrides.values = vec![
        (Attribute::Host, "mine.test".into()),
        (Attribute::ClusterId, String::new()),
    ];

    let config = resolve(&overrides, &[("DATABRICKS_HOST", "https://env.test")], FILE).unwrap();

    assert_eq!(config.host(), Ok("https://mine.test"));
    assert_eq!(config.value(Attribute::Token), Some("default-token"));
    assert_eq!(config.value(Attribute::ClusterId), Some("default-cluster"));
}

#[test]
fn the_file_is_left_alone_when_the_environment_signs_in() {
    let config = resolve(
        &Overrides::default(),
        &[("DATABRICKS_TOKEN", "t")],
        "not an ini file",
    )
    .unwrap();

    assert_eq!(config.value(Attribute::Host), None);
    let said = config.host().unwrap_err().to_string();
    assert!(
        said.contains("DATABRICKS_HOST") && said.contains("no file was read"),
        "{said}"
    );
}

#[test]
fn the_default_profile_is_used_and_not_inherited() {
    let default = resolve(&Overrides::default(), &[], FILE).unwrap();
    let other = resolve(&profile("bare"), &[], FILE).unwrap();

    assert_eq!(default.value(Attribute::Token), Some("default-token"));
    assert_eq!(other.value(Attribute::Token), None);
}

#[test]
fn the_file_can_name_its_default_profile() {
    let file = format!("{FILE}\n[__settings__]\ndefault_profile = bare\n");

    assert_eq!(
        resolve(&Overrides::default(), &[], &file).unwrap().host(),
        Ok("https://bare.test")
    );
}

#[test]
fn a_missing_profile_is_named_with_those_that_are_there() {
    let error = resolve(&profile("none"), &[], FILE).unwrap_err();
    let no_file = resolve(&profile("none"), &[], "").unwrap_err();

    assert!(
        error
            .to_string()
            .ends_with("has no profile `none`; it has DEFAULT, azure, bare"),
        "{error}"
    );
    assert!(
        matches!(no_file, ConfigError::Unreadable { .. }),
        "{no_file}"
    );
    assert!(resolve(&profile("__settings__"), &[], "[__settings__]\na=b").is_err());
    assert_eq!(
        Config::resolve(&profile("x"), &|_| None, None).unwrap_err(),
        ConfigError::NoHome {
            profile: "x".into()
        }
    );
}

#[test]
fn the_file_may_be_elsewhere_and_below_home() {
    let home = tempfile::tempdir().unwrap();
    std::fs::write(home.path().join("other.cfg"), FILE).unwrap();
    let environment =
        |name: &str| (name == "DATABRICKS_CONFIG_FILE").then(|| "~/other.cfg".to_owned());

    let config = Config::resolve(&profile("bare"), &environment, Some(home.path())).unwrap();

    assert_eq!(config.host(), Ok("https://bare.test"));
}

#[test]
fn a_file_that_the_caller_names_is_read_in_any_case() {
    let home = tempfile::tempdir().unwrap();
    std::fs::write(home.path().join("mine.cfg"), FILE).unwrap();
    let overrides = Overrides {
        values: vec![(Attribute::Host, "mine.test".into())],
        file: Some(home.path().join("mine.cfg")),
        ..Overrides::default()
    };

    let config = Config::resolve(&overrides, &|_| None, None).unwrap();

    assert_eq!(config.host(), Ok("https://mine.test"));
    assert_eq!(config.value(Attribute::Token), Some("default-token"));
}

#[test]
fn several_ways_to_sign_in_are_named_with_their_sources() {
    let variables = [
        ("DATABRICKS_HOST", "x.test"),
        ("DATABRICKS_TOKEN", "t"),
        ("ARM_CLIENT_ID", "app"),
    ];

    let config = resolve(&Overrides::default(), &variables, "").unwrap();
    let chosen = resolve(
        &Overrides {
            values: vec![(Attribute::AuthType, "pat".into())],
            ..Overrides::default()
        },
        &variables,
        "",
    );

    assert_eq!(
        config.auth_method().unwrap_err().to_string(),
        "more than one way to sign in is configured: azure (azure_client_id from ARM_CLIENT_ID) and pat (token from DATABRICKS_TOKEN); choose one with auth_type"
    );
    assert_eq!(chosen.unwrap().auth_method(), Ok(AuthMethod::Pat));
}

#[test]
fn without_a_way_to_sign_in_it_is_said_what_was_looked_at() {
    let config = resolve(&Overrides::default(), &[("DATABRICKS_HOST", "x.test")], "").unwrap();

    let said = config.auth_method().unwrap_err().to_string();

    for part in [
        "host=x.test from DATABRICKS_HOST",
        "DATABRICKS_TOKEN",
        "ARM_CLIENT_SECRET",
        "no file was read",
    ] {
        assert!(said.contains(part), "{said}");
    }
}

#[test]
fn each_way_to_sign_in_has_its_settings() {
    let method = |variables: &[(&str, &str)]| {
        let host = [("DATABRICKS_HOST", "https://adb-1.2.azuredatabricks.net")];
        let all: Vec<_> = host.iter().chain(variables).copied().collect();
        resolve(&Overrides::default(), &all, "")
            .unwrap()
            .auth_method()
            .map_err(|error| error.to_string())
    };

    assert_eq!(method(&[]), Ok(AuthMethod::AzureCli));
    assert_eq!(method(&[("ARM_TENANT_ID", "t")]), Ok(AuthMethod::AzureCli));
    assert_eq!(
        method(&[("ARM_USE_MSI", "true"), ("ARM_CLIENT_ID", "a")]),
        Ok(AuthMethod::AzureMsi)
    );
    assert_eq!(
        method(&[("DATABRICKS_TOKEN", "t"), ("ARM_USE_MSI", "false")]),
        Ok(AuthMethod::Pat)
    );
    assert_eq!(
        method(&[
            ("DATABRICKS_CLIENT_ID", "a"),
            ("DATABRICKS_CLIENT_SECRET", "s")
        ]),
        Ok(AuthMethod::OauthM2m)
    );
    assert_eq!(
        method(&[("DATABRICKS_CLIENT_ID", "a")]).unwrap_err(),
        "signing in by oauth-m2m also needs client_secret (DATABRICKS_CLIENT_SECRET)"
    );
    assert_eq!(
        method(&[("ARM_CLIENT_ID", "a"), ("ARM_CLIENT_SECRET", "s")]).unwrap_err(),
        "signing in by azure-client-secret also needs azure_tenant_id (ARM_TENANT_ID)"
    );
    assert!(
        method(&[("DATABRICKS_AUTH_TYPE", "external-browser")])
            .unwrap_err()
            .contains("known are pat, oauth-m2m")
    );
    assert!(
        method(&[("DATABRICKS_USERNAME", "u"), ("DATABRICKS_PASSWORD", "p")])
            .unwrap_err()
            .contains("no longer")
    );
}

#[test]
fn hosts_are_put_straight() {
    for (given, straight) in [
        (
            "adb-1.2.azuredatabricks.net",
            "https://adb-1.2.azuredatabricks.net",
        ),
        (
            " https://ADB-1.2.azuredatabricks.net/?o=1#job/2 ",
            "https://adb-1.2.azuredatabricks.net",
        ),
        ("https://x.test:443/", "https://x.test"),
        ("https://x.test:8443/a/b", "https://x.test:8443"),
        ("http://127.0.0.1:8080/", "http://127.0.0.1:8080"),
        ("", "https://"),
        (
            r"https://127.0.0.1:9\.azuredatabricks.net",
            "https://127.0.0.1:9",
        ),
        (
            "ADB-1.azuredatabricks.net\t:443",
            "https://adb-1.azuredatabricks.net",
        ),
        ("https://me:hush@x.test/a", "https://me:hush@x.test"),
    ] {
        assert_eq!(normalize_host(given), straight, "{given}");
    }
}

#[test]
fn secrets_are_not_shown() {
    let mut overrides = profile("azure");
    overrides.values = vec![(Attribute::Token, "dapi-token".into())];
    let config = resolve(&overrides, &[], FILE).unwrap();

    let shown = format!(
        "{config:?} {overrides:?} {}",
        config.auth_method().unwrap_err()
    );

    assert!(
        !shown.contains("dapi-token") && !shown.contains("hush"),
        "{shown}"
    );
    assert!(shown.contains("azure_client_secret=***"), "{shown}");
}
