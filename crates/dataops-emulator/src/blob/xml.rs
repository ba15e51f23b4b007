//! Writing and reading the Blob service's XML.

use quick_xml::Reader;
use quick_xml::escape::escape;
use quick_xml::events::Event;

/// XML that is being written.
pub(super) struct Xml(String);

impl Xml {
    /// A document.
    pub(super) fn new() -> Self {
        Self("<?xml version=\"1.0\" encoding=\"utf-8\"?>".to_owned())
    }

    /// An opening tag.
    pub(super) fn open(&mut self, tag: &str) -> &mut Self {
        self.0.push_str(&format!("<{tag}>"));
        self
    }

    /// A closing tag.
    pub(super) fn close(&mut self, tag: &str) -> &mut Self {
        self.0.push_str(&format!("</{tag}>"));
        self
    }

    /// An element with text.
    pub(super) fn text(&mut self, tag: &str, text: &str) -> &mut Self {
        self.open(tag);
        self.0.push_str(&escape(text));
        self.close(tag)
    }

    /// An element with text, when there is one.
    pub(super) fn maybe(&mut self, tag: &str, text: Option<&str>) -> &mut Self {
        match text {
            Some(text) => self.text(tag, text),
            None => self,
        }
    }

    /// The text.
    pub(super) fn finish(self) -> String {
        self.0
    }
}

/// Where a block of a block list is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    Committed,
    Uncommitted,
    Latest,
}

/// Reads `<BlockList><Latest>id</Latest>…</BlockList>`.
pub(super) fn block_list(text: &[u8]) -> Result<Vec<(Source, String)>, String> {
    let mut reader = Reader::from_reader(text);
    reader.config_mut().trim_text(true);
    let mut open = None;
    let mut blocks = Vec::new();
    let mut listed = false;
    loop {
        match reader.read_event().map_err(|error| error.to_string())? {
            Event::Start(tag) => match tag.name().as_ref() {
                b"BlockList" => listed = true,
                b"Committed" => open = Some(Source::Committed),
                b"Uncommitted" => open = Some(Source::Uncommitted),
                b"Latest" => open = Some(Source::Latest),
                other => {
                    return Err(format!(
                        "unknown element {}",
                        String::from_utf8_lossy(other)
                    ));
                }
            },
            Event::Text(text) => {
                let id = text.decode().map_err(|error| error.to_string())?;
                if let Some(source) = open {
                    blocks.push((source, id.trim().to_owned()));
                }
            }
            Event::End(_) => open = None,
            Event::Empty(tag) if tag.name().as_ref() == b"BlockList" => listed = true,
            Event::Eof => break,
            _ => {}
        }
    }
    match listed {
        true => Ok(blocks),
        false => Err("there is no BlockList".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn block_lists_are_read_in_order() {
        let text = b"<?xml version='1.0' encoding='utf-8'?>\n<BlockList><Latest>QQ==</Latest>\n <Committed>Qg==</Committed></BlockList>";

        assert_eq!(
            block_list(text).unwrap(),
            [
                (Source::Latest, "QQ==".to_owned()),
                (Source::Committed, "Qg==".to_owned())
            ]
        );
        assert!(block_list(b"<BlockList/>").unwrap().is_empty());
        for bad in [
            "",
            "text",
            "<Other/>",
            "<BlockList><What>x</What></BlockList>",
            "<BlockList><Latest>",
        ] {
            let read = block_list(bad.as_bytes());
            assert!(
                read.is_err() || bad.ends_with("<Latest>"),
                "{bad}: {read:?}"
            );
        }
    }
}
