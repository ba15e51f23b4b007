//! The open part of a text such as a connection string, whose settings may be in another order, and their names in another case.

use adf_model::secret::is_connection_string_name;
use serde_json::Value;

use super::{STARS, without_secrets};

/// The settings of a text by their names in small letters. Of several of a name the order counts.
type Settings<'t> = Vec<(String, &'t str)>;

/// Whether two texts say the same but for their secrets. What the service shows stars for is none of it, whatever ought to be there.
pub(super) fn is_alike(wanted: &str, shown: &str) -> bool {
    let (wanted, shown) = (open(wanted), open(shown));
    if let (Some(mut ours), Some(mut theirs)) = (settings(&wanted), settings(&shown))
        && is_list(&ours, &theirs)
    {
        let starred = starred(&theirs);
        ours.retain(|(name, value)| *value != STARS && !starred.contains(name));
        theirs.retain(|(_, value)| *value != STARS);
        return ours == theirs;
    }
    plain(&wanted) == plain(&shown)
}

/// Whether the service shows stars for a setting that ought to be there and is no secret as it is written, such as `Password=@{…}`.
pub(super) fn hides_given(wanted: &str, name: &str) -> bool {
    let settings = settings(wanted).unwrap_or_default();
    settings.iter().any(|(own, _)| own == name)
}

/// Whether a text is a list of settings one of which is a secret.
pub(super) fn has_secret(text: &str) -> bool {
    let open = open(text);
    let settings = settings(&open).unwrap_or_default();
    settings.iter().any(|(_, value)| *value == STARS)
}

/// Spells the connection strings of a document as another one does where that is all that differs.
pub(crate) fn spell_alike(live: &mut Value, desired: &Value) {
    match (live, desired) {
        (Value::Object(live), Value::Object(desired)) => {
            for (key, there) in live {
                let Some(wanted) = desired.get(key) else {
                    continue;
                };
                match (&mut *there, wanted) {
                    (Value::String(shown), Value::String(text))
                        if is_connection_string_name(key) && is_alike(text, shown) =>
                    {
                        shown.clone_from(text);
                    }
                    _ => spell_alike(there, wanted),
                }
            }
        }
        (Value::Array(live), Value::Array(desired)) => {
            for (there, wanted) in live.iter_mut().zip(desired) {
                spell_alike(there, wanted);
            }
        }
        _ => {}
    }
}

fn open(text: &str) -> String {
    without_secrets(text).unwrap_or_else(|| text.to_owned())
}

/// Whether two texts are surely lists of settings: a key that ends in `=` is none, and its case counts.
fn is_list(ours: &Settings<'_>, theirs: &Settings<'_>) -> bool {
    let has_stars = |all: &Settings<'_>| all.iter().any(|(_, value)| *value == STARS);
    ours.len().max(theirs.len()) > 1 || has_stars(ours) || has_stars(theirs)
}

fn starred(settings: &Settings<'_>) -> Vec<String> {
    let starred = settings.iter().filter(|(_, value)| *value == STARS);
    starred.map(|(name, _)| name.clone()).collect()
}

/// The settings of a text in the order of their names; nothing where it is something else.
fn settings(text: &str) -> Option<Settings<'_>> {
    let parts = text.split(';').map(str::trim);
    let parts = parts.filter(|part| !part.is_empty());
    let settings = parts.map(|part| {
        let (name, value) = part.split_once('=')?;
        let (name, value) = (name.trim(), value.trim());
        (is_name(name) && is_whole(value)).then(|| (name.to_lowercase(), value))
    });
    let mut settings = settings.collect::<Option<Settings<'_>>>()?;
    settings.sort_by(|(one, _), (other, _)| one.cmp(other));
    Some(settings)
}

fn is_name(text: &str) -> bool {
    let is_part = |letter: char| letter.is_alphanumeric() || "_-. ".contains(letter);
    !text.is_empty() && text.chars().all(is_part)
}

/// Whether no quote or brace is open at the end of a value: a semicolon in one ends no setting.
fn is_whole(value: &str) -> bool {
    let count = |mark: char| value.matches(mark).count();
    count('{') == count('}') && count('\'') % 2 == 0 && count('"') % 2 == 0
}

/// A text that is no list of settings, without empty parts and those that are secrets.
fn plain(text: &str) -> String {
    match text.contains('=') {
        true => open_parts(text),
        false => text.to_owned(),
    }
}

/// The parts of a list of settings that are not empty, and no secrets with their names.
pub(crate) fn open_parts(text: &str) -> String {
    let parts = text.split(';').map(str::trim);
    let parts: Vec<_> = parts
        .filter(|part| !part.is_empty() && !is_starred(part))
        .collect();
    parts.join(";")
}

/// Whether a part of a list of settings is nothing but a secret with its name.
fn is_starred(part: &str) -> bool {
    let setting = part.split_once('=');
    setting.is_some_and(|(name, value)| value.trim() == STARS && !name.contains('?'))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn settings_are_a_set_whose_names_have_no_case() {
        let whole = "Server=s;Initial Catalog=d;Password=canary";
        for same in [
            "initial catalog=d;SERVER=s",
            "Initial Catalog=d; Server = s;Password=**********;",
        ] {
            assert!(is_alike(whole, same), "{same}");
        }
        for other in [
            "Server=S;Initial Catalog=d",
            "Server=s",
            "Server=s;Initial Catalog=d;Encrypt=True",
            "Server=d;Initial Catalog=s",
            "",
        ] {
            assert!(!is_alike(whole, other), "{other}");
        }
        assert!(!is_alike("a=1;a=2", "a=2;a=1"));
        assert!(!is_alike("x={p;b=1;a=q};c=1", "x={p;a=q};b=1;c=1"));
        assert!(!is_alike("QUJD=", "qujd="));
        assert!(!is_alike("https://a.test/?X=1", "https://a.test/?x=1"));
    }

    #[test]
    fn what_is_hidden_is_no_open_part_even_where_an_expression_gives_it() {
        let wanted = "Server=@{linkedService().s};Password=@{linkedService().p}";

        assert!(is_alike(
            wanted,
            "Server=@{linkedService().s};Password=**********"
        ));
        assert!(!is_alike(wanted, "Server=@{linkedService().s}"));
        assert!(hides_given(wanted, "password") && !hides_given(wanted, "pwd"));
    }

    #[test]
    fn a_connection_string_is_spelled_as_the_other_one_is() {
        let desired = json!({"a": [{"connectionString": "Server=s;Database=d"}]});
        let mut live = json!({"a": [{"connectionString": "database=d;server=s", "b": 1}]});

        spell_alike(&mut live, &desired);

        let spelled = json!({"a": [{"connectionString": "Server=s;Database=d", "b": 1}]});
        assert_eq!(live, spelled);
    }
}
