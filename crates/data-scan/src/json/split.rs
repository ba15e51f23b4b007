//! Where JSON values begin and end in bytes of which more may come.

/// Finds the values of an array, or values that stand one after the other.
#[derive(Debug, Default)]
pub(super) struct Splitter {
    depth: u32,
    in_text: bool,
    escaped: bool,
    /// Where the value that is being looked at begins.
    start: Option<usize>,
    at: usize,
    /// Whether the values stand in an array that has not ended.
    in_array: bool,
}

impl Splitter {
    /// The next value that is there as a whole, as its place in the bytes. What is between values is skipped.
    pub(super) fn next(&mut self, bytes: &[u8]) -> Option<(usize, usize)> {
        while let Some(&byte) = bytes.get(self.at) {
            let place = self.at;
            self.at += 1;
            if self.in_text {
                match byte {
                    _ if self.escaped => self.escaped = false,
                    b'\\' => self.escaped = true,
                    b'"' => self.in_text = false,
                    _ => {}
                }
                continue;
            }
            match byte {
                b'"' => {
                    self.in_text = true;
                    self.start.get_or_insert(place);
                }
                b'{' | b'[' if self.depth > 0 || byte == b'{' || self.start.is_some() => {
                    self.depth += 1;
                    self.start.get_or_insert(place);
                }
                b'}' | b']' if self.depth > 0 => {
                    self.depth -= 1;
                    if self.depth == 0 {
                        return self.start.take().map(|start| (start, self.at));
                    }
                }
                // Outside of values: the brackets of the array, commas and blanks.
                b'[' | b']' | b'}' | b',' | b' ' | b'\n' | b'\r' | b'\t' if self.depth == 0 => {
                    match byte {
                        b'[' => self.in_array = true,
                        b']' => self.in_array = false,
                        _ => {}
                    }
                    if let Some(start) = self.start.take() {
                        return Some((start, place));
                    }
                }
                _ => {
                    self.start.get_or_insert(place);
                }
            }
        }
        None
    }

    /// Whether an array has begun and not ended.
    pub(super) fn is_open(&self) -> bool {
        self.in_array
    }

    /// Where the bytes begin that are still needed.
    pub(super) fn needed(&self) -> usize {
        self.start.unwrap_or(self.at)
    }

    /// Takes note that bytes at the beginning were dropped.
    pub(super) fn forget(&mut self, length: usize) {
        self.at -= length;
        self.start = self.start.map(|start| start - length);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(text: &str) -> Vec<String> {
        let mut splitter = Splitter::default();
        let mut found = Vec::new();
        // Bytes come one by one.
        for length in 0..=text.len() {
            while let Some((start, end)) = splitter.next(&text.as_bytes()[..length]) {
                found.push(text[start..end].to_owned());
            }
        }
        found
    }

    #[test]
    fn values_are_found_however_they_are_put_together() {
        let expected = [r#"{"a":[1,"]}"]}"#, r#"{"b":"\""}"#];
        assert_eq!(values(r#"[{"a":[1,"]}"]}, {"b":"\""}]"#), expected);
        assert_eq!(values("{\"a\":[1,\"]}\"]}\n{\"b\":\"\\\"\"}"), expected);
        assert_eq!(values("[]"), Vec::<String>::new());
        assert_eq!(values("[1, {}]"), ["1", "{}"]);
    }

    #[test]
    fn an_array_that_does_not_end_is_noticed() {
        for (text, open) in [("[{}, {}", true), ("[{}, {}]", false), ("{} {}", false)] {
            let mut splitter = Splitter::default();
            while splitter.next(text.as_bytes()).is_some() {}
            assert_eq!(splitter.is_open(), open, "{text}");
        }
    }
}
