//! Connection strings of SQL databases as the page writes them.

use std::borrow::Cow;

/// The keys that the page knows, and the values that it writes for an Azure database where they are missing.
const KEYS: [(&str, Option<&str>); 6] = [
    ("Integrated Security", Some("False")),
    ("Encrypt", Some("True")),
    ("Connection Timeout", Some("30")),
    ("Data Source", Some("")),
    ("Initial Catalog", Some("")),
    ("User ID", None),
];

/// The connection string of a linked service of type `kind`, as the page publishes it. One with other keys than the page knows
/// stays as it is.
pub(super) fn published<'t>(kind: &str, text: &'t str) -> Cow<'t, str> {
    let defaults = match kind {
        "AzureSqlDatabase" | "AzureSqlDW" | "AzureSqlMI" => true,
        "SqlServer" | "AmazonRdsForSqlServer" => false,
        _ => return Cow::Borrowed(text),
    };
    let Some(given) = pairs(text) else {
        return Cow::Borrowed(text);
    };
    let written = KEYS.iter().filter_map(|(key, default)| {
        let own = given.iter().find(|(known, _)| known == key);
        let value = own.map(|(_, value)| *value);
        let value = value.or(default.filter(|_| defaults))?;
        Some(format!("{key}={value}"))
    });
    Cow::Owned(written.collect::<Vec<_>>().join(";"))
}

/// The keys, as the page spells them, with their values; nothing when one is not known or has no value.
fn pairs(text: &str) -> Option<Vec<(&'static str, &str)>> {
    let pairs = text.split(';').filter(|pair| !pair.trim().is_empty());
    pairs
        .map(|pair| {
            let (key, value) = pair.split_once('=')?;
            let known = KEYS
                .iter()
                .find(|(known, _)| known.eq_ignore_ascii_case(key.trim()))?;
            Some((known.0, value))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_azure_database_gets_what_is_missing() {
        let all = "Integrated Security=False;Encrypt=True;Connection Timeout=30;Data Source=s;Initial Catalog=d";

        assert_eq!(
            published("AzureSqlDatabase", "data source=s;initial catalog=d;"),
            all
        );
        assert_eq!(
            published(
                "AzureSqlDW",
                "encrypt=False;data source=s;initial catalog=d;user id=u"
            ),
            "Integrated Security=False;Encrypt=False;Connection Timeout=30;Data Source=s;Initial Catalog=d;User ID=u"
        );
        assert_eq!(published("AzureSqlMI", all), all);
        assert!(published("AzureSqlMI", "").ends_with("Data Source=;Initial Catalog="));
    }

    #[test]
    fn other_databases_get_the_spelling_only() {
        assert_eq!(
            published("SqlServer", "integrated security=True;data source=s"),
            "Integrated Security=True;Data Source=s"
        );
        assert_eq!(published("Oracle", "host=h;user id=u"), "host=h;user id=u");
    }

    #[test]
    fn keys_that_are_not_known_keep_everything_as_it_is() {
        for text in [
            "server=s;database=d;user id=u",
            "Data Source=s;Pooling=False",
            "secret",
        ] {
            assert_eq!(published("AzureSqlDatabase", text), text);
        }
    }
}
