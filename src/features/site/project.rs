//! The page of a project: everything one needs to know before pledging, in the order in which people ask.

use askama::Template;
use axum::extract::{Path, State};

use crate::features::consents::{NearMiss, NearMissState, actions as consents};
use crate::features::organisations::{Coalition, CoalitionKind, CoalitionStep, Organisation, actions as organisations};
use crate::features::plans::{CoFunding, Risk, TeamFunction, actions as plans, map, web::named_dots};
use crate::features::projects::{
    BudgetLine, Partner, PlanningStep, Project, ProjectState, Term, TermKind, actions as projects,
};
use crate::features::rounds::{Round, RoundState, actions as rounds};
use crate::features::site::numbers::{self, Standing, Update};
use crate::features::site::payouts::Payouts;
use crate::features::site::sharing::{self, linked};
use crate::features::site::view::{Image, Progress, amount_text, countdown, extended, image, shown_state};
use crate::features::withdrawals::{Withdrawal, actions as withdrawals};
use crate::infra::db::Conn;
use crate::infra::error::Result;
use crate::infra::texts::text_with;
use crate::infra::web::{Answer, Ctx, Failure};
use crate::infra::{Services, markdown};
use crate::values::Cents;

/// How many updates the page itself tells of.
const LATEST_UPDATES: usize = 2;

/// The head that all pages of a project share.
pub struct Head {
    pub project: Project,
    pub round: Round,
    pub maker: Organisation,
    pub terms: Vec<Term>,
    pub state: &'static str,
    /// What becomes of result money that is not earned.
    pub remainder: String,
}

/// The parts of a project's pages, for the row of links between them.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Project,
    Updates,
    Outcomes,
    Books,
}

impl Head {
    /// Reads the public project with this slug.
    pub async fn read(ctx: &Ctx, conn: &mut Conn, slug: &str) -> std::result::Result<Head, Failure> {
        let project = projects::public_by_slug(conn, slug).await?.ok_or_else(Failure::not_found)?;
        Ok(Head::of(ctx, conn, project).await?)
    }

    /// The head of a project, public or not.
    pub async fn of(ctx: &Ctx, conn: &mut Conn, project: Project) -> Result<Head> {
        let round = rounds::get(conn, &project.round_id).await?;
        let maker = organisations::get(conn, &project.organisation_id).await?;
        let standing = numbers::standing(conn, &project.id).await?;
        let state = shown_state(project.state, &round, &standing, ctx.now);
        let terms = projects::terms_of(conn, &project.id).await?;
        let remainder = numbers::remainder(ctx, conn, &round).await?;
        Ok(Head { project, round, maker, terms, state, remainder })
    }

    /// The names of its terms of one list.
    pub fn named(&self, ctx: &Ctx, kind: TermKind) -> String {
        let names: Vec<&str> = self.terms.iter().filter(|t| t.kind == kind).map(|t| t.name(ctx.lang)).collect();
        names.join(", ")
    }

    /// Where it takes place.
    pub fn place(&self, ctx: &Ctx) -> String {
        self.named(ctx, TermKind::Area)
    }

    /// The path of one of its pages.
    pub fn path(&self, ctx: &Ctx, part: Part) -> String {
        let end = match part {
            Part::Project => "",
            Part::Updates => "/updates",
            Part::Outcomes => "/outcomes",
            Part::Books => "/books",
        };
        ctx.path(&format!("/projects/{}{end}", self.project.slug))
    }

    /// The links between the pages: address, text, whether it is this one.
    pub fn tabs(&self, ctx: &Ctx, here: Part) -> Vec<(String, String, bool)> {
        [
            (Part::Project, "site-part-project"),
            (Part::Updates, "site-part-updates"),
            (Part::Outcomes, "site-part-outcomes"),
            (Part::Books, "site-part-books"),
        ]
        .into_iter()
        .map(|(part, key)| (self.path(ctx, part), ctx.t(key), part == here))
        .collect()
    }
}

/// How a project stands: the picture, the number of backers, and whether one can pledge.
pub struct Stand {
    pub progress: Progress,
    pub backers: i64,
    pub ends: Option<String>,
    /// The address of the form; nothing when one cannot pledge.
    pub pledge_url: Option<String>,
    /// Why one cannot pledge.
    pub closed_text: String,
    /// What match funds do for the next pledge, a sentence each.
    pub offers: Vec<String>,
    /// What happens with the money when the threshold is not met.
    pub unmet_text: String,
    pub as_of: String,
}

impl Stand {
    /// The stand of a project with what funds offer; they are read only while one can pledge.
    pub async fn read(ctx: &Ctx, conn: &mut Conn, head: &Head, standing: &Standing) -> Result<Stand> {
        let mut stand = Stand::new(ctx, head, standing);
        if stand.pledge_url.is_some() {
            stand.offers = numbers::offers(ctx, conn, (&head.project, &head.round), standing).await?;
        }
        Ok(stand)
    }

    fn new(ctx: &Ctx, head: &Head, standing: &Standing) -> Stand {
        let Head { project, round, .. } = head;
        let price = round.unit_price_eur;
        let closed = closed_text(ctx, head, standing);
        Stand {
            progress: Progress::new(ctx, project, price, standing),
            backers: standing.backers,
            ends: countdown(ctx, round).filter(|_| project.state == ProjectState::Listed),
            pledge_url: closed.is_none().then(|| ctx.path(&format!("/projects/{}/pledge", project.slug))),
            closed_text: closed.unwrap_or_default(),
            offers: Vec::new(),
            unmet_text: ctx.t(unmet_key(project.state)),
            as_of: ctx.t1("site-as-of", "moment", ctx.moment(ctx.now)),
        }
    }
}

/// Why nobody can pledge for this project now; nothing when one can.
fn closed_text(ctx: &Ctx, head: &Head, standing: &Standing) -> Option<String> {
    let Head { project, round, .. } = head;
    if !project.state.is_public() {
        return Some(ctx.t("plans-preview-closed"));
    }
    if project.state != ProjectState::Listed {
        return Some(ctx.t(format!("site-closed-{}", project.state)));
    }
    if !round.sells_at(ctx.now) {
        return Some(match round.state {
            RoundState::Planned | RoundState::Submissions | RoundState::Valuation => {
                ctx.t1("site-closed-upcoming", "date", ctx.moment(round.selling_at))
            }
            _ => ctx.t("site-closed-deciding"),
        });
    }
    if standing.available() >= round.minimum_cents {
        None
    } else if standing.is_sold_out(round.minimum_cents) {
        Some(ctx.t("site-closed-sold-out"))
    } else {
        Some(ctx.t("site-closed-all-reserved"))
    }
}

/// What is said about the money beside the button: before the decision what would happen, after it what happened.
fn unmet_key(state: ProjectState) -> &'static str {
    match state {
        ProjectState::Listed => "site-if-unmet",
        state if !state.is_public() => "site-if-unmet",
        ProjectState::NearMiss => "site-if-near-miss",
        ProjectState::Failed => "site-was-unmet",
        ProjectState::Withdrawn => "site-was-withdrawn",
        ProjectState::Terminated => "site-was-terminated",
        _ => "site-was-met",
    }
}

#[derive(Template)]
#[template(path = "site/project.html")]
struct Show<'a> {
    ctx: &'a Ctx,
    head: &'a Head,
    tabs: Vec<(String, String, bool)>,
    stand: Stand,
    image: Option<Image>,
    text: String,
    facts: Vec<(String, String)>,
    partners: Vec<(String, String, i64)>,
    coalition: Option<Coalition>,
    /// The steps of the coalition's chain, each with who does it.
    chain: Vec<(CoalitionStep, String)>,
    planning: Vec<PlanningStep>,
    budget: Vec<BudgetLine>,
    budget_sum: (Cents, Cents),
    updates: Vec<Update>,
    updates_total: usize,
    payouts: Payouts,
    follow_url: String,
    /// That the round closes later than it first said, and why.
    extended: Option<(String, String)>,
    /// What is promised, in the preview: for the public it has a page of its own.
    promised: Vec<String>,
    co_funding: Vec<CoFunding>,
    risks: Vec<Risk>,
    team: Vec<TeamFunction>,
    /// The areas of the drawing with their names, and where it is.
    dots: Vec<(map::Dot, String)>,
    point: Option<map::Dot>,
    near: Option<NearMiss>,
    /// Why its owner took it back.
    withdrawal: Option<Withdrawal>,
    /// The same for machines (JSON-LD), and where programs ask for its card.
    linked: String,
    oembed_url: String,
    /// A letter to a friend with its address, and the frame to copy.
    mail_url: String,
    frame: String,
}

impl Show<'_> {
    /// Whether only its makers and the team see this page.
    fn is_preview(&self) -> bool {
        !self.head.project.state.is_public()
    }

    /// How a near miss goes on, in sentences.
    fn near_text(&self, miss: &NearMiss) -> String {
        let ctx = self.ctx;
        match (miss.state, miss.choose_until) {
            (NearMissState::Asked, _) => ctx.t1("near-asked", "date", ctx.moment(miss.owner_until)),
            (NearMissState::Choosing, Some(until)) => {
                ctx.t2("near-choosing", "date", ctx.moment(until), "least", ctx.euros(miss.least()))
            }
            (NearMissState::Due, _) => ctx.t("near-due"),
            (NearMissState::Decided, _) if self.head.project.state == ProjectState::Failed => ctx.t("near-failed"),
            (NearMissState::Decided, _) => ctx.t("near-saved"),
            _ => ctx.t("site-was-withdrawn"),
        }
    }
}

/// `/{lang}/projects/{slug}`
pub async fn show(ctx: Ctx, State(s): State<Services>, Path((_, slug)): Path<(String, String)>) -> Answer {
    let mut conn = s.db.read_public().await?;
    let head = Head::read(&ctx, &mut conn, &slug).await?;
    page(&ctx, &mut conn, &head).await
}

/// The page of a project, public or not.
pub async fn page(ctx: &Ctx, conn: &mut Conn, head: &Head) -> Answer {
    let id = &head.project.id;
    let standing = numbers::standing(conn, id).await?;
    let planning = projects::planning(conn, id).await?;
    let budget = projects::budget(conn, id).await?;
    let partners = projects::partners(conn, id).await?;
    let partners = named_partners(conn, head, &partners).await?;
    let coalition = match &head.project.coalition_id {
        Some(id) => Some(organisations::coalition(conn, id).await?),
        None => None,
    };
    let chain = match &coalition {
        Some(coalition) if coalition.kind == CoalitionKind::Chain => chain(conn, coalition).await?,
        _ => Vec::new(),
    };
    let mut updates = numbers::updates(conn, id).await?;
    let updates_total = updates.len();
    updates.truncate(LATEST_UPDATES);
    let project = &head.project;
    let alt = ctx.either(&project.picture_alt_nl, &project.picture_alt_en);
    let picture = image(conn, project.picture_id.as_deref(), alt).await?;
    let near = consents::of_project(conn, id).await?;
    let withdrawal = withdrawals::of_project(conn, id).await?;
    let mut stand = Stand::read(ctx, conn, head, &standing).await?;
    if near.is_some() && unmet_key(head.project.state) == "site-was-met" {
        stand.unmet_text = ctx.t("near-saved");
    }
    let page = Show {
        linked: linked::project(ctx, head, &stand),
        oembed_url: sharing::oembed_url(ctx),
        mail_url: sharing::mail_url(ctx, project.title(ctx.lang)),
        frame: sharing::usual_frame(ctx, &project.slug, project.title(ctx.lang)),
        near,
        withdrawal,
        tabs: if head.project.state.is_public() { head.tabs(ctx, Part::Project) } else { Vec::new() },
        stand,
        image: picture,
        text: markdown::html(project.text(ctx.lang), 1),
        facts: facts(ctx, head),
        budget_sum: (
            budget.iter().map(|line| line.minimum_cents).sum(),
            budget.iter().map(|line| line.full_cents).sum(),
        ),
        promised: if project.state.is_public() { Vec::new() } else { promised(ctx, conn, id).await? },
        co_funding: plans::co_funding(conn, id).await?,
        risks: plans::risks(conn, id).await?,
        team: plans::team(conn, id).await?,
        dots: named_dots(ctx, &projects::terms(conn).await?),
        point: plans::point(conn, id).await?.and_then(|(latitude, longitude)| map::dot(&latitude, &longitude)),
        partners,
        coalition,
        chain,
        planning,
        budget,
        updates,
        updates_total,
        payouts: Payouts::read(ctx, conn, project).await?,
        extended: extended(ctx, conn, &head.round).await?,
        follow_url: ctx.path(&format!("/projects/{}/follow", project.slug)),
        head,
        ctx,
    };
    ctx.page(&page)
}

/// The promises of a project in words.
async fn promised(ctx: &Ctx, conn: &mut Conn, id: &str) -> Result<Vec<String>> {
    let figures = numbers::figures(conn, id).await?;
    let says = |figure: numbers::Figure| {
        let args = [
            ("name", figure.name(ctx.lang).to_owned()),
            ("baseline", figure.baseline.to_string()),
            ("target", figure.target.to_string()),
            ("day", ctx.day(&figure.due_day)),
            ("share", figure.share_percent.to_string()),
        ];
        text_with(ctx.lang, "plans-says-promise", &args)
    };
    Ok(figures.into_iter().map(says).collect())
}

/// Who carries a joint project out: slug, name, share in percent; the maker first, whose share is what no partner gets.
async fn named_partners(conn: &mut Conn, head: &Head, partners: &[Partner]) -> Result<Vec<(String, String, i64)>> {
    let known = organisations::by_ids(conn, partners.iter().map(|p| p.organisation_id.as_str())).await?;
    let given: i64 = partners.iter().map(|partner| partner.share_percent).sum();
    let others = partners.iter().filter(|partner| partner.organisation_id != head.maker.id);
    let of_others: i64 = others.clone().map(|partner| partner.share_percent).sum();
    let mut named: Vec<(String, String, i64)> = others
        .filter_map(|partner| {
            let organisation = known.get(&partner.organisation_id)?;
            Some((organisation.slug.clone(), organisation.name.clone(), partner.share_percent))
        })
        .collect();
    if !named.is_empty() {
        let own = if given > 0 { 100 - of_others } else { 0 };
        named.insert(0, (head.maker.slug.clone(), head.maker.name.clone(), own));
    }
    Ok(named)
}

/// The steps of a chain, each with the name of who does it (empty where nobody is named).
async fn chain(conn: &mut Conn, coalition: &Coalition) -> Result<Vec<(CoalitionStep, String)>> {
    let steps = organisations::steps(conn, &coalition.id).await?;
    let known = organisations::by_ids(conn, steps.iter().filter_map(|step| step.organisation_id.as_deref())).await?;
    let doer = |step: &CoalitionStep| step.organisation_id.as_ref().and_then(|id| known.get(id));
    let named = |step: CoalitionStep| {
        let name = doer(&step).map(|one| one.name.clone()).unwrap_or_default();
        (step, name)
    };
    Ok(steps.into_iter().map(named).collect())
}

/// The facts in a list: name and value.
fn facts(ctx: &Ctx, head: &Head) -> Vec<(String, String)> {
    let Head { project, round, .. } = head;
    let price = round.unit_price_eur;
    let named = |kind: TermKind| head.named(ctx, kind);
    let pairs = [
        ("site-fact-number", project.number.to_string()),
        ("site-fact-participants", project.participants_target.to_string()),
        ("site-fact-target-group", project.target_group(ctx.lang).to_owned()),
        ("site-fact-start", ctx.day(&project.start_day)),
        ("site-fact-duration", ctx.t1("site-months", "months", project.months)),
        ("site-fact-impact", amount_text(ctx, project.cap(price), price)),
        ("site-fact-threshold", amount_text(ctx, project.threshold_price(price), price)),
        ("site-fact-price", ctx.euros(Cents(price * 100))),
        ("fee-label", round.fee(ctx.lang).unwrap_or_default()),
        ("remainder-label", head.remainder.clone()),
        ("site-area", named(TermKind::Area)),
        ("site-sector", named(TermKind::Sector)),
        ("site-method", named(TermKind::Method)),
        ("site-theme", named(TermKind::Theme)),
        ("site-tag", named(TermKind::Tag)),
        ("site-fact-track", named(TermKind::Track)),
        ("site-fact-function", named(TermKind::Function)),
        ("site-fact-legal-basis", named(TermKind::LegalBasis)),
    ];
    pairs.into_iter().filter(|(_, value)| !value.is_empty()).map(|(key, value)| (ctx.t(key), value)).collect()
}
