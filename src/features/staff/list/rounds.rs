//! The list of rounds, the newest first.

use crate::features::rounds::{self, Round, RoundState};
use crate::features::staff::list::{List, counted, states};
use crate::features::users::StaffRole;
use crate::features::users::guard::Staff;
use crate::infra::db::Conn;
use crate::infra::error::Result;
use crate::infra::listing::{Cell, Column, Field, Found, Kind, Row, Wanted};
use crate::infra::web::Ctx;

pub struct Rounds;

impl List for Rounds {
    const KEY: &'static str = "rounds";
    const TITLE: &'static str = "staff-nav-rounds";
    const ORDER: (&'static str, bool) = ("number", true);
    const COLUMNS: &'static [Column] = &[
        Column::new("round", "staff-round", Kind::Text),
        Column::new("number", "list-number", Kind::Number).extra(),
        Column::new("state", "staff-state", Kind::State),
        Column::new("closes", "staff-round-closes", Kind::Moment),
        Column::new("closing", "staff-closing", Kind::Text).fixed(),
        Column::new("submissions", "staff-round-submissions", Kind::Moment).extra(),
        Column::new("selling", "staff-round-selling", Kind::Moment).extra(),
        Column::new("settled", "staff-round-settled", Kind::Moment).extra(),
    ];

    async fn fields(ctx: &Ctx, _conn: &mut Conn) -> Result<Vec<Field>> {
        Ok(vec![states(ctx, "round", RoundState::ALL)])
    }

    async fn found(ctx: &Ctx, conn: &mut Conn, wanted: &Wanted) -> Result<Found> {
        let rounds = rounds::actions::all(conn).await?;
        let count = |state: &RoundState| rounds.iter().filter(|round| round.state == *state).count();
        let counts: Vec<(RoundState, i64)> =
            RoundState::ALL.iter().map(|state| (*state, i64::try_from(count(state)).unwrap_or(i64::MAX))).collect();
        let is_wanted = |round: &&Round| ["", round.state.as_str()].contains(&wanted.value("state"));
        let rows = rounds.iter().filter(is_wanted).map(|round| row(ctx, round)).collect();
        Ok(Found { counts: counted(counts), ..Found::arranged(rows, Self::COLUMNS, wanted) })
    }

    fn links(ctx: &Ctx, staff: &Staff) -> Vec<(String, String)> {
        let new = (ctx.t("round-new-title"), ctx.path("/staff/rounds/new"));
        staff.has(StaffRole::Admin).then_some(new).into_iter().collect()
    }
}

fn row(ctx: &Ctx, round: &Round) -> Row {
    let url = ctx.path(&format!("/staff/rounds/{}", round.number));
    let title = format!("{}. {}", round.number, round.title(ctx.lang));
    let closing = format!("{} {}", ctx.t("staff-closing"), round.number);
    Row {
        id: round.id.clone(),
        cells: vec![
            Cell::Link { text: title, url: url.clone() },
            Cell::Number(round.number),
            Cell::State("round", round.state.to_string()),
            Cell::Moment(Some(round.closes_at)),
            Cell::Link { text: closing, url: format!("{url}/closing") },
            Cell::Moment(Some(round.submissions_at)),
            Cell::Moment(Some(round.selling_at)),
            Cell::Moment(round.settled_at),
        ],
    }
}
