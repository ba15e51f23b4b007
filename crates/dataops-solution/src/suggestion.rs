//! What somebody may have meant.

/// Whether two names differ by case or by a slip of the pen.
#[must_use]
pub fn is_slip(one: &str, other: &str) -> bool {
    let (one, other) = (one.to_ascii_lowercase(), other.to_ascii_lowercase());
    one.len().min(other.len()) > 3
        && one.len().abs_diff(other.len()) <= 2
        && strsim::damerau_levenshtein(&one, &other) <= 2
}

/// Whether one may have been written for the other: a slip, or one character in names that are too short to be sure.
#[must_use]
pub fn is_close(one: &str, other: &str) -> bool {
    let (short, long) = (one.to_ascii_lowercase(), other.to_ascii_lowercase());
    let is_near = one.len().abs_diff(other.len()) <= 1 && one.len().min(other.len()) > 1;
    is_slip(one, other) || (is_near && strsim::damerau_levenshtein(&short, &long) <= 1)
}

/// The known name that `given` is most like; none where it is like none.
#[must_use]
pub fn nearest<'k>(given: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
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
    fn a_slip_is_less_than_another_name() {
        assert!(is_slip("domian", "domain") && is_slip("Domain", "domain"));
        assert!(!is_slip("clusterId", "clusterName") && !is_slip("qa", "uat"));
    }

    #[test]
    fn a_short_name_is_close_to_another_by_one_character() {
        assert!(is_close("urll", "url") && is_close("domian", "domain"));
        assert!(!is_slip("urll", "url"));
        assert!(!is_close("a", "b") && !is_close("host", "url"));
    }
}
