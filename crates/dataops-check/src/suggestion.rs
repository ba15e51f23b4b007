//! What somebody may have meant.

/// The question after the known name that `given` is most like; none where it is like none.
pub(crate) fn meant<'k>(given: &str, known: impl IntoIterator<Item = &'k str>) -> Option<String> {
    nearest(given, known).map(|name| format!("did you mean `{name}`?"))
}

/// Whether two names differ by case or by a slip of the pen.
pub(crate) fn is_slip(one: &str, other: &str) -> bool {
    let (one, other) = (one.to_ascii_lowercase(), other.to_ascii_lowercase());
    one.len().min(other.len()) > 3
        && one.len().abs_diff(other.len()) <= 2
        && strsim::damerau_levenshtein(&one, &other) <= 2
}

/// The known name that `given` is most like; none where it is like none.
pub(crate) fn nearest<'k>(
    given: &str,
    known: impl IntoIterator<Item = &'k str>,
) -> Option<&'k str> {
    let given = given.to_ascii_lowercase();
    let likeness = |name: &'k str| {
        let likeness = strsim::jaro_winkler(&given, &name.to_ascii_lowercase());
        (likeness, name)
    };
    known
        .into_iter()
        .map(likeness)
        .filter(|(likeness, _)| *likeness > 0.85)
        .max_by(|one, other| one.0.total_cmp(&other.0))
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_meant() {
        let meant = |given| meant(given, ["Incoming", "Staged", "Accounts"]);

        assert_eq!(
            meant("incomming").as_deref(),
            Some("did you mean `Incoming`?")
        );
        assert_eq!(meant("claims"), None);
    }

    #[test]
    fn a_slip_is_less_than_another_name() {
        assert!(is_slip("domian", "domain") && is_slip("Domain", "domain"));
        assert!(!is_slip("clusterId", "clusterName") && !is_slip("qa", "uat"));
    }
}
