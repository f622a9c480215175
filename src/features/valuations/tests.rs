use proptest::prelude::*;

use crate::features::valuations::{Criterion, Score, criteria, spread};

fn criterion(position: i64, weight_percent: i64, scale_least: i64, scale_most: i64) -> Criterion {
    Criterion {
        position,
        name_nl: format!("Punt {position}"),
        name_en: format!("Point {position}"),
        guidance_nl: String::new(),
        guidance_en: String::new(),
        weight_percent,
        scale_least,
        scale_most,
    }
}

fn given(scores: &[i64]) -> Vec<Score> {
    let score = |(position, score): (i64, &i64)| Score { position, score: Some(*score), reason: "omdat".into() };
    (1..).zip(scores).map(score).collect()
}

#[test]
fn means_have_two_decimals_and_large_differences_are_marked() {
    let set = [criterion(1, 60, 1, 5), criterion(2, 40, 0, 10)];
    let handed_in = [("a", [5, 3]), ("b", [4, 8]), ("c", [4, 3])].map(|(who, scores)| (who.to_owned(), given(&scores)));
    let spread = spread(&set, &handed_in);
    let rows: Vec<_> = spread.rows.iter().map(|row| (row.least, row.most, row.mean.to_string(), row.is_wide)).collect();
    assert_eq!(rows, [(4, 5, "4.33".to_owned(), false), (3, 8, "4.67".to_owned(), true)]);
    // 60 x 4/4 + 40 x 3/10; 60 x 3/4 + 40 x 8/10; 60 x 3/4 + 40 x 3/10
    assert_eq!(spread.totals.iter().map(ToString::to_string).collect::<Vec<_>>(), ["72.00", "77.00", "57.00"]);
    assert_eq!(spread.mean_total.to_string(), "68.67");
}

#[test]
fn the_proposed_set_is_one_and_others_must_weigh_a_hundred() {
    assert_eq!(criteria::wrong(&criteria::proposed()), []);
    let fields =
        |set: &[Criterion]| -> Vec<String> { criteria::wrong(set).into_iter().map(|(field, _)| field).collect() };
    assert_eq!(fields(&[criterion(1, 60, 1, 5), criterion(2, 39, 1, 5)]), ["weight_1"]);
    assert_eq!(fields(&[criterion(1, 100, 5, 5)]), ["most_1"]);
    assert_eq!(fields(&[]), ["weight_1"]);
    assert_eq!(fields(&[Criterion { name_en: String::new(), ..criterion(3, 100, 0, 1) }]), ["name_en_3"]);
}

proptest! {
    #[test]
    fn a_mean_lies_between_the_scores_and_a_total_between_nothing_and_a_hundred(
        scores in prop::collection::vec(1i64..=5, 2..12), weight in 1i64..=99
    ) {
        let set = [criterion(1, weight, 1, 5), criterion(2, 100 - weight, 1, 5)];
        let handed_in: Vec<_> = scores.iter().map(|score| (String::new(), given(&[*score, 6 - *score]))).collect();
        let spread = spread(&set, &handed_in);
        for row in &spread.rows {
            prop_assert!(row.mean >= row.least.into() && row.mean <= row.most.into());
            prop_assert_eq!(row.is_wide, (row.most - row.least) >= 2);
        }
        for total in &spread.totals {
            prop_assert!(*total >= 0.into() && *total <= 100.into());
        }
    }
}
