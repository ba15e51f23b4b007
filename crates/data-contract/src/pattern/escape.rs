//! What stands behind a backslash.

use super::PatternError;
use super::group::is_name;
use super::parser::Parser;

/// What an escape means.
pub(super) enum Escaped {
    /// A letter.
    Letter(char),
    /// A class, written for any engine.
    Set(String),
    /// The edge of a word, or (false) what is none.
    Boundary(bool),
    /// What a group matched.
    Reference(String),
}

/// White space of ECMA-262, inside of a class.
pub(super) const SPACE: &str = "\\t-\\r \\p{Zs}\\x{2028}\\x{2029}\\x{feff}";
/// Letters of a word, inside of a class.
pub(super) const WORD: &str = "0-9A-Za-z_";

/// Reads an escape behind its backslash.
pub(super) fn escaped(parser: &mut Parser<'_>) -> Result<Escaped, PatternError> {
    let Some(letter) = parser.next() else {
        return Err(parser.wrong("nothing stands behind the backslash"));
    };
    Ok(match letter {
        'd' => Escaped::Set("[0-9]".to_owned()),
        'D' => Escaped::Set("[^0-9]".to_owned()),
        'w' => Escaped::Set(format!("[{WORD}]")),
        'W' => Escaped::Set(format!("[^{WORD}]")),
        's' => Escaped::Set(format!("[{SPACE}]")),
        'S' => Escaped::Set(format!("[^{SPACE}]")),
        'p' | 'P' => Escaped::Set(property(parser, letter)?),
        'b' => Escaped::Boundary(true),
        'B' => Escaped::Boundary(false),
        'k' => Escaped::Reference(named(parser)?),
        '1'..='9' => Escaped::Reference(numbered(parser, letter)),
        letter => Escaped::Letter(letter_of(parser, letter)?),
    })
}

/// The letter of an escape that is none of a class, a boundary or a reference.
pub(super) fn letter_of(parser: &mut Parser<'_>, letter: char) -> Result<char, PatternError> {
    Ok(match letter {
        't' => '\t',
        'n' => '\n',
        'v' => '\u{b}',
        'f' => '\u{c}',
        'r' => '\r',
        '0' => '\0',
        'c' => {
            let control = parser.next().filter(char::is_ascii_alphabetic);
            let control = control.ok_or_else(|| parser.wrong("`\\c` needs a letter"))?;
            char::from(u8::try_from(control).unwrap_or_default() % 32)
        }
        'x' => hexadecimal(parser, 2)?,
        'u' if parser.rest().starts_with('{') => braced(parser)?,
        'u' => unicode(parser)?,
        letter if letter.is_ascii_alphabetic() => {
            return Err(parser.wrong(format!("`\\{letter}` is not in ECMA-262")));
        }
        letter => letter,
    })
}

fn digits(parser: &mut Parser<'_>, count: usize) -> Result<u32, PatternError> {
    let written = parser.rest().get(..count).unwrap_or_default();
    let valid = written.bytes().all(|digit| digit.is_ascii_hexdigit());
    let number = u32::from_str_radix(written, 16).ok().filter(|_| valid);
    let number =
        number.ok_or_else(|| parser.wrong(format!("{count} hexadecimal digits are missing")))?;
    parser.skip(count);
    Ok(number)
}

fn hexadecimal(parser: &mut Parser<'_>, count: usize) -> Result<char, PatternError> {
    let number = digits(parser, count)?;
    char::from_u32(number).ok_or_else(|| parser.wrong("the number is no character"))
}

/// `\uD83D\uDE00` is one character.
fn unicode(parser: &mut Parser<'_>) -> Result<char, PatternError> {
    let high = digits(parser, 4)?;
    if !(0xd800..0xdc00).contains(&high) {
        return char::from_u32(high).ok_or_else(|| parser.wrong("half a character"));
    }
    if !parser.rest().starts_with("\\u") {
        return Err(parser.wrong("half a character"));
    }
    parser.skip(2);
    let low = digits(parser, 4)?;
    let number = low
        .checked_sub(0xdc00)
        .map(|low| 0x1_0000 + ((high - 0xd800) << 10) + low);
    let letter = number.and_then(char::from_u32);
    letter.ok_or_else(|| parser.wrong("half a character"))
}

fn braced(parser: &mut Parser<'_>) -> Result<char, PatternError> {
    let rest = parser.rest();
    let end = rest.find('}').filter(|end| (2..=7).contains(end));
    let number = end.and_then(|end| u32::from_str_radix(&rest[1..end], 16).ok());
    let letter = number.and_then(char::from_u32);
    let (letter, end) = letter
        .zip(end)
        .ok_or_else(|| parser.wrong("the number is no character"))?;
    parser.skip(end + 1);
    Ok(letter)
}

/// Properties of letters that engines know by the same name behind `Is`.
const PROPERTIES: [&str; 5] = [
    "Alphabetic",
    "Ideographic",
    "Lowercase",
    "Uppercase",
    "White_Space",
];

/// A property of Unicode: a general category, a script, or a property that a letter has or has not.
fn property(parser: &mut Parser<'_>, letter: char) -> Result<String, PatternError> {
    let rest = parser.rest();
    let name = rest.strip_prefix('{').and_then(|rest| rest.split_once('}'));
    let name = name.map(|(name, _)| name).unwrap_or_default();
    let Some(positive) = positive(name) else {
        let reason = format!("`\\{letter}{{{name}}}` is no property that is known here");
        return Err(parser.wrong(reason));
    };
    parser.skip(name.len() + 2);
    Ok(match letter {
        'p' => format!("[{positive}]"),
        _ => format!("[^{positive}]"),
    })
}

/// What has a property, inside of a class.
fn positive(name: &str) -> Option<String> {
    const CATEGORIES: [&str; 37] = [
        "L", "Lu", "Ll", "Lt", "LC", "Lm", "Lo", "M", "Mn", "Mc", "Me", "N", "Nd", "Nl", "No", "P",
        "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "S", "Sm", "Sc", "Sk", "So", "Z", "Zs", "Zl",
        "Zp", "C", "Cc", "Cf", "Co", "Cn",
    ];
    let (key, value) = name.split_once('=').unwrap_or(("", name));
    Some(match (key, value) {
        ("" | "gc" | "General_Category", category) if CATEGORIES.contains(&category) => {
            format!("\\p{{{category}}}")
        }
        ("sc" | "Script", script) => {
            let known = SCRIPTS
                .iter()
                .find(|(name, short)| [*name, *short].contains(&script));
            format!("\\p{{Is{}}}", known?.0)
        }
        ("", "ASCII") => "\\x{0}-\\x{7f}".to_owned(),
        ("", "Any") => "\\s\\S".to_owned(),
        ("", "ASCII_Hex_Digit" | "AHex") => "0-9A-Fa-f".to_owned(),
        ("", property) if PROPERTIES.contains(&property) => format!("\\p{{Is{property}}}"),
        _ => return None,
    })
}

/// Scripts that people write in, with their codes of four letters.
const SCRIPTS: [(&str, &str); 34] = [
    ("Arabic", "Arab"),
    ("Armenian", "Armn"),
    ("Bengali", "Beng"),
    ("Bopomofo", "Bopo"),
    ("Cherokee", "Cher"),
    ("Common", "Zyyy"),
    ("Cyrillic", "Cyrl"),
    ("Devanagari", "Deva"),
    ("Ethiopic", "Ethi"),
    ("Georgian", "Geor"),
    ("Greek", "Grek"),
    ("Gujarati", "Gujr"),
    ("Gurmukhi", "Guru"),
    ("Han", "Hani"),
    ("Hangul", "Hang"),
    ("Hebrew", "Hebr"),
    ("Hiragana", "Hira"),
    ("Inherited", "Zinh"),
    ("Kannada", "Knda"),
    ("Katakana", "Kana"),
    ("Khmer", "Khmr"),
    ("Lao", "Laoo"),
    ("Latin", "Latn"),
    ("Malayalam", "Mlym"),
    ("Mongolian", "Mong"),
    ("Myanmar", "Mymr"),
    ("Oriya", "Orya"),
    ("Sinhala", "Sinh"),
    ("Syriac", "Syrc"),
    ("Tamil", "Taml"),
    ("Telugu", "Telu"),
    ("Thaana", "Thaa"),
    ("Thai", "Thai"),
    ("Tibetan", "Tibt"),
];

fn named(parser: &mut Parser<'_>) -> Result<String, PatternError> {
    let rest = parser.rest();
    let name = rest.strip_prefix('<').and_then(|rest| rest.split_once('>'));
    let name = name.map(|(name, _)| name).filter(|name| is_name(name));
    let name = name.ok_or_else(|| parser.wrong("`\\k` needs the name of a group"))?;
    parser.skip(name.chars().count() + 2);
    parser.reference(name)
}

fn numbered(parser: &mut Parser<'_>, first: char) -> String {
    let mut reference = format!("\\{first}");
    while reference.len() < 3
        && let Some(digit) = parser.peek().filter(char::is_ascii_digit)
    {
        parser.next();
        reference.push(digit);
    }
    reference
}

/// Writes a letter that means itself.
pub(super) fn literal(letter: char, out: &mut String) {
    if "\\.+*?()|[]{}^$#&-~".contains(letter) {
        out.push('\\');
        out.push(letter);
    } else if letter.is_control() || (letter.is_whitespace() && letter != ' ') {
        out.push_str(&format!("\\x{{{:x}}}", u32::from(letter)));
    } else {
        out.push(letter);
    }
}
