//! How large a part of a template is, as ARM counts it: without indentation.

use std::io;

use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter, Serializer};

/// How large something is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Size {
    /// The bytes of its JSON without white space.
    pub(crate) bytes: usize,
    /// The bytes of the longest text that ARM may take for an expression.
    pub(crate) expression: usize,
    /// Whether a text in it stands for a secret that Data Factory does not show.
    pub(crate) masked: bool,
}

/// What Data Factory shows in the place of a secret.
const MASK: &str = "**********";

/// Measures a value.
pub(crate) fn measure(value: &impl Serialize) -> Size {
    let mut count = Count::default();
    let mut texts = Texts::default();
    let mut serializer = Serializer::with_formatter(&mut count, &mut texts);
    // Neither the counter nor a value that stands in memory can fail.
    let _ = value.serialize(&mut serializer);
    Size {
        bytes: count.0,
        expression: texts.longest,
        masked: texts.masked,
    }
}

/// Counts what is written.
#[derive(Default)]
struct Count(usize);

impl io::Write for Count {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Watches for texts within brackets.
#[derive(Default)]
struct Texts {
    bracketed: bool,
    ended: bool,
    length: usize,
    longest: usize,
    masked: bool,
}

impl Formatter for &mut Texts {
    fn begin_string<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.length = 0;
        self.bracketed = false;
        self.ended = false;
        CompactFormatter.begin_string(writer)
    }

    fn write_string_fragment<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        self.bracketed |= self.length == 0 && fragment.starts_with('[');
        self.ended = fragment.ends_with(']');
        self.masked |= fragment == MASK;
        self.length += fragment.len();
        CompactFormatter.write_string_fragment(writer, fragment)
    }

    fn write_char_escape<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        escape: serde_json::ser::CharEscape,
    ) -> io::Result<()> {
        self.ended = false;
        self.length += 1;
        CompactFormatter.write_char_escape(writer, escape)
    }

    fn end_string<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        if self.bracketed && self.ended {
            self.longest = self.longest.max(self.length);
        }
        CompactFormatter.end_string(writer)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn bytes_are_those_of_compact_json() {
        let value = json!({"a": [1, true, null, "x\n\u{1}é"], "b": {}});

        assert_eq!(measure(&value).bytes, value.to_string().len());
    }

    #[test]
    fn only_text_within_brackets_can_be_an_expression() {
        let value = json!([
            "[concat('a')]",
            "[open",
            "a long text without brackets",
            "[\"\\n\"]",
            "x[]"
        ]);

        assert_eq!(measure(&value).expression, "[concat('a')]".len());
    }
}
