//! Who gets which part of a payout of a joint project.

use crate::features::projects::Partner;
use crate::values::Cents;
use crate::values::split::in_proportion;

/// Splits an amount over the partners by their shares, and what is left of the whole to the project's own organisation. The parts sum to
/// the amount; who gets nothing is left out. `None` when the shares are more than the whole.
pub fn by_shares(amount: Cents, own: &str, partners: &[Partner]) -> Option<Vec<(String, Cents)>> {
    let mut shares: Vec<(String, i64)> =
        partners.iter().map(|p| (p.organisation_id.clone(), p.share_percent)).collect();
    let rest = 100 - shares.iter().map(|(_, share)| share).sum::<i64>();
    if rest < 0 {
        return None;
    }
    match shares.iter_mut().find(|(id, _)| id == own) {
        Some((_, share)) => *share += rest,
        None => shares.insert(0, (own.to_owned(), rest)),
    }
    let weights: Vec<i64> = shares.iter().map(|(_, share)| *share).collect();
    let amounts = in_proportion(amount, &weights);
    Some(shares.into_iter().map(|(id, _)| id).zip(amounts).filter(|(_, part)| *part > Cents::ZERO).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn partner(id: &str, share_percent: i64) -> Partner {
        Partner { organisation_id: id.to_owned(), share_percent }
    }

    #[test]
    fn shares_that_do_not_divide_give_their_odd_cents_to_the_largest_remainders() {
        let thirds = [partner("a", 33), partner("b", 33)];
        let parts = by_shares(Cents(1_000), "own", &thirds).unwrap();
        assert_eq!(parts, [("own".into(), Cents(340)), ("a".into(), Cents(330)), ("b".into(), Cents(330))]);
        let parts = by_shares(Cents(1), "own", &[partner("own", 50), partner("b", 50), partner("c", 0)]).unwrap();
        assert_eq!(parts, [("own".into(), Cents(1))]);
        assert_eq!(by_shares(Cents(1), "own", &[partner("a", 60), partner("b", 41)]), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(5_000))]

        /// Whole percentages of several organisations, with or without the own one among them.
        #[test]
        fn f65_a_payout_over_several_organisations_sums_exactly_and_nobody_is_a_cent_off(
            amount in 1i64..100_000_000_000, cuts in prop::collection::vec(0i64..=100, 0..8), names_own in any::<bool>()
        ) {
            let mut cuts = cuts;
            cuts.sort_unstable();
            let mut partners: Vec<Partner> = Vec::new();
            for (at, pair) in cuts.windows(2).enumerate() {
                let id = if names_own && at == 0 { "own".to_owned() } else { format!("org_{at}") };
                partners.push(Partner { organisation_id: id, share_percent: pair[1] - pair[0] });
            }
            let given: i64 = partners.iter().map(|p| p.share_percent).sum();
            let parts = by_shares(Cents(amount), "own", &partners).unwrap();
            prop_assert_eq!(parts.iter().map(|(_, part)| *part).sum::<Cents>(), Cents(amount));
            for (id, part) in &parts {
                let named = partners.iter().find(|p| p.organisation_id == *id).map_or(0, |p| p.share_percent);
                let share = if id == "own" { named + 100 - given } else { named };
                let off = i128::from(part.0) * 100 - i128::from(amount) * i128::from(share);
                prop_assert!(share > 0 && off.abs() < 100);
            }
        }
    }
}
