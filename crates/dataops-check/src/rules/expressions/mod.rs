//! Expressions, with everything that they can see; and what is given to parameters.

mod activities;
mod calls;
mod catalogue;
mod control;
mod data_flow;
mod declarations;
mod declared;
mod given;
mod judge;
mod literal_only;
mod looks;
mod outputs;
mod pipeline;
mod resources;
mod values;
mod variables;

use adf_expr::{Declarations, Known};
use adf_model::Kind;

use super::Group;
use crate::{Context, Findings};
use declarations::Signatures;
use judge::Judge;

pub(super) const GROUP: Group = Group {
    rules: catalogue::ALL,
    check,
};

/// What all resources share.
struct Shared<'a> {
    signatures: Signatures<'a>,
    global_parameters: Option<Declarations>,
}

impl Shared<'_> {
    fn global_parameters(&self) -> Known<'_> {
        match &self.global_parameters {
            Some(declared) => Known::Declared(declared),
            None => Known::Anything,
        }
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    let shared = Shared {
        signatures: Signatures::of(context),
        global_parameters: declarations::global_parameters(context),
    };
    for pipeline in context.pipelines() {
        pipeline::check(pipeline, &shared, findings);
    }
    for resource in &context.repository.resources {
        let mut judge = Judge {
            file: &resource.file,
            findings,
            owner: resource.id.kind,
        };
        match resource.id.kind {
            Kind::Pipeline => {}
            Kind::Dataset => resources::dataset(&mut judge, &shared),
            Kind::LinkedService => resources::linked_service(&mut judge, &shared),
            Kind::Trigger => resources::trigger(&mut judge, &shared),
            Kind::Factory | Kind::GlobalParameters => {
                declared::check_globals(&mut judge);
                continue;
            }
            _ => continue,
        }
        declared::check(&mut judge);
    }
}
