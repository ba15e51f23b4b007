//! What somebody may have meant.

/// The known name that `given` is most like; none where it is like none.
pub(crate) fn nearest<'k>(
    given: &str,
    known: impl IntoIterator<Item = &'k str>,
) -> Option<&'k str> {
    let given = given.to_lowercase();
    let likeness = |name: &'k str| (strsim::jaro_winkler(&given, &name.to_lowercase()), name);
    let alike = known.into_iter().map(likeness);
    let alike = alike.filter(|(likeness, _)| *likeness > 0.8);
    alike
        .max_by(|one, other| one.0.total_cmp(&other.0))
        .map(|(_, name)| name)
}
