//! The parameters files of environments.

use adf_arm::{EnvironmentParameters, Export, NoParameter};
use adf_model::{Kind, ResourceId};
use adf_source::Repository;
use dataops_solution::environment::Environment;
use dataops_solution::overrides::{OverridePath, OverrideValue};
use dataops_solution::renames::Renames;
use dataops_solution::secret::Secret;
use serde_json::Value;

use super::exported::{EnvironmentFile, Exported};
use super::folder::Additional;
use super::renamed::Named;
use crate::context::Context;
use crate::failure::Failure;

/// What does what a parameters file cannot.
const DEPLOY: &str = "deploy with `dataops deploy`";

/// What parameters files are made of.
pub(super) struct Environments<'a, 'r> {
    pub(super) context: &'a Context,
    /// The environment whose names the documents have.
    pub(super) named: Option<&'a Named>,
    pub(super) repository: &'a Repository,
    pub(super) made: &'a Export<'r>,
}

impl Environments<'_, '_> {
    /// Makes the parameters files of the environments; what cannot be said in them is added to the report.
    pub(super) fn files(
        &self,
        names: &[String],
        report: &mut Exported,
    ) -> Result<Vec<Additional>, Failure> {
        if names.is_empty() {
            return Ok(Vec::new());
        }
        let solution = self.context.solution()?;
        let files = names.iter().map(|name| {
            let environment = solution.environment(name, &self.context.variables)?;
            self.file(&environment, report)
        });
        files.collect()
    }

    fn file(
        &self,
        environment: &Environment,
        report: &mut Exported,
    ) -> Result<Additional, Failure> {
        let name = &environment.name;
        if !name
            .chars()
            .all(|c| c.is_alphanumeric() || "-_.".contains(c))
        {
            return Err(Failure::usage(format!(
                "the environment `{name}` cannot name a file"
            )));
        }
        let factory = &environment.azure()?.factory;
        let mut filling = Filling {
            environment,
            renames: self.named.map(|named| &named.renames),
            parameters: self.made.environment(factory),
            report,
        };
        filling.overrides(self.repository)?;
        filling.global_parameters(&self.made.factory);
        filling.renames(self.named);
        let Filling { parameters, .. } = filling;
        let path = format!("ARMTemplateParametersForFactory.{name}.json");
        let set = parameters
            .set_values()
            .map(|(parameter, _)| parameter.name.to_string());
        report.add_environment(EnvironmentFile {
            name: name.clone(),
            factory: factory.clone(),
            file: path.clone(),
            set: set.filter(|name| name != adf_arm::FACTORY_NAME).collect(),
            needed: parameters.needed().map(str::to_owned).collect(),
        });
        Ok(Additional {
            path,
            bytes: parameters.bytes(),
        })
    }
}

/// A parameters file that is being filled in.
struct Filling<'f, 'e, 'r> {
    environment: &'f Environment,
    /// What the documents are called otherwise than in the source.
    renames: Option<&'f Renames>,
    parameters: EnvironmentParameters<'e, 'r>,
    report: &'f mut Exported,
}

impl Filling<'_, '_, '_> {
    fn overrides(&mut self, repository: &Repository) -> Result<(), Failure> {
        for (path, value) in &self.environment.overrides {
            let mut path = OverridePath::parse(path)?;
            let renamed = self.renames.and_then(|renames| {
                renames
                    .new_name(path.id.kind, &path.id.name)
                    .map(str::to_owned)
            });
            if let Some(name) = renamed {
                path.id.name = name;
            }
            if is_looked_up(value) {
                self.unmapped(
                    &format!("the id for `{}` is looked up at deployment", path.text),
                    &format!("give the parameter its id, or {DEPLOY}"),
                );
            }
            if self.set(repository, &path, value)?.is_err() {
                self.unmapped(
                    &format!("`{}` is no parameter of the template", path.text),
                    &format!("mark the property in {}, or {DEPLOY}", adf_arm::DEFINITION),
                );
            }
        }
        Ok(())
    }

    /// Gives the parameters at the place of an override its value.
    fn set(
        &mut self,
        repository: &Repository,
        path: &OverridePath,
        value: &OverrideValue,
    ) -> Result<Result<(), NoParameter>, Failure> {
        let mut resources = repository.resources.iter();
        let resource = resources
            .find(|resource| path.is_about(&resource.id))
            .ok_or_else(|| {
                Failure::usage(format!("override `{}`: there is no {}", path.text, path.id))
            })?;
        let mut document = resource.file.json().clone();
        let applied = match value {
            OverrideValue::Plain(plain) => path.apply(&mut document, plain.clone()),
            OverrideValue::Secret(_) => path.apply_secret(&mut document, &Secret::new("")),
        };
        let pointer = applied.map_err(Failure::usage)?;
        Ok(match value {
            OverrideValue::Plain(plain) if !is_looked_up(value) => {
                let typed = document.pointer(&pointer).unwrap_or(plain);
                self.parameters.set(&resource.id, &pointer, typed)
            }
            _ => {
                // A parameter stands for the property, or for the text in it.
                let whole = pointer.strip_suffix("/value").unwrap_or(&pointer);
                let withheld = self.parameters.withhold(&resource.id, &pointer);
                withheld.or_else(|_| self.parameters.withhold(&resource.id, whole))
            }
        })
    }

    fn global_parameters(&mut self, factory: &str) {
        let id = ResourceId::new(Kind::Factory, factory);
        for (name, value) in &self.environment.global_parameters {
            let escaped = adf_model::pointer::escape(name);
            let pointer = format!("/properties/globalParameters/{escaped}/value");
            if self.parameters.set(&id, &pointer, value).is_err() {
                self.unmapped(
                    &format!("the global parameter `{name}` is no parameter of the template"),
                    "set `includeGlobalParamsTemplate` in publish_config.json",
                );
            }
        }
    }

    /// Names stand in the templates.
    fn renames(&mut self, named: Option<&Named>) {
        let own = &self.environment.renames;
        let is_named = named.is_some_and(|named| named.environment == self.environment.name);
        if is_named || own.is_empty() && named.is_none() {
            return;
        }
        if let Some(named) = named {
            let other = format!("the templates have the names of `{}`", named.environment);
            self.unmapped(&other, "make templates for each environment that renames");
        } else {
            self.unmapped(
                "no resource can be renamed by a parameters file",
                "make templates with its names by `--renames-of`, or deploy with `dataops deploy`",
            );
        }
    }

    fn unmapped(&mut self, what: &str, hint: &str) {
        let message = format!("environment `{}`: {what}", self.environment.name);
        self.report.add_warning("arm-environment", message, hint);
    }
}

/// Whether a value is a name for which `dataops deploy` finds an id.
fn is_looked_up(value: &OverrideValue) -> bool {
    let text = value.plain().and_then(Value::as_str);
    text.is_some_and(|text| text.starts_with("aml://"))
}
