//! How far two distributions are apart, over the same bins.

/// What stands for no share, so that a logarithm can be taken of it.
const EPSILON: f64 = 1e-4;

/// The same for so many bins: of very many, each of which has little more, it is a tenth of what they have on average.
#[expect(clippy::cast_precision_loss, reason = "there are not so many bins")]
fn floor(bins: usize) -> f64 {
    EPSILON.min(0.1 / bins.max(1) as f64)
}

/// Counts here and in the reference, bin by bin.
type Pair = [(f64, f64)];

fn totals(pair: &Pair) -> (f64, f64) {
    pair.iter().fold((0.0, 0.0), |(here, there), bin| {
        (here + bin.0, there + bin.1)
    })
}

/// The population stability index: 0 of equal shares.
pub(super) fn psi(pair: &Pair) -> f64 {
    let (here, there) = totals(pair);
    if here == 0.0 || there == 0.0 {
        return if here == there { 0.0 } else { f64::INFINITY };
    }
    let floor = floor(pair.len());
    let terms = pair.iter().map(|bin| {
        let p = (bin.0 / here).max(floor);
        let q = (bin.1 / there).max(floor);
        (p - q) * (p / q).ln()
    });
    terms.sum()
}

/// The Jensen-Shannon distance with logarithms of base 2: the root of how far both are from their mean. 0 of equal shares, and 1 where
/// they have nothing in common.
pub(super) fn jensen_shannon(pair: &Pair) -> f64 {
    let (here, there) = totals(pair);
    if here == 0.0 || there == 0.0 {
        return if here == there { 0.0 } else { 1.0 };
    }
    let terms = pair.iter().map(|bin| {
        let (p, q) = (bin.0 / here, bin.1 / there);
        let mean = f64::midpoint(p, q);
        let term = |share: f64| match share > 0.0 {
            true => share * (share / mean).log2() / 2.0,
            false => 0.0,
        };
        term(p) + term(q)
    });
    let divergence: f64 = terms.sum();
    divergence.clamp(0.0, 1.0).sqrt()
}

/// The share of what is here in bins of which the reference has nothing.
pub(super) fn unseen(pair: &Pair) -> f64 {
    let (here, _) = totals(pair);
    let unseen = pair.iter().filter(|bin| bin.1 == 0.0);
    let unseen: f64 = unseen.map(|bin| bin.0).sum();
    if here > 0.0 { unseen / here } else { 0.0 }
}

/// The greatest distance of the cumulated shares at the ends of the bins (Kolmogorov-Smirnov): at most that of the values
/// themselves.
pub(super) fn ks(pair: &Pair) -> f64 {
    let (here, there) = totals(pair);
    if here == 0.0 || there == 0.0 {
        return if here == there { 0.0 } else { 1.0 };
    }
    let (mut p, mut q, mut greatest) = (0.0, 0.0, 0.0_f64);
    for bin in pair {
        p += bin.0 / here;
        q += bin.1 / there;
        greatest = greatest.max((p - q).abs());
    }
    greatest
}

/// What the greatest distance of the cumulated shares is at most, where `is_point` says of which bins all numbers are equal: within
/// others all numbers of one side may come before those of the other.
pub(super) fn ks_most(pair: &Pair, is_point: impl Fn(usize) -> bool) -> f64 {
    let (here, there) = totals(pair);
    if here == 0.0 || there == 0.0 {
        return ks(pair);
    }
    let (mut p, mut q, mut greatest) = (0.0, 0.0, 0.0_f64);
    for (at, bin) in pair.iter().enumerate() {
        let (before, other) = (p, q);
        p += bin.0 / here;
        q += bin.1 / there;
        if !is_point(at) {
            greatest = greatest.max(p - other).max(q - before);
        }
        greatest = greatest.max((p - q).abs());
    }
    greatest.min(1.0)
}

/// How far two samples of one distribution are apart at most in 997 of 1,000 cases, by the index of so many bins.
pub(super) fn psi_by_chance(pair: &Pair) -> f64 {
    let used = pair.iter().filter(|bin| bin.0 + bin.1 > 0.0).count();
    let freedom = f64::from(u32::try_from(used.saturating_sub(1)).unwrap_or(u32::MAX));
    noise(pair) * (freedom + 3.0 * (2.0 * freedom).sqrt())
}

/// The same of the Jensen-Shannon distance, whose square is an eighth of the index where that is small.
pub(super) fn jensen_shannon_by_chance(pair: &Pair) -> f64 {
    let divergence = psi_by_chance(pair) / (8.0 * std::f64::consts::LN_2);
    divergence.sqrt().min(1.0)
}

/// The same of the greatest distance of cumulated shares, in 999 of 1,000 cases.
pub(super) fn ks_by_chance(pair: &Pair) -> f64 {
    1.95 * noise(pair).sqrt()
}

/// What the sizes of two samples add to their distance.
fn noise(pair: &Pair) -> f64 {
    let (here, there) = totals(pair);
    match here > 0.0 && there > 0.0 {
        true => 1.0 / here + 1.0 / there,
        false => 0.0,
    }
}

/// What a chi-square test says.
pub(super) struct ChiSquare {
    /// The statistic.
    pub(super) statistic: f64,
    /// Degrees of freedom.
    pub(super) freedom: u32,
    /// How likely two samples of one distribution differ at least as much.
    pub(super) p: f64,
}

/// Whether two samples come from one distribution.
pub(super) fn chi_square(pair: &Pair) -> ChiSquare {
    let (here, there) = totals(pair);
    let used: Vec<_> = pair.iter().filter(|bin| bin.0 + bin.1 > 0.0).collect();
    let freedom = u32::try_from(used.len().saturating_sub(1)).unwrap_or(u32::MAX);
    if (here == 0.0) != (there == 0.0) {
        // Nothing is no sample of something.
        return ChiSquare {
            statistic: f64::INFINITY,
            freedom,
            p: 0.0,
        };
    }
    if here == 0.0 || freedom == 0 {
        return ChiSquare {
            statistic: 0.0,
            freedom,
            p: 1.0,
        };
    }
    let whole = here + there;
    let terms = used.iter().map(|bin| {
        let both = bin.0 + bin.1;
        let (expected_here, expected_there) = (both * here / whole, both * there / whole);
        (bin.0 - expected_here).powi(2) / expected_here
            + (bin.1 - expected_there).powi(2) / expected_there
    });
    let statistic: f64 = terms.sum();
    ChiSquare {
        statistic,
        freedom,
        p: upper_gamma(f64::from(freedom) / 2.0, statistic / 2.0),
    }
}

/// The regularized upper incomplete gamma function, by its series below `a + 1` and its continued fraction above.
fn upper_gamma(a: f64, x: f64) -> f64 {
    if x <= 0.0 {
        return 1.0;
    }
    let scale = (a * x.ln() - x - ln_gamma(a)).exp();
    let result = if x < a + 1.0 {
        1.0 - scale * series(a, x)
    } else {
        scale * fraction(a, x)
    };
    result.clamp(0.0, 1.0)
}

const STEPS: u32 = 1_000;
const PRECISE: f64 = 1e-15;

fn series(a: f64, x: f64) -> f64 {
    let mut term = 1.0 / a;
    let mut sum = term;
    for step in 1..STEPS {
        term *= x / (a + f64::from(step));
        sum += term;
        if term < sum * PRECISE {
            break;
        }
    }
    sum
}

/// Lentz's method.
fn fraction(a: f64, x: f64) -> f64 {
    let tiny = f64::MIN_POSITIVE / f64::EPSILON;
    let mut b = x + 1.0 - a;
    let mut c = 1.0 / tiny;
    let mut d = 1.0 / b;
    let mut value = d;
    for step in 1..STEPS {
        let step = f64::from(step);
        let an = -step * (step - a);
        b += 2.0;
        d = an * d + b;
        if d.abs() < tiny {
            d = tiny;
        }
        c = b + an / c;
        if c.abs() < tiny {
            c = tiny;
        }
        d = 1.0 / d;
        let change = d * c;
        value *= change;
        if (change - 1.0).abs() < PRECISE {
            break;
        }
    }
    value
}

/// The logarithm of the gamma function, by Stirling's series above 10 and by recurrence below.
fn ln_gamma(mut x: f64) -> f64 {
    let mut shift = 0.0;
    while x < 10.0 {
        shift += x.ln();
        x += 1.0;
    }
    let inverse = 1.0 / x;
    let square = inverse * inverse;
    let series =
        inverse * (1.0 / 12.0 - square * (1.0 / 360.0 - square * (1.0 / 1260.0 - square / 1680.0)));
    (x - 0.5) * x.ln() - x + 0.5 * (2.0 * std::f64::consts::PI).ln() + series - shift
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn near(one: f64, other: f64) -> bool {
        (one - other).abs() < 1e-9
    }

    #[test]
    fn equal_shares_are_no_drift() {
        let same = [(10.0, 20.0), (30.0, 60.0)];

        assert!(near(psi(&same), 0.0) && near(ks(&same), 0.0) && near(chi_square(&same).p, 1.0));
    }

    #[test]
    fn known_distances_come_out() {
        let pair = [(50.0, 25.0), (50.0, 75.0)];

        assert!(near(
            psi(&pair),
            0.25 * (2.0_f64).ln() - 0.25 * (2.0_f64 / 3.0).ln()
        ));
        assert!(near(ks(&pair), 0.25));
        let tested = chi_square(&pair);
        assert!(near(tested.statistic, 40.0 / 3.0));
        // Of one degree of freedom it is erfc(sqrt(x / 2)).
        assert!((tested.p - 2.607_296e-4).abs() < 1e-8, "{}", tested.p);
    }

    #[test]
    fn very_many_values_that_are_others_now_are_far_from_what_was() {
        let replaced = |n: usize| -> Vec<(f64, f64)> {
            let old = std::iter::repeat_n((0.0, 12.0), n);
            old.chain(std::iter::repeat_n((12.0, 0.0), n)).collect()
        };
        for n in [10, 1_000, 8_000, 10_000] {
            let index = psi(&replaced(n));
            assert!(index > 1.0, "{n}: {index}");
        }
    }

    #[test]
    fn samples_of_one_distribution_are_apart_by_chance() {
        let (few, many) = ([(2.0, 8.0); 10], [(2_000.0, 8_000.0); 10]);

        assert!(psi_by_chance(&few) > 0.5 && ks_by_chance(&few) > 0.4);
        assert!(psi_by_chance(&many) < 0.01 && ks_by_chance(&many) < 0.02);
        assert!(near(psi_by_chance(&[(0.0, 1.0)]), 0.0));
    }

    #[test]
    fn jensen_shannon_and_unseen_shares_have_known_values() {
        // As scipy.spatial.distance.jensenshannon([0.5, 0.5], [0.25, 0.75], base=2) says.
        let distance = jensen_shannon(&[(50.0, 25.0), (50.0, 75.0)]);
        assert!((distance - 0.220_896).abs() < 1e-6, "{distance}");
        assert!(near(jensen_shannon(&[(9.0, 0.0), (0.0, 4.0)]), 1.0));
        assert!(near(jensen_shannon(&[(1.0, 10.0), (2.0, 20.0)]), 0.0));
        assert!(near(jensen_shannon(&[(1.0, 0.0)]), 1.0) && near(jensen_shannon(&[]), 0.0));
        assert!(near(unseen(&[(3.0, 1.0), (1.0, 0.0), (0.0, 9.0)]), 0.25));
        assert!(near(unseen(&[(0.0, 1.0)]), 0.0));
    }

    #[test]
    fn within_a_bin_cumulated_shares_may_be_further_apart() {
        let pair = [(30.0, 10.0), (40.0, 50.0), (30.0, 40.0)];

        assert!(near(ks(&pair), 0.2));
        assert!(near(ks_most(&pair, |_| false), 0.6));
        assert!(near(ks_most(&pair, |at| at == 1), 0.4));
        assert!(near(ks_most(&pair, |_| true), 0.2));
    }

    #[test]
    fn chi_square_has_the_values_of_tables() {
        for (freedom, statistic, p) in [
            (1.0, 3.841_459, 0.05),
            (2.0, 5.991_465, 0.05),
            (10.0, 23.209_251, 0.01),
            (100.0, 124.342_113, 0.05),
        ] {
            let computed = upper_gamma(freedom / 2.0, statistic / 2.0);
            assert!((computed - p).abs() < 1e-6, "{freedom}: {computed}");
        }
    }

    #[test]
    fn what_is_empty_on_one_side_is_drift_without_end() {
        assert!(psi(&[(0.0, 1.0)]).is_infinite() && near(ks(&[(0.0, 1.0)]), 1.0));
        assert!(near(chi_square(&[(0.0, 3.0), (0.0, 4.0)]).p, 0.0));
        assert!(near(psi(&[]), 0.0) && near(ks(&[]), 0.0) && near(chi_square(&[]).p, 1.0));
    }

    proptest! {
        #[test]
        fn distances_are_in_their_range(pair in prop::collection::vec((0..1_000_000_u32, 0..1_000_000_u32), 0..40)) {
            let pair: Vec<_> = pair.into_iter().map(|(here, there)| (f64::from(here), f64::from(there))).collect();

            prop_assert!(psi(&pair) >= 0.0);
            prop_assert!((-1e-9..=1.0 + 1e-9).contains(&ks(&pair)));
            prop_assert!((0.0..=1.0).contains(&chi_square(&pair).p));
        }
    }
}
