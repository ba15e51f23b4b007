//! A whole contract.

use std::borrow::Cow;

use adf_source::{Lines, Position};
use yaml_source::{Limits, Node, YamlError};

use super::fields::Fields;
use super::variables::{Unset, Variables, substitute};
use super::{Api, Object, Server, Sla};

/// A contract of the Open Data Contract Standard.
///
/// ```
/// let text = "apiVersion: v3.1.0\nkind: DataContract\nid: orders\nversion: 1.0.0\nstatus: active\nschema:\n- name: orders\n";
///
/// let contract = data_contract::Contract::read(text, &Default::default())?;
///
/// assert_eq!(contract.id(), "orders");
/// assert_eq!(contract.position(contract.objects().next().unwrap().node).line, 7);
/// # Ok::<(), yaml_source::YamlError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Contract {
    text: String,
    lines: Lines,
    root: Node,
    unset: Vec<Unset>,
}

impl Contract {
    /// The longest text that is read, in bytes.
    pub const LONGEST: usize = Limits::DOCUMENT.bytes;

    /// Reads a text, with values for its variables.
    ///
    /// # Errors
    ///
    /// When it is not YAML, or more than [`Limits::DOCUMENT`].
    pub fn read(text: &str, variables: &Variables) -> Result<Self, YamlError> {
        let mut root = Node::read(text, Limits::DOCUMENT)?;
        let unset = substitute(&mut root, variables);
        let mut contract = Self {
            lines: Lines::of(text),
            text: text.to_owned(),
            root,
            unset,
        };
        // Before 3.2 a text was what it is, so that only the place of data is surely meant as a reference.
        if contract.api() < Api::V32 {
            contract.unset.retain(|unset| unset.in_server);
        }
        Ok(contract)
    }

    /// The tree of all that is written.
    #[must_use]
    pub fn root(&self) -> &Node {
        &self.root
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Where a value is written.
    #[must_use]
    pub fn position(&self, node: &Node) -> Position {
        self.position_of(node.bytes.start)
    }

    /// The place of a byte.
    #[must_use]
    pub fn position_of(&self, offset: usize) -> Position {
        self.lines.position(&self.text, offset)
    }

    /// The place of a key; of the mapping where it has no such key.
    #[must_use]
    pub fn key_position(&self, node: &Node, key: &str) -> Position {
        let member = node.member(key);
        self.position_of(member.map_or(node.bytes.start, |member| member.key_bytes.start))
    }

    /// Variables that have neither a value nor a default.
    #[must_use]
    pub fn unset(&self) -> &[Unset] {
        &self.unset
    }

    /// The version of the standard; the newest where it is not known.
    #[must_use]
    pub fn api(&self) -> Api {
        let named = self.written("apiVersion");
        named.and_then(|name| Api::named(&name)).unwrap_or(Api::V32)
    }

    /// The contract's `id`.
    #[must_use]
    pub fn id(&self) -> Cow<'_, str> {
        self.root.text("id").unwrap_or_default()
    }

    /// The contract's `name`; without one, its `id`.
    #[must_use]
    pub fn name(&self) -> Cow<'_, str> {
        self.root.text("name").unwrap_or_else(|| self.id())
    }

    /// The contract's `version`, as it is written.
    #[must_use]
    pub fn version(&self) -> Cow<'_, str> {
        self.written("version").unwrap_or_default()
    }

    /// The contract's `status`, such as `active` or `deprecated`.
    #[must_use]
    pub fn status(&self) -> Option<Cow<'_, str>> {
        self.root.text("status")
    }

    /// The domain that the data belong to.
    #[must_use]
    pub fn domain(&self) -> Option<Cow<'_, str>> {
        self.root.text("domain")
    }

    /// What the data are for: the `purpose` of the description, or a description in one text.
    #[must_use]
    pub fn purpose(&self) -> Option<Cow<'_, str>> {
        let described = self.root.get("description")?;
        described
            .text("purpose")
            .or_else(|| self.root.text("description"))
    }

    /// Tables and files.
    pub fn objects(&self) -> impl Iterator<Item = Object<'_>> {
        self.root.list("schema").iter().map(Object::new)
    }

    /// Where the data are.
    pub fn servers(&self) -> impl Iterator<Item = Server<'_>> {
        let servers = self.root.list("servers").iter();
        servers.map(|node| Server { node })
    }

    /// The server of a name; the first one without a name.
    #[must_use]
    pub fn server(&self, name: Option<&str>) -> Option<Server<'_>> {
        let mut servers = self.servers();
        servers.find(|server| name.is_none_or(|name| server.name() == name))
    }

    /// Agreements of service.
    pub fn sla(&self) -> impl Iterator<Item = Sla<'_>> {
        let list = self.root.list("slaProperties").iter();
        list.map(|node| Sla { node })
    }

    /// The element of agreements that name none (deprecated).
    #[must_use]
    pub fn default_element(&self) -> Option<Cow<'_, str>> {
        let element = self.root.text("slaDefaultElement");
        element.or_else(|| self.root.text("slaDefaultColumn"))
    }

    /// A scalar as it is written, so that `1.10` stays `1.10`.
    fn written(&self, key: &str) -> Option<Cow<'_, str>> {
        let node = self.root.get(key)?;
        match super::fields::as_text(node)? {
            Cow::Borrowed(text) => Some(Cow::Borrowed(text)),
            Cow::Owned(text) => match self.text.get(node.bytes.clone()) {
                Some(written) if !written.starts_with('*') => Some(Cow::Borrowed(written.trim())),
                _ => Some(Cow::Owned(text)),
            },
        }
    }
}
