//! Writes templates back as text that reads as the same template.

use std::fmt::{self, Display, Formatter, Write};

use crate::ast::{Accessor, Call, Expr, ExprKind, Literal, Part, Selector, Template};

impl Display for Template {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Literal(text) if text.len() > 1 && text.starts_with('@') => write!(f, "@{text}"),
            Self::Literal(text) => f.write_str(&escaped(text)),
            Self::Expression(expr) => write!(f, "@{expr}"),
            Self::Interpolated(parts) => interpolated(parts, f),
        }
    }
}

/// Text that begins the string with `@`, or ends with `@` before an expression, has no spelling of its own:
/// there the `@` becomes an expression.
fn interpolated(parts: &[Part], f: &mut Formatter<'_>) -> fmt::Result {
    for (i, part) in parts.iter().enumerate() {
        match part {
            Part::Expr(expr) => write!(f, "@{{{expr}}}")?,
            Part::Text(text) => {
                let mut text = text.as_str();
                if let (0, Some(rest)) = (i, text.strip_prefix('@')) {
                    f.write_str("@{'@'}")?;
                    text = rest;
                }
                let before_expr = matches!(parts.get(i + 1), Some(Part::Expr(_)));
                match text.strip_suffix('@') {
                    Some(rest) if before_expr => write!(f, "{}@{{'@'}}", escaped(rest))?,
                    _ => f.write_str(&escaped(text))?,
                }
            }
        }
    }
    Ok(())
}

fn escaped(text: &str) -> String {
    text.replace("@{", "@@{")
}

impl Display for Part {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(&escaped(text)),
            Self::Expr(expr) => write!(f, "@{{{expr}}}"),
        }
    }
}

impl Display for Expr {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.kind {
            ExprKind::Literal(literal) => literal.fmt(f),
            ExprKind::Call(call) => call.fmt(f),
        }
    }
}

impl Display for Literal {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::String(text) => write!(f, "'{}'", text.replace('\'', "''")),
            Self::Integer(number) => number.fmt(f),
            Self::Float(number) => write!(f, "{number:?}"),
            Self::Boolean(value) => value.fmt(f),
            Self::Null => f.write_str("null"),
        }
    }
}

impl Display for Call {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}(", self.name)?;
        for (i, arg) in self.args.iter().enumerate() {
            if i > 0 {
                f.write_str(", ")?;
            }
            arg.fmt(f)?;
        }
        f.write_char(')')?;
        self.accessors
            .iter()
            .try_for_each(|accessor| accessor.fmt(f))
    }
}

impl Display for Accessor {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.optional {
            f.write_char('?')?;
        }
        match &self.selector {
            Selector::Name(name) => write!(f, ".{name}"),
            Selector::Index(index) => write!(f, "[{index}]"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(text: &str) -> String {
        Template::parse(text).unwrap().to_string()
    }

    #[test]
    fn blanks_are_normalised() {
        assert_eq!(
            printed("@ concat ( 'it''s' ,1.50,\n NULL)?[ 0 ].a"),
            "@concat('it''s', 1.5, null)?[0].a"
        );
        assert_eq!(printed("x@{ item() } @@{y}"), "x@{item()} @@{y}");
    }

    #[test]
    fn awkward_text_keeps_its_meaning() {
        let one = Template::parse("@{1}").unwrap();
        let Template::Interpolated(expr) = one else {
            panic!("not interpolated");
        };
        let parts = vec![Part::Text("@a@".to_owned()), expr[0].clone()];

        assert_eq!(
            Template::Interpolated(parts).to_string(),
            "@{'@'}a@{'@'}@{1}"
        );
    }
}
