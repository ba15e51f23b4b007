//! What the service accepts in the flow of a pipeline: names, and what may stand inside what.

/// The most cases of a `Switch`.
pub const MOST_CASES: usize = 25;

/// The most iterations of a `ForEach` at a time.
pub const MOST_ITERATIONS: i64 = 50;

/// The most characters of an activity's name.
pub const LONGEST_ACTIVITY_NAME: usize = 55;

/// The most characters of a pipeline's name in the service's documentation; its interface takes 260.
pub const LONGEST_PIPELINE_NAME: usize = 140;

/// Characters that neither an activity's nor a pipeline's name has.
const FORBIDDEN: &str = ".+?/<>*%&:\\";

/// The container around an activity of type `kind` that the service does not let it stand in, if there is one. `around` has the
/// types of the containers around it, outermost first.
#[must_use]
pub fn refused_container<'a>(
    kind: &str,
    around: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    match kind {
        "ForEach" | "Until" | "Validation" => around.into_iter().next(),
        _ => None,
    }
}

/// The condition around a condition of type `kind`, if there is one. Data Factory Studio offers no such thing and the documentation
/// excludes it; there are published factories that have it all the same.
#[must_use]
pub fn unoffered_container<'a>(
    kind: &str,
    around: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let is_condition = |kind: &str| matches!(kind, "IfCondition" | "Switch");
    match is_condition(kind) {
        true => around.into_iter().find(|container| is_condition(container)),
        false => None,
    }
}

/// What is wrong with the name of an activity or a pipeline, which has at most `most` characters.
#[must_use]
pub fn name_fault(name: &str, most: usize) -> Option<String> {
    let length = name.chars().count();
    if length == 0 || length > most {
        return Some(format!("has {length} characters; 1 to {most} are allowed"));
    }
    let first = name.chars().next();
    if let Some(first) = first.filter(|first| !first.is_alphanumeric() && *first != '_') {
        return Some(format!(
            "begins with `{first}`; a letter, a digit or `_` is allowed there"
        ));
    }
    let wrong = name.chars().find(|c| FORBIDDEN.contains(*c))?;
    Some(format!("has the character `{wrong}`, which is not allowed"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn containers_nest_as_the_service_allows() {
        let refused =
            |kind, around: &[&'static str]| refused_container(kind, around.iter().copied());

        let unoffered =
            |kind, around: &[&'static str]| unoffered_container(kind, around.iter().copied());

        assert_eq!(refused("Switch", &["ForEach"]), None);
        assert_eq!(unoffered("Switch", &["ForEach"]), None);
        assert_eq!(refused("IfCondition", &["ForEach", "Switch"]), None);
        assert_eq!(
            unoffered("IfCondition", &["ForEach", "Switch"]),
            Some("Switch")
        );
        assert_eq!(refused("ForEach", &["IfCondition"]), Some("IfCondition"));
        assert_eq!(refused("Validation", &["Until"]), Some("Until"));
        assert_eq!(
            refused("ExecutePipeline", &["ForEach", "IfCondition"]),
            None
        );
    }

    #[test]
    fn names_are_short_and_have_few_kinds_of_characters() {
        let fault = |name: &str| name_fault(name, LONGEST_ACTIVITY_NAME);

        assert_eq!(fault("copy the claims_2 (été)"), None);
        assert_eq!(
            fault("a.b").unwrap(),
            "has the character `.`, which is not allowed"
        );
        assert!(fault("-a").unwrap().starts_with("begins with `-`"));
        assert_eq!(
            fault(&"a".repeat(56)).unwrap(),
            "has 56 characters; 1 to 55 are allowed"
        );
        assert!(fault("").is_some());
    }
}
