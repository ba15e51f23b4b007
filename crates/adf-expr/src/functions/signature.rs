//! What functions take and give, as far as types can say it.

use super::Function;
use crate::check::Types;

pub(super) const ANY: Types = Types::ANY;
pub(super) const ARRAY: Types = Types::ARRAY;
pub(super) const BOOLEAN: Types = Types::BOOLEAN;
pub(super) const FLOAT: Types = Types::FLOAT;
pub(super) const INTEGER: Types = Types::INTEGER;
pub(super) const NUMBER: Types = Types::NUMBER;
pub(super) const OBJECT: Types = Types::OBJECT;
pub(super) const STRING: Types = Types::STRING;
/// Whatever is not null.
pub(super) const SOME: Types = Types::NULL.not();

/// The types of a function.
pub(crate) struct Signature {
    takes: Takes,
    gives: Gives,
}

enum Takes {
    /// The types of each argument; the last ones go for all that follow.
    Each(&'static [Types]),
    /// The types of an argument, given those of all.
    Related(fn(usize, &[Types]) -> Types),
}

enum Gives {
    Always(Types),
    /// What comes of arguments of these types.
    Of(fn(&[Types]) -> Types),
}

impl Signature {
    /// What a function has of which nothing is said.
    pub(super) const OPEN: Self = Self {
        takes: Takes::Each(&[]),
        gives: Gives::Always(ANY),
    };

    /// The types that an argument may have, given those of all.
    pub(crate) fn takes(&self, argument: usize, given: &[Types]) -> Types {
        match self.takes {
            Takes::Each(each) => each.get(argument).or(each.last()).copied().unwrap_or(ANY),
            Takes::Related(related) => related(argument, given),
        }
    }

    /// The types of the result, given those of all arguments.
    pub(crate) fn gives(&self, given: &[Types]) -> Types {
        match self.gives {
            Gives::Always(types) => types,
            Gives::Of(of) => of(given),
        }
    }

    /// Whether the result has these types whatever the arguments are.
    pub(crate) fn is_settled(&self) -> bool {
        matches!(self.gives, Gives::Always(_))
    }
}

impl Function {
    /// The same function; its arguments have these types, the last ones all that follow, and so has its result.
    pub(super) const fn typed(mut self, takes: &'static [Types], gives: Types) -> Self {
        self.signature = Signature {
            takes: Takes::Each(takes),
            gives: Gives::Always(gives),
        };
        self
    }

    /// The same function; its arguments must agree.
    pub(super) const fn relating(mut self, takes: fn(usize, &[Types]) -> Types) -> Self {
        self.signature.takes = Takes::Related(takes);
        self
    }

    /// The same function; its result depends on its arguments.
    pub(super) const fn giving(mut self, gives: fn(&[Types]) -> Types) -> Self {
        self.signature.gives = Gives::Of(gives);
        self
    }
}

/// The types of the first argument.
pub(super) fn like_the_first(given: &[Types]) -> Types {
    given.first().copied().unwrap_or(ANY)
}

/// The kinds that the first argument can have; all others must have the same.
pub(super) fn all_of_one_kind<const N: usize>(
    kinds: [Types; N],
    argument: usize,
    given: &[Types],
) -> Types {
    let all = kinds.into_iter().fold(Types::NONE, Types::or);
    let first = like_the_first(given);
    if argument == 0 || !first.overlaps(all) {
        return all;
    }
    let alike = kinds.into_iter().filter(|kind| kind.overlaps(first));
    alike.fold(Types::NONE, Types::or)
}
