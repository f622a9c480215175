//! Splitting an amount exactly: the parts always sum to the whole.

use crate::values::Cents;

/// Splits `whole` in proportion to `weights` by largest remainder (ties go to the earlier part). The parts sum to `whole`,
/// each differs from its exact share by less than a cent, and a weight of zero gets nothing.
///
/// # Panics
/// Never: a negative whole or weight, or weights that sum to zero, give parts of zero.
pub fn in_proportion(whole: Cents, weights: &[i64]) -> Vec<Cents> {
    let total: i128 = weights.iter().map(|w| i128::from(*w)).sum();
    if whole.0 <= 0 || total <= 0 || weights.iter().any(|w| *w < 0) {
        return vec![Cents::ZERO; weights.len()];
    }
    let mut parts = Vec::with_capacity(weights.len());
    let mut remainders = Vec::with_capacity(weights.len());
    let mut given: i64 = 0;
    for (index, weight) in weights.iter().enumerate() {
        let product = i128::from(whole.0) * i128::from(*weight);
        // the quotient is at most `whole`, so it fits
        let part = i64::try_from(product / total).unwrap_or(0);
        given += part;
        parts.push(Cents(part));
        remainders.push((product % total, index));
    }
    remainders.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    let left = usize::try_from(whole.0 - given).unwrap_or(0);
    for (_, index) in remainders.into_iter().take(left) {
        parts[index].0 += 1;
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_odd_cent_goes_to_the_largest_remainder() {
        assert_eq!(in_proportion(Cents(100), &[1, 1, 1]), vec![Cents(34), Cents(33), Cents(33)]);
        assert_eq!(in_proportion(Cents(5), &[0, 3]), vec![Cents(0), Cents(5)]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(10_000))]

        #[test]
        fn f65_parts_sum_to_the_whole_and_nobody_gets_more_than_a_cent_too_much(
            whole in 1i64..1_000_000_000, weights in prop::collection::vec(0i64..10_000_000, 1..60)
        ) {
            let total: i128 = weights.iter().map(|w| i128::from(*w)).sum();
            prop_assume!(total > 0);
            let parts = in_proportion(Cents(whole), &weights);
            prop_assert_eq!(parts.iter().copied().sum::<Cents>(), Cents(whole));
            for (part, weight) in parts.iter().zip(&weights) {
                let exact = i128::from(whole) * i128::from(*weight);
                let got = i128::from(part.0) * total;
                prop_assert!((got - exact).abs() < total);
            }
        }

        /// The largest amounts there can be, and weights of very different sizes.
        #[test]
        fn f65_no_amount_is_too_large_to_be_split_exactly(
            whole in 1i64..=i64::MAX, weights in prop::collection::vec((0i64..1 << 40, 0u32..18), 1..40)
        ) {
            let weights: Vec<i64> = weights.into_iter().map(|(weight, shift)| weight << shift).collect();
            let total: i128 = weights.iter().map(|w| i128::from(*w)).sum();
            prop_assume!(total > 0);
            let parts = in_proportion(Cents(whole), &weights);
            prop_assert_eq!(parts.iter().map(|part| i128::from(part.0)).sum::<i128>(), i128::from(whole));
            for (part, weight) in parts.iter().zip(&weights) {
                let exact = i128::from(whole) * i128::from(*weight);
                prop_assert!(part.0 >= 0 && (i128::from(part.0) * total - exact).abs() < total);
                prop_assert!(*weight > 0 || part.0 == 0);
            }
        }

        /// Who paid more never gets back less.
        #[test]
        fn f65_shares_follow_the_order_of_what_was_paid(
            whole in 1i64..1_000_000_000, weights in prop::collection::vec(1i64..10_000_000, 2..60)
        ) {
            let parts = in_proportion(Cents(whole), &weights);
            for (one, other) in parts.iter().zip(&weights).zip(parts.iter().zip(&weights).skip(1)) {
                if one.1 > other.1 {
                    prop_assert!(one.0 >= other.0);
                }
            }
        }

        #[test]
        fn a_part_of_a_smaller_whole_never_exceeds_its_weight(
            weights in prop::collection::vec(1i64..1_000_000, 1..60), share in 1i64..=1000
        ) {
            let total: i64 = weights.iter().sum();
            let whole = (total * share / 1000).max(1);
            for (part, weight) in in_proportion(Cents(whole), &weights).iter().zip(&weights) {
                prop_assert!(part.0 <= *weight);
            }
        }
    }
}
