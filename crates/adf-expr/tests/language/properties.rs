//! What holds for every input.

use adf_expr::{
    Accessor, Call, Certainty, Context, Expr, ExprKind, Literal, Part, Selector, Snapshot, Span,
    Symbols, Template, Types, check, evaluate_text, function_names, render,
};
use proptest::prelude::*;

fn expr(kind: ExprKind) -> Expr {
    Expr {
        kind,
        span: Span::default(),
    }
}

fn literal() -> impl Strategy<Value = Literal> {
    prop_oneof![
        any::<String>().prop_map(Literal::String),
        "['{}@ a]{0,6}".prop_map(Literal::String),
        any::<i64>().prop_map(Literal::Integer),
        any::<f64>()
            .prop_filter("finite", |float| float.is_finite())
            .prop_map(Literal::Float),
        any::<bool>().prop_map(Literal::Boolean),
        Just(Literal::Null),
    ]
}

fn accessor(inner: impl Strategy<Value = Expr>) -> impl Strategy<Value = Accessor> {
    let selector = prop_oneof![
        "[a-zA-Z_][a-zA-Z0-9_]{0,5}".prop_map(Selector::Name),
        inner.prop_map(Selector::Index),
    ];
    (any::<bool>(), selector).prop_map(|(optional, selector)| Accessor {
        optional,
        selector,
        span: Span::default(),
    })
}

fn expression() -> impl Strategy<Value = Expr> {
    let leaf = literal().prop_map(|literal| expr(ExprKind::Literal(literal)));
    leaf.prop_recursive(4, 24, 4, |inner| {
        let args = prop::collection::vec(inner.clone(), 0..4);
        let accessors = prop::collection::vec(accessor(inner), 0..3);
        ("[a-zA-Z_][a-zA-Z0-9_]{0,7}", args, accessors).prop_map(|(name, args, accessors)| {
            expr(ExprKind::Call(Call {
                name,
                name_span: Span::default(),
                args,
                accessors,
            }))
        })
    })
}

fn template() -> impl Strategy<Value = Template> {
    // Texts with `@` next to an expression have no spelling of their own, and empty texts no trace.
    let middle = prop::collection::vec((expression(), "[a-z{}' ]{1,5}(@@)?[a-z{}]{1,3}"), 1..4);
    prop_oneof![
        any::<String>().prop_map(Template::Literal),
        "[@{}a']{0,8}".prop_map(Template::Literal),
        expression().prop_map(Template::Expression),
        middle.prop_map(|pairs| {
            let parts = pairs
                .into_iter()
                .flat_map(|(expr, text)| [Part::Expr(expr), Part::Text(text)]);
            Template::Interpolated(parts.collect())
        }),
    ]
}

/// Calls of real functions with arguments of every kind.
fn call_text() -> impl Strategy<Value = String> {
    let names: Vec<&'static str> = function_names().collect();
    let argument = prop_oneof![
        literal().prop_map(|literal| literal.to_string()),
        prop::sample::select(vec![
            "'2024-02-05T03:07:09Z'",
            "'2024-02-05'",
            "'Pacific Standard Time'",
            "'Month'",
            "json('{\"a\":[1,{\"b\":null}]}')",
            "createArray(1,2.5,'x')",
            "xml('<a b=\"1\"><c/>t</a>')",
            "'//c/..'",
            "binary('x')",
            "'yyyy-MM-dd'",
            "9223372036854775807",
            "-9223372036854775808",
            "0",
        ])
        .prop_map(str::to_owned),
    ];
    (
        prop::sample::select(names),
        prop::collection::vec(argument, 0..4),
    )
        .prop_map(|(name, args)| format!("@{name}({})", args.join(",")))
}

/// Calls in calls, in branches, and with what they give selected from.
fn nested_text() -> impl Strategy<Value = String> {
    let names: Vec<&'static str> = function_names()
        .chain(["if", "and", "or", "coalesce", "equals"])
        .collect();
    let leaf = prop_oneof![
        literal().prop_map(|literal| literal.to_string()),
        prop::sample::select(vec![
            "json('{\"a\":[1]}')",
            "createArray(1,2)",
            "'a'",
            "1",
            "2.5",
            "true",
            "null",
            "json('[]')"
        ])
        .prop_map(str::to_owned),
    ];
    let call = leaf.prop_recursive(3, 12, 3, move |inner| {
        let member = prop::sample::select(vec!["", "", "?.a", "[0]", "?[0]", ".length"]);
        (
            prop::sample::select(names.clone()),
            prop::collection::vec(inner, 1..4),
            member,
        )
            .prop_map(|(name, args, member)| format!("{name}({}){member}", args.join(",")))
    });
    call.prop_map(|call| format!("@{call}"))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn printed_templates_read_as_themselves(template in template()) {
        let printed = template.to_string();

        prop_assert_eq!(Template::parse(&printed), Ok(template), "{}", printed);
    }

    #[test]
    fn texts_that_parse_print_to_the_same_template(text in "[@a-c{}()\\[\\]'?., 0-9-]{0,24}") {
        if let Ok(template) = Template::parse(&text) {
            let printed = template.to_string();

            prop_assert_eq!(Template::parse(&printed), Ok(template), "{}", printed);
        }
    }

    #[test]
    fn no_text_panics(text in any::<String>(), tokens in "@(concat|item|json|xml|[@{}()\\[\\]'?., 0-9eé\"-]){0,16}") {
        for text in [text.as_str(), &format!("@{text}"), &format!("@{{{text}}}"), &tokens] {
            let _ = evaluate_text(text, &Context::default());
            let _ = Template::parse(text).map(|template| check(&template, &Symbols::default()));
        }
    }

    #[test]
    fn no_argument_panics(text in call_text()) {
        if let Ok(value) = evaluate_text(&text, &Context::default()) {
            let _ = render(&value);
        }
    }

    #[test]
    fn no_embedded_text_panics(text in any::<String>(), near in "[<>a-b/=\"'&;?!\\[\\]{}:,.0-9T+Z@*()| -]{0,24}") {
        let quoted = [text, near].map(|text| text.replace('\'', "''"));
        for text in &quoted {
            for call in ["json('#')", "xml('#')", "xpath(xml('<a>1</a>'),'#')", "ticks('#')", "int('#')", "float('#')",
                "formatDateTime('2024-02-05','#')", "base64ToString('#')", "dataUriToString('data:#')",
                "uriComponentToString('#')", "convertFromUtc('2024-02-05Z','#')", "json(xml('<a>#</a>'))"] {
                let _ = evaluate_text(&format!("@{}", call.replace('#', text)), &Context::default());
            }
        }
    }

    #[test]
    fn times_survive_formatting(ticks in 0_i64..3_155_378_975_999_999_999) {
        let seconds = ticks / 10_000_000;
        let text = format!("@ticks(addSeconds('0001-01-01T00:00:00Z',{seconds}))");

        prop_assert_eq!(evaluate_text(&text, &Context::default()).unwrap(), seconds * 10_000_000);
    }

    #[test]
    fn what_has_a_value_is_not_called_a_failure(text in call_text(), nested in nested_text()) {
        for text in [text, nested] {
            let context = Context::default();
            if evaluate_text(&text, &context).is_ok() {
                assert_no_failure(&text, &context);
            }
        }
    }
}

/// No issue says that the text cannot have a value in `context`.
pub(crate) fn assert_no_failure(text: &str, context: &Context) {
    let template = Template::parse(text).expect("it has been evaluated");
    let snapshot = Snapshot::of(context);

    let found = check(&template, &snapshot.symbols());

    let wrong: Vec<_> = found
        .issues
        .iter()
        .filter(|issue| issue.certainty != Certainty::Doubtful)
        .collect();
    assert!(wrong.is_empty(), "{text}: {wrong:?}");
    let value = evaluate_text(text, context).expect("it has a value");
    assert!(
        !found.certain || Types::of(&value).is_within(found.types),
        "{text} is {value}, not {}",
        found.types
    );
}
