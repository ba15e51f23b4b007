//! Functions on text, collections, conditions and numbers.

use serde_json::json;

use crate::{assert_errors, assert_values};

#[test]
fn text_functions_count_utf16_units() {
    assert_values(
        &json!({}),
        &[
            (
                "@concat('a', 1, 2.50, true, null, createArray(1))",
                json!("a12.5True[1]"),
            ),
            ("@endsWith('Report', 'PORT')", json!(true)),
            ("@startsWith('x', '')", json!(true)),
            ("@indexOf('Straße', 'SSE')", json!(-1)),
            ("@indexOf('a😀B', 'b')", json!(3)),
            ("@indexOf('abc', '')", json!(0)),
            ("@lastIndexOf('abcabc', 'C')", json!(5)),
            ("@lastIndexOf('abc', 'x')", json!(-1)),
            ("@replace('aXa', 'a', '')", json!("X")),
            ("@split('a||b||', '||')", json!(["a", "b", ""])),
            ("@split('', ',')", json!([""])),
            ("@substring('a😀b', 1, 2)", json!("😀")),
            ("@substring('abc', 1)", json!("bc")),
            ("@substring('abc', 2, 0)", json!("")),
            ("@toUpper('straße é')", json!("STRAßE É")),
            ("@toLower('ÀÉ')", json!("àé")),
            ("@trim('\u{a0} x\n')", json!("x")),
            ("@length(guid('X'))", json!(68)),
            ("@length(guid('P'))", json!(38)),
            ("@substring(guid(), 14, 1)", json!("4")),
            ("@equals(guid(), guid())", json!(false)),
        ],
    );
}

#[test]
fn text_functions_refuse_bad_ranges_and_types() {
    assert_errors(
        &json!({}),
        &[
            (
                "@substring('abc', 3, 0)",
                "function `substring`: start 3 lies outside a text of length 3",
            ),
            (
                "@substring('abc', 1, 3)",
                "function `substring`: start 1 and length 3 reach beyond a text of length 3; limit the length with min() and length()",
            ),
            (
                "@substring('abc', -1, 1)",
                "function `substring`: argument 2 must not be negative",
            ),
            (
                "@substring('abc', 1.0, 1)",
                "function `substring`: argument 2 must be an Integer of 64 bits, not Float",
            ),
            (
                "@replace('abc', '', 'x')",
                "function `replace`: the text to replace must not be empty",
            ),
            (
                "@guid('d')",
                "function `guid`: no format `d`; formats are N, D, B, P and X",
            ),
            (
                "@indexOf(createArray('a'), 'a')",
                "function `indexOf`: argument 1 must be a String, not Array",
            ),
        ],
    );
}

#[test]
fn collections_compare_without_conversion() {
    assert_values(
        &json!({}),
        &[
            ("@contains('lake', 'LAKE')", json!(false)),
            ("@contains(createArray(1.0), 1)", json!(false)),
            (
                "@contains(createArray(createArray(1)), createArray(1))",
                json!(true),
            ),
            ("@contains(json('{\"Key\":1}'), 'key')", json!(true)),
            ("@empty(json('{}'))", json!(true)),
            ("@first('😀b')", json!("😀")),
            ("@last(json('[]'))", json!(null)),
            (
                "@intersection(createArray(2, 1, 2), createArray(1, 2), createArray(2))",
                json!([2]),
            ),
            (
                "@intersection(json('{\"a\":{\"x\":1,\"y\":2},\"b\":1}'), json('{\"a\":{\"y\":2,\"x\":1},\"b\":1.0}'))",
                json!({"a": {"x": 1, "y": 2}}),
            ),
            (
                "@join(createArray('a', null, 1.0, createArray('b')), '-')",
                json!("a--1-[\"b\"]"),
            ),
            ("@length('a😀')", json!(3)),
            ("@skip(createArray(1, 2, 3), 2)", json!([3])),
            ("@take('abc', 2)", json!("ab")),
            ("@take(createArray(1), 9)", json!([1])),
            (
                "@union(createArray(1, 1.0, '1'), createArray(1, 2))",
                json!([1, 1.0, "1", 2]),
            ),
            (
                "@union(json('{\"a\":{\"x\":1}}'), json('{\"a\":{\"y\":2},\"A\":3}'))",
                json!({"a": {"y": 2}, "A": 3}),
            ),
            (
                "@length(union(range(0, 50000), range(25000, 50000)))",
                json!(75_000),
            ),
        ],
    );
}

#[test]
fn collections_refuse_other_types() {
    assert_errors(
        &json!({}),
        &[
            (
                "@empty(0)",
                "function `empty`: argument 1 must be a String, Array or Object, not Integer",
            ),
            (
                "@length(null)",
                "function `length`: argument 1 must be a String or Array, not Null",
            ),
            (
                "@skip(createArray(1), -1)",
                "function `skip`: argument 2 must not be negative",
            ),
            (
                "@union(createArray(1), json('{}'))",
                "function `union`: argument 2 must be an Array, not Object",
            ),
            (
                "@intersection(createArray(1))",
                "function `intersection` takes at least 2 arguments, not 1",
            ),
            (
                "@contains('5', 5)",
                "function `contains`: argument 2 must be a String, not Integer",
            ),
        ],
    );
}

#[test]
fn conditions_evaluate_only_what_decides() {
    assert_values(
        &json!({}),
        &[
            ("@and(false, equals(div(1, 0), 1))", json!(false)),
            ("@or(true, equals(div(1, 0), 1))", json!(true)),
            ("@if(false, div(1, 0), 'safe')", json!("safe")),
            ("@coalesce(null, '', div(1, 0))", json!("")),
            ("@coalesce(null, null)", json!(null)),
            ("@equals(1, 1.0)", json!(true)),
            ("@equals(true, 1)", json!(true)),
            ("@equals('a', 'A')", json!(false)),
            (
                "@equals(json('{\"a\":[1,{\"b\":2,\"c\":3}]}'), json('{\"a\":[1,{\"c\":3,\"b\":2}]}'))",
                json!(true),
            ),
            (
                "@equals(json('{\"a\":1}'), json('{\"A\":1}'))",
                json!(false),
            ),
            ("@greater(9007199254740993, 9007199254740992)", json!(true)),
            ("@lessOrEquals(1, 1.5)", json!(true)),
            ("@less('a', 'A')", json!(true)),
            ("@less('A', 'b')", json!(true)),
            ("@less('_', '0')", json!(true)),
            ("@less('9', 'a')", json!(true)),
            ("@less('e', 'é')", json!(true)),
            ("@less('é', 'f')", json!(true)),
            ("@greaterOrEquals('b', 'b')", json!(true)),
        ],
    );
}

#[test]
fn conditions_refuse_other_types() {
    assert_errors(
        &json!({}),
        &[
            (
                "@and(true, 'true')",
                "function `and`: argument 2 must be a Boolean, not String",
            ),
            (
                "@and(true, true, true)",
                "function `and` takes 2 arguments, not 3",
            ),
            (
                "@if('true', 1, 2)",
                "function `if`: argument 1 must be a Boolean, not String",
            ),
            (
                "@greater(1, '1')",
                "function `greater`: argument 2 must be a number, not String",
            ),
            (
                "@less(true, false)",
                "function `less`: argument 1 must be a number or a String, not Boolean",
            ),
            (
                "@not(0)",
                "function `not`: argument 1 must be a Boolean, not Integer",
            ),
        ],
    );
}

#[test]
fn arithmetic_keeps_integers_apart_from_floats() {
    assert_values(
        &json!({}),
        &[
            ("@add(1, 2)", json!(3)),
            ("@add(1.5, 1.5)", json!(3.0)),
            ("@sub(1, 0.5)", json!(0.5)),
            ("@mul(-4, 3)", json!(-12)),
            ("@div(-7, 2)", json!(-3)),
            ("@div(7, 2.0)", json!(3.5)),
            ("@mod(-7, 3)", json!(-1)),
            (
                "@max(9007199254740993, 9007199254740992)",
                json!(9_007_199_254_740_993_i64),
            ),
            ("@max(1, 2.5, 3)", json!(3.0)),
            ("@min(createArray(4, 2, 9))", json!(2)),
            ("@rand(5, 5)", json!(5)),
            (
                "@and(greaterOrEquals(rand(-3, 4), -3), less(rand(-3, 4), 4))",
                json!(true),
            ),
            ("@range(-1, 3)", json!([-1, 0, 1])),
            ("@length(range(0, 100000))", json!(100_000)),
        ],
    );
}

#[test]
fn arithmetic_refuses_overflow_and_zero_divisors() {
    let overflow = "the result does not fit into 64 bits";
    assert_errors(
        &json!({}),
        &[
            (
                "@add(9223372036854775807, 1)",
                &format!("function `add`: {overflow}"),
            ),
            (
                "@div(-9223372036854775808, -1)",
                &format!("function `div`: {overflow}"),
            ),
            (
                "@mul(1e308, 10)",
                "function `mul`: the result is not a finite number",
            ),
            ("@div(1, 0.0)", "function `div`: division by zero"),
            ("@mod(1, 0)", "function `mod`: division by zero"),
            ("@max(json('[]'))", "function `max`: the array is empty"),
            (
                "@min(createArray(1, '2'))",
                "function `min`: all elements must be numbers",
            ),
            (
                "@max(createArray(1), 2)",
                "function `max`: argument 1 must be a number, not Array",
            ),
            (
                "@rand(2, 1)",
                "function `rand`: the lower bound 2 is greater than the upper bound 1",
            ),
            (
                "@range(0, 100001)",
                "function `range`: the count must be between 0 and 100000",
            ),
            (
                "@range(2147483647, 2)",
                "function `range`: the numbers must fit into 32 bits",
            ),
        ],
    );
}
