//! An export for people.

use std::io::{self, Write};

use super::exported::{Exported, LimitUse};
use crate::report::Report;
use crate::terminal::{harmless, padded};

/// The most rules that are shown.
const RULES: usize = 8;

impl LimitUse {
    fn short_name(&self) -> &'static str {
        match self.limit {
            "template bytes" => "template",
            "bytes of a resource" => "largest resource",
            "characters of an expression" => "longest expression",
            "parameters file bytes" => "parameters file",
            other => other,
        }
    }
}

impl Report for Exported {
    fn human(&self, out: &mut dyn Write) -> io::Result<()> {
        let rules = match (self.rules_of.as_str(), self.rules_found) {
            ("today", _) => String::new(),
            (month, true) => {
                format!(
                    ", as in {month}, the newest trace of Data Factory in the source (--as-of today for today's rules)"
                )
            }
            (month, false) => format!(", as in {month}"),
        };
        writeln!(
            out,
            "{}: {} resources and {} parameters{rules}",
            harmless(&self.factory),
            self.resources,
            self.parameters
        )?;
        writeln!(out, "\nlimits of ARM")?;
        for limit in &self.limits {
            let number = |value| match limit.is_bytes {
                true => size(value),
                false => value.to_string(),
            };
            let over = match limit.used > limit.most {
                true => "  too much",
                false => "",
            };
            let name = padded(limit.short_name(), 20);
            let (used, most) = (number(limit.used), number(limit.most));
            writeln!(out, "  {name} {used:>9} of {most}{over}")?;
        }
        self.rules(out)?;
        self.written(out)
    }

    fn holds(&self) -> bool {
        self.errors == 0 && (!self.strict || self.warnings == 0)
    }

    fn complaint(&self) -> String {
        match self.errors {
            0 => format!(
                "the templates are written; {} warnings are errors with --strict",
                self.warnings
            ),
            errors => format!("the templates are written, with {errors} errors"),
        }
    }
}

impl Exported {
    fn rules(&self, out: &mut dyn Write) -> io::Result<()> {
        let definition = self
            .definition
            .as_deref()
            .unwrap_or("Data Factory's own definition");
        writeln!(out, "\nparameters, by {}", harmless(definition))?;
        for rule in self.parameters_by_rule.iter().take(RULES) {
            let mark = rule
                .mark
                .as_ref()
                .map_or_else(String::new, |mark| format!("  {mark}"));
            writeln!(
                out,
                "  {:>4}  {}{}",
                rule.parameters,
                harmless(&rule.rule),
                harmless(&mark)
            )?;
        }
        let rest = self.parameters_by_rule.iter().skip(RULES);
        let (rules, parameters) = rest.fold((0, 0), |(rules, parameters), rule| {
            (rules + 1, parameters + rule.parameters)
        });
        match rules {
            0 => Ok(()),
            _ => writeln!(out, "  {parameters:>4}  {rules} other marks"),
        }
    }

    fn written(&self, out: &mut dyn Write) -> io::Result<()> {
        let folder = self.out.display().to_string();
        writeln!(out, "\nwritten to {}", harmless(&folder))?;
        let (linked, single): (Vec<_>, Vec<_>) = self
            .files
            .iter()
            .partition(|file| file.path.starts_with("linkedTemplates/"));
        for file in single {
            writeln!(
                out,
                "  {} {:>9}",
                padded(&harmless(&file.path), 52),
                size(file.bytes)
            )?;
        }
        let bytes = linked.iter().map(|file| file.bytes).sum();
        let linked = format!("linkedTemplates/ ({} files)", linked.len());
        writeln!(out, "  {} {:>9}", padded(&linked, 52), size(bytes))?;
        for path in &self.removed {
            writeln!(
                out,
                "  {} removed, it is no part any more",
                padded(&harmless(path), 52)
            )?;
        }
        for environment in &self.environments {
            let set = environment.set.len();
            let needed = &environment.needed;
            writeln!(
                out,
                "\n{}: {set} parameters set for `{}`",
                environment.file,
                harmless(&environment.name)
            )?;
            if !needed.is_empty() {
                writeln!(
                    out,
                    "  to be given at deployment: {}",
                    harmless(&needed.join(", "))
                )?;
            }
        }
        Ok(())
    }
}

/// `640 B`, `12.3 KiB`, `4.0 MiB`.
fn size(bytes: usize) -> String {
    let tenths = |unit: usize| {
        let tenths = (bytes * 10 + unit / 2) / unit;
        format!("{}.{}", tenths / 10, tenths % 10)
    };
    match bytes {
        0..1024 => format!("{bytes} B"),
        1024..1_048_576 => format!("{} KiB", tenths(1 << 10)),
        _ => format!("{} MiB", tenths(1 << 20)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_short() {
        assert_eq!(
            [0, 1023, 1024, 70_000, 4 << 20].map(size),
            ["0 B", "1023 B", "1.0 KiB", "68.4 KiB", "4.0 MiB"]
        );
    }
}
