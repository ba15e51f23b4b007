//! Which names a template uses.

use crate::ast::{Call, Span, Template};
use crate::reference::Reference;
use crate::scope::{Named, Root};
use crate::value::same_ignoring_case;

use super::calls::each_call;

/// Something a template refers to by a constant name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reach {
    /// The name as written.
    pub name: String,
    /// Where the reference stands.
    pub span: Span,
}

/// What a template uses, in the order of the text. Names that are computed are not listed.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct References {
    /// `activity('name')`
    pub activities: Vec<Reach>,
    /// `variables('name')`
    pub variables: Vec<Reach>,
    /// `pipeline().parameters.name`
    pub parameters: Vec<Reach>,
    /// `pipeline().globalParameters.name`
    pub global_parameters: Vec<Reach>,
    /// `dataset().name`
    pub dataset_parameters: Vec<Reach>,
    /// `linkedService().name`
    pub linked_service_parameters: Vec<Reach>,
    /// The references without arguments, such as `item()`. `triggerBody()` and `triggerOutputs()` count as `trigger()`.
    pub roots: Vec<(Root, Span)>,
}

impl References {
    /// Whether the template asks for the current element of a loop.
    #[must_use]
    pub fn uses_item(&self) -> bool {
        self.roots.iter().any(|(root, _)| *root == Root::Item)
    }
}

/// Lists what a template uses.
#[must_use]
pub fn references(template: &Template) -> References {
    let mut references = References::default();
    each_call(template, &mut |call| record(call, &mut references));
    references
}

fn record(call: &Call, references: &mut References) {
    let Some(reference) = Reference::named(&call.name) else {
        return;
    };
    let selected = |i: usize| {
        let accessor = call.accessors.get(i)?;
        let name = accessor.selector.constant_name()?.to_owned();
        Some((name, accessor.span))
    };
    let reach = |i: usize| selected(i).map(|(name, span)| Reach { name, span });
    match reference {
        Reference::Named(kind) => {
            let Some(arg) = call.args.first() else { return };
            let name = arg.as_text().map(|name| Reach {
                name: name.to_owned(),
                span: arg.span,
            });
            match kind {
                Named::Activity => references.activities.extend(name),
                Named::Variable => references.variables.extend(name),
            }
        }
        Reference::Root(root) => {
            references.roots.push((root, call.name_span));
            match (root, selected(0)) {
                (Root::Pipeline, Some((name, _))) if same_ignoring_case(&name, "parameters") => {
                    references.parameters.extend(reach(1));
                }
                (Root::Pipeline, Some((name, _)))
                    if same_ignoring_case(&name, "globalParameters") =>
                {
                    references.global_parameters.extend(reach(1));
                }
                (Root::Dataset, _) => references.dataset_parameters.extend(reach(0)),
                (Root::LinkedService, _) => references.linked_service_parameters.extend(reach(0)),
                _ => {}
            }
        }
        Reference::TriggerBody | Reference::TriggerOutputs => {
            references.roots.push((Root::Trigger, call.name_span));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(reaches: &[Reach]) -> Vec<&str> {
        reaches.iter().map(|reach| reach.name.as_str()).collect()
    }

    #[test]
    fn lists_what_a_template_uses() {
        let text = "@{activity('A').output[item().k]}@{variables('v')}@{pipeline().Parameters['p q']}@{pipeline().globalParameters?.g}@{dataset().d}";

        let found = references(&Template::parse(text).unwrap());

        assert_eq!(names(&found.activities), ["A"]);
        assert_eq!(names(&found.variables), ["v"]);
        assert_eq!(names(&found.parameters), ["p q"]);
        assert_eq!(names(&found.global_parameters), ["g"]);
        assert_eq!(names(&found.dataset_parameters), ["d"]);
        assert!(found.uses_item());
    }
}
