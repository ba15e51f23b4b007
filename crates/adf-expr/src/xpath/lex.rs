//! Cuts an XPath into tokens.

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    Name(String),
    Literal(String),
    Number(f64),
    Sign(&'static str),
}

impl Token {
    pub(super) fn describe(&self) -> String {
        match self {
            Self::Name(name) => format!("`{name}`"),
            Self::Literal(_) => "string".to_owned(),
            Self::Number(_) => "number".to_owned(),
            Self::Sign(sign) => format!("`{sign}`"),
        }
    }
}

/// The longer signs stand first.
const SIGNS: [&str; 22] = [
    "//", "::", "..", "!=", "<=", ">=", "/", ":", ".", "<", ">", "=", "(", ")", "[", "]", "@", ",",
    "|", "+", "-", "*",
];

pub(super) fn tokens(path: &str) -> Result<Vec<Token>, String> {
    let mut tokens = Vec::new();
    let mut rest = path.trim_start();
    while let Some(first) = rest.chars().next() {
        let second = rest[first.len_utf8()..].chars().next();
        let (token, length) = if matches!(first, '\'' | '"') {
            let text = &rest[1..];
            let length = text.find(first).ok_or("a string is not closed")?;
            (Token::Literal(text[..length].to_owned()), length + 2)
        } else if first.is_ascii_digit()
            || (first == '.' && second.is_some_and(|c| c.is_ascii_digit()))
        {
            number(rest)?
        } else if first.is_alphabetic() || first == '_' {
            let inside = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
            let length = rest.find(|c| !inside(c)).unwrap_or(rest.len());
            (Token::Name(rest[..length].to_owned()), length)
        } else if let Some(sign) = SIGNS.into_iter().find(|sign| rest.starts_with(sign)) {
            (Token::Sign(sign), sign.len())
        } else if first == '$' {
            return Err("variables are not supported".to_owned());
        } else {
            return Err(format!("unexpected `{first}`"));
        };
        tokens.push(token);
        rest = rest[length..].trim_start();
    }
    Ok(tokens)
}

fn number(text: &str) -> Result<(Token, usize), String> {
    let mut points = 0;
    let length = text.find(|c: char| {
        points += usize::from(c == '.');
        !(c.is_ascii_digit() || (c == '.' && points == 1))
    });
    let length = length.unwrap_or(text.len());
    let number = text[..length]
        .parse()
        .map_err(|_| "a number is not valid")?;
    Ok((Token::Number(number), length))
}
