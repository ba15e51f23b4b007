//! JSON as Data Factory writes it, with tabs, and how large it is for ARM, which counts no white space.

use std::io;

use serde::Serialize;
use serde_json::ser::{CharEscape, CompactFormatter, Formatter, Serializer};

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
/// Enough tabs for most depths.
const TABS: &[u8] = &[b'\t'; 32];

/// Measures a value.
pub(crate) fn measure(value: &impl Serialize) -> Size {
    let mut count = Count::default();
    let mut texts = Texts::default();
    let mut serializer = Serializer::with_formatter(&mut count, &mut texts);
    // Neither the counter nor a value that stands in memory can fail, and every key is text.
    let _ = value.serialize(&mut serializer);
    Size {
        bytes: count.0,
        expression: texts.longest,
        masked: texts.masked,
    }
}

/// Writes a value that stands `level` deep in a document.
pub(crate) fn write(value: &impl Serialize, level: usize, bytes: &mut Vec<u8>) {
    let mut tabs = Tabs {
        level,
        filled: false,
    };
    let mut serializer = Serializer::with_formatter(bytes, &mut tabs);
    // Writing into memory cannot fail, and every key is text.
    let _ = value.serialize(&mut serializer);
}

/// A document.
pub(crate) fn document(value: &impl Serialize) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(1 << 12);
    write(value, 0, &mut bytes);
    bytes
}

/// A new line at a depth.
pub(crate) fn line(level: usize, out: &mut Vec<u8>) {
    // Writing into memory cannot fail.
    let _ = write_line(level, out);
}

fn write_line(level: usize, out: &mut (impl io::Write + ?Sized)) -> io::Result<()> {
    out.write_all(b"\n")?;
    let mut left = level;
    while left > 0 {
        let now = left.min(TABS.len());
        out.write_all(&TABS[..now])?;
        left -= now;
    }
    Ok(())
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

/// Begins each element of arrays and objects on a line of its own. Unlike `serde_json`'s formatter it can begin at any depth.
struct Tabs {
    level: usize,
    /// Whether the array or object at hand has elements.
    filled: bool,
}

impl Tabs {
    fn open<W: ?Sized + io::Write>(&mut self, writer: &mut W, bracket: &[u8]) -> io::Result<()> {
        self.level += 1;
        self.filled = false;
        writer.write_all(bracket)
    }

    fn close<W: ?Sized + io::Write>(&mut self, writer: &mut W, bracket: &[u8]) -> io::Result<()> {
        self.level -= 1;
        if self.filled {
            write_line(self.level, writer)?;
        }
        writer.write_all(bracket)
    }

    fn element<W: ?Sized + io::Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        if !first {
            writer.write_all(b",")?;
        }
        write_line(self.level, writer)
    }
}

impl Formatter for &mut Tabs {
    fn begin_array<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.open(writer, b"[")
    }

    fn end_array<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.close(writer, b"]")
    }

    fn begin_array_value<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
        self.element(writer, first)
    }

    fn end_array_value<W: ?Sized + io::Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.filled = true;
        Ok(())
    }

    fn begin_object<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.open(writer, b"{")
    }

    fn end_object<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.close(writer, b"}")
    }

    fn begin_object_key<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
        self.element(writer, first)
    }

    fn begin_object_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b": ")
    }

    fn end_object_value<W: ?Sized + io::Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.filled = true;
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
        escape: CharEscape,
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
    fn a_document_is_written_as_serde_json_would_with_tabs() {
        let value = json!({"a": [], "b": {}, "c": [1, {"d": [[], "x\n"]}], "e": {"f": null}});
        let mut expected = Vec::new();
        let tabs = serde_json::ser::PrettyFormatter::with_indent(b"\t");
        value
            .serialize(&mut Serializer::with_formatter(&mut expected, tabs))
            .unwrap();

        assert_eq!(document(&value), expected);
    }

    #[test]
    fn deep_values_stand_deep() {
        let mut bytes = Vec::new();

        write(&json!([1]), 40, &mut bytes);

        let (outer, inner) = ("\t".repeat(40), "\t".repeat(41));
        assert_eq!(
            String::from_utf8(bytes).unwrap(),
            format!("[\n{inner}1\n{outer}]")
        );
    }

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
