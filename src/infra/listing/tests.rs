use super::{Asked, Cell, Choice, Column, Field, Found, Kind, Row, Shape};
use crate::values::Cents;

const COLUMNS: &[Column] = &[
    Column::new("name", "a", Kind::Text),
    Column::new("amount", "b", Kind::Amount).summed(),
    Column::new("note", "c", Kind::Text).fixed(),
    Column::new("city", "d", Kind::Text).extra(),
];

fn fields() -> Vec<Field> {
    let choice = |value: &str| Choice { value: value.to_owned(), text: value.to_owned(), count: None };
    let state = Field {
        name: "state",
        label: "",
        hint: "",
        shape: Shape::Links,
        choices: vec![choice("open"), choice("closed")],
        usual: "open",
    };
    vec![Field::search("q", "", ""), state]
}

fn asked(query: &str) -> Asked {
    Asked::read(Some(query), COLUMNS, &fields(), ("name", false))
}

#[test]
fn an_address_is_read_and_what_it_does_not_know_is_left_out() {
    let asked = asked("q=%20tuin%20&state=nonsense&sort=-amount&columns=city&columns=nothing&page=3&other=1");
    assert_eq!((asked.value("q"), asked.value("state"), asked.page), ("tuin", "open", 3));
    let shown: Vec<&str> = COLUMNS.iter().filter(|column| asked.shows(column)).map(|column| column.key).collect();
    assert_eq!(shown, ["name", "city"]);
    let wanted = asked.wanted(10, 20);
    assert_eq!((wanted.order, wanted.descending, wanted.limit, wanted.offset), ("amount", true, 10, 20));
    for (query, page) in [("page=0", 1), ("page=-4", 1), ("page=x", 1), ("page=99999999999", 1_000_000), ("page=7", 7)]
    {
        assert_eq!(self::asked(query).page, page, "{query}");
    }
    for sort in ["sort=note", "sort=amount%3B--", "sort=", "sort=-"] {
        let wanted = self::asked(sort).wanted(1, 0);
        assert_eq!((wanted.order, wanted.descending), ("name", false), "{sort}");
    }
}

#[test]
fn what_is_looked_for_stands_for_itself() {
    assert_eq!(asked("q=50%25_A%5C").wanted(1, 0).like("q"), "%50\\%\\_a\\\\%");
    assert_eq!(asked("").wanted(1, 0).like("q"), "");
}

#[test]
fn the_query_of_a_list_reads_as_the_same_list() {
    for query in ["", "q=a+b", "state=closed", "sort=-amount", "columns=name%2Ccity", "q=x&state=closed&sort=amount"] {
        assert_eq!(asked(query).query(COLUMNS, &[]), query);
    }
    // what is usual need not be said
    assert_eq!(asked("state=open&sort=name&columns=name,amount,note&page=4").query(COLUMNS, &[]), "");
    let changed = asked("q=a&state=closed").query(COLUMNS, &[("state", ""), ("sort", "-amount"), ("page", "2")]);
    assert_eq!(changed, "q=a&sort=-amount&page=2");
}

#[test]
fn rows_in_memory_are_put_in_order_and_summed_over_all_pages() {
    let row = |name: &str, cents| Row {
        id: name.to_owned(),
        cells: vec![Cell::Text(name.to_owned()), Cell::Amount(cents), Cell::Empty, Cell::Empty],
    };
    let rows = || vec![row("b", Some(Cents(200))), row("a", Some(Cents(300))), row("É", None)];
    let ids = |found: &Found| found.rows.iter().map(|row| row.id.clone()).collect::<Vec<_>>();
    let all = Found::arranged(rows(), COLUMNS, &asked("").wanted(100, 0));
    assert_eq!(ids(&all), ["a", "b", "É"]);
    assert!(matches!(all.totals.as_slice(), [("amount", Cell::Amount(Some(Cents(500))))]));
    let second = Found::arranged(rows(), COLUMNS, &asked("sort=-amount").wanted(1, 1));
    assert_eq!((ids(&second), second.count), (vec!["b".to_owned()], 3));
    assert!(matches!(second.totals.as_slice(), [("amount", Cell::Amount(Some(Cents(500))))]));
}
