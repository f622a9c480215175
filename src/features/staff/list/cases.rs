//! The list of cases: every difference and all money nobody can place. Open and closed ones are never in one list.

use crate::features::cases::{self, Case, CaseKind, CaseState};
use crate::features::desk::Deed;
use crate::features::ledger;
use crate::features::staff::actor_name;
use crate::features::staff::cases::age;
use crate::features::staff::list::{List, counted, states};
use crate::features::users::guard::Staff;
use crate::features::users::{self, User};
use crate::infra::db::Conn;
use crate::infra::error::Result;
use crate::infra::listing::{Cell, Column, Field, Found, Kind, Row, Wanted};
use crate::infra::web::Ctx;
use crate::values::Cents;

/// The word for cases that nobody in particular looks after.
const NOBODY: &str = "-";

pub struct Cases;

impl List for Cases {
    const KEY: &'static str = "cases";
    const TITLE: &'static str = "staff-nav-cases";
    const ORDER: (&'static str, bool) = ("since", false);
    const COLUMNS: &'static [Column] = &[
        Column::new("what", "case-what", Kind::Text),
        Column::new("amount", "case-amount", Kind::Amount).summed(),
        Column::new("age", "case-age", Kind::Text).fixed(),
        Column::new("cause", "case-suspected", Kind::Text).fixed(),
        Column::new("posting", "case-posting", Kind::Text).fixed(),
        Column::new("subject", "case-subject", Kind::Text).fixed(),
        Column::new("assigned", "case-assigned", Kind::Text).fixed(),
        Column::new("since", "case-since", Kind::Moment).extra(),
        Column::new("closed", "case-closed", Kind::Moment).extra(),
        Column::new("seen", "case-seen", Kind::Text).fixed().extra(),
    ];

    const DEEDS: &'static [Deed] = &[Deed::CloseCases, Deed::AssignCases];

    async fn fields(ctx: &Ctx, conn: &mut Conn) -> Result<Vec<Field>> {
        let kinds = CaseKind::ALL.iter().map(|kind| (kind.to_string(), ctx.t(format!("case-{kind}"))));
        let mut assigned = vec![(NOBODY.to_owned(), ctx.t("case-assigned-nobody"))];
        assigned.extend(users::actions::treasurers(conn).await?.iter().map(|one| (one.id.clone(), one.called())));
        Ok(vec![
            Field::search("q", "list-search-cases", "list-search-cases-hint"),
            Field { usual: CaseState::Open.as_str(), ..states(ctx, "case", CaseState::ALL) },
            Field::select("kind", "case-what", kinds.collect()),
            Field::select("assigned", "case-assigned", assigned),
        ])
    }

    async fn targets(ctx: &Ctx, conn: &mut Conn, staff: &Staff) -> Result<Vec<(String, String)>> {
        targets(ctx, conn, staff).await
    }

    async fn lead(ctx: &Ctx, conn: &mut Conn) -> Result<Vec<String>> {
        let suspense = ledger::actions::balance(conn, &ledger::Account::Suspense).await?;
        let amount = ctx.t1("case-list-suspense", "amount", ctx.euros(suspense.negated()));
        Ok(vec![format!("{} {amount}", ctx.t("case-list-intro"))])
    }

    async fn found(ctx: &Ctx, conn: &mut Conn, wanted: &Wanted) -> Result<Found> {
        let (mut count, mut amount, mut counts) = (0, Cents::ZERO, Vec::new());
        for (state, of_state, cents) in cases::actions::listed_sums(conn, wanted).await? {
            counts.push((state, of_state));
            if state.as_str() == wanted.value("state") {
                count += of_state;
                amount = Cents(amount.0 + cents.0);
            }
        }
        let mut rows = Vec::new();
        for case in cases::actions::listed(conn, wanted).await? {
            let assigned = actor_name(conn, case.assigned_to.as_deref().unwrap_or_default()).await?;
            rows.push(row(ctx, case, assigned));
        }
        Ok(Found { rows, count, totals: vec![("amount", Cell::Amount(Some(amount)))], counts: counted(counts) })
    }
}

/// The treasurers, to whom a case can be given: the viewer first.
pub async fn targets(ctx: &Ctx, conn: &mut Conn, staff: &Staff) -> Result<Vec<(String, String)>> {
    let own = staff.0.user.id.as_str();
    let mut all = users::actions::treasurers(conn).await?;
    all.sort_by_key(|one| (one.id != own, one.called()));
    let name = |one: &User| if one.id == own { ctx.t1("bulk-to-me", "name", one.called()) } else { one.called() };
    Ok(all.iter().map(|one| (one.id.clone(), name(one))).collect())
}

fn row(ctx: &Ctx, case: Case, assigned: String) -> Row {
    let url = ctx.path(&format!("/staff/cases/{}", case.id));
    let posting = if case.debit.is_empty() { String::new() } else { format!("{} → {}", case.debit, case.credit) };
    Row {
        cells: vec![
            Cell::Link { text: ctx.t(format!("case-{}", case.kind)), url },
            Cell::Amount(Some(case.amount)),
            Cell::Text(age(ctx, &case)),
            Cell::Text(ctx.t(format!("case-cause-{}", case.kind))),
            Cell::Code(posting),
            Cell::Code(case.subject_id),
            Cell::Text(assigned),
            Cell::Moment(Some(case.opened_at)),
            Cell::Moment(case.closed_at),
            Cell::Text(case.detail),
        ],
        id: case.id,
    }
}
