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
fn of_delimiters_that_fit_the_one_is_taken_that_leaves_plain_names() {
    let told = |text: &str| {
        let found = guessed([("t.csv", text.as_bytes())]);
        (char::from(found.dialect.delimiter), found.doubts)
    };
    let prices = "Artikel;Preis (EUR, netto)\nSchraube 1;1,50\nSchraube 2;2,50\n";
    assert_eq!(told(prices), (';', vec![]));
    // More cells are a stronger sign than names.
    assert_eq!(told("a;b, c;d\n1;2,5;3\n"), (';', vec![]));
    assert_eq!(told("a, b, c;d\n1,2,3;4\n"), (',', vec![]));

    let open = Doubt::Delimiter {
        path: "t.csv".to_owned(),
        taken: ',',
        other: ';',
    };
    let text =
        "cells of t.csv may be between `,` as well as `;`; it is read with `,`, which is a guess";
    assert_eq!(open.to_string(), text);
    assert_eq!(told("a,b;c\n1,5;2\n"), (',', vec![open]));
    // Without a way that fits nothing is open.
    assert_eq!(told("a;b\n1;2;3\n"), (',', vec![]));
}

#[test]
fn all_files_show_how_they_are_written() {
    let told = |one: &str, two: &str| {
        let found = guessed([("a.csv", one.as_bytes()), ("b.csv", two.as_bytes())]);
        let Dialect {
            delimiter,
            guessed,
            quote,
            escape,
            ..
        } = found.dialect;
        let quotes = (quote.map(char::from), escape.map(char::from));
        ((char::from(delimiter), guessed), quotes, found.doubts)
    };
    let usual = (Some('"'), None);
    let files = || ("a.csv".to_owned(), "b.csv".to_owned());

    let header = told("id;ort\n", "id;ort\n1;'x;y'\n2;'x;y'\n");
    assert_eq!(header, ((';', false), (Some('\''), None), vec![]));
    let escaped = told("id,ort\n1,x\n", "id,ort\n1,\"a \\\" , b\"\n");
    assert_eq!(escaped, ((',', false), (Some('"'), Some('\\')), vec![]));
    let names = "Artikel,Sorte;Preis\n";
    let later = told(names, &format!("{names}Schraube;1\n"));
    assert_eq!(later, ((';', false), usual, vec![]));
    let silent = told("id\n1\n", "id;ort\n1;Ulm\n");
    assert_eq!(silent, ((';', false), usual, vec![]));

    let (one, other) = files();
    let delimiters = vec![Doubt::Delimiters(one, other)];
    let several = told("id;ort\n1;Ulm\n", "id,ort\n2,K\n");
    assert_eq!(several, ((',', true), usual, delimiters));
    let (one, other) = files();
    let quotes = vec![Doubt::Quotes(one, other)];
    let several = told("id;ort\n1;'U;m'\n", "id;ort\n2;\"K;ln\"\n");
    assert_eq!(several, ((';', false), usual, quotes));
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
        (found.dialect.encoding.name(), found.doubts)
    };
    let file = |name: &str| name.to_owned();

    assert_eq!(told(ascii, utf8), (file("UTF-8"), vec![]));
    let guess = vec![Doubt::Guessed(file("b.csv"))];
    assert_eq!(told(ascii, western), (file("windows-1252"), guess));
    let several = || vec![Doubt::Several(file("a.csv"), file("b.csv"))];
    assert_eq!(told(utf8, western), (file("UTF-8"), several()));
    assert_eq!(told(&wide, ascii), (file("UTF-8"), several()));
    assert_eq!(told(&wide, &marked), (file("UTF-16LE"), vec![]));
    assert_eq!(told(&marked, &marked), (file("UTF-16LE"), vec![]));
    // A mark is read whatever is said.
    assert_eq!(told(&marked, utf8), (file("UTF-8"), vec![]));
    assert_eq!(told(&marked, ascii), (file("UTF-8"), vec![]));
    let cyrillic = &b"id,t\n1,\xCF\xF0\xE8\xE2\n"[..];
    let unknown = vec![Doubt::Unknown(file("b.csv"))];
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

    assert_eq!(found.doubts, []);
    assert_eq!(found.dialect.encoding.name(), "ISO-8859-2");
    assert_eq!(found.dialect.delimiter, b'|');
}

#[test]
fn a_file_that_cannot_be_read_does_not_hide_how_the_others_are_written() {
    let packed = b"BZh91AY&SY";
    let found = guessed([("1.csv", &b"a;b\n1;2\n"[..]), ("2.csv", packed)]);
    assert_eq!(found.dialect.delimiter, b';');

    let folder = folder([("t.csv", &packed[..])]);
    let source = source(folder.path(), "t.csv", Format::Csv(Dialect::default()));
    let error = guess(&source, None).unwrap_err();
    assert!(error.to_string().contains("bzip2"), "{error}");
}
