//! Truth in words.

use super::trim;

/// `true`, `t`, `yes`, `y`, `1` and their opposites, in any case: what both DataFusion and Spark take.
pub(crate) fn boolean(cell: &[u8]) -> Option<bool> {
    let cell = trim(cell);
    let is = |words: [&[u8]; 5]| words.iter().any(|word| cell.eq_ignore_ascii_case(word));
    if is([b"true", b"t", b"yes", b"y", b"1"]) {
        Some(true)
    } else if is([b"false", b"f", b"no", b"n", b"0"]) {
        Some(false)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_truth_are_read_in_any_case() {
        assert_eq!(boolean(b"TRUE"), Some(true));
        assert_eq!(boolean(b" n "), Some(false));
        assert_eq!(boolean(b"2"), None);
        assert_eq!(boolean(b""), None);
    }
}
