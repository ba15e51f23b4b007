//! Classes of characters: `[…]`.

use super::PatternError;
use super::escape::{SPACE, WORD, letter_of, literal};
use super::parser::Parser;

/// What stands in a class.
enum Member {
    Letter(char),
    /// Many characters, which no range begins or ends with.
    Set(String),
}

/// Reads a class behind its bracket, and writes it.
pub(super) fn class(parser: &mut Parser<'_>) -> Result<(), PatternError> {
    let negated = parser.takes('^');
    let mut inside = String::new();
    loop {
        if parser.takes(']') {
            break;
        }
        let first = member(parser)?;
        let range = parser.rest().starts_with('-') && !parser.rest().starts_with("-]");
        if !range {
            write(&first, &mut inside);
            continue;
        }
        parser.skip(1);
        let last = member(parser)?;
        match (&first, &last) {
            (Member::Letter(from), Member::Letter(to)) => {
                if from > to {
                    return Err(parser.wrong("the range is the wrong way round"));
                }
                literal(*from, &mut inside);
                inside.push('-');
                literal(*to, &mut inside);
            }
            // Beside a class the hyphen is one.
            _ => {
                write(&first, &mut inside);
                inside.push_str("\\-");
                write(&last, &mut inside);
            }
        }
    }
    match (inside.is_empty(), negated) {
        (true, false) => parser.out.push_str("[^\\s\\S]"),
        (true, true) => parser.out.push_str("[\\s\\S]"),
        (false, negated) => {
            parser.out.push('[');
            if negated {
                parser.out.push('^');
            }
            parser.out.push_str(&inside);
            parser.out.push(']');
        }
    }
    Ok(())
}

fn write(member: &Member, out: &mut String) {
    match member {
        Member::Letter(letter) => literal(*letter, out),
        Member::Set(set) => out.push_str(set),
    }
}

fn member(parser: &mut Parser<'_>) -> Result<Member, PatternError> {
    let Some(letter) = parser.next() else {
        return Err(parser.wrong("the class has no `]`"));
    };
    if letter != '\\' {
        return Ok(Member::Letter(letter));
    }
    let Some(escape) = parser.peek() else {
        return Err(parser.wrong("nothing stands behind the backslash"));
    };
    if matches!(escape, 'p' | 'P') {
        return match super::escape::escaped(parser)? {
            super::escape::Escaped::Set(set) => Ok(Member::Set(set)),
            _ => Err(parser.wrong("no property")),
        };
    }
    parser.next();
    Ok(match escape {
        'd' => Member::Set("0-9".to_owned()),
        'D' => Member::Set("[^0-9]".to_owned()),
        'w' => Member::Set(WORD.to_owned()),
        'W' => Member::Set(format!("[^{WORD}]")),
        's' => Member::Set(SPACE.to_owned()),
        'S' => Member::Set(format!("[^{SPACE}]")),
        'b' => Member::Letter('\u{8}'),
        escape => Member::Letter(letter_of(parser, escape)?),
    })
}
