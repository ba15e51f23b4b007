//! What somebody may have meant.

/// The name that `given` is most like, unless it is like none.
#[must_use]
pub(crate) fn nearest<'k>(given: &str, known: &'k [String]) -> Option<&'k str> {
    let given = given.to_ascii_lowercase();
    known
        .iter()
        .map(|name| {
            let likeness = strsim::jaro_winkler(&given, &name.to_ascii_lowercase());
            (likeness, name.as_str())
        })
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|one, other| one.0.total_cmp(&other.0))
        .map(|(_, name)| name)
}

/// The first names, and how many more there are.
#[must_use]
pub(crate) fn listed(known: &[String]) -> String {
    const MOST: usize = 12;
    let first = known[..known.len().min(MOST)].join(", ");
    match known.len().saturating_sub(MOST) {
        0 => first,
        more => format!("{first} and {more} more"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_meant() {
        let known = ["ingest-and-archive", "data-ingestion-pipeline", "qa"].map(str::to_owned);

        assert_eq!(
            nearest("data-ingestion", &known),
            Some("data-ingestion-pipeline")
        );
        assert_eq!(nearest("QA", &known), Some("qa"));
        assert_eq!(nearest("train", &known), None);
    }

    #[test]
    fn long_lists_are_cut() {
        let known: Vec<_> = (1..=14).map(|number| number.to_string()).collect();

        assert_eq!(
            listed(&known),
            "1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 and 2 more"
        );
        assert_eq!(listed(&known[..2]), "1, 2");
    }
}
