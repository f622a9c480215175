//! What people can do, tried in every state through the pages: it moves along the drawn steps or is refused, and never breaks.

use drempel::features::consents::{self, NearMissState};
use drempel::features::match_funds::FundState;
use drempel::features::organisations::{self, OrganisationState};
use drempel::features::payouts::plan::PlanState;

use crate::life_cycles::Tried;
use crate::match_funds::{LIST, active, giver};
use crate::near_misses::{self, STUDIO};
use crate::organisations::data;
use crate::payout_plans::{OWN, PLAN, plan};
use crate::payouts::funded;
use crate::support::{App, Browser};

async fn version(app: &App) -> String {
    let mut conn = app.s.db.read().await.expect("a connection");
    organisations::actions::get(&mut conn, "org_1").await.expect("an organisation").version.to_string()
}

#[tokio::test]
async fn whatever_is_done_to_an_organisation_follows_its_life_cycle() {
    use OrganisationState::{Confirmed, Registered, Returned, Withdrawn};
    let app = App::start().await;
    let owner = Browser::signed_in(&app, "owner@kookclub.example").await;
    let reviewer = Browser::signed_in(&app, "reviewer@drempel.example").await;
    let own = "/nl/studio/organisations/kookclub";
    let staff = "/nl/staff/organisations/kookclub";
    let fresh = ["UPDATE organisations SET was_confirmed = 0 WHERE id = 'org_1'"];
    let mut tried = Tried::<OrganisationState>::new(&app, "org_1", &fresh);
    let changed = [(Confirmed, Registered), (Returned, Registered)];
    tried
        .event("its owner changes its name", &changed, async || {
            let version = version(&app).await;
            let name = format!("Kookclub {version}");
            let form = data(&[("name", &name), ("version", &version)]);
            owner.post(&format!("{own}/edit"), &form).await.0
        })
        .await;
    tried
        .event("its owner takes it back", &[(Registered, Withdrawn), (Returned, Withdrawn)], async || {
            owner.post(&format!("{own}/withdraw"), &[]).await.0
        })
        .await;
    tried
        .event("the team confirms it", &[(Registered, Confirmed)], async || {
            let version = version(&app).await;
            reviewer.post(&format!("{staff}/confirm"), &[("version", &version)]).await.0
        })
        .await;
    tried
        .event("the team asks something", &[(Registered, Returned)], async || {
            let form = [("version", &*version(&app).await), ("question", "Klopt het adres?")];
            reviewer.post(&format!("{staff}/return"), &form).await.0
        })
        .await;
    tried.are_all_steps_but(&[]);
}

#[tokio::test]
async fn whatever_is_done_to_a_near_miss_follows_its_life_cycle() {
    use NearMissState::{Asked, Choosing, Decided, Due, Withdrawn};
    let app = near_misses::start().await;
    let pledges = near_misses::found(&app).await;
    let owner = Browser::signed_in(&app, "owner@kookclub.example").await;
    let fresh = [
        "UPDATE near_misses SET owner_until = '2099-01-01T00:00:00.000Z', choose_until = '2099-01-01T00:00:00.000Z',
             said_at = '2026-01-01T00:00:00.000Z'",
        "UPDATE projects SET state = (SELECT CASE state WHEN 'decided' THEN 'failed' WHEN 'withdrawn' THEN 'withdrawn'
             ELSE 'near_miss' END FROM near_misses)",
        "DELETE FROM withdrawals",
    ];
    // the row must be able to be in any state
    app.sql("UPDATE near_misses SET choose_until = owner_until, said_at = owner_until, decision_id = settlement_id")
        .await
        .expect("facts");
    let mut tried = Tried::<NearMissState>::new(&app, "prj_1", &fresh);
    tried
        .event("the owner says how it goes on", &[(Asked, Choosing)], async || {
            owner.post(STUDIO, &[("words_nl", "Een dag minder."), ("words_en", "")]).await.0
        })
        .await;
    for (choice, amount) in [("keep", ""), ("withdraw", ""), ("raise", "50"), ("silence", "")] {
        tried
            .event("a backer chooses", &[], async || near_misses::choose(&app, &pledges[0], choice, amount).await.0)
            .await;
    }
    let run = async || consents::actions::step(&app.s, "prj_1").await.map_or(500, |_| 303);
    tried.event("the job looks too early", &[], run).await;
    tried
        .event("its time is over", &[(Asked, Due), (Choosing, Due)], async || {
            let over = "UPDATE near_misses SET owner_until = '2026-01-01T00:00:00.000Z',
                 choose_until = '2026-01-01T00:00:00.000Z'";
            app.sql(over).await.expect("a time that is over");
            run().await
        })
        .await;
    let back = [(Asked, Withdrawn), (Choosing, Withdrawn), (Due, Withdrawn)];
    tried
        .event("the owner takes the project back", &back, async || {
            let form = [("reason", "Het gaat niet door.")];
            owner.post("/nl/studio/projects/kookclub/withdraw", &form).await.0
        })
        .await;
    // decided by the approval of a plan, in the stories of near misses
    tried.are_all_steps_but(&[(Due, Decided)]);
}

#[tokio::test]
async fn whatever_is_done_to_a_plan_of_payouts_follows_its_life_cycle() {
    use PlanState::{Drafted, Fixed, Proposed, Replaced, Withdrawn};
    let app = funded().await;
    let owner = Browser::signed_in(&app, "owner@kookclub.example").await;
    let (one, two) = (Browser::treasurer(&app, 1).await, Browser::treasurer(&app, 2).await);
    assert_eq!(owner.post(OWN, &plan()).await.0, 303);
    let id = {
        let mut conn = app.s.db.read().await.expect("a connection");
        let (id,): (String,) =
            sqlx::query_as("SELECT id FROM payout_plans").fetch_one(&mut *conn).await.expect("a plan");
        id
    };
    let propose = async || one.post(&format!("{PLAN}/propose"), &[("reason", "goed plan")]).await.0;
    assert_eq!(propose().await, 303);
    let hash = one.marked(PLAN, "data-hash").await;
    let fresh = [
        "DELETE FROM payout_parts WHERE plan_id <> (SELECT MIN(id) FROM payout_plans)",
        "DELETE FROM payout_plans WHERE id <> (SELECT MIN(id) FROM payout_plans)",
        "DELETE FROM proposals WHERE kind = 'payouts.plan' AND id <> (SELECT MIN(id) FROM proposals WHERE kind = 'payouts.plan')",
        // proposed, and not decided, whatever became of the plan meanwhile
        "UPDATE proposals SET state = 'proposed', decided_by = NULL, decided_at = NULL, expires_at = '2099-01-01T00:00:00.000Z'
         WHERE kind = 'payouts.plan'",
    ];
    let mut tried = Tried::<PlanState>::new(&app, &id, &fresh);
    let approve = async || two.post(&format!("{PLAN}/approve"), &[("hash", &hash)]).await.0;
    tried.event("another treasurer fixes it", &[(Proposed, Fixed)], approve).await;
    tried
        .event("a treasurer takes it back", &[(Drafted, Withdrawn), (Proposed, Withdrawn)], async || {
            one.post(&format!("{PLAN}/withdraw"), &[("reason", "toch niet")]).await.0
        })
        .await;
    tried
        .event("an owner reports a milestone", &[], async || {
            owner.post(&format!("{OWN}/parts/4/reached"), &[("word", "De keuken staat.")]).await.0
        })
        .await;
    tried
        .event("a treasurer proposes to pay a part", &[], async || {
            one.post(&format!("{PLAN}/parts/1/propose"), &[("reason", "volgens plan")]).await.0
        })
        .await;
    let forget = async || app.sql("DELETE FROM proposals WHERE kind = 'payouts.plan'").await.expect("no proposal");
    tried
        .event("an owner suggests another", &[(Drafted, Withdrawn)], async || {
            forget().await;
            owner.post(OWN, &plan()).await.0
        })
        .await;
    tried
        .event("another is fixed", &[(Drafted, Withdrawn), (Fixed, Replaced), (Proposed, Fixed)], async || {
            forget().await;
            let statuses = [owner.post(OWN, &plan()).await.0, propose().await];
            let hash = one.marked(PLAN, "data-hash").await;
            let fixed = two.post(&format!("{PLAN}/approve"), &[("hash", &hash)]).await.0;
            statuses.into_iter().fold(fixed, u16::max)
        })
        .await;
    tried
        .event("a treasurer proposes it", &[(Drafted, Proposed)], async || {
            forget().await;
            propose().await
        })
        .await;
    tried.are_all_steps_but(&[]);
}

#[tokio::test]
async fn whatever_is_done_to_a_match_fund_follows_its_life_cycle() {
    use FundState::{Active, Draft, Ended};
    let app = App::start().await;
    giver(&app).await;
    let fund = active(&app, 100_000, &[]).await;
    let (one, two) = (Browser::treasurer(&app, 1).await, Browser::treasurer(&app, 2).await);
    let path = format!("{LIST}/{fund}");
    let fresh = [
        "DELETE FROM proposals WHERE kind LIKE 'match.%'",
        "DELETE FROM match_give_backs",
        "UPDATE match_funds SET given_back_cents = 0",
    ];
    let mut tried = Tried::<FundState>::new(&app, &fund, &fresh);
    let propose = async |decision: &str| {
        one.post(&format!("{path}/propose"), &[("decision", decision), ("reason", "zo afgesproken")]).await.0
    };
    let decide = async |decision: &str, by: &Browser| {
        let status = propose(decision).await;
        let hash = drempel::features::approvals::actions::hash(decision, &fund, &content(&app, &fund).await);
        status.max(by.post(&format!("{path}/approve"), &[("decision", decision), ("hash", &hash)]).await.0)
    };
    for decision in ["match.activate", "match.end"] {
        tried.event("a treasurer proposes", &[], async || propose(decision).await).await;
        tried.event("the same treasurer approves", &[], async || decide(decision, &one).await).await;
    }
    tried.event("two treasurers activate it", &[(Draft, Active)], async || decide("match.activate", &two).await).await;
    tried
        .event("two treasurers end it", &[(Draft, Ended), (Active, Ended)], async || decide("match.end", &two).await)
        .await;
    tried
        .event("a treasurer changes its terms", &[], async || {
            one.post(&format!("{path}/terms"), &crate::match_funds::terms(&[("ratio", "50")])).await.0
        })
        .await;
    tried
        .event("a treasurer takes a proposal back that is none", &[], async || {
            let form = [("decision", "match.end"), ("reason", "toch niet")];
            one.post(&format!("{path}/withdraw"), &form).await.0
        })
        .await;
    tried
        .event("a treasurer wants to give back what is left", &[], async || {
            one.post(&format!("{path}/propose"), &[("decision", "match.give_back"), ("reason", "het is op")]).await.0
        })
        .await;
    tried.are_all_steps_but(&[]);
}

/// What is proposed about a fund just now; empty when nothing is.
async fn content(app: &App, fund: &str) -> String {
    let mut conn = app.s.db.read().await.expect("a connection");
    let found: Option<(String,)> =
        sqlx::query_as("SELECT content FROM proposals WHERE subject_id = $1 AND state = 'proposed'")
            .bind(fund)
            .fetch_optional(&mut *conn)
            .await
            .expect("a read");
    found.map(|(content,)| content).unwrap_or_default()
}
