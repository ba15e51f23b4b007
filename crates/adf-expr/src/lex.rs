//! Cuts an expression into tokens.

use crate::ast::Span;
use crate::error::SyntaxError;

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Token {
    Ident(String),
    String(String),
    Integer(i64),
    Float(f64),
    OpenParen,
    CloseParen,
    OpenBracket,
    CloseBracket,
    Comma,
    Dot,
    Question,
    End,
}

impl Token {
    pub(crate) fn describe(&self) -> String {
        match self {
            Self::Ident(name) => format!("`{name}`"),
            Self::String(_) => "a string".to_owned(),
            Self::Integer(_) | Self::Float(_) => "a number".to_owned(),
            Self::OpenParen => "`(`".to_owned(),
            Self::CloseParen => "`)`".to_owned(),
            Self::OpenBracket => "`[`".to_owned(),
            Self::CloseBracket => "`]`".to_owned(),
            Self::Comma => "`,`".to_owned(),
            Self::Dot => "`.`".to_owned(),
            Self::Question => "`?`".to_owned(),
            Self::End => "the end".to_owned(),
        }
    }
}

pub(crate) type Spanned = (Token, Span);

/// Reads the tokens of `text[start..end]`; the last one is always [`Token::End`].
pub(crate) fn tokens(text: &str, start: usize, end: usize) -> Result<Vec<Spanned>, SyntaxError> {
    let mut lexer = Lexer {
        text: &text[..end],
        at: start,
    };
    // A call of one word has as few bytes to a token as this.
    let mut tokens = Vec::with_capacity((end - start) / 6 + 2);
    loop {
        let token = lexer.next_token()?;
        let last = token.0 == Token::End;
        tokens.push(token);
        if last {
            return Ok(tokens);
        }
    }
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
}

impl Lexer<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn peek_second(&self) -> Option<char> {
        self.rest().chars().nth(1)
    }

    fn skip_while(&mut self, wanted: impl Fn(char) -> bool) {
        let rest = self.rest();
        let length = rest.find(|c| !wanted(c)).unwrap_or(rest.len());
        self.at += length;
    }

    fn next_token(&mut self) -> Result<Spanned, SyntaxError> {
        self.skip_while(char::is_whitespace);
        let start = self.at;
        let Some(first) = self.peek() else {
            return Ok((Token::End, Span::new(start, start)));
        };
        let single = match first {
            '(' => Some(Token::OpenParen),
            ')' => Some(Token::CloseParen),
            '[' => Some(Token::OpenBracket),
            ']' => Some(Token::CloseBracket),
            ',' => Some(Token::Comma),
            '?' => Some(Token::Question),
            '.' if !self.peek_second().is_some_and(|c| c.is_ascii_digit()) => Some(Token::Dot),
            _ => None,
        };
        let token = if let Some(token) = single {
            self.at += 1;
            token
        } else if first == '\'' {
            self.string()?
        } else if first.is_alphabetic() || matches!(first, '_' | '$') {
            self.skip_while(|c| c.is_alphanumeric() || matches!(c, '_' | '$'));
            Token::Ident(self.text[start..self.at].to_owned())
        } else if first.is_ascii_digit() || matches!(first, '.' | '+' | '-') {
            self.number()?
        } else {
            return Err(unexpected(first, start));
        };
        Ok((token, Span::new(start, self.at)))
    }

    fn string(&mut self) -> Result<Token, SyntaxError> {
        let start = self.at;
        let mut value = String::new();
        self.at += 1;
        loop {
            let Some(length) = self.rest().find('\'') else {
                let span = Span::new(start, self.text.len());
                return Err(SyntaxError::new(span, "the string is not closed")
                    .with_hint("a quote inside a string is written twice"));
            };
            value.push_str(&self.rest()[..length]);
            self.at += length + 1;
            if !self.rest().starts_with('\'') {
                return Ok(Token::String(value));
            }
            value.push('\'');
            self.at += 1;
        }
    }

    fn number(&mut self) -> Result<Token, SyntaxError> {
        let start = self.at;
        if matches!(self.peek(), Some('+' | '-')) {
            self.at += 1;
        }
        let whole = self.at;
        self.skip_while(|c| c.is_ascii_digit());
        let mut digits = self.at - whole;
        let mut float = false;
        if self.peek() == Some('.') {
            self.at += 1;
            let fraction = self.at;
            self.skip_while(|c| c.is_ascii_digit());
            digits += self.at - fraction;
            float = true;
        }
        if digits == 0 {
            let span = Span::new(start, self.at);
            let error = SyntaxError::new(span, "a sign must stand before a number");
            return Err(match self.hyphenated(start) {
                Some(name) => {
                    error.with_hint(format!("names with `-` stand in brackets: ['{name}']"))
                }
                None => error.with_hint("there are no operators: use add(), sub() or concat()"),
            });
        }
        if matches!(self.peek(), Some('e' | 'E')) {
            float = true;
            self.exponent(start)?;
        }
        parsed_number(&self.text[start..self.at], float, Span::new(start, self.at))
    }

    /// The name that the `-` at an offset stands in the middle of.
    fn hyphenated(&self, at: usize) -> Option<&str> {
        let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
        let before = self.text[..at].trim_end_matches(is_part).len();
        let after = self.text[at..].trim_start_matches(is_part).len();
        let name = &self.text[before..self.text.len() - after];
        let after_dot = self.text[..before].ends_with('.');
        (after_dot && self.text[at..].starts_with('-')).then_some(name)
    }

    fn exponent(&mut self, start: usize) -> Result<(), SyntaxError> {
        self.at += 1;
        if matches!(self.peek(), Some('+' | '-')) {
            self.at += 1;
        }
        let digits = self.at;
        self.skip_while(|c| c.is_ascii_digit());
        if self.at == digits {
            let span = Span::new(start, self.at);
            return Err(SyntaxError::new(span, "the exponent has no digits"));
        }
        Ok(())
    }
}

fn parsed_number(text: &str, float: bool, span: Span) -> Result<Token, SyntaxError> {
    if float {
        return match text.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(Token::Float(number)),
            _ => Err(SyntaxError::new(span, "the number is too large")),
        };
    }
    text.parse().map(Token::Integer).map_err(|_| {
        SyntaxError::new(span, "the integer does not fit into 64 bits")
            .with_hint("add `.0` for a floating-point number")
    })
}

fn unexpected(c: char, at: usize) -> SyntaxError {
    let error = SyntaxError::new(
        Span::new(at, at + c.len_utf8()),
        format!("unexpected `{c}`"),
    );
    match c {
        '"' => error.with_hint("strings stand in single quotes"),
        '@' => error.with_hint("only the start of an expression has an `@`"),
        '{' | '}' => error.with_hint("objects are written with json('{...}')"),
        '*' | '/' | '=' | '<' | '>' | '!' | '&' | '|' | '%' | ':' => error
            .with_hint("there are no operators: use functions such as mul(), equals() or and()"),
        _ => error,
    }
}
