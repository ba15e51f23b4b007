//! The files of an export, as Data Factory names them.

use serde_json::Value;

use crate::export::Export;
use crate::layout::document;
use crate::linked::{CONTAINER, Master, part_name};
use crate::parallel;
use crate::rendered::{Rendered, fill, render};
use crate::split::Part;
use crate::template::{Bare, ParameterMap, ParametersFile};

/// The template with everything in it.
pub const TEMPLATE: &str = "ARMTemplateForFactory.json";
/// The values of its parameters.
pub const PARAMETERS: &str = "ARMTemplateParametersForFactory.json";
/// The template that deploys the parts.
pub(crate) const MASTER: &str = "linkedTemplates/ArmTemplate_master.json";
/// The values of its parameters.
const MASTER_PARAMETERS: &str = "linkedTemplates/ArmTemplateParameters_master.json";

/// A file of an export.
#[derive(Clone, Debug)]
pub struct OutputFile<'e, 'r> {
    /// Its path below the folder of the export, with `/`.
    pub path: String,
    export: &'e Export<'r>,
    content: Content,
}

#[derive(Clone, Copy, Debug)]
enum Content {
    Template,
    Parameters,
    GlobalParameters,
    Master,
    MasterParameters,
    Part(usize),
}

impl<'r> Export<'r> {
    /// The files of the export.
    #[must_use]
    pub fn files(&self) -> Vec<OutputFile<'_, 'r>> {
        let globals = format!("globalParameters/{}_GlobalParameters.json", self.factory);
        let mut files = vec![
            (TEMPLATE.to_owned(), Content::Template),
            (PARAMETERS.to_owned(), Content::Parameters),
            (globals, Content::GlobalParameters),
            (MASTER.to_owned(), Content::Master),
            (MASTER_PARAMETERS.to_owned(), Content::MasterParameters),
        ];
        files.extend((0..self.split.parts.len()).map(|number| {
            let path = format!("linkedTemplates/{}.json", part_name(number));
            (path, Content::Part(number))
        }));
        let file = |(path, content)| OutputFile {
            path,
            export: self,
            content,
        };
        files.into_iter().map(file).collect()
    }

    fn rendered(&self) -> &[Rendered] {
        self.rendered
            .get_or_init(|| parallel::map(&self.template.resources, render))
    }

    fn whole(&self) -> Vec<u8> {
        let parameters = self.template.parameters.list().iter();
        let bare = document(&Bare(ParameterMap(parameters.collect())));
        fill(bare, self.rendered(), Rendered::whole)
    }

    fn part(&self, part: &Part) -> Vec<u8> {
        let parameters = self.template.parameters.list();
        let parameters = part.parameters.iter().map(|at| &parameters[*at]);
        let bare = document(&Bare(ParameterMap(parameters.collect())));
        fill(bare, &part.resources, |at, out| {
            let resource = &self.template.resources[*at];
            self.rendered()[*at].within(part, resource, out);
        })
    }

    /// The factory's global parameters as they are in its document.
    fn global_parameters(&self) -> Value {
        let document = self.factory_document.map(|resource| resource.file.json());
        let parameters = document.and_then(|json| json.pointer("/properties/globalParameters"));
        parameters
            .filter(|parameters| parameters.is_object())
            .cloned()
            .unwrap_or_else(|| Value::Object(serde_json::Map::new()))
    }
}

impl OutputFile<'_, '_> {
    /// Its content.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        let Export {
            template,
            split,
            factory,
            vintage,
            ..
        } = self.export;
        let values = |more| ParametersFile {
            parameters: template.parameters.list(),
            more,
        };
        match self.content {
            Content::Template => self.export.whole(),
            Content::Parameters => document(&values(&[])),
            Content::GlobalParameters => document(&self.export.global_parameters()),
            Content::Master => document(&Master {
                factory,
                template,
                split,
                vintage: *vintage,
            }),
            Content::MasterParameters => document(&values(&CONTAINER)),
            Content::Part(number) => self.export.part(&split.parts[number]),
        }
    }
}
