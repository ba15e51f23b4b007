//! Text of documents, made fit for a picture.

/// The longest label, in characters.
const LONGEST: usize = 200;

/// `text` on one line, without control characters and those that turn the direction of writing.
pub(super) fn clean(text: &str) -> String {
    let mut kept = String::new();
    let mut count = 0;
    for character in text.chars() {
        let shown = match character {
            '\n' | '\r' | '\t' => ' ',
            '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => continue,
            '\u{fffe}' | '\u{ffff}' => continue,
            other if other.is_control() => continue,
            other => other,
        };
        if count == LONGEST {
            kept.push('…');
            break;
        }
        count += 1;
        kept.push(shown);
    }
    kept
}

/// `text` in at most `most` characters, with `…` in its middle where something was left out: the ends of names tell them apart.
pub(super) fn shortened(text: &str, most: usize) -> String {
    let characters: Vec<_> = text.chars().collect();
    if characters.len() <= most {
        return text.to_owned();
    }
    let end = most / 2;
    let start = most - end - 1;
    let mut kept: String = characters[..start].iter().collect();
    kept.push('…');
    kept.extend(&characters[characters.len() - end..]);
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_have_one_harmless_line() {
        assert_eq!(clean("a\nb\u{1b}[2J\u{202e}c"), "a b[2Jc");
        assert_eq!(clean(&"x".repeat(300)).chars().count(), 201);
    }

    #[test]
    fn long_names_keep_both_ends() {
        assert_eq!(
            shortened("pipeline_with_a_long_name_v2", 12),
            "pipel…ame_v2"
        );
        assert_eq!(shortened("short", 12), "short");
    }
}
