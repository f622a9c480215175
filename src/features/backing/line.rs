//! The page of somebody who waits for the bank: place, time, and on to the bank by itself when it is their turn. It asks the database for
//! little, as thousands load it again and again.

use askama::Template;
use axum::response::{IntoResponse, Redirect, Response};

use crate::features::payments::line::{self, Place};
use crate::features::payments::{self, PaymentState};
use crate::features::pledges::{Pledge, PledgeState};
use crate::features::projects::{self, Project};
use crate::infra::Services;
use crate::infra::web::{Ctx, Failure};

#[derive(Template)]
#[template(path = "backing/line.html")]
struct LinePage<'a> {
    ctx: &'a Ctx,
    pledge: &'a Pledge,
    project: Project,
    place: Place,
    key: &'a str,
}

impl LinePage<'_> {
    /// About how long it takes, in a sentence.
    fn time(&self) -> String {
        if self.place.wait.as_secs() < 60 {
            return self.ctx.t("line-moment");
        }
        self.ctx.t1("line-minutes", "count", self.place.minutes())
    }
}

/// The page of the line while its pledge stands there; the way to the bank when its turn has come and the page came by itself
/// (`by_itself`). Nothing: the pledge's own page is to be shown.
pub async fn page(
    ctx: &Ctx,
    s: &Services,
    pledge: &Pledge,
    key: &str,
    by_itself: bool,
) -> Result<Option<Response>, Failure> {
    if pledge.state != PledgeState::Reserved {
        return Ok(None);
    }
    let Some(payment) = payments::actions::of_pledge(&mut *s.db.read().await?, &pledge.id).await? else {
        return Ok(None);
    };
    if by_itself && payment.state == PaymentState::Open && !payment.checkout_url.is_empty() {
        return Ok(Some(Redirect::to(&payment.checkout_url).into_response()));
    }
    let Some(place) = line::place_of(s, &payment).await? else { return Ok(None) };
    let project = projects::actions::get(&mut *s.db.read().await?, &pledge.project_id).await?;
    ctx.page(&LinePage { ctx, pledge, project, place, key }).map(Some)
}
