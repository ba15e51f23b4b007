//! Arguments of functions: their types, and constants among them.

use super::checker::{Checker, Inferred};
use super::{Certainty, IssueKind, Types};
use crate::ast::Call;
use crate::functions::{self, Body, Function, Lazy};

impl Checker<'_> {
    /// What a function gives; the number of its arguments is right.
    pub(super) fn function(&mut self, function: &Function, call: &Call) -> Inferred {
        let args: Vec<Inferred> = call
            .args
            .iter()
            .enumerate()
            .map(|(at, arg)| {
                let before = self.conditional;
                self.conditional |= is_lazy(function, at);
                let found = self.expr(arg);
                self.conditional = before;
                found
            })
            .collect();
        let types: Vec<Types> = args.iter().map(|arg| arg.types).collect();
        let signature = &function.signature;
        let mut fits = true;
        for (at, arg) in args.iter().enumerate() {
            let wanted = signature.takes(at, &types);
            if !arg.types.overlaps(wanted) {
                fits = false;
                // Where arguments must agree, those before decide.
                let decided = args[..at].iter().all(|before| before.certain)
                    || wanted == signature.takes(at, &[]);
                let sure = arg.certain && decided && !is_lazy(function, at);
                self.argument_type(function, call, at, (wanted, arg.types), sure);
            }
        }
        if fits {
            self.values(function, call, &types);
        }
        let element = args.first().map_or(Types::ANY, |array| array.elements);
        let given = signature.gives(&types);
        Inferred {
            types: match function.name {
                // Null, where there is none.
                "first" | "last" if given == Types::ANY => element.or(Types::NULL),
                _ => given,
            },
            elements: match function.name {
                "split" => Types::STRING,
                "skip" | "take" => element,
                _ => Types::ANY,
            },
            certain: signature.is_settled() || args.iter().all(|arg| arg.certain),
        }
    }

    fn argument_type(
        &mut self,
        function: &Function,
        call: &Call,
        at: usize,
        (wanted, found): (Types, Types),
        sure: bool,
    ) {
        let message = format!(
            "function `{}`: argument {} must be {wanted}, not {}",
            function.name,
            at + 1,
            found.name()
        );
        let hint = conversion(wanted, found);
        self.add(
            IssueKind::ArgumentType,
            self.fails(sure),
            call.args[at].span,
            message,
            hint.map(str::to_owned),
        );
    }

    /// Looks at constant arguments, beyond their types.
    fn values(&mut self, function: &Function, call: &Call, types: &[Types]) {
        if function.name == "equals" {
            self.equality(call, types);
            return;
        }
        let Some(problem) = functions::constant_problem(function, &call.args) else {
            return;
        };
        let span = problem
            .argument
            .map_or(call.name_span, |at| call.args[at].span);
        let message = format!("function `{}`: {}", function.name, problem.message);
        self.add(
            IssueKind::ArgumentValue,
            Certainty::Doubtful,
            span,
            message,
            problem.hint,
        );
    }

    /// Values of different types are never equal, numbers apart.
    fn equality(&mut self, call: &Call, types: &[Types]) {
        let [left, right] = types else { return };
        let comparable = |types: Types| {
            if types.overlaps(Types::NUMBER) {
                types.or(Types::NUMBER)
            } else {
                types
            }
        };
        // Null is compared with on purpose.
        let purpose = left.overlaps(Types::NULL) || right.overlaps(Types::NULL);
        if purpose || comparable(*left).overlaps(comparable(*right)) {
            return;
        }
        let message = format!(
            "a value of type {} never equals one of type {}",
            left.name(),
            right.name()
        );
        let boolean = left.or(*right).overlaps(Types::BOOLEAN);
        let hint = if boolean {
            "compare with true or false without quotes, or use the Boolean itself"
        } else {
            "convert one of them, with string() or int()"
        };
        self.add(
            IssueKind::NeverEqual,
            Certainty::Doubtful,
            call.args[1].span,
            message,
            Some(hint.to_owned()),
        );
    }
}

/// Whether an argument may never be evaluated.
fn is_lazy(function: &Function, argument: usize) -> bool {
    match function.body {
        Body::Strict(_) => false,
        Body::Lazy(Lazy::And | Lazy::Or | Lazy::If | Lazy::Coalesce) => argument > 0,
    }
}

fn conversion(wanted: Types, found: Types) -> Option<&'static str> {
    if wanted.is_within(Types::STRING) && found.is_within(Types::NUMBER.or(Types::BOOLEAN)) {
        Some("convert it with string()")
    } else if wanted.is_within(Types::INTEGER) && found.is_within(Types::STRING) {
        Some("write the number without quotes, or convert the text with int()")
    } else if wanted.is_within(Types::NUMBER) && found.is_within(Types::STRING) {
        Some("write the number without quotes, or convert the text with int() or float()")
    } else if wanted.is_within(Types::INTEGER) && found.is_within(Types::FLOAT) {
        Some("convert it with int()")
    } else if wanted.is_within(Types::BOOLEAN) && found.is_within(Types::STRING) {
        Some(
            "write true or false without quotes, compare with equals(), or convert the text with bool()",
        )
    } else if wanted.is_within(Types::ARRAY) && found.is_within(Types::STRING) {
        Some("make an array with split(), createArray() or json()")
    } else {
        None
    }
}
