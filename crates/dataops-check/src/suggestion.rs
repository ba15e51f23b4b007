//! What somebody may have meant.

/// The question after the known name that `given` is most like; none where it is like none.
pub(crate) fn meant<'k>(given: &str, known: impl IntoIterator<Item = &'k str>) -> Option<String> {
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
        .map(|(_, name)| format!("did you mean `{name}`?"))
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
}
