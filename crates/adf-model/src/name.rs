//! Which names the service accepts (the patterns and lengths of the REST specification).

use crate::Kind;

/// A name that the service refuses.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Too short or too long.
    #[error("{kind} names have {least} to {most} characters, this one has {found}")]
    Length {
        /// The kind of resource.
        kind: Kind,
        /// The fewest characters.
        least: usize,
        /// The most characters.
        most: usize,
        /// The characters found.
        found: usize,
    },
    /// A character that may not stand there.
    #[error("{kind} names may not have `{}` at position {position}", shown(*character))]
    Character {
        /// The kind of resource.
        kind: Kind,
        /// The character.
        character: char,
        /// Its position, from 1.
        position: usize,
    },
}

/// A character as it can be read: one that controls a terminal by its number.
fn shown(character: char) -> String {
    match character.is_control() {
        true => format!("U+{:04X}", u32::from(character)),
        false => character.to_string(),
    }
}

impl Kind {
    /// Checks a resource name.
    ///
    /// # Errors
    ///
    /// When the service would refuse it.
    pub fn check_name(self, name: &str) -> Result<(), NameError> {
        let (least, most) = match self {
            Self::Factory | Self::IntegrationRuntime => (3, 63),
            Self::Credential | Self::ManagedVirtualNetwork | Self::ManagedPrivateEndpoint => {
                (1, 127)
            }
            _ => (1, 260),
        };
        let found = name.chars().count();
        if found < least || found > most {
            return Err(NameError::Length {
                kind: self,
                least,
                most,
                found,
            });
        }
        let wrong = name
            .chars()
            .enumerate()
            .find(|&(at, character)| !self.allows(character, at, at + 1 == found));
        match wrong {
            Some((at, character)) => Err(NameError::Character {
                kind: self,
                character,
                position: at + 1,
            }),
            None if matches!(self, Self::Factory | Self::IntegrationRuntime) => {
                double_hyphen(self, name)
            }
            None => Ok(()),
        }
    }

    fn allows(self, character: char, at: usize, last: bool) -> bool {
        let word = character.is_ascii_alphanumeric();
        match self {
            Self::Factory | Self::IntegrationRuntime => {
                word || (character == '-' && at > 0 && !last)
            }
            Self::Credential | Self::ManagedVirtualNetwork | Self::ManagedPrivateEndpoint => {
                word || character == '_' || (character == '-' && at > 0 && !last)
            }
            _ if at == 0 => word || character == '_',
            _ => !"<>*#.%&:\\+?/".contains(character) && !character.is_control(),
        }
    }
}

fn double_hyphen(kind: Kind, name: &str) -> Result<(), NameError> {
    match name.find("--") {
        Some(at) => Err(NameError::Character {
            kind,
            character: '-',
            position: at + 2,
        }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_with_a_name_is_said() {
        let said = |kind: Kind, name| kind.check_name(name).unwrap_err().to_string();

        assert_eq!(
            said(Kind::Factory, "ab"),
            "factory names have 3 to 63 characters, this one has 2"
        );
        assert_eq!(
            said(Kind::IntegrationRuntime, "ir_a"),
            "integration runtime names may not have `_` at position 3"
        );
        assert_eq!(
            said(Kind::IntegrationRuntime, "ir\u{1b}a"),
            "integration runtime names may not have `U+001B` at position 3"
        );
    }

    #[test]
    fn names_follow_the_rules_of_their_kind() {
        for (kind, good) in [
            (Kind::Pipeline, "data ingestion-pipeline"),
            (Kind::Pipeline, "_x"),
            (Kind::Pipeline, "été"),
            (Kind::Factory, "adf-qa-01"),
            (Kind::Credential, "_a-b_"),
            (Kind::ManagedVirtualNetwork, "default"),
        ] {
            let checked = kind.check_name(good);
            assert_eq!(checked.is_ok(), good != "été", "{kind} {good}");
        }
        for (kind, bad) in [
            (Kind::Pipeline, ""),
            (Kind::Pipeline, "a/b"),
            (Kind::Pipeline, " a"),
            (Kind::Pipeline, "a.b"),
            (Kind::Factory, "ab"),
            (Kind::Factory, "a--b"),
            (Kind::Factory, "-ab"),
            (Kind::Factory, "ab-"),
            (Kind::Credential, "a-"),
            (Kind::Credential, "a b"),
        ] {
            assert!(kind.check_name(bad).is_err(), "{kind} {bad:?}");
        }
        assert!(Kind::Dataset.check_name(&"a".repeat(261)).is_err());
    }
}
