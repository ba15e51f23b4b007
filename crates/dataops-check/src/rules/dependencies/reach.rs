//! Which activities can run at all.
//!
//! An activity succeeds, fails or is skipped. It runs when all that it waits for has ended in a way that it waits for, and is
//! skipped otherwise. It can run if some choice of outcomes lets it.

/// A set of outcomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Outcomes(u8);

impl Outcomes {
    pub(super) const SUCCEEDED: Self = Self(1);
    pub(super) const FAILED: Self = Self(2);
    pub(super) const SKIPPED: Self = Self(4);
    const ALL: Self = Self(7);

    pub(super) const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    const fn is_empty(self) -> bool {
        self.0 == 0
    }
}

/// How an activity can end.
#[derive(Clone, Copy, Debug)]
pub(super) enum Step {
    /// So, whatever the others do.
    Fixed(Outcomes),
    /// So if it runs.
    Runs(Outcomes),
}

/// The most activities whose ways are searched, and the most steps of a search. What is larger counts as reachable.
const MOST_STEPS: usize = 300;
const MOST_SEARCHED: usize = 20_000;

/// The activities that can never run although all that they wait for can. `waits` are who waits, for whom, and how that one
/// must have ended; there are no circles.
pub(super) fn unreachable(
    steps: Vec<Step>,
    waits: impl Iterator<Item = (usize, usize, Outcomes)>,
) -> Vec<usize> {
    let mut waits_of = vec![Vec::new(); steps.len()];
    for (waiting, on, outcomes) in waits {
        waits_of[waiting].push((on, outcomes));
    }
    if steps.len() > MOST_STEPS || all_can_run(&steps, &waits_of) {
        return Vec::new();
    }
    let mut search = Search {
        steps,
        waits_of,
        left: MOST_SEARCHED,
    };
    let blocked: Vec<_> = (0..search.steps.len())
        .map(|at| !search.can_run(at))
        .collect();
    let first = |at: &usize| {
        let mut parents = search.waits_of[*at].iter();
        blocked[*at] && !parents.any(|(parent, _)| blocked[*parent])
    };
    (0..blocked.len()).filter(first).collect()
}

/// What is seen at once: where each waits for one at most, and neither for a skipped one nor for one whose end is fixed, all run.
fn all_can_run(steps: &[Step], waits_of: &[Vec<(usize, Outcomes)>]) -> bool {
    let either = Outcomes::SUCCEEDED.or(Outcomes::FAILED);
    let free = |step: &Step| matches!(step, Step::Runs(outcomes) if *outcomes == either);
    let simple = |waits: &Vec<(usize, Outcomes)>| match waits.as_slice() {
        [] => true,
        [(_, wanted)] => *wanted != Outcomes::SKIPPED,
        _ => false,
    };
    steps.iter().all(free) && waits_of.iter().all(simple)
}

struct Search {
    steps: Vec<Step>,
    waits_of: Vec<Vec<(usize, Outcomes)>>,
    /// The steps that may still be made.
    left: usize,
}

impl Search {
    fn can_run(&mut self, at: usize) -> bool {
        let mut outcomes: Vec<_> = self
            .steps
            .iter()
            .map(|step| match step {
                Step::Fixed(outcome) => *outcome,
                Step::Runs(outcomes) => outcomes.or(Outcomes::SKIPPED),
            })
            .collect();
        match self.steps[at] {
            Step::Fixed(_) => true,
            Step::Runs(_) => {
                let mut open = Vec::new();
                let ran = Outcomes::ALL.without(Outcomes::SKIPPED);
                require(&mut outcomes, &mut open, at, ran) && self.solve(outcomes, open)
            }
        }
    }

    /// Whether the outcomes of all in `open` can come about.
    fn solve(&mut self, mut outcomes: Vec<Outcomes>, mut open: Vec<usize>) -> bool {
        while let Some(at) = open.pop() {
            self.left = self.left.saturating_sub(1);
            if self.left == 0 {
                return true;
            }
            if matches!(self.steps[at], Step::Fixed(_)) {
                continue;
            }
            if outcomes[at] == Outcomes::SKIPPED {
                // One of its dependencies, whichever, was not met.
                return (0..self.waits_of[at].len()).any(|which| {
                    let (on, wanted) = self.waits_of[at][which];
                    let (mut outcomes, mut open) = (outcomes.clone(), open.clone());
                    let unmet = Outcomes::ALL.without(wanted);
                    require(&mut outcomes, &mut open, on, unmet) && self.solve(outcomes, open)
                });
            }
            if outcomes[at].and(Outcomes::SKIPPED).is_empty() {
                let met = |(on, wanted): &(usize, Outcomes)| {
                    require(&mut outcomes, &mut open, *on, *wanted)
                };
                if !self.waits_of[at].iter().all(met) {
                    return false;
                }
            }
        }
        true
    }
}

/// Leaves only `wanted` of the outcomes of an activity; says whether there is one left.
fn require(outcomes: &mut [Outcomes], open: &mut Vec<usize>, at: usize, wanted: Outcomes) -> bool {
    let left = outcomes[at].and(wanted);
    if left != outcomes[at] {
        outcomes[at] = left;
        open.push(at);
    }
    !left.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    const S: Outcomes = Outcomes::SUCCEEDED;
    const F: Outcomes = Outcomes::FAILED;
    const K: Outcomes = Outcomes::SKIPPED;
    const NONE: [usize; 0] = [];

    fn of(count: usize, waits: &[(usize, usize, Outcomes)]) -> Vec<usize> {
        unreachable(vec![Step::Runs(S.or(F)); count], waits.iter().copied())
    }

    #[test]
    fn both_outcomes_of_one_activity_never_happen() {
        assert_eq!(of(4, &[(1, 0, S), (2, 0, F), (3, 1, S), (3, 2, S)]), [3]);
        assert_eq!(of(2, &[(1, 0, S), (1, 0, F)]), [1]);
    }

    #[test]
    fn the_usual_patterns_can_run() {
        // Do, and otherwise; and a dummy on the skipped branch.
        assert_eq!(of(4, &[(1, 0, S), (2, 0, F), (3, 1, K), (3, 2, S)]), NONE);
        assert_eq!(
            of(4, &[(1, 0, S), (2, 0, F), (3, 1, S.or(K)), (3, 2, S.or(K))]),
            NONE
        );
        // A handler at the end of a chain.
        assert_eq!(of(4, &[(1, 0, S), (2, 1, S), (3, 2, F.or(K))]), NONE);
    }

    #[test]
    fn a_first_activity_is_never_skipped() {
        assert_eq!(of(2, &[(1, 0, K)]), [1]);
        assert_eq!(of(3, &[(1, 0, S), (2, 1, K)]), NONE);
    }

    #[test]
    fn only_the_first_of_a_chain_is_listed() {
        let chain = [(1, 0, S), (1, 0, F), (2, 1, S), (3, 2, S)];
        assert_eq!(of(4, &chain), [1]);
    }

    #[test]
    fn inactive_activities_end_as_they_are_marked() {
        let steps = vec![Step::Fixed(S), Step::Runs(S.or(F)), Step::Runs(S.or(F))];
        assert_eq!(unreachable(steps, [(1, 0, F), (2, 0, S)].into_iter()), [1]);
    }
}
