//! JUnit XML that every parser reads.

use quick_junit::Report;

use crate::exit::Exit;
use crate::failure::Failure;

/// The text of a report. What XML 1.0 has no room for, in data as in any text, is replaced.
///
/// # Errors
///
/// When it cannot be written.
pub(super) fn written(report: &Report) -> Result<String, Failure> {
    let text = report.to_string();
    let text = text.map_err(|error| Failure::new(Exit::Bug, error))?;
    Ok(text.replace(|character| !is_of_xml(character), "\u{fffd}") + "\n")
}

/// Whether a character may stand in a document of XML 1.0, by its production `Char`.
const fn is_of_xml(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..='\u{10ffff}')
}

#[cfg(test)]
mod tests {
    use quick_junit::{NonSuccessKind, TestCase, TestCaseStatus, TestSuite};
    use serde::Deserialize;

    use super::*;
    use crate::terminal::harmless;

    #[derive(Deserialize)]
    struct Suites {
        testsuite: Suite,
    }

    #[derive(Deserialize)]
    struct Suite {
        testcase: Case,
    }

    #[derive(Deserialize)]
    struct Case {
        #[serde(rename = "@name")]
        name: String,
        failure: Failed,
    }

    #[derive(Deserialize)]
    struct Failed {
        #[serde(rename = "$text")]
        text: String,
    }

    fn reported(text: &str) -> String {
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
        status.set_description(format!("[{}]", harmless(text)));
        let mut suite = TestSuite::new("suite");
        suite.add_test_case(TestCase::new(format!("[{}]", harmless(text)), status));
        let mut report = Report::new("report");
        report.add_test_suite(suite);
        written(&report).unwrap()
    }

    /// All characters of the basic plane, and the ends of the others.
    fn characters() -> impl Iterator<Item = char> {
        let ends = (1..=0x10_u32).flat_map(|plane| {
            let plane = plane << 16;
            (plane..plane + 0x20).chain(plane + 0xffe0..plane + 0x1_0000)
        });
        (0..0x1_0000).chain(ends).filter_map(char::from_u32)
    }

    #[test]
    fn nothing_is_written_that_xml_has_no_room_for() {
        let text: String = characters().collect();

        let xml = reported(&text);

        let foreign = xml.chars().find(|character| !is_of_xml(*character));
        assert_eq!(foreign, None);
    }

    #[test]
    fn a_parser_reads_any_text() {
        let all: Vec<char> = characters().collect();
        for part in all.chunks(977) {
            let text: String = part.iter().collect();

            let xml = reported(&text);

            let read: Suites = azure_core::xml::from_xml(xml.as_bytes()).unwrap();
            let case = read.testsuite.testcase;
            for told in [&case.name, &case.failure.text] {
                let told = told.replace(is_blank, "");
                let wanted = harmless(&text).replace(|it| !is_of_xml(it), "\u{fffd}");
                let wanted = format!("[{}]", wanted.replace(is_blank, ""));
                assert_eq!(told, wanted);
            }
        }
    }

    /// Line breaks and tabs of attributes are blanks to a parser.
    fn is_blank(character: char) -> bool {
        character.is_whitespace()
    }
}
