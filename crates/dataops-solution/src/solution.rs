//! A solution: a folder with `dataops.yaml`, and what it names.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::environment::{Environment, Needs, Variables};
use crate::settings::{FILE_NAME, Settings, SettingsError};
use crate::source::{below_root, leads_out};
use crate::text;
use crate::yaml::{LARGEST, Source};

/// A solution, as a team keeps it in git.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Solution {
    /// The folder with `dataops.yaml`.
    pub root: PathBuf,
    /// What `dataops.yaml` says.
    pub settings: Settings,
    /// Its text.
    pub source: Source,
}

/// The folder that `adf.root` names lies outside of the solution.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`adf.root` of {FILE_NAME} leads out of the solution: {}", .0.display())]
pub struct LeadsOut(pub PathBuf);

impl Solution {
    /// Reads the solution that `folder` lies in: `dataops.yaml` is looked for there and in the folders above.
    ///
    /// # Errors
    ///
    /// When there is no `dataops.yaml`, or it cannot be used.
    pub fn find(folder: &Path) -> Result<Self, SettingsError> {
        let root = Self::locate(folder)?;
        let path = shown(folder, &root);
        let text = read(&path)?;
        Ok(Self {
            root,
            settings: Settings::parse(&path, &text)?,
            source: Source::new(path, text),
        })
    }

    /// The root of the solution that `folder` lies in: the nearest folder at or above it with a `dataops.yaml`.
    ///
    /// # Errors
    ///
    /// When there is no `dataops.yaml`.
    pub fn locate(folder: &Path) -> Result<PathBuf, SettingsError> {
        let start = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
        let root = start
            .ancestors()
            .find(|candidate| candidate.join(FILE_NAME).is_file());
        let root = root.ok_or_else(|| SettingsError::Missing(folder.to_owned()))?;
        Ok(root.to_owned())
    }

    /// The solution in `root`, whose `dataops.yaml` has this text.
    ///
    /// # Errors
    ///
    /// When the text cannot be used.
    pub fn new(root: impl Into<PathBuf>, text: impl Into<String>) -> Result<Self, SettingsError> {
        let root = root.into();
        let source = Source::new(root.join(FILE_NAME), text);
        Ok(Self {
            settings: Settings::parse(source.path(), source.text())?,
            root,
            source,
        })
    }

    /// The folder of the Data Factory documents; none where the settings name none.
    ///
    /// # Errors
    ///
    /// When it leads out of the solution: what lies there is not under its control.
    pub fn documents(&self) -> Result<Option<PathBuf>, LeadsOut> {
        let Some(adf) = &self.settings.adf else {
            return Ok(None);
        };
        let below = below_root(&adf.root.to_string_lossy());
        match below.is_some_and(|below| !leads_out(&self.root, &below)) {
            true => Ok(Some(self.path(&adf.root))),
            false => Err(LeadsOut(adf.root.clone())),
        }
    }

    /// A path of the settings, from the root.
    #[must_use]
    pub fn path(&self, relative: &Path) -> PathBuf {
        self.root.join(relative)
    }

    /// The same as it is shown: from where the settings themselves are seen.
    #[must_use]
    pub fn shown(&self, relative: &Path) -> PathBuf {
        self.source.path().with_file_name("").join(relative)
    }

    /// An environment with everything that it extends, and its variables replaced.
    ///
    /// # Errors
    ///
    /// When there is no such environment, environments extend each other in a circle, or a variable has no value.
    pub fn environment(
        &self,
        name: &str,
        variables: &Variables,
    ) -> Result<Environment, SettingsError> {
        self.environment_with(name, variables, Needs::Everything)
    }

    /// The same with just what somebody needs of it, so that only its variables need a value.
    ///
    /// # Errors
    ///
    /// As [`Solution::environment`].
    pub fn environment_with(
        &self,
        name: &str,
        variables: &Variables,
        needs: Needs,
    ) -> Result<Environment, SettingsError> {
        let merged = self.settings.merged(name)?;
        Environment::resolve(name, &self.settings, &merged, variables, needs)
    }
}

/// Reads the settings' text.
pub(crate) fn read(path: &Path) -> Result<String, SettingsError> {
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes));
    match read {
        Ok(_) if bytes.len() as u64 > LARGEST => Err(SettingsError::TooLarge {
            path: path.to_owned(),
            limit: LARGEST,
        }),
        Ok(_) => text::utf8(bytes).map_err(|fault| SettingsError::NotUtf8 {
            path: path.to_owned(),
            fault,
        }),
        Err(source) => Err(SettingsError::Unreadable {
            path: path.to_owned(),
            source,
        }),
    }
}

/// The path of the settings as it is shown: short where they lie in the folder that was named.
fn shown(folder: &Path, root: &Path) -> PathBuf {
    let here = folder.join(FILE_NAME);
    match here.is_file() {
        true => here.strip_prefix(".").map(Path::to_owned).unwrap_or(here),
        false => root.join(FILE_NAME),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deployment::{PolicyRule, TriggerPolicy};
    use crate::overrides::OverrideValue;
    use crate::secret::Secret;

    fn solution(text: &str) -> Result<Solution, SettingsError> {
        Ok(Solution {
            root: PathBuf::from("/s"),
            settings: Settings::parse(Path::new("dataops.yaml"), text)?,
            source: Source::new("dataops.yaml", text),
        })
    }

    #[test]
    fn documents_lie_inside() {
        let folder = tempfile::tempdir().unwrap();
        let documents = |root: &str| {
            let text = format!("name: x\nadf: {{ root: '{root}' }}\n");
            Solution::new(folder.path().join("s"), text)
                .unwrap()
                .documents()
        };

        assert_eq!(documents("adf"), Ok(Some(folder.path().join("s/adf"))));
        for out in ["../adf", "/adf"] {
            assert_eq!(documents(out), Err(LeadsOut(PathBuf::from(out))));
        }
    }

    const CHAIN: &str = "
name: ingest
environments:
  qa:
    subscription: ${SUB}
    resourceGroup: rg-qa
    dataFactory: adf-qa
    databricks: { host: 'https://${HOST}' }
    overrides: { a.b.c: 'x-${SUB}', a.b.d: 1 }
  uat: { extends: qa, resourceGroup: rg-uat, overrides: { a.b.d: 2 } }
";

    fn variables() -> Variables {
        Variables::new([("SUB", "s-1"), ("HOST", "adb.test")])
    }

    #[test]
    fn an_environment_has_what_it_extends() {
        let uat = solution(CHAIN)
            .unwrap()
            .environment("uat", &variables())
            .unwrap();

        let azure = uat.azure().unwrap();
        assert_eq!(
            (azure.subscription.as_str(), azure.resource_group.as_str()),
            ("s-1", "rg-uat")
        );
        assert_eq!(azure.factory, "adf-qa");
        assert_eq!(uat.databricks.unwrap().host, "https://adb.test");
        assert_eq!(uat.overrides["a.b.c"].plain().unwrap(), "x-s-1");
        assert_eq!(uat.overrides["a.b.d"].plain().unwrap(), 2);
    }

    #[test]
    fn what_is_said_of_a_deployment_is_inherited_entry_by_entry() {
        let text = "
name: ingest
environments:
  uat:
    deleteNotInSource: true
    renames: { integrationRuntime.shir-dev: 'shir-${SUB}' }
    triggers: { '*': off, OnData: on }
    globalParameters: { mode: test, days: 3 }
    policy: { deny: [delete-stateful], requireConsent: [delete], maxDeletePercent: 10 }
  prod:
    extends: uat
    triggers: { OnData: keep }
    globalParameters: { mode: live }
    policy: { deny: [] }
";
        let prod = solution(text)
            .unwrap()
            .environment("prod", &variables())
            .unwrap();

        assert!(prod.delete_not_in_source);
        assert_eq!(prod.renames["integrationRuntime.shir-dev"], "shir-s-1");
        assert_eq!(prod.triggers["*"], TriggerPolicy::Off);
        assert_eq!(prod.triggers["OnData"], TriggerPolicy::Keep);
        assert_eq!(prod.global_parameters["mode"], "live");
        assert_eq!(prod.global_parameters["days"], 3);
        assert_eq!(prod.policy.deny.as_deref(), Some(&[][..]));
        assert_eq!(
            prod.policy.require_consent.as_deref(),
            Some(&[PolicyRule::Delete][..])
        );
        assert_eq!(prod.policy.max_delete_percent, Some(10));
    }

    #[test]
    fn a_secret_is_seen_nowhere() {
        let text = "
name: ingest
environments:
  qa: { overrides: { linkedService.Sql.typeProperties.password.value: { secret: '${PASSWORD}' } } }
";
        let variables = Variables::new([("PASSWORD", "hunter2")]);
        let qa = solution(text)
            .unwrap()
            .environment("qa", &variables)
            .unwrap();

        let secret = OverrideValue::Secret(Secret::new("hunter2"));
        assert!(qa.overrides.values().eq(std::iter::once(&secret)));
        assert!(!format!("{qa:?}").contains("hunter2"));
    }

    #[test]
    fn a_variable_without_a_value_is_named_with_its_place() {
        let error = solution(CHAIN)
            .unwrap()
            .environment("qa", &Variables::new([("SUB", "s")]))
            .unwrap_err();

        assert_eq!(
            error.to_string(),
            "environment `qa`: `databricks.host` needs the variable `HOST`, which is not set"
        );
    }

    #[test]
    fn an_ml_address_without_a_name_is_refused_with_its_place() {
        let place = "pipeline.p.variables.id.defaultValue";
        for (section, name) in [("overrides", place), ("globalParameters", "id")] {
            let setting = format!("{section}: {{ {name}: 'aml://pipelines/${{ML:-}}' }}");
            let text = format!("name: ingest\nenvironments:\n  qa: {{ {setting} }}\n");
            let of = |ml: &str| {
                let variables = Variables::new([("ML", ml)]);
                solution(&text).unwrap().environment("qa", &variables)
            };

            let told = of("").unwrap_err().to_string();
            let expected =
                format!("environment `qa`: `{section}.{name}` is `aml://pipelines/`, not aml://");
            assert!(told.starts_with(&expected), "{told}");
            of("training").unwrap();
        }
    }

    #[test]
    fn only_what_is_needed_needs_its_variables() {
        let text = "
name: ingest
environments:
  qa:
    subscription: ${SUB}
    resourceGroup: rg
    dataFactory: adf
    databricks: { host: '${HOST}' }
    storage: { account: 'st${STAGE}' }
    overrides: { linkedService.Sql.typeProperties.password: { secret: '${PASSWORD}' } }
  uat: { extends: qa, after: qa, promote: { tests: [contract] } }
";
        let solution = solution(text).unwrap();
        let resolved = |needs, variables: &[(&str, &str)]| {
            let variables = Variables::new(variables.iter().copied());
            solution.environment_with("uat", &variables, needs)
        };

        let records = resolved(Needs::Records, &[("STAGE", "qa")]).unwrap();
        assert_eq!(records.storage.as_ref().unwrap().account, "stqa");
        assert_eq!(records.after.as_deref(), Some("qa"));
        assert_eq!(records.promote.tests.as_ref().unwrap().len(), 1);
        assert!(records.azure().is_err());
        assert!(resolved(Needs::Factory, &[("STAGE", "qa")]).is_err());
        let factory = resolved(Needs::Factory, &[("STAGE", "qa"), ("SUB", "s")]).unwrap();
        assert_eq!(factory.azure().unwrap().factory, "adf");
        assert!(factory.overrides.is_empty());
        assert!(factory.databricks.is_none());
        let variables = [("STAGE", "qa"), ("SUB", "s"), ("HOST", "https://adb.test")];
        let places = resolved(Needs::Places, &variables).unwrap();
        assert_eq!(places.databricks.unwrap().host, "https://adb.test");
        assert!(places.overrides.is_empty());
        assert!(resolved(Needs::Everything, &variables).is_err());
    }

    #[test]
    fn variables_stand_in_records_and_smoke_tests_too() {
        let text = "
name: ingest
environments:
  qa:
    dataFactory: adf
    subscription: s
    resourceGroup: rg
    records: { folder: '../records/${STAGE}' }
    smoke: { pipeline: 'p-${STAGE}', container: 'in${STAGE}', folder: '_${STAGE}/{id}', parameters: { list: ['${STAGE}'], n: 1 } }
";
        let variables = Variables::new([("STAGE", "qa")]);
        let qa = solution(text)
            .unwrap()
            .environment("qa", &variables)
            .unwrap();

        assert_eq!(qa.records.folder.unwrap(), Path::new("../records/qa"));
        let smoke = qa.smoke.unwrap();
        assert_eq!(
            (smoke.pipeline.as_str(), smoke.container.as_deref()),
            ("p-qa", Some("inqa"))
        );
        assert_eq!(smoke.folder.as_deref(), Some("_qa/{id}"));
        assert_eq!(smoke.parameters["list"], serde_json::json!(["qa"]));
        assert_eq!(smoke.parameters["n"], 1);
        let missing = solution(text)
            .unwrap()
            .environment("qa", &Variables::default())
            .unwrap_err();
        assert!(missing.to_string().contains("records.folder"), "{missing}");
    }

    #[test]
    fn variables_stand_in_the_folder_of_the_notebooks_too() {
        let text = "
name: ingest
notebooks: { root: notebooks, target: '/Shared/${TEAM}/ingest-${STAGE:-dev}' }
environments:
  qa: {}
  uat: { notebooks: { target: '/Shared/uat/${TEAM}' } }
  prod: { extends: uat }
";
        let solution = solution(text).unwrap();
        let target_of = |name: &str, variables: &[(&str, &str)], needs| {
            let variables = Variables::new(variables.iter().copied());
            let environment = solution.environment_with(name, &variables, needs);
            environment.map(|it| it.notebooks_target)
        };
        let target = |variables: &[(&str, &str)], needs| target_of("qa", variables, needs);

        let known = [("TEAM", "claims")];
        assert_eq!(
            target(&known, Needs::Everything).unwrap().as_deref(),
            Some("/Shared/claims/ingest-dev")
        );
        let missing = target(&[], Needs::Everything).unwrap_err().to_string();
        assert_eq!(
            missing,
            "environment `qa`: `notebooks.target` needs the variable `TEAM`, which is not set"
        );
        assert_eq!(target(&[], Needs::Places).unwrap(), None);
        for name in ["uat", "prod"] {
            let own = target_of(name, &known, Needs::Everything).unwrap();
            assert_eq!(own.as_deref(), Some("/Shared/uat/claims"));
        }
    }

    #[test]
    fn variables_stand_in_all_that_is_said_of_a_workspace() {
        let text = "
name: ingest
environments:
  qa:
    databricks:
      host: h
      cluster:
        name: c
        libraries:
          - { pypi: { package: 'lightgbm==${V}', repo: 'https://${V}.test' } }
          - { maven: { coordinates: 'a:b:${V}', exclusions: ['x:${V}'] } }
          - { cran: { package: 'r${V}' } }
          - { whl: '/Shared/${V}.whl' }
          - { jar: '/Shared/${V}.jar' }
          - { requirements: '/Shared/${V}.txt' }
      secretScopes: { s: { keyVault: { resourceId: '/v/${V}', dnsName: 'https://${V}/' } } }
      mountKey: { scope: 's${V}', key: 'k${V}' }
";
        let solution = solution(text).unwrap();
        let variables = Variables::new([("V", "4")]);

        let qa = solution.environment("qa", &variables).unwrap();

        let said = format!("{:?}", qa.databricks.unwrap());
        assert!(!said.contains("${V}"), "{said}");
        let missing = solution.environment("qa", &Variables::default());
        assert_eq!(
            missing.unwrap_err().to_string(),
            "environment `qa`: `databricks.cluster.libraries.0` needs the variable `V`, which is not set"
        );
    }

    #[test]
    fn wrong_environments_are_named() {
        let unknown = solution(CHAIN)
            .unwrap()
            .environment("prod", &variables())
            .unwrap_err();
        let circle =
            solution("name: x\nenvironments: { a: { extends: b }, b: { extends: a } }").unwrap();

        assert_eq!(
            unknown.to_string(),
            "there is no environment `prod`; dataops.yaml has qa, uat"
        );
        let chain = "name: x\nenvironments: { local: {}, test: {}, acceptance: {} }";
        let chain = solution(chain).unwrap();
        assert_eq!(
            chain
                .environment("prod", &variables())
                .unwrap_err()
                .to_string(),
            "there is no environment `prod`; dataops.yaml has local, test, acceptance"
        );
        assert_eq!(
            circle
                .environment("a", &variables())
                .unwrap_err()
                .to_string(),
            "environment `a` extends itself"
        );
    }

    #[test]
    fn malformed_settings_are_placed() {
        let place = |text: &str| solution(text).unwrap_err().to_string();

        let unknown = place("name: x\nenviroments: {}");
        assert!(
            unknown.starts_with("dataops.yaml:2:1: unknown field `enviroments`, expected one of"),
            "{unknown}"
        );
        let wrong = place("name: x\nadf: { root: [1] }");
        assert!(wrong.starts_with("dataops.yaml:2:14: "), "{wrong}");
        let broken = place("name: x\n  bad: [");
        assert!(broken.starts_with("dataops.yaml:2:"), "{broken}");
    }

    /// A hostile text ends in one short line.
    fn refused(text: &str) -> String {
        let error = solution(text).unwrap_err().to_string();
        assert!(error.len() < 300 && !error.contains('\n'), "{error}");
        error
    }

    #[test]
    fn hostile_settings_are_refused_with_their_place() {
        let mut laughs =
            "name: x\nenvironments: { qa: { globalParameters: {\n a: &a [lol],\n".to_owned();
        for (this, before) in ('b'..='z').zip('a'..) {
            let nine = vec![format!("*{before}"); 9].join(",");
            laughs += &format!(" {this}: &{this} [{nine}],\n");
        }
        let texts = [
            laughs + "} } }\n",
            format!("name: x\nenvironments: {}", "[".repeat(100_000)),
            format!(
                "name: x\nenvironments: {}{}",
                "{a: ".repeat(10_000),
                "}".repeat(10_000)
            ),
            format!(
                "name: x\nenvironments:\n qa:\n  globalParameters:\n{}",
                (3..10_000)
                    .map(|depth| " ".repeat(depth) + "a:\n")
                    .collect::<String>()
            ),
            format!(
                "name: x\nenvironments:\n qa:\n  globalParameters:\n   a:\n    {}",
                "- ".repeat(100_000)
            ),
            "name: x\nname: y\n".to_owned(),
            "name: x\nenvironments:\n  qa: {}\n  qa: {}\n".to_owned(),
            "name: x\nadf:\n\troot: adf\n".to_owned(),
            "name: x\nenvironments: &e\n  qa: *e\n".to_owned(),
            "name: x\nenvironments:\n  qa: *unknown\n".to_owned(),
            "name: x\n---\nname: y\n".to_owned(),
            format!("name: x\n{}", "? ".repeat(50_000)),
            "name: x\npipeline: \"\u{0}\"\n".to_owned(),
            String::new(),
            "- name".to_owned(),
            "name: !!binary x\n".to_owned(),
        ];

        insta::assert_snapshot!(texts.map(|text| refused(&text)).join("\n"), @r"
        dataops.yaml:8:18: its aliases stand for more than the 100,000 values that are read
        dataops.yaml:2:15: expected a mapping
        dataops.yaml:2:20: unknown field `a`, expected one of extends, after, emulator, subscription, resourceGroup, location, dataFactory, databricks, notebooks, aml, storage, promote, records, smoke, overrides, globalParameters, renames, triggers, policy, deleteNotInSource
        dataops.yaml:34:33: it is nested more than 32 levels deep
        dataops.yaml:6:61: it is nested more than 32 levels deep
        dataops.yaml:2:1: the key `name` stands here a second time
        dataops.yaml:4:3: the key `qa` stands here a second time
        dataops.yaml:3:2: tabs disallowed within this context (block indentation)
        dataops.yaml:3:7: the alias stands inside of what it stands for
        dataops.yaml:3:7: the alias stands for nothing
        dataops.yaml:2:1: a second document begins here
        dataops.yaml:2:65: it is nested more than 32 levels deep
        dataops.yaml:2:12: unexpected character: `\u{0}'
        dataops.yaml:1:1: the file ends where a value was expected
        dataops.yaml:1:1: expected a mapping
        dataops.yaml:1:16: invalid !!binary base64
        ");
    }

    #[test]
    fn settings_that_are_larger_than_any_are_refused_unread() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE_NAME);
        File::create(&path).unwrap().set_len(100 << 20).unwrap();

        let error = Solution::find(folder.path()).unwrap_err().to_string();

        assert!(
            error.ends_with("dataops.yaml: it has more than 1048576 bytes"),
            "{error}"
        );
    }

    #[test]
    fn each_setting_has_its_place() {
        for mark in ["", "\u{feff}"] {
            let solution = solution(&format!("{mark}{CHAIN}")).unwrap();
            let place = |path: &[&str]| {
                let start = solution.source.span(path).start;
                let key = solution.source.key_span(path);
                (
                    start.line,
                    start.column,
                    solution.source.text()[key.bytes].to_owned(),
                )
            };

            assert_eq!(
                place(&["environments", "qa", "overrides", "a.b.d"]),
                (9, 44, "a.b.d".to_owned())
            );
            assert_eq!(
                place(&["environments", "uat", "extends"]),
                (10, 19, "extends".to_owned())
            );
            assert_eq!(
                place(&["environments", "uat", "none"]),
                (10, 8, "uat".to_owned())
            );
        }
    }

    #[test]
    fn a_folder_without_settings_is_named() {
        let folder = tempfile::tempdir().unwrap();

        let error = Solution::find(folder.path()).unwrap_err().to_string();

        assert!(
            error.starts_with("no dataops.yaml in ") && error.contains("above"),
            "{error}"
        );
    }
}
