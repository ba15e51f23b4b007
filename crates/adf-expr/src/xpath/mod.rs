//! XPath 1.0 over [`Document`](crate::xml::Document)s, without namespace axis, variables and `id()`.

mod axis;
mod call;
mod eval;
mod lex;
mod parse;

pub(crate) use eval::evaluate;

use crate::xml::NodeId;

/// What an expression yields.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Outcome {
    /// In document order, without repetition.
    Nodes(Vec<NodeId>),
    Boolean(bool),
    Number(f64),
    Text(String),
}

#[derive(Clone, Debug, PartialEq)]
enum Expr {
    Binary(Operator, Box<Self>, Box<Self>),
    Negated(Box<Self>),
    Path { start: Start, steps: Vec<Step> },
    Filtered(Box<Self>, Vec<Self>),
    Literal(String),
    Number(f64),
    Call(String, Vec<Self>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    Or,
    And,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Plus,
    Minus,
    Times,
    Divide,
    Modulo,
    Union,
}

impl Operator {
    /// Operators by precedence, the loosest first.
    const LEVELS: [&[(&str, Self)]; 6] = [
        &[("or", Self::Or)],
        &[("and", Self::And)],
        &[("=", Self::Equal), ("!=", Self::NotEqual)],
        &[
            ("<", Self::Less),
            ("<=", Self::LessOrEqual),
            (">", Self::Greater),
            (">=", Self::GreaterOrEqual),
        ],
        &[("+", Self::Plus), ("-", Self::Minus)],
        &[
            ("*", Self::Times),
            ("div", Self::Divide),
            ("mod", Self::Modulo),
        ],
    ];
}

#[derive(Clone, Debug, PartialEq)]
enum Start {
    Root,
    Context,
    Expr(Box<Expr>),
}

#[derive(Clone, Debug, PartialEq)]
struct Step {
    axis: Axis,
    test: Test,
    predicates: Vec<Expr>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Axis {
    Ancestor,
    AncestorOrSelf,
    Attribute,
    Child,
    Descendant,
    DescendantOrSelf,
    Following,
    FollowingSibling,
    Parent,
    Preceding,
    PrecedingSibling,
    Itself,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Test {
    AnyName,
    Name(String),
    Text,
    Comment,
    Instruction(Option<String>),
    Node,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xml::{Document, read};

    const SHOP: &str = "<?xml version=\"1.0\"?><shop><item id=\"1\"><name>Pen</name><qty>20</qty></item>\
        <!--c--><item id=\"2\"><name>Ink</name><qty>5</qty></item><x:more xmlns:x=\"urn:x\">m</x:more></shop>";

    fn shop() -> Document {
        read(SHOP).unwrap()
    }

    fn texts(path: &str) -> Vec<String> {
        let document = shop();
        match evaluate(path, &document) {
            Ok(Outcome::Nodes(nodes)) => nodes.into_iter().map(|id| document.text(id)).collect(),
            other => panic!("{path}: {other:?}"),
        }
    }

    #[test]
    fn paths_select_nodes() {
        for (path, expected) in [
            ("/shop/item/name/text()", &["Pen", "Ink"][..]),
            ("//name", &["Pen", "Ink"]),
            ("//item[@id='2']/name", &["Ink"]),
            ("//item[2]/qty", &["5"]),
            ("//item[last()]/name", &["Ink"]),
            ("//item[qty > 10]/@id", &["1"]),
            ("/shop/*[name()='item'][1]/*", &["Pen", "20"]),
            (
                "//*[local-name()='more' and namespace-uri()='urn:x']",
                &["m"],
            ),
            ("//qty/../name", &["Pen", "Ink"]),
            ("//name[.='Ink']/ancestor::item/@id", &["2"]),
            ("//item[1]/following-sibling::item/name", &["Ink"]),
            ("//item[2]/preceding-sibling::*[1]/name", &["Pen"]),
            ("//name | //qty", &["Pen", "20", "Ink", "5"]),
            ("(//name)[2]", &["Ink"]),
            ("//comment()", &["c"]),
            ("//item[not(position()=1)]/name", &["Ink"]),
            ("/nothing", &[]),
        ] {
            assert_eq!(texts(path), expected, "{path}");
        }
    }

    #[test]
    fn expressions_have_values() {
        let number = |n: f64| Outcome::Number(n);
        let text = |s: &str| Outcome::Text(s.to_owned());
        for (path, expected) in [
            ("count(//item)", number(2.0)),
            ("sum(//qty) div 2 - 1 * 2", number(10.5)),
            ("-5 mod 3", number(-2.0)),
            ("round(2.5) + floor(-0.5) + ceiling(0.2)", number(3.0)),
            ("string(//name)", text("Pen")),
            (
                "concat(substring('hello', 2, 3), '-', substring-after('a=b', '='))",
                text("ell-b"),
            ),
            (
                "translate(normalize-space('  a  b '), 'ab', 'x')",
                text("x "),
            ),
            ("name(/*)", text("shop")),
            ("string(1 div 4)", text("0.25")),
            ("//qty = 5 and not(//qty = 7)", Outcome::Boolean(true)),
            ("//name != 'Pen'", Outcome::Boolean(true)),
            (
                "string-length('abc') >= 3 or false()",
                Outcome::Boolean(true),
            ),
            ("starts-with(//name, 'P')", Outcome::Boolean(true)),
        ] {
            assert_eq!(evaluate(path, &shop()), Ok(expected), "{path}");
        }
    }

    #[test]
    fn bad_paths_are_refused() {
        let deep = "(".repeat(5000);
        let negated = "-".repeat(5000);
        for path in [
            "///",
            "",
            "//item[",
            "nosuch()",
            "count(1)",
            "count()",
            "$x",
            "1 +",
            "x:more",
            "'open",
            "namespace::a",
            "//item)",
            "a/1",
            "id('x')",
            &deep,
            &negated,
        ] {
            assert!(evaluate(path, &shop()).is_err(), "{path}");
        }
    }
}
