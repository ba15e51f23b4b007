//! The parts of a page and of a policy that are about one host, or about something that a solution does not have.
//!
//! They are found by how they begin, and end where the next part does: the files of the example stay what people read there.

/// Where a solution is hosted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Hosts {
    pub(crate) azure_devops: bool,
    pub(crate) github: bool,
}

impl Hosts {
    const fn none(self) -> bool {
        !self.azure_devops && !self.github
    }
}

/// The README, which names only what is there; `has_several` environments come one after another.
pub(super) fn readme(text: &str, hosts: Hosts, has_several: bool) -> String {
    let mut text = text.to_owned();
    let mut without_line = |start: &str| {
        let lines = text.split_inclusive('\n');
        text = lines.filter(|line| !line.starts_with(start)).collect();
    };
    if !hosts.azure_devops {
        without_line(".azuredevops/ ");
    }
    if !hosts.github {
        without_line(".github/ ");
    }
    if hosts.none() {
        without_line("ci/ ");
        without_line("branch-policy.yaml ");
    }
    if !has_several {
        text = cut(
            &text,
            "What has passed its test in one environment",
            "## CI/CD",
        );
    }
    if hosts.none() {
        return cut(&text, "## CI/CD", "\u{0}").trim_end().to_owned() + "\n";
    }
    if !hosts.azure_devops {
        text = cut(&text, "**Azure DevOps.**", "**GitHub.**");
    }
    if !hosts.github {
        text = cut(&text, "**GitHub.**", "`ci/install-dataops.sh`");
    }
    text
}

/// The README of the environments that there are, which says nothing of a dropped file where it drops none.
pub(super) fn without_dropped(text: String) -> String {
    const DROPPED: &str = "The dropped file starts the pipeline by its trigger.\n\n";
    match text.contains("\ndataops drop ") {
        true => text,
        false => text.replacen(DROPPED, "", 1),
    }
}

/// The policy, which is about the hosts that are meant.
pub(super) fn policy(text: &str, hosts: Hosts) -> String {
    let mut out = String::with_capacity(text.len());
    // With an item of a list goes what belongs to it.
    let mut is_left_out = false;
    for line in text.split_inclusive('\n') {
        if let Some(item) = line.strip_prefix("  - ") {
            let is_meant = match item.starts_with("gitHubEnvironments:") {
                true => hosts.github,
                false => hosts.azure_devops,
            };
            is_left_out = !is_meant;
        } else if !line.starts_with("    ") {
            is_left_out = false;
        }
        if !is_left_out {
            out += &of_hosts(line, hosts);
        }
    }
    out
}

/// A line of the policy without what is about another host.
fn of_hosts(line: &str, hosts: Hosts) -> String {
    let of_azure_devops = ["azureDevOps: ", "workItems: ", "- { pipeline: "];
    let of_github = ["github: ", "- { check: ", "# A check that is left out"];
    let said = line.trim_start();
    let is = |starts: &[&str]| starts.iter().any(|start| said.starts_with(start));
    if is(&of_azure_devops) && !hosts.azure_devops || is(&of_github) && !hosts.github {
        return String::new();
    }
    // What people are called on both.
    let both = line
        .split_once("azureDevOps: '")
        .and_then(|(before, rest)| Some((before, rest.split_once("', github: ")?)));
    match both {
        Some((before, (_, github))) if !hosts.azure_devops => format!("{before}github: {github}"),
        Some((before, (name, _))) if !hosts.github => {
            format!("{before}azureDevOps: '{name}' }}\n")
        }
        _ => line.to_owned(),
    }
}

/// The text without what begins so and ends before that, or with the text.
fn cut(text: &str, start: &str, end: &str) -> String {
    let Some(from) = text.find(start) else {
        return text.to_owned();
    };
    let to = text[from..].find(end).map_or(text.len(), |at| from + at);
    format!("{}{}", &text[..from], &text[to..])
}
