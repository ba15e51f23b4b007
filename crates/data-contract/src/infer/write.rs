//! YAML with comments.

/// A text of YAML that grows.
#[derive(Debug, Default)]
pub(super) struct Yaml {
    text: String,
    depth: usize,
    /// Whether the next key begins an item of a list.
    begins: bool,
}

impl Yaml {
    pub(super) fn finish(self) -> String {
        self.text
    }

    /// A line for people.
    pub(super) fn comment(&mut self, words: &str) {
        self.text.push_str(&format!("# {}\n", line(words)));
    }

    /// A key with a value that is written as it is.
    pub(super) fn pair(&mut self, key: &str, value: &str) {
        self.indent();
        self.text.push_str(&format!("{key}: {value}\n"));
    }

    /// A key with a text, in quotes where it would be something else without them.
    pub(super) fn text(&mut self, key: &str, value: &str) {
        let value = scalar(value);
        self.pair(&scalar(key), &value);
    }

    /// Evidence behind the line that was written last.
    pub(super) fn note(&mut self, words: &str) {
        if self.text.ends_with('\n') {
            self.text.pop();
        }
        self.text.push_str(&format!("  # {}\n", line(words)));
    }

    /// A key whose value follows.
    pub(super) fn open(&mut self, key: &str) {
        self.indent();
        self.text.push_str(&format!("{key}:\n"));
        self.depth += 1;
    }

    pub(super) fn close(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }

    /// An item of a list, which is a mapping.
    pub(super) fn item(&mut self, write: impl FnOnce(&mut Self)) {
        self.begins = true;
        self.depth += 1;
        write(self);
        self.depth -= 1;
        self.begins = false;
    }

    fn indent(&mut self) {
        if self.begins {
            self.begins = false;
            self.text
                .push_str(&"  ".repeat(self.depth.saturating_sub(1)));
            self.text.push_str("- ");
        } else {
            self.text.push_str(&"  ".repeat(self.depth));
        }
    }
}

/// One line of it.
fn line(words: &str) -> String {
    words
        .chars()
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .collect()
}

/// A text as YAML has it: plain where nothing else could be meant.
pub(super) fn scalar(text: &str) -> String {
    let plain = !text.is_empty()
        && text
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || "_-./ ".contains(letter))
        && text.starts_with(|letter: char| letter.is_ascii_alphabetic() || letter == '_')
        && !text.ends_with(' ')
        && !["true", "false", "null", "yes", "no", "on", "off", "y", "n"]
            .contains(&text.to_ascii_lowercase().as_str());
    if plain {
        return text.to_owned();
    }
    if !text.chars().any(char::is_control)
        && text.chars().all(|letter| {
            letter != '\u{feff}'
                && letter != '\u{85}'
                && letter != '\u{2028}'
                && letter != '\u{2029}'
        })
    {
        return format!("'{}'", text.replace('\'', "''"));
    }
    let mut quoted = "\"".to_owned();
    for letter in text.chars() {
        match letter {
            '"' | '\\' => quoted.extend(['\\', letter]),
            letter if letter.is_control() || letter > '\u{7e}' => {
                quoted.push_str(&format!("\\U{:08X}", u32::from(letter)));
            }
            letter => quoted.push(letter),
        }
    }
    quoted + "\""
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use yaml_source::{Limits, Node};

    use super::*;

    proptest! {
        #[test]
        fn a_text_is_read_as_it_was(text in "[ -~äß€\n\t\u{85}\u{2028}😀]{0,20}") {
            let mut yaml = Yaml::default();
            yaml.text("key", &text);
            yaml.note(&text);

            let node = Node::read(&yaml.finish(), Limits::SETTINGS).unwrap();

            prop_assert_eq!(node.get("key").and_then(Node::as_str), Some(text.as_str()));
        }
    }
}
