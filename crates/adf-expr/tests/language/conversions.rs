//! Conversions between types, encodings, JSON and XML.

use serde_json::json;

use crate::{assert_errors, assert_values};

#[test]
fn scalars_convert_as_in_dotnet() {
    assert_values(
        &json!({}),
        &[
            ("@array(createArray(1))", json!([1])),
            ("@array(null)", json!([null])),
            ("@bool(' True ')", json!(true)),
            ("@bool(0.0)", json!(false)),
            ("@int('1,000')", json!(1000)),
            ("@int(true)", json!(1)),
            ("@int(-4.0)", json!(-4)),
            ("@float('1e3')", json!(1000.0)),
            ("@float(7)", json!(7.0)),
            ("@string(1e20)", json!("1E+20")),
            ("@string(createArray(1.0, 'q\"'))", json!("[1.0,\"q\\\"\"]")),
        ],
    );
}

#[test]
fn scalars_refuse_other_text() {
    assert_errors(
        &json!({}),
        &[
            (
                "@bool('1')",
                "function `bool`: `1` is neither true nor false",
            ),
            (
                "@int('0x1F')",
                "function `int`: `0x1F` is not an integer of 64 bits",
            ),
            (
                "@int(10.9)",
                "function `int`: `10.9` is not an integer of 64 bits",
            ),
            (
                "@int(1e19)",
                "function `int`: `1E+19` is not an integer of 64 bits",
            ),
            ("@float('x')", "function `float`: `x` is not a number"),
            (
                "@float(null)",
                "function `float`: argument 1 must be a number or a String, not Null",
            ),
        ],
    );
}

#[test]
fn encodings_go_both_ways() {
    assert_values(
        &json!({}),
        &[
            ("@base64('lake')", json!("bGFrZQ==")),
            ("@base64(createArray(1))", json!("WzFd")),
            ("@base64(base64ToBinary('bGFrZQ=='))", json!("bGFrZQ==")),
            ("@decodeBase64('w6k=')", json!("é")),
            (
                "@binary('a')",
                json!({"$content-type": "application/octet-stream", "$content": "YQ=="}),
            ),
            ("@uriComponent('a b/é~')", json!("a%20b%2F%C3%A9~")),
            ("@decodeUriComponent('a+%2F%zz')", json!("a /%zz")),
            ("@string(uriComponentToBinary('a%20b'))", json!("a b")),
            (
                "@dataUri('lake')",
                json!("data:text/plain;charset=utf-8;base64,bGFrZQ=="),
            ),
            (
                "@dataUri(binary('lake'))",
                json!("data:application/octet-stream;base64,bGFrZQ=="),
            ),
            (
                "@dataUri(createArray(1))",
                json!("data:application/json;charset=utf-8;base64,WzFd"),
            ),
            ("@decodeDataUri('data:,a%20b')", json!("a b")),
            (
                "@dataUriToBinary('data:text/html;base64,YQ==')",
                json!({"$content-type": "text/html", "$content": "YQ=="}),
            ),
        ],
    );
}

#[test]
fn encodings_refuse_broken_text() {
    assert_errors(
        &json!({}),
        &[
            (
                "@base64ToString('bGFrZQ')",
                "function `base64ToString`: the text is not valid base64",
            ),
            (
                "@dataUriToString('x')",
                "function `dataUriToString`: the text is not a data URI; it begins with `data:` and has a `,`",
            ),
            (
                "@base64(5)",
                "function `base64`: argument 1 must be a String, Array or Object, not Integer",
            ),
        ],
    );
}

#[test]
fn json_and_xml_become_each_other() {
    let xml = "<?xml version=\"1.0\"?><r a=\"1\">t<x>1</x><x/><y></y><![CDATA[<c>]]><!--n--></r>";
    let context = json!({"parameters": {"x": xml}});
    assert_values(
        &context,
        &[
            ("@json('')", json!(null)),
            ("@json(null)", json!({})),
            ("@json('[1] rest')", json!([1])),
            (
                "@json(xml(pipeline().parameters.x))",
                json!({"?xml": {"@version": "1.0"}, "r": {"@a": "1", "#text": "t", "x": ["1", null], "y": "", "#cdata-section": "<c>"}}),
            ),
            (
                "@string(xml(pipeline().parameters.x))",
                json!(
                    "<?xml version=\"1.0\"?><r a=\"1\">t<x>1</x><x /><y></y><![CDATA[<c>]]><!--n--></r>"
                ),
            ),
            (
                "@string(xml(json('{\"?xml\":{\"@version\":\"1.0\"},\"r\":{\"@a\":\"<\",\"#text\":\"x&y\",\"i\":[1,true,null],\"b c\":2.0}}')))",
                json!(
                    "<?xml version=\"1.0\"?><r a=\"&lt;\">x&amp;y<i>1</i><i>true</i><i /><b_x0020_c>2</b_x0020_c></r>"
                ),
            ),
            (
                "@string(xml(json('{\"a\":{\"b\":[[1],2],\"@c\":null}}')))",
                json!("<a c=\"\"><b><b>1</b></b><b>2</b></a>"),
            ),
            (
                "@json(xml(json('{\"r\":{\"b c\":\"1\"}}')))",
                json!({"r": {"b c": "1"}}),
            ),
            (
                "@json(xml('<a>\n  <b>&lt;&#65;</b>\n</a>'))",
                json!({"a": {"b": "<A"}}),
            ),
        ],
    );
}

#[test]
fn json_and_xml_refuse_broken_documents() {
    assert_errors(
        &json!({}),
        &[
            (
                "@json('oops')",
                "function `json`: not valid JSON: unexpected text at character 1",
            ),
            (
                "@json(1)",
                "function `json`: argument 1 must be a String or an XML value, not Integer",
            ),
            (
                "@xml(json('{\"a\":1,\"b\":2}'))",
                "function `xml`: the object must have one root property, not several",
            ),
            (
                "@xml(json('{\"a\":[1,2]}'))",
                "function `xml`: the root property must not be an array of several",
            ),
            (
                "@xml('<a>&nbsp;</a>')",
                "function `xml`: not valid XML: there is no entity `&nbsp;`",
            ),
            (
                "@xml('<a/><b/>')",
                "function `xml`: not valid XML: there is more than one outermost element",
            ),
            (
                "@xml('<p:a/>')",
                "function `xml`: not valid XML: the prefix `p` is not declared",
            ),
        ],
    );
}

#[test]
fn xpath_yields_values_of_every_kind() {
    let xml = "<s xmlns:p=\"urn:p\"><i id=\"1\"><n>Pen</n></i><i id=\"2\"><n>Ink</n></i><p:e/></s>";
    let context = json!({"parameters": {"x": xml}});
    assert_values(
        &context,
        &[
            (
                "@xpath(xml(pipeline().parameters.x), '/s/i/n/text()')",
                json!(["Pen", "Ink"]),
            ),
            (
                "@xpath(xml(pipeline().parameters.x), '//i/@id')",
                json!(["id=\"1\"", "id=\"2\""]),
            ),
            (
                "@string(xpath(xml(pipeline().parameters.x), '//i[2]')[0])",
                json!("<i id=\"2\">\n  <n>Ink</n>\n</i>"),
            ),
            (
                "@string(xpath(xml(pipeline().parameters.x), '//*[local-name()=\"e\"]')[0])",
                json!("<p:e xmlns:p=\"urn:p\" />"),
            ),
            (
                "@xpath(xml(pipeline().parameters.x), 'count(//i)')",
                json!(2.0),
            ),
            (
                "@xpath(xml(pipeline().parameters.x), 'string(//n)')",
                json!("Pen"),
            ),
            (
                "@xpath(xml(pipeline().parameters.x), '//n = \"Ink\"')",
                json!(true),
            ),
            ("@xpath(xml(pipeline().parameters.x), '/none')", json!([])),
            (
                "@xpath(xml('<a b=\"1\n2&#10;3\"/>'), 'string(//@b)')",
                json!("1 2\n3"),
            ),
        ],
    );
}

#[test]
fn xpath_refuses_bad_paths() {
    assert_errors(
        &json!({}),
        &[
            (
                "@xpath('<a/>', '/a')",
                "function `xpath`: argument 1 must be an XML value, not String; make one with xml()",
            ),
            (
                "@xpath(xml('<a/>'), '///')",
                "function `xpath`: XPath `///`: expected a step, found `/`",
            ),
            (
                "@xpath(xml('<a/>'), 'id(1)')",
                "function `xpath`: XPath `id(1)`: there is no function `id`",
            ),
        ],
    );
}
