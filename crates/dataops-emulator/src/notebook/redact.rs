//! Hides secret values in everything that a run gives out, as the service does.

use serde_json::Value;

use super::Request;

const MARK: &str = "[REDACTED]";

/// The values to hide.
pub(super) struct Redactor {
    /// Longest first, so that a value is not cut by another one inside of it.
    values: Vec<String>,
}

impl Redactor {
    /// Hides the secrets and the storage keys of a request. Of a value with several lines, each long line is hidden.
    pub(super) fn new(request: &Request) -> Self {
        let keys = request
            .storage
            .values()
            .filter_map(|account| account.key.as_deref())
            .map(str::as_bytes);
        let mut values: Vec<String> = request
            .secrets
            .values()
            .chain(keys)
            .flat_map(patterns)
            .collect();
        values.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        values.dedup();
        Self { values }
    }

    /// The length of the longest value, in bytes.
    pub(super) fn longest(&self) -> usize {
        self.values.first().map_or(0, String::len)
    }

    /// The text without secret values.
    pub(super) fn text(&self, text: impl Into<String>) -> String {
        let mut text = text.into();
        for value in &self.values {
            if text.contains(value.as_str()) {
                text = text.replace(value.as_str(), MARK);
            }
        }
        text
    }

    /// The JSON value without secret values in its strings.
    pub(super) fn value(&self, value: Value) -> Value {
        match value {
            Value::String(text) => self.text(text).into(),
            Value::Array(items) => items.into_iter().map(|item| self.value(item)).collect(),
            Value::Object(fields) => fields
                .into_iter()
                .map(|(name, value)| (self.text(name), self.value(value)))
                .collect(),
            other => other,
        }
    }
}

const SHORTEST_LINE: usize = 8;

fn patterns(value: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(value);
    let trimmed = text.trim();
    let mut found = Vec::new();
    if trimmed.is_empty() {
        return found;
    }
    found.push(trimmed.to_owned());
    if trimmed.contains('\n') {
        let lines = trimmed
            .lines()
            .map(str::trim)
            .filter(|line| line.len() >= SHORTEST_LINE);
        found.extend(lines.map(str::to_owned));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn redactor(values: &[&str]) -> Redactor {
        let mut found: Vec<String> = values.iter().flat_map(|v| patterns(v.as_bytes())).collect();
        found.sort_by_key(|value| std::cmp::Reverse(value.len()));
        Redactor { values: found }
    }

    #[test]
    fn hides_the_longer_of_two_nested_values() {
        let redactor = redactor(&["pass", "password1"]);

        assert_eq!(
            redactor.text("a password1 b pass"),
            "a [REDACTED] b [REDACTED]"
        );
    }

    #[test]
    fn hides_each_line_of_a_key_file() {
        let redactor = redactor(&["-----BEGIN KEY-----\nMIIEvQIBADANBg\n-----END KEY-----\n"]);

        assert_eq!(redactor.text("line MIIEvQIBADANBg"), "line [REDACTED]");
    }

    #[test]
    fn empty_secrets_hide_nothing() {
        assert_eq!(redactor(&["", "\n"]).text("text"), "text");
    }

    #[test]
    fn hides_values_inside_json() {
        let value = serde_json::json!({"rows": [["x s3cret y", 1]]});

        assert_eq!(
            redactor(&["s3cret"]).value(value),
            serde_json::json!({"rows": [["x [REDACTED] y", 1]]})
        );
    }
}
