//! Reads strings of documents into [`Template`]s.

use crate::ast::{Accessor, Call, Expr, ExprKind, Literal, Part, Selector, Span, Template};
use crate::error::{SyntaxError, SyntaxErrorKind};
use crate::lex::{self, Spanned, Token};

/// The longest expression, in characters (Data Factory limits).
pub const MAX_LENGTH: usize = 8192;

/// How deep calls may nest. The service names no limit of its own; this one keeps the stack safe.
pub const MAX_DEPTH: usize = 128;

impl Template {
    /// Reads one string of a document.
    ///
    /// A string that begins with `@@` is text without its first `@`; one that begins with `@` but not with `@{`
    /// is a whole expression; one that holds `@{` is interpolated text, in which `@@{` stands for `@{`; anything
    /// else is plain text.
    ///
    /// # Errors
    ///
    /// The first [`SyntaxError`] of an expression, also when it is too long or nested too deeply.
    pub fn parse(text: &str) -> Result<Self, SyntaxError> {
        parse_template(text).map_err(|error| error.located(text))
    }
}

fn parse_template(text: &str) -> Result<Template, SyntaxError> {
    match text.strip_prefix('@') {
        Some("") => Ok(Template::Literal(text.to_owned())),
        Some(rest) if rest.starts_with('@') => Ok(Template::Literal(rest.to_owned())),
        Some(rest) if !rest.starts_with('{') => {
            expression(text, 1, text.len()).map(Template::Expression)
        }
        _ => interpolation(text),
    }
}

fn interpolation(text: &str) -> Result<Template, SyntaxError> {
    let mut parts = Vec::new();
    let mut literal = String::new();
    let mut at = 0;
    while let Some(found) = text[at..].find("@{") {
        let open = at + found;
        if text[at..open].ends_with('@') {
            literal.push_str(&text[at..open - 1]);
            literal.push_str("@{");
            at = open + 2;
            continue;
        }
        literal.push_str(&text[at..open]);
        let close = closing_brace(text, open)?;
        if text[open + 2..close].trim().is_empty() {
            return Err(SyntaxError::new(
                Span::new(open, close + 1),
                "`@{}` holds no expression",
            ));
        }
        if !literal.is_empty() {
            parts.push(Part::Text(std::mem::take(&mut literal)));
        }
        parts.push(Part::Expr(expression(text, open + 2, close)?));
        at = close + 1;
    }
    literal.push_str(&text[at..]);
    if parts.is_empty() {
        return Ok(Template::Literal(literal));
    }
    if !literal.is_empty() {
        parts.push(Part::Text(literal));
    }
    Ok(Template::Interpolated(parts))
}

/// The first `}` after `@{` that stands outside quotes.
fn closing_brace(text: &str, open: usize) -> Result<usize, SyntaxError> {
    let mut quoted = false;
    for (offset, byte) in text.bytes().enumerate().skip(open + 2) {
        match byte {
            b'\'' => quoted = !quoted,
            b'}' if !quoted => return Ok(offset),
            _ => {}
        }
    }
    let hint = if quoted {
        "a string inside it is not closed"
    } else {
        "write `@@{` for the text itself"
    };
    Err(SyntaxError::new(Span::new(open, text.len()), "`@{` is not closed by `}`").with_hint(hint))
}

fn expression(text: &str, start: usize, end: usize) -> Result<Expr, SyntaxError> {
    let span = Span::new(start, end);
    if text[start..end].chars().nth(MAX_LENGTH).is_some() {
        let message = format!("the expression is longer than {MAX_LENGTH} characters");
        return Err(SyntaxError::new(span, message).of_kind(SyntaxErrorKind::TooLong));
    }
    let mut parser = Parser {
        tokens: lex::tokens(text, start, end)?,
        at: 0,
        depth: 0,
    };
    let expr = parser.expr()?;
    let (token, span) = parser.peek();
    if *token == Token::End {
        return Ok(expr);
    }
    let message = format!("unexpected {} after the expression", token.describe());
    let error = SyntaxError::new(*span, message);
    Err(match (token, &expr.kind) {
        (Token::Dot | Token::Question | Token::OpenBracket, ExprKind::Literal(_)) => {
            error.with_hint("only results of functions have properties and elements")
        }
        (Token::Integer(_) | Token::Float(_), _) => {
            error.with_hint("there are no operators; names with `-` stand in brackets: ['a-b']")
        }
        _ => error,
    })
}

struct Parser {
    tokens: Vec<Spanned>,
    at: usize,
    depth: usize,
}

impl Parser {
    fn peek(&self) -> &Spanned {
        &self.tokens[self.at]
    }

    /// Takes the next token; the last one, the end, stays.
    fn next(&mut self) -> Spanned {
        let (token, span) = &mut self.tokens[self.at];
        let token = (std::mem::replace(token, Token::End), *span);
        if self.at + 1 < self.tokens.len() {
            self.at += 1;
        }
        token
    }

    fn eat(&mut self, wanted: &Token) -> bool {
        let found = self.peek().0 == *wanted;
        if found {
            self.next();
        }
        found
    }

    fn expect(&mut self, wanted: &Token, why: &str) -> Result<Span, SyntaxError> {
        let (token, span) = self.next();
        if token == *wanted {
            return Ok(span);
        }
        let message = format!(
            "expected {} {why}, found {}",
            wanted.describe(),
            token.describe()
        );
        Err(SyntaxError::new(span, message))
    }

    fn expr(&mut self) -> Result<Expr, SyntaxError> {
        let (token, span) = self.next();
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            let message = format!("the expression is nested deeper than {MAX_DEPTH} levels");
            return Err(SyntaxError::new(span, message).of_kind(SyntaxErrorKind::TooDeep));
        }
        let expr = match token {
            Token::Ident(name) => self.named(name, span),
            Token::String(text) => Ok(literal(Literal::String(text), span)),
            Token::Integer(number) => Ok(literal(Literal::Integer(number), span)),
            Token::Float(number) => Ok(literal(Literal::Float(number), span)),
            other => Err(no_expression(&other, span)),
        };
        self.depth -= 1;
        expr
    }

    fn named(&mut self, name: String, span: Span) -> Result<Expr, SyntaxError> {
        if self.peek().0 == Token::OpenParen {
            return self.call(name, span);
        }
        let Some(constant) = constant(&name) else {
            let error = SyntaxError::new(span, format!("expected `(` after `{name}`"));
            return Err(error.with_hint(format!(
                "write `{name}()` to call a function, or `'{name}'` for text"
            )));
        };
        Ok(literal(constant, span))
    }

    fn call(&mut self, name: String, name_span: Span) -> Result<Expr, SyntaxError> {
        self.next();
        let mut args = Vec::new();
        let mut end = self.peek().1;
        if !self.eat(&Token::CloseParen) {
            loop {
                args.push(self.expr()?);
                if !self.eat(&Token::Comma) {
                    break;
                }
            }
            end = self.expect(&Token::CloseParen, "or `,` after an argument")?;
        }
        let mut accessors = Vec::new();
        while let Some(accessor) = self.accessor()? {
            end = accessor.span;
            accessors.push(accessor);
        }
        let kind = ExprKind::Call(Call {
            name,
            name_span,
            args,
            accessors,
        });
        Ok(Expr {
            kind,
            span: Span::new(name_span.start, end.end),
        })
    }

    fn accessor(&mut self) -> Result<Option<Accessor>, SyntaxError> {
        let start = self.peek().1.start;
        let optional = self.eat(&Token::Question);
        if self.eat(&Token::Dot) {
            let (token, span) = self.next();
            let Token::Ident(name) = token else {
                let message = format!(
                    "expected a property name after `.`, found {}",
                    token.describe()
                );
                return Err(SyntaxError::new(span, message)
                    .with_hint("names that are not plain words stand in brackets: ['a b']"));
            };
            return Ok(Some(Accessor {
                optional,
                selector: Selector::Name(name),
                span: Span::new(start, span.end),
            }));
        }
        if self.eat(&Token::OpenBracket) {
            let index = self.expr()?;
            let end = self.expect(&Token::CloseBracket, "after the index")?.end;
            return Ok(Some(Accessor {
                optional,
                selector: Selector::Index(index),
                span: Span::new(start, end),
            }));
        }
        if optional {
            let span = self.peek().1;
            let message = "expected `.` or `[` after `?`";
            return Err(SyntaxError::new(span, message)
                .with_hint("there are no operators: use if() or coalesce()"));
        }
        Ok(None)
    }
}

fn constant(name: &str) -> Option<Literal> {
    let is = |word: &str| name.eq_ignore_ascii_case(word);
    if is("true") {
        Some(Literal::Boolean(true))
    } else if is("false") {
        Some(Literal::Boolean(false))
    } else if is("null") {
        Some(Literal::Null)
    } else {
        None
    }
}

fn literal(constant: Literal, span: Span) -> Expr {
    Expr {
        kind: ExprKind::Literal(constant),
        span,
    }
}

fn no_expression(token: &Token, span: Span) -> SyntaxError {
    let error = SyntaxError::new(
        span,
        format!("expected an expression, found {}", token.describe()),
    );
    match token {
        Token::OpenBracket => error.with_hint("arrays are written with createArray()"),
        Token::OpenParen => error.with_hint("parentheses only stand after the name of a function"),
        _ => error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        Template::parse(text).unwrap_err().to_string()
    }

    #[test]
    fn escapes_are_undone() {
        for (text, literal) in [
            ("@", "@"),
            ("@@", "@"),
            ("@@@", "@@"),
            ("@@{x} @{", "@{x} @{"),
            ("a@b", "a@b"),
            ("a@@b", "a@@b"),
            (" @f()", " @f()"),
            ("a @@{x}", "a @{x}"),
            ("a @@@{x}", "a @@{x}"),
        ] {
            assert_eq!(
                Template::parse(text),
                Ok(Template::Literal(literal.to_owned())),
                "{text}"
            );
        }
    }

    #[test]
    fn braces_in_strings_do_not_close_an_interpolation() {
        let Ok(Template::Interpolated(parts)) = Template::parse("a@{concat('}''{')}b") else {
            panic!("not interpolated");
        };

        assert_eq!(parts.len(), 3);
        assert_eq!(parts[2], Part::Text("b".to_owned()));
    }

    #[test]
    fn spans_point_into_the_text() {
        let text = "é@{ concat( 'x' )?.y }";
        let Ok(Template::Interpolated(parts)) = Template::parse(text) else {
            panic!("not interpolated");
        };
        let Part::Expr(expr) = &parts[1] else {
            panic!("not an expression");
        };

        assert_eq!(&text[expr.span.start..expr.span.end], "concat( 'x' )?.y");
    }

    #[test]
    fn positions_count_characters() {
        assert_eq!(
            error("é@{\"x\"}"),
            "character 4: unexpected `\"`; strings stand in single quotes"
        );
    }

    #[test]
    fn deep_nesting_is_refused() {
        let deep = format!("@{}1{}", "f(".repeat(2000), ")".repeat(2000));

        assert!(error(&deep).ends_with("the expression is nested deeper than 128 levels"));
    }

    #[test]
    fn long_expressions_are_refused() {
        let parens = format!("@{}{}", "f(".repeat(10_000), ")".repeat(10_000));
        let exact = format!("@'{}'", "é".repeat(MAX_LENGTH - 2));
        let longer = format!("@'{}'", "é".repeat(MAX_LENGTH - 1));

        assert_eq!(
            error(&parens),
            "character 2: the expression is longer than 8192 characters"
        );
        assert!(Template::parse(&exact).is_ok());
        assert_eq!(
            error(&longer),
            "character 2: the expression is longer than 8192 characters"
        );
    }

    #[test]
    fn errors_say_what_to_write() {
        assert_eq!(
            error("@pipeline.parameters.x"),
            "character 2: expected `(` after `pipeline`; write `pipeline()` to call a function, or `'pipeline'` for text"
        );
        assert_eq!(
            error("@concat('a',)"),
            "character 13: expected an expression, found `)`"
        );
        assert_eq!(
            error("@pipeline().parameters.my-key"),
            "character 26: a sign must stand before a number; names with `-` stand in brackets: ['my-key']"
        );
        assert_eq!(
            error("@f('a' 'b')"),
            "character 8: expected `)` or `,` after an argument, found a string"
        );
        assert_eq!(
            error("@'abc'[0]"),
            "character 7: unexpected `[` after the expression; only results of functions have properties and elements"
        );
        assert_eq!(
            error("a@{"),
            "character 2: `@{` is not closed by `}`; write `@@{` for the text itself"
        );
    }
}
