//! Columns that stand in the names of folders: `year=2026/month=11/part-0.parquet`.

/// The columns of a path's folders, in order; NULL where the name says so.
pub(super) fn partitions(path: &str) -> Vec<(String, Option<String>)> {
    let Some((folders, _)) = path.rsplit_once('/') else {
        return Vec::new();
    };
    let parts = folders.split('/').filter_map(|part| part.split_once('='));
    let parts = parts.filter(|(name, _)| !name.is_empty());
    let value = |text: &str| (text != "__HIVE_DEFAULT_PARTITION__").then(|| decoded(text));
    parts
        .map(|(name, text)| (decoded(name), value(text)))
        .collect()
}

/// Text in which `%` and two hexadecimal digits are a byte.
pub(crate) fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut plain = Vec::with_capacity(bytes.len());
    let mut place = 0;
    while place < bytes.len() {
        let code = (bytes[place] == b'%')
            .then(|| text.get(place + 1..place + 3))
            .flatten();
        match code.and_then(|code| u8::from_str_radix(code, 16).ok()) {
            Some(byte) => {
                plain.push(byte);
                place += 3;
            }
            None => {
                plain.push(bytes[place]);
                place += 1;
            }
        }
    }
    String::from_utf8_lossy(&plain).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_with_an_equals_sign_are_columns() {
        let columns = partitions("data/city=K%C3%B6ln/x=__HIVE_DEFAULT_PARTITION__/a=b.csv");
        assert_eq!(
            columns,
            [
                ("city".to_owned(), Some("Köln".to_owned())),
                ("x".to_owned(), None)
            ]
        );
        assert!(partitions("a.csv").is_empty());
    }
}
