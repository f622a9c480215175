//! What a backer did: their part of a project, where the money went, and what is published of its results; and a certificate of it
//! for citizens, who get nothing else for a gift. Nothing here is more exact than what everybody may see.

use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;

use crate::features::backing::page::{Key, opened};
use crate::features::outcomes::told::{self, Promised};
use crate::features::payments::moves;
use crate::features::pledges::{self, Pledge, PledgeKind, PledgeState};
use crate::features::projects::{Project, ProjectState};
use crate::features::results::ReleaseState;
use crate::features::rounds::{RemainderRule, Round};
use crate::features::users::guard::SignedIn;
use crate::features::{ledger, organisations, projects, results, rounds, settlement};
use crate::infra::db::Conn;
use crate::infra::error::Result;
use crate::infra::pdf::{self, Block, Paper};
use crate::infra::web::{Answer, Ctx, Failure};
use crate::infra::{Services, texts};
use crate::values::Cents;

pub fn routes() -> Router<Services> {
    Router::new()
        .route("/{lang}/pledges/{reference}/impact", get(of_pledge))
        .route("/{lang}/pledges/{reference}/certificate", get(certificate))
        .route("/{lang}/pledges/{reference}/certificate.pdf", get(certificate_pdf))
        .route("/{lang}/account/impact", get(own))
}

/// What one pledge did.
pub struct Impact {
    pub pledge: Pledge,
    pub project: Project,
    pub round: Round,
    pub maker: String,
    /// Where the kept money went.
    start: Cents,
    result: Cents,
    /// What became of the money for results: the last part of a text's key, `own-impact-result-…`.
    settled: &'static str,
    /// What of it its backer moved to other projects.
    moved: Cents,
    /// All that backers gave and the project kept; nothing while nothing is decided.
    together: Option<Cents>,
    promised: Vec<Promised>,
}

impl Impact {
    pub async fn read(conn: &mut Conn, pledge: Pledge) -> Result<Impact> {
        let project = projects::actions::get(conn, &pledge.project_id).await?;
        let sums = ledger::actions::of_pledge(conn, &pledge.id).await?;
        let sum = |account: &str| {
            let of_account = sums.iter().filter(|(name, _)| name.split(':').next() == Some(account));
            of_account.map(|(_, amount)| amount.negated()).sum::<Cents>()
        };
        let decided = settlement::actions::decision_of(conn, &project.id).await?;
        Ok(Impact {
            moved: moves::out_of(conn, &pledge.id).await?.iter().map(|one| one.amount).sum(),
            start: sum("owner_payable"),
            result: sum("result_money"),
            settled: match results::actions::final_of(conn, &project.id).await? {
                Some(last) if last.rule == RemainderRule::MatchFund && last.back > Cents::ZERO => "fund",
                Some(last) if last.state == ReleaseState::Done => "paid",
                _ => "waits",
            },
            together: decided.map(|decided| Cents(decided.start.0 + decided.result.0)).filter(|sum| *sum > Cents::ZERO),
            promised: told::of_project(conn, &project.id).await?,
            round: rounds::actions::get(conn, &pledge.round_id).await?,
            maker: organisations::actions::get(conn, &project.organisation_id).await?.name,
            pledge,
            project,
        })
    }

    /// What still counts of it.
    pub fn kept(&self) -> Cents {
        match self.pledge.state {
            PledgeState::Held | PledgeState::Released | PledgeState::Disputed => self.pledge.kept(),
            _ => Cents::ZERO,
        }
    }

    fn returned(&self) -> Cents {
        match self.pledge.state {
            PledgeState::Refunding | PledgeState::Refunded => Cents(self.pledge.amount.0 - self.moved.0),
            _ => Cents(self.pledge.returned.0 - self.moved.0),
        }
    }

    /// `0,25 Rikx van de 1.864`.
    pub fn part(&self, ctx: &Ctx) -> String {
        ctx.t2("own-impact-part", "rikx", ctx.rikx(self.pledge.rikx), "all", ctx.rikx(self.project.impact))
    }

    /// How much of what backers gave it is, in words.
    fn share(&self, ctx: &Ctx) -> Option<String> {
        let together = self.together.filter(|_| self.pledge.state == PledgeState::Released)?;
        // whole percents, cut off: a part is never told larger than it is
        let percent = self.kept().0.checked_mul(100)?.checked_div(together.0)?;
        Some(match percent {
            0 => ctx.t("own-impact-share-small"),
            100.. => ctx.t("own-impact-share-all"),
            percent => ctx.t1("own-impact-share", "percent", percent),
        })
    }

    /// Where the money is, as pairs of a name and an amount; only what there is.
    pub fn money(&self, ctx: &Ctx) -> Vec<(String, String)> {
        let result = format!("own-impact-result-{}", self.settled);
        let held = if self.pledge.state == PledgeState::Held { self.pledge.kept() } else { Cents::ZERO };
        [
            ("own-impact-held", held),
            ("own-impact-start", self.start),
            (result.as_str(), self.result),
            ("own-impact-returned", self.returned()),
            ("own-impact-moved", self.moved),
        ]
        .into_iter()
        .filter(|(_, amount)| *amount > Cents::ZERO)
        .map(|(key, amount)| (ctx.t(key), ctx.euros(amount)))
        .collect()
    }

    /// What is published of each promise, in a sentence.
    pub fn results(&self, ctx: &Ctx) -> Vec<String> {
        let sentence = |one: &Promised| {
            let shape = one.promise.shape;
            let target = shape.show(one.promise.target, ctx.lang);
            let mut args = vec![
                ("name", one.promise.name(ctx.lang).to_owned()),
                ("unit", one.promise.unit(ctx.lang).to_owned()),
                ("target", target),
            ];
            let key = match one.newest() {
                None => "own-impact-not-measured",
                Some(report) => match report.show(shape, ctx.lang) {
                    None => "own-impact-not-told",
                    Some(value) => {
                        args.extend([("value", value), ("day", ctx.day(&report.day))]);
                        "own-impact-told"
                    }
                },
            };
            texts::text_with(ctx.lang, key, &args)
        };
        self.promised.iter().map(sentence).collect()
    }

    /// Whether there is a certificate: for a gift to a project that goes on, went on, or was carried out.
    pub fn has_certificate(&self) -> bool {
        has_certificate(&self.pledge, &self.project)
    }
}

/// See [`Impact::has_certificate`].
pub fn has_certificate(pledge: &Pledge, project: &Project) -> bool {
    use ProjectState::{Completed, Funded, Reporting, Running};
    pledge.kind == PledgeKind::Gift
        && pledge.state == PledgeState::Released
        && pledge.kept() > Cents::ZERO
        && matches!(project.state, Funded | Running | Reporting | Completed)
}

#[derive(Template)]
#[template(path = "backing/impact.html")]
struct ImpactPage<'a> {
    ctx: &'a Ctx,
    impact: &'a Impact,
    key: String,
}

#[derive(Template)]
#[template(path = "backing/own_impact.html")]
struct OwnPage<'a> {
    ctx: &'a Ctx,
    impacts: Vec<(Impact, String)>,
    kept: Cents,
    projects: usize,
    completed: usize,
}

#[derive(Template)]
#[template(path = "receipts/paper.html")]
struct CertificatePage<'a> {
    ctx: &'a Ctx,
    paper: &'a Paper,
    pdf_url: String,
    back_url: String,
}

type Reference = Path<(String, String)>;

async fn of_pledge(
    ctx: Ctx,
    State(s): State<Services>,
    Path((_, reference)): Reference,
    Query(Key { key }): Query<Key>,
) -> Answer {
    let pledge = opened(&s, &reference, &key).await?;
    let impact = Impact::read(&mut *s.db.read().await?, pledge).await?;
    ctx.page(&ImpactPage { ctx: &ctx, impact: &impact, key })
}

/// Over all pledges of the signed-in person that were ever held.
async fn own(ctx: Ctx, State(s): State<Services>, person: SignedIn) -> Answer {
    let ctx = ctx.signed_in_as(person.label());
    let mut conn = s.db.read().await?;
    let mut impacts = Vec::new();
    for pledge in pledges::actions::of_user(&mut conn, &person.user.id).await? {
        if pledge.held_at.is_some() {
            let query = format!("/pledges/{}/impact?key={}", pledge.reference, s.keys.derive("pledge", &pledge.id));
            impacts.push((Impact::read(&mut conn, pledge).await?, ctx.path(&query)));
        }
    }
    let kept: Vec<&Impact> = impacts.iter().map(|(one, _)| one).filter(|one| one.kept() > Cents::ZERO).collect();
    let mut ids: Vec<(&str, bool)> =
        kept.iter().map(|one| (one.project.id.as_str(), one.project.state == ProjectState::Completed)).collect();
    ids.sort_unstable();
    ids.dedup();
    let page = OwnPage {
        kept: kept.iter().map(|one| one.kept()).sum(),
        projects: ids.len(),
        completed: ids.iter().filter(|(_, completed)| *completed).count(),
        impacts,
        ctx: &ctx,
    };
    ctx.page(&page)
}

/// The certificate of a pledge, drawn from what is known now.
async fn paper(ctx: &Ctx, s: &Services, reference: &str, key: &str) -> std::result::Result<Paper, Failure> {
    let pledge = opened(s, reference, key).await?;
    let impact = Impact::read(&mut *s.db.read().await?, pledge).await?;
    if !impact.has_certificate() {
        return Err(Failure::not_found());
    }
    let pledge = &impact.pledge;
    let name = if pledge.name.is_empty() { ctx.t("certificate-somebody") } else { pledge.name.clone() };
    let title = impact.project.title(ctx.lang).to_owned();
    let mut blocks = vec![
        Block::Words(ctx.t2("certificate-lead", "name", &name, "project", &title)),
        Block::Words(impact.project.aim(ctx.lang).to_owned()),
        Block::Facts(vec![
            (ctx.t("pledge-maker"), impact.maker.clone()),
            (ctx.t("paper-round"), impact.round.number.to_string()),
            (ctx.t("own-impact-part-label"), impact.part(ctx)),
            (ctx.t("pledge-state"), ctx.t(format!("project-state-{}", impact.project.state))),
        ]),
    ];
    let results = impact.results(ctx);
    if !results.is_empty() {
        blocks.push(Block::Heading(ctx.t("own-impact-results")));
        blocks.extend(results.into_iter().map(Block::Words));
    }
    blocks.push(Block::Words(ctx.t("certificate-thanks")));
    blocks.push(Block::Words(ctx.t("certificate-no-rights")));
    Ok(Paper {
        lang: ctx.lang,
        title: ctx.t1("certificate-title", "project", &title),
        author: s
            .settings
            .foundation
            .as_ref()
            .map_or_else(|| impact.maker.clone(), |foundation| foundation.name.clone()),
        issued_at: ctx.now,
        for_wall: false,
        blocks,
    })
}

async fn certificate(
    ctx: Ctx,
    State(s): State<Services>,
    Path((_, reference)): Reference,
    Query(Key { key }): Query<Key>,
) -> Answer {
    let paper = paper(&ctx, &s, &reference, &key).await?;
    let base = ctx.path(&format!("/pledges/{}", reference.to_uppercase()));
    let (pdf_url, back_url) = (format!("{base}/certificate.pdf?key={key}"), format!("{base}/impact?key={key}"));
    ctx.page(&CertificatePage { ctx: &ctx, paper: &paper, pdf_url, back_url })
}

async fn certificate_pdf(
    ctx: Ctx,
    State(s): State<Services>,
    Path((_, reference)): Reference,
    Query(Key { key }): Query<Key>,
) -> Answer {
    let paper = paper(&ctx, &s, &reference, &key).await?;
    let name = format!("inline; filename=\"{}-{}.pdf\"", reference.to_uppercase(), ctx.lang);
    let headers = [
        (header::CONTENT_TYPE, "application/pdf".to_owned()),
        (header::CONTENT_DISPOSITION, name),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    Ok((headers, pdf::write(&paper)?).into_response())
}
