//! Marks meet a resource: where the definition has one, the value becomes a parameter.

use std::borrow::Cow;
use std::sync::Arc;

use crate::definition::{Action, Each, Fields, Mark, NamePart, Rule};
use crate::depends::{self, Renamed};
use crate::node::{Node, parameter_expression};
use crate::origin::Origin;
use crate::parameter::{Parameter, type_of};
use crate::secret;

/// What becomes parameters of one resource.
pub(crate) struct Walk<'n, 'a> {
    /// The part of the parameters' names that stands for the resource.
    resource: &'n str,
    /// The parts of the name down to the value at hand.
    parts: Vec<Cow<'a, str>>,
    /// The parameters, in their order.
    pub(crate) parameters: Vec<Parameter<'a>>,
    /// Marks that hand the parameter of a secret on to a parameter of their own.
    pub(crate) doubled: Vec<Doubled>,
    /// Marks on values that ARM has no type for.
    pub(crate) untyped: Vec<Untyped>,
    /// References whose names have become parameters.
    pub(crate) renamed: Vec<Renamed>,
}

/// A mark on a value that ARM has no type for, so that it stays what it is.
#[derive(Clone, Debug)]
pub(crate) struct Untyped {
    pub(crate) parameter: Arc<str>,
    pub(crate) rule: usize,
}

/// A mark that makes the parameter of a secret the default of another parameter.
#[derive(Clone, Debug)]
pub(crate) struct Doubled {
    pub(crate) parameter: Arc<str>,
    pub(crate) secret: Arc<str>,
    pub(crate) rule: usize,
}

impl<'n, 'a> Walk<'n, 'a> {
    pub(crate) fn new(resource: &'n str) -> Self {
        Self {
            resource,
            parts: Vec::new(),
            parameters: Vec::new(),
            doubled: Vec::new(),
            untyped: Vec::new(),
            renamed: Vec::new(),
        }
    }

    /// Applies what the definition says about a value.
    pub(crate) fn apply(&mut self, node: Node<'a>, rule: &Rule) -> Node<'a> {
        match rule {
            Rule::Nothing => node,
            Rule::Mark(mark) => self.mark(node, mark),
            Rule::Fields(fields) => self.fields(node, fields),
            Rule::Each(each) => self.each(node, each),
        }
    }

    /// Applies what the definition says about the field `key` of an object.
    pub(crate) fn field(&mut self, key: Cow<'a, str>, value: Node<'a>, rules: &Fields) -> Node<'a> {
        let Some(rule) = rules.get(&key) else {
            return value;
        };
        self.parts.push(key);
        let value = self.apply(value, rule);
        self.parts.pop();
        value
    }

    fn fields(&mut self, node: Node<'a>, rules: &Fields) -> Node<'a> {
        let reference = depends::reference_within(&node);
        let node = match node.opened() {
            Node::Object(fields) => Node::Object(
                fields
                    .into_iter()
                    .map(|(key, value)| {
                        let value = self.field(key.clone(), value, rules);
                        (key, value)
                    })
                    .collect(),
            ),
            other => other,
        };
        if let Some((kind, name)) = reference
            && let Some(Node::Parameter(parameter)) = node.field(depends::REFERENCE_NAME)
        {
            self.renamed.push(Renamed {
                kind,
                name,
                parameter,
            });
        }
        node
    }

    /// The name of an element takes the place of the array's key.
    fn each(&mut self, node: Node<'a>, each: &Each) -> Node<'a> {
        let items = match node.opened() {
            Node::Array(items) => items,
            other => return other,
        };
        let array = self.parts.pop();
        let items = items.into_iter().enumerate().map(|(at, item)| {
            let name = each.name_of(&item).unwrap_or_else(|| at.to_string());
            self.parts.push(Cow::Owned(name));
            let item = self.apply(item, &each.rule);
            self.parts.pop();
            item
        });
        let items = items.collect();
        self.parts.extend(array);
        Node::Array(items)
    }

    fn mark(&mut self, node: Node<'a>, mark: &Mark) -> Node<'a> {
        if mark.action == Action::Secret {
            return self.secret(node, mark);
        }
        let name = self.name(mark);
        if let Node::Secret(secret) = node {
            return self.double(secret, name, mark);
        }
        match value_within(&node) {
            Some(_) => self.within(node, |walk, value| walk.parameter(value, name, mark)),
            None => self.parameter(node, name, mark),
        }
    }

    fn parameter(&mut self, value: Node<'a>, name: Arc<str>, mark: &Mark) -> Node<'a> {
        let Some(kind) = mark.kind.as_deref().or_else(|| type_of(&value)) else {
            self.untyped.push(Untyped {
                parameter: name,
                rule: mark.rule,
            });
            return value;
        };
        let kind = kind.to_owned();
        value.secrets(&mut |secret| {
            self.doubled.push(Doubled {
                parameter: Arc::clone(&name),
                secret: Arc::clone(secret),
                rule: mark.rule,
            });
        });
        self.parameters.push(Parameter {
            name: Arc::clone(&name),
            kind,
            metadata: None,
            default: (mark.action == Action::Keep).then_some(value),
            origin: Origin::Rule(mark.rule),
        });
        Node::Parameter(name)
    }

    /// The value of a secret's parameter becomes the default of another one, or of itself.
    fn double(&mut self, secret: Arc<str>, name: Arc<str>, mark: &Mark) -> Node<'a> {
        let value = Node::Text(Cow::Owned(parameter_expression(&secret)));
        self.doubled.push(Doubled {
            parameter: Arc::clone(&name),
            secret,
            rule: mark.rule,
        });
        let parameter = self.parameter(value, name, mark);
        if mark.kind.is_none()
            && let Some(last) = self.parameters.last_mut()
        {
            // A type that is not given would be that of plain text, which no secret is the default of.
            last.default = None;
        }
        Node::Object(vec![
            (
                Cow::Borrowed("type"),
                Node::Text(Cow::Borrowed("SecureString")),
            ),
            (Cow::Borrowed("value"), parameter),
        ])
    }

    /// `|`: what is not a secret's parameter yet becomes one, and is used as plain text.
    fn secret(&mut self, node: Node<'a>, mark: &Mark) -> Node<'a> {
        match node {
            Node::Secret(name) => Node::Parameter(name),
            node if node.is_object_of_type("AzureKeyVaultSecret") => self.secret_name(node, mark),
            node if node.text().is_some() => self.secure_text(mark),
            node => node,
        }
    }

    /// The name of a secret in a key vault is no secret.
    fn secret_name(&mut self, node: Node<'a>, mark: &Mark) -> Node<'a> {
        let name: Arc<str> = {
            let parts: Vec<&str> = self.parts.iter().map(AsRef::as_ref).collect();
            format!("{}_{}_secretName", self.resource, parts.join("_")).into()
        };
        let keep = Mark {
            action: Action::Keep,
            name: NamePart::Key,
            kind: None,
            rule: mark.rule,
        };
        match node.opened() {
            Node::Object(fields) => Node::Object(
                fields
                    .into_iter()
                    .map(|(key, value)| match key == "secretName" {
                        true if value_within(&value).is_some() => {
                            let name = Arc::clone(&name);
                            let value = self
                                .within(value, |walk, value| walk.parameter(value, name, &keep));
                            (key, value)
                        }
                        true => {
                            let value = self.parameter(value, Arc::clone(&name), &keep);
                            (key, value)
                        }
                        false => (key, value),
                    })
                    .collect(),
            ),
            other => other,
        }
    }

    fn secure_text(&mut self, mark: &Mark) -> Node<'a> {
        let name = self.name(mark);
        let property = self.parts.last().map(AsRef::as_ref).unwrap_or_default();
        let kind = mark.kind.clone();
        self.parameters.push(Parameter {
            name: Arc::clone(&name),
            kind: kind.unwrap_or_else(|| "secureString".to_owned()),
            metadata: Some(secret::metadata(self.resource, property)),
            default: None,
            origin: Origin::Rule(mark.rule),
        });
        Node::Parameter(name)
    }

    /// Applies `change` to the `value` of an `Expression` or `SecureString`.
    fn within(
        &mut self,
        node: Node<'a>,
        change: impl FnOnce(&mut Self, Node<'a>) -> Node<'a>,
    ) -> Node<'a> {
        let mut node = node.opened();
        if let Node::Object(fields) = &mut node
            && let Some((_, value)) = fields.iter_mut().find(|(key, _)| key == "value")
        {
            let old = std::mem::replace(value, Node::empty());
            *value = change(self, old);
        }
        node
    }

    fn name(&self, mark: &Mark) -> Arc<str> {
        let before = &self.parts[..self.parts.len().saturating_sub(1)];
        let key = self.parts.last().map(AsRef::as_ref);
        let (before, last) = match &mark.name {
            NamePart::Key => (before, key),
            NamePart::Given(name) => (before, Some(name.as_str())),
            NamePart::Dropped => (before, None),
            NamePart::Whole(name) => (&before[..0], Some(name.as_str())),
        };
        let mut name = self.resource.to_owned();
        for part in before.iter().map(AsRef::as_ref).chain(last) {
            name.push('_');
            name.push_str(part);
        }
        name.into()
    }
}

impl Each {
    fn name_of(&self, element: &Node<'_>) -> Option<String> {
        let mut parts = self.id.iter();
        let mut node = element.field(parts.next()?)?;
        for part in parts {
            node = node.field(part)?;
        }
        node.text().map(str::to_owned)
    }
}

/// The `value` of an object that only says what kind of value it is.
fn value_within<'a>(node: &Node<'a>) -> Option<Node<'a>> {
    let wrapper = node.is_object_of_type("Expression") || node.is_object_of_type("SecureString");
    node.field("value").filter(|_| wrapper)
}
