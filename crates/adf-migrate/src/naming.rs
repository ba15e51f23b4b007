//! Which environment a file is for, by its name.

/// What a file is given as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// A configuration of azure.datafactory.tools: CSV or JSON.
    Config,
    /// Filter rules.
    Filter,
    /// An ARM parameters file, or a template.
    Parameters,
    /// Publish options, in a script or a pipeline.
    Options,
}

/// What parameter files are called when they say no environment.
const PARAMETERS: [&str; 6] = [
    "armtemplateparametersforfactory",
    "arm_template_parameters",
    "armtemplateparameters_master",
    "parameters",
    "params",
    "factory",
];

/// The environment that a file's path names.
pub(crate) fn environment(path: &str, role: Role) -> Option<String> {
    let mut parts = path.rsplit(['/', '\\']);
    let file = parts.next()?;
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let named = match role {
        Role::Config => {
            let rest = stem
                .get(7..)
                .filter(|_| stem[..7].eq_ignore_ascii_case("config-"));
            Some(rest.unwrap_or(stem).to_owned())
        }
        Role::Parameters => of_parameters(stem),
        Role::Filter | Role::Options => None,
    };
    let mut folder = || {
        parts
            .next()
            .filter(|folder| role == Role::Parameters && is_name(folder))
    };
    named
        .filter(|name| is_name(name))
        .or_else(|| folder().map(str::to_owned))
}

/// What is left of `ARMTemplateParametersForFactory.qa` or `qa-parameters`.
fn of_parameters(stem: &str) -> Option<String> {
    let lower = stem.to_ascii_lowercase();
    let found = PARAMETERS.iter().find_map(|known| {
        let at = lower.find(known)?;
        Some((at, at + known.len()))
    });
    let (start, end) = found?;
    let rest = [&stem[..start], &stem[end..]];
    let rest = rest.map(|part| part.trim_matches(|c: char| !c.is_ascii_alphanumeric()));
    let [before, after] = rest;
    match (before, after) {
        ("", "") => None,
        ("", name) | (name, "") => Some(name.to_owned()),
        _ => None,
    }
}

fn is_name(text: &str) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    !text.is_empty() && text.chars().all(is_word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_named_after_environments() {
        for (path, role, expected) in [
            ("deployment/config-qa.csv", Role::Config, Some("qa")),
            ("deployment\\Config-UAT.json", Role::Config, Some("UAT")),
            ("c-prod.csv", Role::Config, Some("c-prod")),
            (
                "ARMTemplateParametersForFactory.prod.json",
                Role::Parameters,
                Some("prod"),
            ),
            (
                "arm/qa/ARMTemplateParametersForFactory.json",
                Role::Parameters,
                Some("qa"),
            ),
            (
                "arm_template_parameters-uat.json",
                Role::Parameters,
                Some("uat"),
            ),
            ("qa.parameters.json", Role::Parameters, Some("qa")),
            (
                "ARMTemplateParametersForFactory.json",
                Role::Parameters,
                None,
            ),
            ("x.json", Role::Parameters, None),
            ("rules.txt", Role::Filter, None),
            ("conf", Role::Config, Some("conf")),
        ] {
            assert_eq!(environment(path, role).as_deref(), expected, "{path}");
        }
    }
}
