//! What several pages show of a project: its progress, its card, the word for how it stands.

use std::collections::HashMap;

use crate::features::calendar::extension;
use crate::features::organisations::{Organisation, actions as organisations};
use crate::features::projects::{Listing, Project, ProjectState, Term, TermKind};
use crate::features::rounds::{Round, RoundState, time_left};
use crate::features::site::numbers::Standing;
use crate::infra::db::Conn;
use crate::infra::error::Result;
use crate::infra::files;
use crate::infra::web::Ctx;
use crate::values::{Cents, Rikx, Timestamp};

/// The bar: whole per-mille numbers of the impact value, and ready-made texts.
#[derive(Debug, Clone)]
pub struct Progress {
    pub held_permille: i64,
    pub matched_permille: i64,
    pub processing_permille: i64,
    pub reserved_permille: i64,
    pub threshold_permille: i64,
    /// What the held part is called: the money of a decided project is no longer held.
    pub held_key: &'static str,
    pub held_text: String,
    pub matched_text: String,
    pub processing_text: String,
    pub reserved_text: String,
    pub threshold_text: String,
    pub impact_text: String,
}

impl Progress {
    pub fn new(ctx: &Ctx, project: &Project, unit_price_eur: i64, standing: &Standing) -> Progress {
        let both = |amount| amount_text(ctx, amount, unit_price_eur);
        let is_decided =
            project.state.is_public() && !matches!(project.state, ProjectState::Listed | ProjectState::NearMiss);
        let held_key = if is_decided { "progress-received" } else { "progress-held" };
        Progress { held_key, ..Progress::with(project.impact, project.threshold, unit_price_eur, standing, both) }
    }

    /// The same in euros alone, for a card.
    pub fn short(ctx: &Ctx, listing: &Listing, unit_price_eur: i64, standing: &Standing) -> Progress {
        Progress::with(listing.impact, listing.threshold, unit_price_eur, standing, |amount| ctx.euros(amount))
    }

    fn with(
        impact: Rikx,
        threshold: Rikx,
        unit_price_eur: i64,
        standing: &Standing,
        both: impl Fn(Cents) -> String,
    ) -> Progress {
        let cap = impact.price(unit_price_eur).unwrap_or_default();
        let part = |amount: Cents| permille(amount.0, cap.0);
        Progress {
            held_permille: part(standing.held),
            matched_permille: part(standing.matched),
            processing_permille: part(standing.processing),
            reserved_permille: part(standing.reserved),
            threshold_permille: permille(threshold.0, impact.0),
            held_key: "progress-held",
            held_text: both(standing.held),
            matched_text: both(standing.matched),
            processing_text: both(standing.processing),
            reserved_text: both(standing.reserved),
            threshold_text: both(threshold.price(unit_price_eur).unwrap_or_default()),
            impact_text: both(cap),
        }
    }
}

/// `part` of `whole` in thousandths, from 0 to 1000; a part that is not nothing shows at least one.
fn permille(part: i64, whole: i64) -> i64 {
    if part <= 0 || whole <= 0 {
        return 0;
    }
    i64::try_from(i128::from(part) * 1000 / i128::from(whole)).unwrap_or(1000).clamp(1, 1000)
}

/// Euros and Rikx together: `€ 116.300 (1.163 Rikx)`.
pub fn amount_text(ctx: &Ctx, amount: Cents, unit_price_eur: i64) -> String {
    match Rikx::bought_for(amount, unit_price_eur) {
        Some(rikx) => format!("{} ({} Rikx)", ctx.euros(amount), ctx.rikx(rikx)),
        None => ctx.euros(amount),
    }
}

/// The word for how a project stands now. A listed one is only "asking for support" while its round sells and something is left.
pub fn shown_state(state: ProjectState, round: &Round, standing: &Standing, now: Timestamp) -> &'static str {
    match state {
        ProjectState::Listed if is_sold_out(state, round, standing, now) => "sold_out",
        ProjectState::Listed if round.sells_at(now) => "listed",
        ProjectState::Listed if now < round.selling_at => "upcoming",
        ProjectState::Listed => "deciding",
        other => other.as_str(),
    }
}

/// Whether a project on sale has nothing left to pledge.
pub fn is_sold_out(state: ProjectState, round: &Round, standing: &Standing, now: Timestamp) -> bool {
    state == ProjectState::Listed && round.sells_at(now) && standing.is_sold_out(round.minimum_cents)
}

/// How long a round still sells: `Nog 3 dagen en 4 uur, tot zaterdag 3 oktober 2026 om 17.00 uur`; nothing when it does not.
pub fn countdown(ctx: &Ctx, round: &Round) -> Option<String> {
    round.sells_at(ctx.now).then(|| {
        let left = time_left(ctx.lang, ctx.now, round.closes_at);
        ctx.t2("site-left-until", "left", left, "date", ctx.moment(round.closes_at))
    })
}

/// That a round closes later than it first said, and why.
pub async fn extended(ctx: &Ctx, conn: &mut Conn, round: &Round) -> Result<Option<(String, String)>> {
    let extension = extension::of_round(conn, &round.id).await?;
    Ok(extension.map(|found| {
        let (old, new) = (ctx.moment(found.old_closes_at), ctx.moment(found.closes_at));
        (ctx.t2("site-extended", "date", new, "old", old), found.reason(ctx.lang).to_owned())
    }))
}

/// Until when one can pledge: `nog 12 dagen, tot zaterdag 3 oktober 2026 om 17.00 uur`; nothing when one cannot.
pub fn ends(ctx: &Ctx, state: ProjectState, round: &Round) -> Option<String> {
    (state == ProjectState::Listed && round.sells_at(ctx.now)).then(|| {
        let days = ctx.now.days_until(round.closes_at);
        ctx.t2("site-days-left-until", "days", days, "date", ctx.date(round.closes_at))
    })
}

/// A picture of a project or an update.
#[derive(Debug, Clone)]
pub struct Image {
    pub url: String,
    pub alt: String,
    pub width: i64,
    pub height: i64,
}

/// The picture of a card: its frame has the proportions 16 to 9 whatever the file has.
fn card_image(id: Option<&str>, alt: &str) -> Option<Image> {
    Some(Image { url: files::card_url(id?), alt: alt.to_owned(), width: 480, height: 270 })
}

/// The picture with this id in its own size.
pub async fn image(conn: &mut Conn, id: Option<&str>, alt: &str) -> Result<Option<Image>> {
    let Some(id) = id else { return Ok(None) };
    let file = files::find(conn, id).await?;
    Ok(file.map(|file| Image { url: files::url(id), alt: alt.to_owned(), width: file.width, height: file.height }))
}

/// A project in a list; the fields that `macros/card.html` names.
#[derive(Debug, Clone)]
pub struct Card {
    pub id: String,
    pub url: String,
    pub title: String,
    pub aim: String,
    pub organisation: String,
    pub area: String,
    pub state: &'static str,
    pub image: Option<Image>,
    /// The drawing in place of a picture that is not there.
    pub pattern: &'static str,
    pub progress: Option<Progress>,
    pub ends: Option<String>,
}

/// The drawings for projects without a picture.
const PATTERNS: [&str; 4] = ["pattern-steps.svg", "pattern-arches.svg", "pattern-waves.svg", "pattern-bricks.svg"];

/// The drawing for a project without a picture: always the same one for the same project.
fn pattern(slug: &str) -> &'static str {
    PATTERNS[slug.bytes().map(usize::from).sum::<usize>() % PATTERNS.len()]
}

/// The cards of these projects, in their order. Reads the makers.
pub async fn cards(
    ctx: &Ctx,
    conn: &mut Conn,
    listings: &[Listing],
    rounds: &[Round],
    terms: &[Term],
    standings: &HashMap<String, Standing>,
) -> Result<Vec<Card>> {
    let makers = organisations::by_ids(conn, listings.iter().map(|l| l.organisation_id.as_str())).await?;
    Ok(listings.iter().filter_map(|l| card(ctx, l, rounds, terms, &makers, standings)).collect())
}

fn card(
    ctx: &Ctx,
    listing: &Listing,
    rounds: &[Round],
    terms: &[Term],
    makers: &HashMap<String, Organisation>,
    standings: &HashMap<String, Standing>,
) -> Option<Card> {
    let round = rounds.iter().find(|round| round.id == listing.round_id)?;
    let standing = standings.get(&listing.id).cloned().unwrap_or_default();
    let alt = ctx.either(&listing.picture_alt_nl, &listing.picture_alt_en);
    Some(Card {
        id: format!("p{}", listing.number),
        url: ctx.path(&format!("/projects/{}", listing.slug)),
        title: listing.title(ctx.lang).to_owned(),
        aim: listing.aim(ctx.lang).to_owned(),
        organisation: makers.get(&listing.organisation_id).map(|maker| maker.name.clone()).unwrap_or_default(),
        area: listing.area.as_deref().map_or_else(String::new, |code| term_name(ctx, terms, TermKind::Area, code)),
        state: shown_state(listing.state, round, &standing, ctx.now),
        image: card_image(listing.picture_id.as_deref(), alt),
        pattern: pattern(&listing.slug),
        progress: Some(Progress::short(ctx, listing, round.unit_price_eur, &standing)),
        ends: ends(ctx, listing.state, round),
    })
}

/// The name of a term, or its code when the list no longer has it.
pub fn term_name(ctx: &Ctx, terms: &[Term], kind: TermKind, code: &str) -> String {
    terms
        .iter()
        .find(|term| term.kind == kind && term.code == code)
        .map_or_else(|| code.to_owned(), |term| term.name(ctx.lang).to_owned())
}

/// The round that sells now, or else the next one to sell, or else the newest.
pub fn current_round(rounds: &[Round], now: Timestamp) -> Option<&Round> {
    rounds
        .iter()
        .find(|round| round.sells_at(now))
        .or_else(|| {
            rounds.iter().filter(|r| r.state < RoundState::Closing && r.closes_at > now).min_by_key(|r| r.selling_at)
        })
        .or_else(|| rounds.iter().max_by_key(|round| round.number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_a_bar_stay_within_it_and_something_is_never_nothing() {
        assert_eq!(permille(0, 100), 0);
        assert_eq!(permille(1, 1_000_000), 1);
        assert_eq!(permille(116_300, 186_400), 623);
        assert_eq!(permille(200, 100), 1000);
        assert_eq!(permille(5, 0), 0);
    }
}
