//! Lines of a process's output: cut, bounded and without secrets.

use super::redact::Redactor;

/// Bytes of output that a run keeps; the service keeps as much.
const MOST_BYTES: usize = 5 << 20;
/// A line without an end is cut here.
const LONGEST_LINE: usize = 64 << 10;

/// A standard stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    /// Standard output.
    Stdout,
    /// Standard error.
    Stderr,
}

/// A line that a notebook, or something that it started, has written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Where it was written.
    pub stream: Stream,
    /// The text without its line end; secret values are replaced by `[REDACTED]`.
    pub text: String,
}

/// Assembles the lines of one stream.
pub(super) struct Splitter {
    stream: Stream,
    pending: Vec<u8>,
}

impl Splitter {
    pub(super) fn new(stream: Stream) -> Self {
        Self {
            stream,
            pending: Vec::new(),
        }
    }

    /// Takes bytes, and gives the lines that are complete.
    pub(super) fn push(&mut self, bytes: &[u8], redactor: &Redactor) -> Vec<Line> {
        let mut lines = Vec::new();
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            self.pending.extend_from_slice(piece);
            if piece.ends_with(b"\n") {
                lines.extend(self.finish(redactor));
            }
        }
        if self.pending.len() > LONGEST_LINE {
            lines.push(self.cut(redactor));
        }
        lines
    }

    /// The last line, which had no end.
    pub(super) fn finish(&mut self, redactor: &Redactor) -> Option<Line> {
        if self.pending.is_empty() {
            return None;
        }
        let bytes = std::mem::take(&mut self.pending);
        let text = String::from_utf8_lossy(&bytes);
        Some(self.line(redactor.text(text.trim_end_matches(['\n', '\r']))))
    }

    /// Cuts a line that grows too long. The start of a secret value may stand at its end, so that much stays behind.
    fn cut(&mut self, redactor: &Redactor) -> Line {
        let bytes = std::mem::take(&mut self.pending);
        let mut text = redactor.text(String::from_utf8_lossy(&bytes));
        let mut at = text.len().saturating_sub(redactor.longest());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        self.pending = text.split_off(at).into_bytes();
        self.line(text)
    }

    fn line(&self, text: String) -> Line {
        Line {
            stream: self.stream,
            text,
        }
    }
}

/// The output that a run has given so far.
#[derive(Default)]
pub(super) struct Kept {
    pub(super) lines: Vec<Line>,
    pub(super) truncated: bool,
    bytes: usize,
}

impl Kept {
    /// Keeps a line, and answers what to show: the line, once the mark that the rest is missing, then nothing.
    pub(super) fn keep(&mut self, line: Line) -> Option<Line> {
        if self.truncated {
            return None;
        }
        self.bytes += line.text.len() + 1;
        let line = if self.bytes > MOST_BYTES {
            self.truncated = true;
            Line {
                stream: line.stream,
                text: "[output truncated after 5 MB]".to_owned(),
            }
        } else {
            line
        };
        self.lines.push(line.clone());
        Some(line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notebook::{Interpreter, Request};

    fn redactor(secret: &str) -> Redactor {
        let mut request = Request::new(Interpreter::unchecked("python3"), "/tmp", "/a");
        request.secrets.insert("s", "k", secret);
        Redactor::new(&request)
    }

    #[test]
    fn joins_a_line_that_arrives_in_pieces() {
        let redactor = redactor("s3cret");
        let mut splitter = Splitter::new(Stream::Stdout);

        assert!(splitter.push(b"the s3c", &redactor).is_empty());
        let lines = splitter.push(b"ret\r\nnext", &redactor);

        assert_eq!(lines[0].text, "the [REDACTED]");
        assert_eq!(splitter.finish(&redactor).unwrap().text, "next");
    }

    #[test]
    fn a_secret_is_hidden_across_the_cut_of_a_long_line() {
        let redactor = redactor("0123456789");
        let mut splitter = Splitter::new(Stream::Stdout);
        let mut text = vec![b'x'; LONGEST_LINE - 4];
        text.extend_from_slice(b"01234");

        let mut lines = splitter.push(&text, &redactor);
        lines.extend(splitter.push(b"56789 end\n", &redactor));

        let whole: String = lines.into_iter().map(|line| line.text).collect();
        assert!(
            whole.ends_with("[REDACTED] end"),
            "{}",
            &whole[whole.len() - 30..]
        );
        assert!(!whole.contains("01234"));
    }

    #[test]
    fn output_ends_with_a_mark_after_five_megabytes() {
        let mut kept = Kept::default();
        let line = Line {
            stream: Stream::Stdout,
            text: "x".repeat(1 << 20),
        };

        let shown = (0..8).filter_map(|_| kept.keep(line.clone())).count();

        assert_eq!(shown, 5);
        assert!(kept.truncated);
        assert!(kept.lines[4].text.contains("truncated"));
    }
}
