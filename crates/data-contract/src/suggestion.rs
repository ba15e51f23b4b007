//! What somebody may have meant.

/// The known name that `given` is most like; none where it is like none.
pub(crate) fn nearest<'k>(
    given: &str,
    known: impl IntoIterator<Item = &'k str>,
) -> Option<&'k str> {
    let given = given.to_lowercase();
    let known = known.into_iter().map(|name| {
        let likeness = strsim::jaro_winkler(&given, &name.to_lowercase());
        (likeness, name)
    });
    let near = known.filter(|(likeness, _)| *likeness > 0.85);
    near.max_by(|one, other| one.0.total_cmp(&other.0))
        .map(|(_, name)| name)
}

/// The question after the nearest name.
pub(crate) fn meant<'k>(given: &str, known: impl IntoIterator<Item = &'k str>) -> Option<String> {
    nearest(given, known).map(|name| format!("did you mean `{name}`?"))
}
