//! "Did you mean": the known name nearest to a misspelt one.

/// The most known names that are compared.
const MOST: usize = 1_000;

/// Says which of the known names was probably meant, or else which there are.
pub(crate) fn hint<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let known: Vec<&str> = known.into_iter().collect();
    if let Some(near) = nearest(name, known.iter().copied()) {
        return Some(format!("did you mean `{near}`?"));
    }
    match known.len() {
        0 => None,
        1..=12 => Some(format!("there is {}", listed(&known))),
        _ => Some(format!("there is {} and more", listed(&known[..12]))),
    }
}

/// The known name that differs least, when it differs little.
#[must_use]
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let name: Vec<char> = name.chars().take(64).flat_map(char::to_lowercase).collect();
    let limit = (name.len() / 3).clamp(1, 3);
    let alike = |candidate: &&str| candidate.chars().take(64).count().abs_diff(name.len()) <= limit;
    known
        .into_iter()
        .take(MOST)
        .filter(alike)
        .map(|candidate| (distance(&name, candidate), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// The known name that a slip of the pen has made into `name`: one edit away, or two in a long name.
pub(crate) fn slip<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let near = nearest(name, known)?;
    let letters: Vec<char> = name.chars().flat_map(char::to_lowercase).collect();
    let most = if letters.len() < LONG { 1 } else { 2 };
    (distance(&letters, near) <= most).then_some(near)
}

/// Names of fewer letters are others after two edits.
const LONG: usize = 7;

fn listed(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}

/// Edits between the names; a swap of neighbours counts as one.
fn distance(name: &[char], other: &str) -> usize {
    let other: Vec<char> = other
        .chars()
        .take(64)
        .flat_map(char::to_lowercase)
        .collect();
    let mut rows: Vec<Vec<usize>> = vec![(0..=other.len()).collect()];
    for i in 1..=name.len() {
        let mut row = vec![i];
        for j in 1..=other.len() {
            let same = usize::from(name[i - 1] != other[j - 1]);
            let mut best = (rows[i - 1][j - 1] + same)
                .min(rows[i - 1][j] + 1)
                .min(row[j - 1] + 1);
            let swapped =
                i > 1 && j > 1 && name[i - 1] == other[j - 2] && name[i - 2] == other[j - 1];
            if swapped {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            row.push(best);
        }
        rows.push(row);
    }
    rows[name.len()][other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn swapped_letters_are_near() {
        assert_eq!(nearest("cnocat", ["concat", "contains"]), Some("concat"));
    }

    #[test]
    fn a_slip_is_less_than_another_name() {
        let slip = |name| slip(name, ["rowsCopied", "count"]);

        assert_eq!(slip("rowsCoppied"), Some("rowsCopied"));
        assert_eq!(slip("coutn"), Some("count"));
        assert_eq!((slip("amount"), slip("rowsSkipped")), (None, None));
    }

    #[test]
    fn far_names_are_listed() {
        assert_eq!(
            hint("zebra", ["env", "day"]).as_deref(),
            Some("there is `env`, `day`")
        );
    }
}
