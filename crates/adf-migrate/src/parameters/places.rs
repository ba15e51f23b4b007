//! Which parameter stands for which property: as the source would be exported, or as given templates say.

use std::collections::HashMap;

use adf_arm::{Definition, Export, Month, ParameterPlace, Vintage, export};
use adf_source::Repository;

/// A parameter of a template.
#[derive(Clone, Debug, Default)]
pub(crate) struct Declared {
    pub(crate) name: String,
    pub(crate) is_secure: bool,
    /// Its default, where that is text.
    pub(crate) default: Option<String>,
    pub(crate) places: Vec<ParameterPlace>,
    /// Whether it stands inside of an expression too.
    pub(crate) is_embedded: bool,
}

/// The parameters of templates; case does not count.
#[derive(Clone, Debug, Default)]
pub(crate) struct ParameterMap(HashMap<String, Declared>);

/// Years whose rules differ.
const YEARS: [Vintage; 3] = [
    Vintage::Today,
    Vintage::Of(Month::new(2021, 6)),
    Vintage::Of(Month::new(2019, 2)),
];

impl ParameterMap {
    /// The parameters of the template that a source is exported to, by the rules of the year that knows most of `names`.
    pub(crate) fn of_source<'n>(
        repository: &Repository,
        names: &(impl Iterator<Item = &'n str> + Clone),
    ) -> Self {
        let own = Vintage::of(repository);
        let years = std::iter::once(own).chain(YEARS.into_iter().filter(|year| *year != own));
        let mut best: Option<(usize, Self)> = None;
        for year in years {
            let (definition, _) = Definition::of(repository, year);
            let map = Self::of_export(&export(repository, "factory", &definition, year));
            let unknown = names.clone().filter(|name| map.get(name).is_none()).count();
            if best.as_ref().is_none_or(|(fewest, _)| unknown < *fewest) {
                best = Some((unknown, map));
            }
            if unknown <= 1 {
                break;
            }
        }
        best.map(|(_, map)| map).unwrap_or_default()
    }

    fn of_export(export: &Export<'_>) -> Self {
        let mut map = Self::default();
        for parameter in export.template.parameters.list() {
            let default = parameter.default.as_ref();
            let declared = map.entry(&parameter.name);
            declared.is_secure = parameter.is_secure();
            declared.default = default.and_then(|node| node.text()).map(str::to_owned);
        }
        for place in export.template.places() {
            let name = place.parameter.to_string();
            map.entry(&name).places.push(place);
        }
        map
    }

    /// A parameter, which is made where there is none.
    pub(crate) fn entry(&mut self, name: &str) -> &mut Declared {
        let declared = self.0.entry(name.to_lowercase()).or_default();
        if declared.name.is_empty() {
            name.clone_into(&mut declared.name);
        }
        declared
    }

    /// The parameter of a name.
    pub(crate) fn get(&self, name: &str) -> Option<&Declared> {
        let declared = self.0.get(&name.to_lowercase())?;
        (!declared.places.is_empty() || declared.is_embedded).then_some(declared)
    }

    /// Whether a template has a parameter of this name, used or not.
    pub(crate) fn declares(&self, name: &str) -> bool {
        self.0.contains_key(&name.to_lowercase())
    }

    /// All names.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        let mut names: Vec<_> = self
            .0
            .values()
            .map(|declared| declared.name.as_str())
            .collect();
        names.sort_unstable();
        names.into_iter()
    }
}
