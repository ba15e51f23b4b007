//! A mark of the definition: what becomes of a property.

/// What becomes of a property that has a mark: `action[:name[:type]]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mark {
    pub(crate) action: Action,
    pub(crate) name: NamePart,
    /// The parameter's type as it is written; otherwise the value's own.
    pub(crate) kind: Option<String>,
    /// The mark's number in the definition.
    pub(crate) rule: usize,
}

/// What becomes of a property's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    /// `=`: it is the parameter's default.
    Keep,
    /// `-`: it is dropped.
    Drop,
    /// `|`: it is a secret.
    Secret,
}

/// The last part of a parameter's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum NamePart {
    /// The property's key.
    Key,
    /// Another text in its place.
    Given(String),
    /// Nothing: the name ends with the part before.
    Dropped,
    /// Everything after the resource's part.
    Whole(String),
}

impl Mark {
    /// Reads a mark. Text that begins with no action is none.
    pub(crate) fn parse(text: &str, rule: usize) -> Option<Self> {
        let mut parts = text.split(':');
        let action = match parts.next()?.chars().next()? {
            '=' => Action::Keep,
            '-' => Action::Drop,
            '|' => Action::Secret,
            _ => return None,
        };
        let name = match parts.next() {
            None => NamePart::Key,
            Some("") => NamePart::Dropped,
            Some(name) => match name.strip_prefix('-') {
                Some(rest) => NamePart::Whole(rest.to_owned()),
                None => NamePart::Given(name.to_owned()),
            },
        };
        let kind = parts.next().filter(|kind| !kind.is_empty());
        Some(Self {
            action,
            name,
            kind: kind.map(str::to_owned),
            rule,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> Option<(Action, NamePart, Option<String>)> {
        let mark = Mark::parse(text, 0)?;
        Some((mark.action, mark.name, mark.kind))
    }

    #[test]
    fn a_mark_has_an_action_a_name_and_a_type() {
        use NamePart::{Dropped, Given, Key, Whole};
        let string = || Some("string".to_owned());

        assert_eq!(parts("="), Some((Action::Keep, Key, None)));
        assert_eq!(
            parts("-::int"),
            Some((Action::Drop, Dropped, Some("int".into())))
        );
        assert_eq!(
            parts("=:sch"),
            Some((Action::Keep, Given("sch".into()), None))
        );
        assert_eq!(
            parts("=:-p1:string"),
            Some((Action::Keep, Whole("p1".into()), string()))
        );
        assert_eq!(
            parts("|:-connectionString:secureString"),
            Some((
                Action::Secret,
                Whole("connectionString".into()),
                Some("secureString".into())
            ))
        );
        assert_eq!(
            parts("=irLocation:string"),
            Some((Action::Keep, Given("string".into()), None))
        );
    }

    #[test]
    fn other_text_is_no_mark() {
        for text in ["", "*", "string", "see the wiki"] {
            assert_eq!(parts(text), None, "{text}");
        }
    }
}
