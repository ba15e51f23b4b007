//! The example as a solution of somebody's own: another name, other environments in its chain, and only the hosts that are meant.
//!
//! The example has a first, a middle and a last environment. What it says of the middle one is what is said of each between the first and
//! the last; so its files stay the only place where anything of a new solution is written. Wherever one stands that is called as production
//! is, no generated data come into it: it has the smoke test and the approvers of the last one.

mod parts;
mod production;

pub(crate) use parts::Hosts;

/// How the solution is called, its environments in their order, and where it is hosted.
#[derive(Clone, Debug)]
pub(crate) struct Adapted<'a> {
    pub(crate) name: &'a str,
    pub(crate) environments: &'a [String],
    pub(crate) hosts: Hosts,
    /// The branch that is deployed.
    pub(crate) branch: &'a str,
}

/// The branch of the example.
pub(crate) const BRANCH: &str = "main";
/// The environments of the example.
const FIRST: &str = "qa";
const MIDDLE: &str = "uat";
const LAST: &str = "prod";
/// The name of the example.
const NAME: &str = "data-ingestion";

impl Adapted<'_> {
    /// The text of a file of the example, as it is of this solution.
    pub(crate) fn text(&self, path: &str, text: &str) -> String {
        let text = match path {
            "README.md" => parts::readme(text, self.hosts, self.environments.len() > 1),
            "branch-policy.yaml" => parts::policy(text, self.hosts),
            _ => text.to_owned(),
        };
        let text = self.chained(path, &text);
        match path {
            "README.md" => parts::without_dropped(text),
            _ => text,
        }
    }

    /// The text with the environments and the name of this solution.
    fn chained(&self, path: &str, text: &str) -> String {
        let text = match path {
            "dataops.yaml" | "branch-policy.yaml" => {
                self.blocks(text, "\n  qa:\n", "\n  uat:\n", "\n  prod:\n")
            }
            "README.md" => self.blocks(
                text,
                "dataops deploy --env qa ",
                "dataops promote --env uat\n",
                "dataops promote --env prod\n",
            ),
            ".azuredevops/release.yml" => self.blocks(
                text,
                "  - { name: qa,",
                "  - { name: uat,",
                "  - { name: prod,",
            ),
            ".github/workflows/release.yml" => {
                let outputs = self.blocks(
                    text,
                    "      test_qa:",
                    "      test_uat:",
                    "      test_prod:",
                );
                self.blocks(&outputs, "\n  qa:\n", "\n  uat:\n", "\n  prod:\n")
            }
            _ => text.to_owned(),
        };
        let text = self.named(&self.lists(&text));
        match self.branch == BRANCH || !has_branch(path) {
            true => text,
            false => with_branch(&text, self.branch),
        }
    }

    /// Writes the block of each environment in the place of the example's three. Each begins with a text; the last one ends with its
    /// paragraph, or with the lines that go on like it.
    fn blocks(&self, text: &str, first: &str, middle: &str, last: &str) -> String {
        let places = [first, middle, last].map(|start| text.find(start));
        let [Some(at_first), Some(at_middle), Some(at_last)] = places else {
            return text.to_owned();
        };
        let end = at_last + last_end(&text[at_last..], last);
        let block = [
            &text[at_first..at_middle],
            &text[at_middle..at_last],
            &text[at_last..end],
        ];
        let mut out = text[..at_first].to_owned();
        let count = self.environments.len();
        for (at, name) in self.environments.iter().enumerate() {
            let before = at.checked_sub(1).map(|at| self.environments[at].as_str());
            let written = match at {
                0 => block[0].replace(FIRST, name),
                _ if at + 1 == count => {
                    let last = match count {
                        2 => with_conditions(block[2], block[1]),
                        _ => block[2].to_owned(),
                    };
                    of(&last, (MIDDLE, before), (LAST, name))
                }
                _ => of(block[1], (FIRST, before), (MIDDLE, name)),
            };
            let is_last = at + 1 == count;
            out += &production::fitted(&written, block[2], (before, name), is_last);
        }
        // The last of the three ends its lines, and the first one leaves that to those that follow.
        if count == 1 && first.starts_with('\n') {
            let gap = if end < text.len() { "\n\n" } else { "\n" };
            out = format!("{}{gap}", out.trim_end());
        }
        out + &text[end..]
    }

    /// The lists of all environments.
    fn lists(&self, text: &str) -> String {
        let all = |between: &str| self.environments.join(between);
        let each = |with: &dyn Fn(&str) -> String| {
            let names = self.environments.iter().map(|name| with(name));
            names.collect::<Vec<_>>().join(", ")
        };
        let plans = each(&|name| format!("{NAME}-{name}-plan"));
        text.replace(
            "data-ingestion-qa-plan, data-ingestion-uat-plan, data-ingestion-prod-plan",
            &plans,
        )
        .replace(
            "data-ingestion-qa, data-ingestion-uat, data-ingestion-prod",
            &each(&|name| format!("{NAME}-{name}")),
        )
        .replace(
            "qa-plan, uat-plan, prod-plan",
            &each(&|name| format!("{name}-plan")),
        )
        .replace("qa, uat, prod", &all(", "))
        .replace("qa,uat,prod", &all(","))
    }

    /// The solution's name in the place of the example's. The pipeline and a notebook are called in a way that has it in it.
    fn named(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once(NAME) {
            out += before;
            let is_another = before.ends_with("test-") || after.starts_with("-pipeline");
            out += if is_another { NAME } else { self.name };
            rest = after;
        }
        out + rest
    }
}

/// The last block with the conditions of the middle one, where there is none that it could have them from.
fn with_conditions(last: &str, middle: &str) -> String {
    const CONDITIONS: &str = "    promote:";
    const AFTER: &str = "    after:";
    let of_middle = middle.split_inclusive('\n');
    let conditions: String = of_middle
        .filter(|line| line.starts_with(CONDITIONS))
        .collect();
    let lines = last.split_inclusive('\n');
    lines
        .map(|line| match line.starts_with(AFTER) {
            true => format!("{line}{conditions}"),
            false => line.to_owned(),
        })
        .collect()
}

/// Whether a file says which branch is deployed.
fn has_branch(path: &str) -> bool {
    let folders = [".azuredevops/", ".github/workflows/"];
    ["README.md", "branch-policy.yaml"].contains(&path)
        || folders.iter().any(|folder| path.starts_with(folder))
}

/// The text with another branch, wherever the word stands alone.
fn with_branch(text: &str, branch: &str) -> String {
    let is_part = |it: char| it.is_alphanumeric() || "_-/.".contains(it);
    let (mut out, mut rest) = (String::with_capacity(text.len()), text);
    while let Some((before, after)) = rest.split_once(BRANCH) {
        out += before;
        let is_word = !before.ends_with(is_part) && !after.starts_with(is_part);
        out += if is_word { branch } else { BRANCH };
        rest = after;
    }
    out + rest
}

/// A block with the environments of this solution; the first pair is the one that comes before.
fn of(block: &str, before: (&str, Option<&str>), own: (&str, &str)) -> String {
    // A name that both have in common must not be taken twice.
    let marked = block.replace(before.0, "\u{0}").replace(own.0, "\u{1}");
    marked
        .replace('\u{0}', before.1.unwrap_or(before.0))
        .replace('\u{1}', own.1)
}

/// Where the last block ends: with a list item or a command, at the end of its lines; with a mapping, where no line is indented any more.
fn last_end(text: &str, start: &str) -> usize {
    let is_line = !start.starts_with('\n');
    let mut end = 0;
    for (at, line) in text.split_inclusive('\n').enumerate() {
        let goes_on = match is_line {
            true => at == 0,
            false => at < 2 || line.starts_with("   ") || line.trim().is_empty(),
        };
        if !goes_on {
            break;
        }
        end += line.len();
    }
    end
}

#[cfg(test)]
mod tests;
