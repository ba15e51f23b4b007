//! Resources as text, which the template and its parts share: they differ only in what a resource depends on.

use std::ops::Range;

use crate::layout;
use crate::node::Node;
use crate::resource::Resource;
use crate::split::Part;

/// How deep the resources stand in a template.
const LEVEL: usize = 2;

/// A resource as text.
#[derive(Clone, Debug)]
pub(crate) struct Rendered {
    text: Vec<u8>,
    /// Where in the text the value of `dependsOn` is.
    depends_on: Range<usize>,
}

/// Writes a resource.
pub(crate) fn render(resource: &Resource<'_>) -> Rendered {
    let mut text = vec![b'{'];
    let mut depends_on = 0..0;
    for (at, (key, value)) in resource.fields.iter().enumerate() {
        if at > 0 {
            text.push(b',');
        }
        layout::line(LEVEL + 1, &mut text);
        layout::write(key, LEVEL + 1, &mut text);
        text.extend_from_slice(b": ");
        let start = text.len();
        layout::write(value, LEVEL + 1, &mut text);
        if key == "dependsOn" {
            depends_on = start..text.len();
        }
    }
    layout::line(LEVEL, &mut text);
    text.push(b'}');
    Rendered { text, depends_on }
}

impl Rendered {
    /// Adds the resource to a template.
    pub(crate) fn whole(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.text);
    }

    /// Adds the resource to a part of a template. There it depends only on those of its own part: ARM knows no others.
    pub(crate) fn within(&self, part: &Part, resource: &Resource<'_>, out: &mut Vec<u8>) {
        let Some(Node::Array(items)) = resource.field("dependsOn") else {
            return self.whole(out);
        };
        let targets = resource.targets.iter().zip(items);
        let kept = targets.filter(|(at, _)| part.resources.contains(at));
        let kept: Vec<_> = kept.map(|(_, item)| item).collect();
        out.extend_from_slice(&self.text[..self.depends_on.start]);
        layout::write(&kept, LEVEL + 1, out);
        out.extend_from_slice(&self.text[self.depends_on.end..]);
    }
}

/// Puts resources into a template that has none yet.
pub(crate) fn fill<T>(
    mut template: Vec<u8>,
    resources: impl IntoIterator<Item = T>,
    add: impl Fn(T, &mut Vec<u8>),
) -> Vec<u8> {
    let end = b"]\n}";
    template.truncate(template.len() - end.len());
    let empty = template.len();
    for resource in resources {
        if template.len() > empty {
            template.push(b',');
        }
        layout::line(LEVEL, &mut template);
        add(resource, &mut template);
    }
    if template.len() > empty {
        layout::line(LEVEL - 1, &mut template);
    }
    template.extend_from_slice(end);
    template
}
