//! How CSV files are written that nobody has described.

use data_scan::{Dialect, Doubt, Encoding, Format, Guess, guess};

use crate::support::{folder, source};

fn guessed<'a>(files: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Guess {
    let folder = folder(files);
    let dialect = Dialect {
        guessed: true,
        ..Dialect::default()
    };
    let source = source(folder.path(), "*.csv", Format::Csv(dialect));
    guess(&source, None).unwrap().unwrap()
}

/// Delimiter, quote and escape.
fn structure(text: &str) -> (char, Option<char>, Option<char>) {
    let dialect = guessed([("t.csv", text.as_bytes())]).dialect;
    let character = |byte: Option<u8>| byte.map(char::from);
    (
        char::from(dialect.delimiter),
        character(dialect.quote),
        character(dialect.escape),
    )
}

#[test]
fn what_all_records_agree_with_stands_between_and_around_cells() {
    let quotes = (Some('"'), None);
    let plain = |delimiter| (delimiter, quotes.0, quotes.1);
    assert_eq!(structure("a,b\n1,\"x,y\"\n"), plain(','));
    assert_eq!(structure("a;b\n1,5;2,5\n"), plain(';'));
    assert_eq!(structure("name, first;x;y\na;1;2\n"), plain(';'));
    assert_eq!(structure("a\tb\n1\t2\n"), plain('\t'));
    assert_eq!(structure("a|b\n1|2\n"), plain('|'));
    // What is broken, or has one column, shows nothing.
    assert_eq!(structure("a,b\n1,2,3\n"), plain(','));
    assert_eq!(structure("a\nx; y\n"), plain(','));
    let apostrophes = |delimiter| (delimiter, Some('\''), None);
    assert_eq!(structure("a,b\n1,'x, y'\n2,'it''s'\n"), apostrophes(','));
    assert_eq!(structure("a;b\n1;'x'\n2;'y'\n"), apostrophes(';'));
    assert_eq!(structure("a,b\n1,'tis\n2,'twas'\n"), plain(','));
    assert_eq!(
        structure("a,b\n1,\"say \\\"x, y\\\"\"\n"),
        (',', Some('"'), Some('\\'))
    );
}

#[test]
fn one_encoding_is_that_of_all_files() {
    let ascii = &b"id,t\n1,x\n"[..];
    let utf8 = "id,t\n1,ü\n".as_bytes();
    let western = &b"id,t\n1,\xFC\n"[..];
    let wide: Vec<u8> = "id,t\n1,ü\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let marked = [b"\xFF\xFE", wide.as_slice()].concat();
    let told = |one: &[u8], two: &[u8]| {
        let found = guessed([("a.csv", one), ("b.csv", two)]);
        (found.dialect.encoding.name(), found.doubt)
    };
    let file = |name: &str| name.to_owned();

    assert_eq!(told(ascii, utf8), (file("UTF-8"), None));
    let guess = Some(Doubt::Guessed(file("b.csv")));
    assert_eq!(told(ascii, western), (file("windows-1252"), guess));
    let several = || Some(Doubt::Several(file("a.csv"), file("b.csv")));
    assert_eq!(told(utf8, western), (file("UTF-8"), several()));
    assert_eq!(told(&wide, ascii), (file("UTF-8"), several()));
    assert_eq!(told(&wide, &marked), (file("UTF-16LE"), None));
    assert_eq!(told(&marked, &marked), (file("UTF-16LE"), None));
    // A mark is read whatever is said.
    assert_eq!(told(&marked, utf8), (file("UTF-8"), None));
    assert_eq!(told(&marked, ascii), (file("UTF-8"), None));
    let cyrillic = &b"id,t\n1,\xCF\xF0\xE8\xE2\n"[..];
    let unknown = Some(Doubt::Unknown(file("b.csv")));
    assert_eq!(told(ascii, cyrillic), (file("UTF-8"), unknown));
}

#[test]
fn what_somebody_has_said_is_so() {
    let folder = folder([("t.csv", &b"a;b\n1;\xFC\n"[..])]);
    let dialect = Dialect {
        delimiter: b'|',
        ..Dialect::default()
    };
    let source = source(folder.path(), "t.csv", Format::Csv(dialect));

    let found = guess(&source, Encoding::of("iso-8859-2")).unwrap().unwrap();

    assert_eq!(found.doubt, None);
    assert_eq!(found.dialect.encoding.name(), "ISO-8859-2");
    assert_eq!(found.dialect.delimiter, b'|');
}
