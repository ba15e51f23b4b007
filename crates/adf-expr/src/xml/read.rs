//! Reads XML text. White space between elements is dropped, as .NET does.

use quick_xml::encoding::Decoder;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::attributes::Attribute;
use quick_xml::events::{BytesPI, BytesRef, BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::{Document, MAX_DEPTH, Name, NodeId, NodeKind};

/// Reads a document; the error says what is wrong.
pub(crate) fn read(text: &str) -> Result<Document, String> {
    let mut reader = Reader::from_str(text.trim_start_matches('\u{feff}'));
    let mut builder = Builder {
        document: Document::new(),
        open: vec![0],
        text: String::new(),
        decoder: reader.decoder(),
    };
    loop {
        let event = reader.read_event().map_err(|error| error.to_string())?;
        if matches!(event, Event::Eof) {
            break;
        }
        builder.event(event)?;
    }
    builder.finish()
}

struct Builder {
    document: Document,
    open: Vec<NodeId>,
    text: String,
    decoder: Decoder,
}

impl Builder {
    fn top(&self) -> NodeId {
        self.open.last().copied().unwrap_or(0)
    }

    fn event(&mut self, event: Event<'_>) -> Result<(), String> {
        match event {
            Event::Text(text) => {
                if text.windows(3).any(|three| three == b"]]>") {
                    return Err("`]]>` stands outside a CDATA section".to_owned());
                }
                let text = text.xml10_content().map_err(|error| error.to_string())?;
                self.text.push_str(&text);
                return Ok(());
            }
            Event::GeneralRef(reference) => return self.reference(&reference),
            _ => self.flush()?,
        }
        match event {
            Event::Start(start) => {
                let id = self.element(&start, false)?;
                self.open.push(id);
                if self.open.len() > MAX_DEPTH {
                    return Err("the elements are nested too deeply".to_owned());
                }
            }
            Event::Empty(start) => {
                self.element(&start, true)?;
            }
            Event::End(_) => {
                self.open.pop();
            }
            Event::CData(data) => {
                let text = data.decode().map_err(|error| error.to_string())?;
                self.leaf(NodeKind::CData(text.into_owned()));
            }
            Event::Comment(comment) => {
                let text = comment.decode().map_err(|error| error.to_string())?;
                self.leaf(NodeKind::Comment(text.into_owned()));
            }
            Event::Decl(declaration) => {
                let content = String::from_utf8_lossy(&declaration).into_owned();
                self.declaration(&content)?;
            }
            Event::PI(instruction) => self.instruction(&instruction),
            Event::DocType(declaration) => {
                let content = declaration.decode().map_err(|error| error.to_string())?;
                self.doctype(&content)?;
            }
            Event::Text(_) | Event::GeneralRef(_) | Event::Eof => {}
        }
        Ok(())
    }

    fn leaf(&mut self, kind: NodeKind) {
        let top = self.top();
        self.document.add(top, kind);
    }

    fn flush(&mut self) -> Result<(), String> {
        let text = std::mem::take(&mut self.text);
        if text.trim().is_empty() {
            return Ok(());
        }
        if self.open.len() == 1 {
            return Err("there is text outside the outermost element".to_owned());
        }
        self.leaf(NodeKind::Text(text));
        Ok(())
    }

    fn reference(&mut self, reference: &BytesRef<'_>) -> Result<(), String> {
        if let Some(c) = reference
            .resolve_char_ref()
            .map_err(|error| error.to_string())?
        {
            self.text.push(c);
            return Ok(());
        }
        let name = reference.decode().map_err(|error| error.to_string())?;
        let text = resolve_predefined_entity(&name)
            .ok_or_else(|| format!("there is no entity `&{name};`"))?;
        self.text.push_str(text);
        Ok(())
    }

    fn instruction(&mut self, instruction: &BytesPI<'_>) {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        self.leaf(NodeKind::Instruction {
            target: text(instruction.target()),
            content: text(instruction.content()).trim_start().to_owned(),
        });
    }

    fn declaration(&mut self, content: &str) -> Result<(), String> {
        if self.open.len() > 1 || !self.document.nodes[0].children.is_empty() {
            return Err("the XML declaration must stand first".to_owned());
        }
        let id = self.document.add(0, NodeKind::Declaration);
        let start = BytesStart::from_content(content, 3);
        self.attributes(id, &start)
    }

    /// `name`, `name SYSTEM "…"` or `name PUBLIC "…" "…"`.
    fn doctype(&mut self, content: &str) -> Result<(), String> {
        const WRONG: &str = "a document type is not valid";
        let content = content.trim();
        let content = content.strip_suffix("[]").unwrap_or(content);
        if self.open.len() > 1 || self.document.outermost().is_some() {
            return Err(WRONG.to_owned());
        }
        if content.contains('[') {
            return Err("document types with rules of their own are not supported".to_owned());
        }
        let (name, rest) = content
            .split_once(char::is_whitespace)
            .unwrap_or((content, ""));
        let (names, mut rest): (&[&str], &str) = match rest.trim_start() {
            rest if rest.starts_with("SYSTEM") => (&["name", "system"], &rest[6..]),
            rest if rest.starts_with("PUBLIC") => (&["name", "public", "system"], &rest[6..]),
            rest => (&["name"], rest),
        };
        let mut values = vec![name];
        while let Some(quote) = rest.trim_start().chars().next() {
            let inside = rest.trim_start()[quote.len_utf8()..].split_once(quote);
            let (text, after) = inside
                .filter(|_| matches!(quote, '"' | '\''))
                .ok_or(WRONG)?;
            values.push(text);
            rest = after;
        }
        if values.len() != names.len() {
            return Err(WRONG.to_owned());
        }
        let id = self.document.add(0, NodeKind::DocType);
        for (name, value) in names.iter().zip(values) {
            let (name, value) = (Name::split(name), value.to_owned());
            self.document.add(id, NodeKind::Attribute { name, value });
        }
        Ok(())
    }

    fn element(&mut self, start: &BytesStart<'_>, closed: bool) -> Result<NodeId, String> {
        let top = self.top();
        if top == 0 && self.document.outermost().is_some() {
            return Err("there is more than one outermost element".to_owned());
        }
        let name = self.name(start.name().as_ref())?;
        let id = self.document.add(top, NodeKind::Element { name, closed });
        self.attributes(id, start)?;
        self.document.resolve_names(id)?;
        Ok(id)
    }

    fn attributes(&mut self, element: NodeId, start: &BytesStart<'_>) -> Result<(), String> {
        for attribute in start.attributes() {
            let attribute: Attribute<'_> = attribute.map_err(|error| error.to_string())?;
            let value =
                attribute.decoded_and_normalized_value(XmlVersion::Implicit1_0, self.decoder);
            let value = value.map_err(|error| error.to_string())?.into_owned();
            let name = self.name(attribute.key.as_ref())?;
            self.document
                .add(element, NodeKind::Attribute { name, value });
        }
        Ok(())
    }

    fn name(&self, bytes: &[u8]) -> Result<Name, String> {
        let name = self
            .decoder
            .decode(bytes)
            .map_err(|error| error.to_string())?;
        let starts_well = name.starts_with(|c: char| c.is_alphabetic() || c == '_');
        if !starts_well || name.contains(['<', '&', '"', '\'', '=', '/']) {
            return Err(format!("`{name}` is not a valid name"));
        }
        Ok(Name::split(&name))
    }

    fn finish(mut self) -> Result<Document, String> {
        self.flush()?;
        if self.open.len() > 1 {
            return Err("an element is not closed".to_owned());
        }
        if self.document.outermost().is_none() {
            return Err("there is no element".to_owned());
        }
        Ok(self.document)
    }
}

impl Document {
    /// The outermost element.
    pub(crate) fn outermost(&self) -> Option<NodeId> {
        let mut children = self.nodes[0].children.iter().copied();
        children.find(|child| matches!(self.kind(*child), NodeKind::Element { .. }))
    }

    /// Fills in the namespaces of an element and its attributes.
    pub(crate) fn resolve_names(&mut self, element: NodeId) -> Result<(), String> {
        let attributes = self.nodes[element].attributes.clone();
        for id in std::iter::once(element).chain(attributes) {
            let Some(name) = self.name(id) else { continue };
            let plain_attribute = id != element && name.prefix.is_empty();
            if plain_attribute || name.declares().is_some() {
                continue;
            }
            let namespace = self.namespace(element, &name.prefix);
            let namespace = namespace
                .ok_or_else(|| format!("the prefix `{}` is not declared", name.prefix))?
                .to_owned();
            if let NodeKind::Element { name, .. } | NodeKind::Attribute { name, .. } =
                &mut self.nodes[id].kind
            {
                name.namespace = namespace;
            }
        }
        Ok(())
    }
}
