use proptest::prelude::*;

use super::*;

const MASK: &str = "***";

fn assert_told(cases: &[(&str, &str, SecretKind)]) {
    for (text, shown, kind) in cases {
        assert_eq!(masked(text, MASK), *shown, "{text}");
        assert_eq!(secrets_in(text)[0].kind, *kind, "{text}");
    }
}

#[test]
fn the_values_of_names_are_told() {
    use SecretKind::Setting;
    assert_told(&[
        (
            "AccountName=a;AccountKey=s3cr3t==;EndpointSuffix=x",
            "AccountName=a;AccountKey=***;EndpointSuffix=x",
            Setting,
        ),
        (
            "Server=tcp:s.test;User ID=u;Password=a b&c=d",
            "Server=tcp:s.test;User ID=u;Password=***",
            Setting,
        ),
        (
            "Endpoint=sb://a.test/;Shared Access Key = abc;x=y",
            "Endpoint=sb://a.test/;Shared Access Key =***;x=y",
            Setting,
        ),
        ("Uid=u;Pwd=hunter2", "Uid=u;Pwd=***", Setting),
        (
            "CREATE LOGIN reader WITH PASSWORD = 'hunter2'",
            "CREATE LOGIN reader WITH PASSWORD =***",
            Setting,
        ),
        (
            "errorcode=5 PASSWORD=a;b",
            "errorcode=5 PASSWORD=***;b",
            Setting,
        ),
        (
            "@concat('Server=x;Password=', 'hunter2;more')",
            "@concat('Server=x;Password=***;more')",
            Setting,
        ),
    ]);
}

#[test]
fn the_values_of_fields_in_links_and_bodies_are_told() {
    use SecretKind::{Code, Field, Property, Signature};
    assert_told(&[
        (
            "https://a.test/c?sv=2020&sig=abc%3D&se=1",
            "https://a.test/c?sv=2020&sig=***&se=1",
            Signature,
        ),
        ("?sv=2020&sig=abc%3D", "?sv=2020&sig=***", Signature),
        (
            "https://f.test/api/x?code=abc==",
            "https://f.test/api/x?code=***",
            Code,
        ),
        (
            "grant_type=password&client_secret=a%b&scope=x",
            "grant_type=password&client_secret=***&scope=x",
            Field,
        ),
        (
            "client_secret=a b&scope=x",
            "client_secret=***&scope=x",
            Field,
        ),
        (
            "https://a.test/?api_key=1&x=2",
            "https://a.test/?api_key=***&x=2",
            Field,
        ),
        (
            r#"{"user":"u","password" : "hunter2"}"#,
            r#"{"user":"u","password" : "***"}"#,
            Property,
        ),
        (
            r#"{"client_secret":"a\"b","x":1}"#,
            r#"{"client_secret":"***","x":1}"#,
            Property,
        ),
        (
            r#"{\"password\":\"hunter2\"}"#,
            r#"{\"password\":\"***\"}"#,
            Property,
        ),
        ("{'apiKey': 'x y'}", "{'apiKey': '***'}", Property),
    ]);
}

#[test]
fn what_authorises_in_headers_and_links_is_told() {
    use SecretKind::{Header, UserInfo};
    assert_told(&[
        (
            "mongodb://user:pa:ss@host.test/db",
            "mongodb://user:***@host.test/db",
            UserInfo,
        ),
        (
            "amqp://u:a@b:c@host.test",
            "amqp://u:***@host.test",
            UserInfo,
        ),
        ("wasbs://u:p@h.test/x", "wasbs://u:***@h.test/x", UserInfo),
        ("Bearer abc.def", "Bearer ***", Header),
        (
            "curl -H 'Authorization: Bearer abc.def.012' x",
            "curl -H 'Authorization: Bearer ***' x",
            Header,
        ),
        ("Basic dXNlcjpwdw==", "Basic ***", Header),
        ("token 0123456789abcdef", "token ***", Header),
    ]);
}

#[test]
fn what_commands_are_given_is_told() {
    use SecretKind::Property;
    assert_told(&[
        (
            "run --password hunter2 -v",
            "run --password *** -v",
            Property,
        ),
        ("run --token 'a b' x", "run --token '***' x", Property),
        (r#"run --api_key "X1""#, r#"run --api_key "***""#, Property),
        (
            r#"sh -c \"run --api-key \"X1\" x\""#,
            r#"sh -c \"run --api-key \"***\" x\""#,
            Property,
        ),
        (
            "Connect-It -ClientSecret X1 -Tenant t",
            "Connect-It -ClientSecret *** -Tenant t",
            Property,
        ),
        (
            "@concat('run --token ', 'X1 y')",
            "@concat('run --token ', '***')",
            Property,
        ),
        (
            "@concat('run --token ''X1'' y')",
            "@concat('run --token ''***'' y')",
            Property,
        ),
        (
            "run --api-key=X1;",
            "run --api-key=***;",
            SecretKind::Setting,
        ),
        (
            "curl -u user:X1 https://a.test",
            "curl -u user:*** https://a.test",
            Property,
        ),
        ("curl --user 'user:X1'", "curl --user 'user:***'", Property),
    ]);
}

#[test]
fn what_headers_and_statements_give_is_told() {
    use SecretKind::{Field, Header, Property, UserInfo};
    assert_told(&[
        (
            "curl -H 'X-Api-Key: X1' x",
            "curl -H 'X-Api-Key: ***' x",
            Field,
        ),
        (
            r#"curl -H \"X-Api-Key: X1\""#,
            r#"curl -H \"X-Api-Key: ***\""#,
            Field,
        ),
        (
            "curl -H 'Authorization: Basic dXNlcg=='",
            "curl -H 'Authorization: Basic ***'",
            Field,
        ),
        (
            "curl -H 'Cookie: a=1; b=X1'",
            "curl -H 'Cookie: ***'",
            Field,
        ),
        ("PRIVATE-TOKEN: X1", "PRIVATE-TOKEN: ***", Field),
        (
            "Accept: a/b\nOcp-Apim-Subscription-Key: X1\nx: y",
            "Accept: a/b\nOcp-Apim-Subscription-Key: ***\nx: y",
            Field,
        ),
        (
            "send Basic dXNlcjpwdw== to it",
            "send Basic *** to it",
            Header,
        ),
        (
            "CREATE USER r IDENTIFIED BY 'X1';",
            "CREATE USER r IDENTIFIED BY '***';",
            Property,
        ),
        (
            "create user r identified by X1",
            "create user r identified by ***",
            Property,
        ),
        (
            "jdbc:oracle:thin:u/X1@h.test:1521",
            "jdbc:oracle:thin:u/***@h.test:1521",
            UserInfo,
        ),
        ("the password is hunter2.", "the password is ***.", Property),
    ]);
}

#[test]
fn what_documents_and_code_within_a_text_give_is_told() {
    use SecretKind::{Field, Property, Signature};
    assert_told(&[
        ("password: X1", "password: ***", Field),
        (
            "send it with PRIVATE-TOKEN: hunter2 x",
            "send it with PRIVATE-TOKEN: *** x",
            Field,
        ),
        ("use secret: \"X 1\" x", "use secret: \"***\" x", Property),
        (
            "user: u\n  - secret: \"X 1\"\n  b: c",
            "user: u\n  - secret: \"***\"\n  b: c",
            Property,
        ),
        ("{ secret: X1 }", "{ secret: *** }", Field),
        (
            "{ user: u, secret: 'X1' }",
            "{ user: u, secret: '***' }",
            Property,
        ),
        (
            "<a><password>X1</password></a>",
            "<a><password>***</password></a>",
            Property,
        ),
        (
            r#"<add key="Password" value="X1"/>"#,
            r#"<add key="Password" value="***"/>"#,
            Property,
        ),
        (
            r#"<add value="X1" name="api_key" />"#,
            r#"<add value="***" name="api_key" />"#,
            Property,
        ),
        (
            r#"spark.conf.set("fs.azure.account.key.a.test", "X1")"#,
            r#"spark.conf.set("fs.azure.account.key.a.test", "***")"#,
            Property,
        ),
        (
            "df.option('password', 'X1').load()",
            "df.option('password', '***').load()",
            Property,
        ),
        (
            "@concat('https://a.test?sig=', 'X1')",
            "@concat('https://a.test?sig=', '***')",
            Signature,
        ),
    ]);
}

#[test]
fn what_stands_where_a_secret_could_stand_and_is_none_stays() {
    for text in [
        "run --password $PASSWORD --token ${TOKEN} --secret %SECRET% --pass @{item().p}",
        "run --no-password -v --token --secret-scope s --token-url https://a.test",
        "@concat('run --token ', variables('t'), ' x')",
        "-- token expired\nSELECT 1",
        "a - token b",
        "docker run -u 1000:1000 x",
        "ssh -u user:x",
        "curl -u user",
        "token: string",
        "password: null",
        "invalid token: abc",
        "token: it has expired",
        "password: |",
        "@concat('Password: ', variables('p'))",
        "def f(user: str, password: str)",
        "{ password: ${P} }",
        "tokenUrl: https://a.test",
        "<token>",
        "send <token> to a</b>",
        r#"<add key="user" value="X1"/>"#,
        "<password><nested/></password>",
        "f('password', 'x')",
        "df.option('password', p)",
        "@equals('token', 'x')",
        "Basic support of basic2 services",
        "identified as 'x' by 'y'",
        "jdbc:oracle:thin:@h.test:1521/x",
        "the password is stored elsewhere",
        "the password is in vault2",
        "-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0B\n-----END PUBLIC KEY-----",
        "InstrumentationKey=00000000-0000-0000-0000-000000000000",
    ] {
        assert_eq!(masked(text, MASK), text);
    }
}

#[test]
fn private_keys_of_every_kind_are_told() {
    for kind in ["", "RSA ", "EC ", "OPENSSH ", "ENCRYPTED "] {
        let text = format!(
            "a\n-----BEGIN {kind}PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nX1\n-----END {kind}PRIVATE KEY-----"
        );
        assert_eq!(
            masked(&text, MASK),
            format!("a\n***-----END {kind}PRIVATE KEY-----")
        );
        assert_eq!(keys_in(&text).len(), 1, "{kind}");
    }
}

#[test]
fn keys_and_tokens_are_told_wherever_they_stand() {
    let hex = "0123456789abcdef".repeat(2);
    let key = format!("{}==", &"Ab0+".repeat(22)[..86]);
    for (secret, around) in [
        (format!("dapi{hex}"), ("", "")),
        (format!("dapi{hex}"), ("token: ", " ")),
        (key.clone(), ("", "")),
        (
            key.clone(),
            ("spark.conf.set(\"fs.azure.account.key.a.test\", \"", "\")"),
        ),
        (format!("AKIA{}", "0123456789ABCDEF"), ("(", ")")),
        (
            format!("-----BEGIN PRIVATE KEY-----\\n{}", "A".repeat(40)),
            ("x: ", "-----END"),
        ),
    ] {
        let text = format!("{}{secret}{}", around.0, around.1);
        assert_eq!(
            masked(&text, MASK),
            format!("{}{MASK}{}", around.0, around.1)
        );
    }
    assert_eq!(masked(&format!("x{key}"), MASK), format!("x{key}"));
    let code = format!("password = x; key = \"{key}\"");
    assert_eq!(keys_in(&code).len(), 1);
    assert_eq!(&code[keys_in(&code)[0].at.clone()], key);
    assert_eq!(
        masked(&format!("eyJ{}", "A".repeat(60)), MASK),
        format!("eyJ{}", "A".repeat(60))
    );
}

#[test]
fn a_text_without_secrets_stays() {
    for text in [
        "",
        "@pipeline().parameters.password",
        "Server=s;Database=d;Integrated Security=True",
        "Server=s;Password=@{linkedService().password}",
        "https://a.test/x?page=1&code=@{variables('c')}",
        "https://a.test/x?continuationToken=abc",
        "https://host.test/@user:name",
        "https://claims.test/@{item().name}:8080",
        "https://u:@{item().password}@claims.test/x",
        "user@host.test",
        "Basic authentication is used",
        "Basic support",
        "token expired",
        "the bearer certificate",
        "code=1",
        "a = b; c = d",
        "SELECT a FROM t WHERE password = @p",
        "Password=",
        "@concat('{\"password\":\"', pipeline().parameters.p, '\"}')",
        r#"{"passwordSecretName":"sql","tokenUrl":"https://login.test"}"#,
        "dapi-version-2-of-the-interface",
        "design=abcdefghijklmnopqrstuvwxyz",
    ] {
        assert_eq!(masked(text, MASK), text);
    }
}

#[test]
fn the_name_of_a_secret_is_told_too() {
    for (text, name) in [
        ("a=b;Shared Access Key = x", "Shared Access Key"),
        ("?a=b&api_key=x", "api_key"),
        (r#"{\"password\": \"x\"}"#, "password"),
    ] {
        let secrets = secrets_in(text);
        assert_eq!(&text[secrets[0].name.clone().unwrap()], name);
    }
}

#[test]
fn stars_are_told_like_a_secret() {
    for text in [
        "Password=**********;A=b",
        "Bearer **********",
        "Basic **********",
    ] {
        assert_eq!(masked(text, "**********"), text);
        assert_eq!(secrets_in(text).len(), 1, "{text}");
    }
}

#[test]
fn long_texts_are_read_once() {
    for part in [
        "@",
        "=",
        "password=",
        "://",
        "://a:b@",
        "\":\"",
        "password\":\"",
        "sig=",
        "Bearer ",
        "eyJ",
        "==",
        "&",
        "token",
        "é=",
        " -u ",
        " --token ",
        "<password>",
        "<add key=\"",
        "set(\"",
        "jdbc:oracle:@",
        "-----BEGIN ",
        "-----BEGIN PRIVATE KEY-----",
        "token: ",
        "{token:'",
        "@concat('",
        "password is ",
    ] {
        let text = part.repeat(100_000 / part.len());
        let shown = masked(&text, MASK);
        assert!(shown.len() <= text.len() + 4 * 100_000, "{part}");
    }
}

fn text() -> impl Strategy<Value = String> {
    const PARTS: [&str; 27] = [
        "=",
        ";",
        "&",
        "?",
        "@",
        "@{",
        "}",
        "://",
        ":",
        "Password",
        "sig",
        "code",
        "x",
        " ",
        "ä",
        "\"",
        "'",
        "\\",
        "Bearer ",
        "eyJ0123456789",
        "==",
        "*",
        " -u ",
        "--token ",
        "<pwd>",
        "</",
        "a1",
    ];
    let parts = proptest::sample::select(&PARTS[..]);
    proptest::collection::vec(parts, 0..16).prop_map(|parts| parts.concat())
}

proptest! {
    #[test]
    fn masking_twice_is_masking_once(text in text()) {
        let once = masked(&text, "**********").into_owned();
        prop_assert_eq!(masked(&once, "**********"), once.as_str());
    }

    #[test]
    fn secrets_stand_in_order_and_apart(text in text()) {
        let secrets = secrets_in(&text);
        for pair in secrets.windows(2) {
            prop_assert!(pair[0].at.end <= pair[1].at.start);
        }
    }
}
