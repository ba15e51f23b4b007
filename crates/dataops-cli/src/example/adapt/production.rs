//! What is different of an environment that real data are in, wherever it stands: nobody brings generated rows into it, and somebody says
//! yes before anything is deployed.

/// Whether an environment is called as one with real data is.
pub(super) fn is_production(name: &str) -> bool {
    let plain = name.trim_end_matches(|it: char| it.is_ascii_digit());
    name.starts_with("prod") || name.starts_with("prd") || plain == "live"
}

/// The block of an environment as it has to be by its name, and by that of the one before; `last` is the block of the example's last one,
/// which is its production.
pub(super) fn fitted(
    block: &str,
    last: &str,
    (before, name): (Option<&str>, &str),
    is_last: bool,
) -> String {
    let mut block = block.to_owned();
    let is_real = is_production(name);
    if is_real || is_last {
        block = with_smoke(&block, last);
    }
    if is_real {
        block = block.replace("testRun: true", "testRun: false");
        block = without_lines(&block, &["dataops drop ", "dataops test "]);
        block = with_approvers(&block, last);
    }
    if before.is_some_and(is_production) {
        block = after_smoke(&block);
    }
    block
}

/// The settings with the smoke test.
fn with_smoke(block: &str, last: &str) -> String {
    const OVERRIDES: &str = "    overrides:\n";
    let smoke = last.find("    # Copies one small file").and_then(|from| {
        let to = last[from..].find(OVERRIDES)?;
        Some(&last[from..from + to])
    });
    match smoke {
        Some(smoke) if !block.contains("    smoke:") => {
            block.replacen(OVERRIDES, &format!("{smoke}{OVERRIDES}"), 1)
        }
        _ => block.to_owned(),
    }
}

/// The policy with those who approve.
fn with_approvers(block: &str, last: &str) -> String {
    const LINES: [&str; 4] = [
        "    approvers:",
        "    selfApproval:",
        "    instructions:",
        "    timeout:",
    ];
    const AT: &str = "    oneAtATime: true";
    let lines = last.lines();
    let asked: Vec<_> = lines
        .filter(|line| LINES.iter().any(|start| line.starts_with(start)))
        .collect();
    if asked.is_empty() || !block.contains(AT) {
        return block.to_owned();
    }
    let others = without_lines(block, &LINES);
    let asked = format!("{AT}\n{}", asked.join("\n"));
    others.replacen(AT, &asked, 1)
}

/// The settings of what comes after production, where only the smoke test has passed.
fn after_smoke(block: &str) -> String {
    const PROMOTE: &str = "    promote: { tests: [smoke] }\n";
    let is_of_settings = block.contains("\n    extends: ");
    let lines = without_lines(block, &["    promote:"]);
    match lines.split_once("    after: ").filter(|_| is_of_settings) {
        Some((start, rest)) => {
            let (name, rest) = rest.split_once('\n').unwrap_or((rest, ""));
            format!("{start}    after: {name}\n{PROMOTE}{rest}")
        }
        None => block.to_owned(),
    }
}

fn without_lines(text: &str, starts: &[&str]) -> String {
    let lines = text.split_inclusive('\n');
    lines
        .filter(|line| !starts.iter().any(|start| line.starts_with(start)))
        .collect()
}
