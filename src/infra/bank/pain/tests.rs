//! What is written is valid, complete and read back; banks get only characters they take.

use proptest::prelude::*;

use super::*;

fn file(payments: Vec<Payment>) -> File {
    File {
        message_id: "trb019ac0ffee".to_owned(),
        created_at: "2026-11-25T09:30:00.000Z".parse().unwrap(),
        execution_day: "2026-11-26".to_owned(),
        payer: Payer {
            name: "Stichting Drempel".to_owned(),
            iban: "NL91ABNA0417164300".to_owned(),
            bic: "ABNANL2A".to_owned(),
        },
        payments,
    }
}

fn payment(number: usize, amount: i64, name: &str) -> Payment {
    Payment {
        end_to_end_id: format!("trf{number:032}"),
        iban: "BE68539007547034".to_owned(),
        name: name.to_owned(),
        amount: Cents(amount),
        text: "Terugbetaling DR-7K3M-9QXA-4T".to_owned(),
    }
}

#[test]
fn banks_get_characters_they_take() {
    for (typed, plain_text) in [
        ("José Müller-Sørensen & Zn.", "Jose Muller-Sorensen + Zn."),
        ("Straße 5/7 //x", "Strasse 5/7 /x"),
        ("/begin en eind/", "begin en eind"),
        ("€ 5 <b>“hoi”</b>", "EUR 5 .b.'hoi'./b."),
        ("a\u{0}b\tc", "a b c"),
    ] {
        assert_eq!(plain(typed, 140), plain_text, "{typed}");
    }
    assert_eq!(plain("abc /", 4), "abc");
    assert_eq!(name("日本"), "NOTPROVIDED");
}

#[test]
fn sums_and_numbers_stand_in_both_places_and_a_changed_file_is_noticed() {
    let text = write(&file(vec![payment(1, 2_500, "Anna"), payment(2, 1, "Bert")])).unwrap();
    assert_eq!(text.matches("<NbOfTxs>2</NbOfTxs>").count(), 2);
    assert_eq!(text.matches("<CtrlSum>25.01</CtrlSum>").count(), 2);
    assert!(matches!(read(&text.replacen("25.01", "25.02", 1)), Err(PainError::Differs)));
    assert!(matches!(read(&text.replace(">0.01<", ">0.02<")), Err(PainError::Differs)));
    assert!(read(&text.replace(">0.01<", ">0.1<")).is_err());
}

#[test]
fn what_no_bank_would_take_is_refused() {
    let with = |change: fn(&mut Payment)| {
        let mut wrong = payment(1, 2_500, "Anna");
        change(&mut wrong);
        write(&file(vec![wrong]))
    };
    assert!(matches!(write(&file(Vec::new())), Err(PainError::Empty)));
    assert!(with(|p| p.amount = Cents::ZERO).is_err());
    assert!(with(|p| p.amount = Cents(100_000_000_000)).is_err());
    assert!(with(|p| p.amount = Cents(99_999_999_999)).is_ok());
    assert!(with(|p| p.iban = "BE68539007547035".to_owned()).is_err());
    assert!(with(|p| p.end_to_end_id = "trf_1".to_owned()).is_err());
    assert!(with(|p| p.end_to_end_id = "x".repeat(36)).is_err());
    let mut no_payer = file(vec![payment(1, 1, "Anna")]);
    no_payer.payer.iban = "NL00".to_owned();
    assert!(write(&no_payer).is_err());
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(
        names in prop::collection::vec("\\PC{0,90}", 1..12), amounts in prop::collection::vec(1i64..99_999_999_999, 12),
        text in "\\PC{0,200}"
    ) {
        let payments = names.iter().zip(&amounts).enumerate().map(|(number, (name, amount))| Payment {
            text: text.clone(), ..payment(number, *amount, name)
        });
        let asked = file(payments.collect());
        let read_back = read(&write(&asked).unwrap()).unwrap();
        prop_assert_eq!(control_sum(&read_back), control_sum(&asked));
        for (got, wanted) in read_back.payments.iter().zip(&asked.payments) {
            prop_assert_eq!((&got.end_to_end_id, &got.iban, got.amount), (&wanted.end_to_end_id, &wanted.iban, wanted.amount));
            prop_assert_eq!(&got.text, &plain(&wanted.text, LONGEST_TEXT));
            prop_assert!(got.name.len() <= LONGEST_NAME && !got.name.is_empty());
        }
    }
}
