//! Expressions: what stands between `[` and `]`.

use super::{Result, TemplateError};

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Expression {
    /// Text within single quotes.
    Text(String),
    /// A whole number.
    Number(i64),
    /// A function and its arguments.
    Call(String, Vec<Self>),
    /// A property of a value.
    Property(Box<Self>, String),
    /// An element of an array, or a property by a computed name.
    Index(Box<Self>, Box<Self>),
}

/// The most characters of an expression that ARM takes.
const LONGEST: usize = 24_576;
/// How deep calls may lie in each other.
const DEEPEST: usize = 64;

/// What a text of a template says.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Text<'t> {
    /// Just itself.
    Literal(&'t str),
    /// The value of an expression.
    Expression(Expression),
}

/// Reads a text of a template. Text within brackets is an expression, unless it begins with two.
pub(super) fn read(text: &str) -> Result<Text<'_>> {
    let Some(inner) = text
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
    else {
        return Ok(Text::Literal(text));
    };
    if inner.starts_with('[') {
        return Ok(Text::Literal(&text[1..]));
    }
    if text.len() > LONGEST {
        let message = format!("an expression is longer than {LONGEST} characters");
        return Err(TemplateError::invalid(message));
    }
    let mut reader = Reader {
        rest: inner,
        whole: text,
    };
    let expression = reader.expression(0)?;
    match reader.peek() {
        None => Ok(Text::Expression(expression)),
        Some(letter) => Err(reader.wrong(&format!("`{letter}` is not expected"))),
    }
}

struct Reader<'t> {
    rest: &'t str,
    whole: &'t str,
}

impl Reader<'_> {
    fn wrong(&self, what: &str) -> TemplateError {
        let at = self.whole.len() - 1 - self.rest.len();
        TemplateError::invalid(format!(
            "the language expression {} is not valid: {what} at position {at}",
            self.whole
        ))
    }

    fn peek(&mut self) -> Option<char> {
        self.rest = self.rest.trim_start();
        self.rest.chars().next()
    }

    fn takes(&mut self, letter: char) -> bool {
        let there = self.peek() == Some(letter);
        if there {
            self.rest = &self.rest[letter.len_utf8()..];
        }
        there
    }

    fn expects(&mut self, letter: char) -> Result<()> {
        match self.takes(letter) {
            true => Ok(()),
            false => Err(self.wrong(&format!("`{letter}` is missing"))),
        }
    }

    fn expression(&mut self, depth: usize) -> Result<Expression> {
        if depth > DEEPEST {
            return Err(self.wrong("it is nested too deep"));
        }
        let mut value = match self.peek() {
            Some('\'') => Expression::Text(self.text()?),
            Some(letter) if letter.is_ascii_digit() || letter == '-' => self.number()?,
            Some(letter) if letter.is_ascii_alphabetic() || letter == '_' => self.call(depth)?,
            _ => return Err(self.wrong("a value is missing")),
        };
        loop {
            value = match self.peek() {
                Some('.') => {
                    self.takes('.');
                    Expression::Property(Box::new(value), self.word()?)
                }
                Some('[') => {
                    self.takes('[');
                    let index = self.expression(depth + 1)?;
                    self.expects(']')?;
                    Expression::Index(Box::new(value), Box::new(index))
                }
                _ => return Ok(value),
            };
        }
    }

    fn call(&mut self, depth: usize) -> Result<Expression> {
        let name = self.word()?;
        self.expects('(')?;
        let mut arguments = Vec::new();
        if self.takes(')') {
            return Ok(Expression::Call(name, arguments));
        }
        loop {
            arguments.push(self.expression(depth + 1)?);
            if !self.takes(',') {
                break;
            }
        }
        self.expects(')')?;
        Ok(Expression::Call(name, arguments))
    }

    fn word(&mut self) -> Result<String> {
        self.peek();
        let end = self
            .rest
            .find(|letter: char| !letter.is_alphanumeric() && letter != '_');
        let (word, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        if word.is_empty() {
            return Err(self.wrong("a name is missing"));
        }
        self.rest = rest;
        Ok(word.to_owned())
    }

    fn number(&mut self) -> Result<Expression> {
        let digits = self
            .rest
            .find(|letter: char| !letter.is_ascii_digit() && letter != '-');
        let (digits, rest) = self.rest.split_at(digits.unwrap_or(self.rest.len()));
        let number = digits
            .parse()
            .map_err(|_| self.wrong("the number is none"))?;
        self.rest = rest;
        Ok(Expression::Number(number))
    }

    /// Text within single quotes, of which two stand for one.
    fn text(&mut self) -> Result<String> {
        self.expects('\'')?;
        let mut text = String::new();
        loop {
            let Some((before, after)) = self.rest.split_once('\'') else {
                return Err(self.wrong("the text has no end"));
            };
            text.push_str(before);
            self.rest = after;
            match self.rest.strip_prefix('\'') {
                Some(rest) => {
                    text.push('\'');
                    self.rest = rest;
                }
                None => return Ok(text),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(name: &str, arguments: Vec<Expression>) -> Expression {
        Expression::Call(name.to_owned(), arguments)
    }

    #[test]
    fn expressions_are_read() {
        let text = |text: &str| Expression::Text(text.to_owned());
        let read = |text| match read(text).unwrap() {
            Text::Expression(expression) => expression,
            Text::Literal(text) => panic!("{text} is a literal"),
        };

        assert_eq!(
            read("[concat(parameters('f'), '/it''s')]"),
            call(
                "concat",
                vec![call("parameters", vec![text("f")]), text("/it's")]
            )
        );
        assert_eq!(
            read("[ a( ).b['c'][-1] ]"),
            Expression::Index(
                Box::new(Expression::Index(
                    Box::new(Expression::Property(
                        Box::new(call("a", vec![])),
                        "b".to_owned()
                    )),
                    Box::new(text("c"))
                )),
                Box::new(Expression::Number(-1))
            )
        );
    }

    #[test]
    fn literals_are_what_is_no_expression() {
        for (text, literal) in [
            ("", ""),
            ("[x", "[x"),
            ("x]", "x]"),
            ("[[x]", "[x]"),
            ("[[dbo].[t]", "[dbo].[t]"),
            ("@x", "@x"),
        ] {
            assert_eq!(read(text).unwrap(), Text::Literal(literal));
        }
    }

    #[test]
    fn what_cannot_be_read_says_where() {
        for wrong in [
            "[]", "[a]", "[a(]", "[a('x)]", "[a() b]", "[a(,)]", "[-]", "[a().]", "['x'", "[a()[]",
        ] {
            let found = read(wrong);
            assert!(
                !matches!(found, Ok(Text::Expression(_))),
                "{wrong}: {found:?}"
            );
        }
        let deep = format!("[{}1{}]", "a(".repeat(200), ")".repeat(200));
        assert!(read(&deep).is_err());
        assert_eq!(
            read("[a() b]").unwrap_err(),
            TemplateError::invalid(
                "the language expression [a() b] is not valid: `b` is not expected at position 5"
            )
        );
    }
}
