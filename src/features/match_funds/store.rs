//! SQL of match funds, matches and give-backs.

use sqlx::FromRow;

use crate::features::match_funds::{Fund, FundState, GiveBack, GiveBackState, Match, MatchState, Terms};
use crate::infra::db::life_cycle::step;
use crate::infra::db::{Conn, Tx, bulk};
use crate::values::{Cents, Timestamp};

pub async fn insert(tx: &mut Tx, fund: &Fund) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO match_funds (id, round_id, giver_id, name_nl, name_en, ratio_percent, most_per_pledge_cents,
             most_per_project_percent, least_backers, starting_percent, state, received_cents, used_cents, given_back_cents,
             created_by, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'draft', 0, 0, 0, $11, $12)",
    )
    .bind(&fund.id)
    .bind(&fund.round_id)
    .bind(&fund.giver_id)
    .bind(&fund.name_nl)
    .bind(&fund.name_en)
    .bind(fund.ratio_percent)
    .bind(fund.most_per_pledge)
    .bind(fund.most_per_project_percent)
    .bind(fund.least_backers)
    .bind(fund.starting_percent)
    .bind(&fund.created_by)
    .bind(fund.created_at)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Changes the terms of a draft; answers whether it was one.
pub async fn update(tx: &mut Tx, id: &str, terms: &Terms) -> Result<bool, sqlx::Error> {
    let updated = sqlx::query(
        "UPDATE match_funds SET giver_id = $2, name_nl = $3, name_en = $4, ratio_percent = $5, most_per_pledge_cents = $6,
             most_per_project_percent = $7, least_backers = $8, starting_percent = $9
         WHERE id = $1 AND state = 'draft'",
    )
    .bind(id)
    .bind(&terms.giver_id)
    .bind(&terms.name_nl)
    .bind(&terms.name_en)
    .bind(terms.ratio_percent)
    .bind(terms.most_per_pledge)
    .bind(terms.most_per_project_percent)
    .bind(terms.least_backers)
    .bind(terms.starting_percent)
    .execute(&mut **tx)
    .await?;
    Ok(updated.rows_affected() == 1)
}

pub async fn set_projects(tx: &mut Tx, fund_id: &str, project_ids: &[String]) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM match_fund_projects WHERE fund_id = $1").bind(fund_id).execute(&mut **tx).await?;
    for project_id in project_ids {
        sqlx::query("INSERT INTO match_fund_projects (fund_id, project_id) VALUES ($1, $2)")
            .bind(fund_id)
            .bind(project_id)
            .execute(&mut **tx)
            .await?;
    }
    Ok(())
}

pub async fn projects_of(conn: &mut Conn, fund_id: &str) -> Result<Vec<(String,)>, sqlx::Error> {
    sqlx::query_as("SELECT project_id FROM match_fund_projects WHERE fund_id = $1").bind(fund_id).fetch_all(conn).await
}

/// Locks a fund for the rest of the transaction.
pub async fn lock(tx: &mut Tx, id: &str) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE match_funds SET id = id WHERE id = $1").bind(id).execute(&mut **tx).await?;
    Ok(())
}

pub async fn by_id(conn: &mut Conn, id: &str) -> Result<Option<Fund>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM match_funds WHERE id = $1").bind(id).fetch_optional(conn).await
}

pub async fn all(conn: &mut Conn) -> Result<Vec<Fund>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM match_funds ORDER BY created_at, id").fetch_all(conn).await
}

pub async fn of_giver(conn: &mut Conn, giver_id: &str) -> Result<Vec<Fund>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM match_funds WHERE giver_id = $1 AND state <> 'draft' ORDER BY created_at, id")
        .bind(giver_id)
        .fetch_all(conn)
        .await
}

/// The funds of a round that add to pledges of this project, in the order in which they do.
pub async fn active_for(conn: &mut Conn, round_id: &str, project_id: &str) -> Result<Vec<Fund>, sqlx::Error> {
    sqlx::query_as(
        "SELECT * FROM match_funds f WHERE f.round_id = $1 AND f.state = 'active'
             AND ((SELECT COUNT(*) FROM match_fund_projects p WHERE p.fund_id = f.id) = 0
                 OR f.id IN (SELECT p.fund_id FROM match_fund_projects p WHERE p.project_id = $2))
         ORDER BY f.created_at, f.id",
    )
    .bind(round_id)
    .bind(project_id)
    .fetch_all(conn)
    .await
}

/// The funds of a round that add to pledges of a project, and those that have something in it: when they were made, and their ids.
pub async fn concerned(
    conn: &mut Conn,
    round_id: &str,
    project_id: &str,
) -> Result<Vec<(Timestamp, String)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT f.created_at, f.id FROM match_funds f WHERE f.round_id = $1 AND f.state <> 'draft'
             AND ((SELECT COUNT(*) FROM match_fund_projects p WHERE p.fund_id = f.id) = 0
                 OR f.id IN (SELECT p.fund_id FROM match_fund_projects p WHERE p.project_id = $2))
         ORDER BY f.created_at, f.id",
    )
    .bind(round_id)
    .bind(project_id)
    .fetch_all(conn)
    .await
}

/// The funds that have something in a project: when they were made, and their ids.
pub async fn in_project(conn: &mut Conn, project_id: &str) -> Result<Vec<(Timestamp, String)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT created_at, id FROM match_funds WHERE id IN (SELECT fund_id FROM matches WHERE project_id = $1) ORDER BY created_at, id",
    )
    .bind(project_id)
    .fetch_all(conn)
    .await
}

/// Changes a fund's state; answers whether it was in the one it should come from.
pub async fn move_to(
    tx: &mut Tx,
    id: &str,
    from: FundState,
    to: FundState,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    // the table wants these facts with the new state
    let noted = sqlx::query(
        "UPDATE match_funds SET activated_at = CASE WHEN $3 = 'active' THEN $4 ELSE activated_at END,
             ended_at = CASE WHEN $3 = 'ended' THEN $4 ELSE ended_at END
         WHERE id = $1 AND state = $2",
    )
    .bind(id)
    .bind(from)
    .bind(to)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(noted.rows_affected() == 1 && step(tx, id, from, to).await?)
}

/// Money came in.
pub async fn receive(tx: &mut Tx, id: &str, amount: Cents) -> Result<bool, sqlx::Error> {
    let received =
        sqlx::query("UPDATE match_funds SET received_cents = received_cents + $2 WHERE id = $1 AND state <> 'ended'")
            .bind(id)
            .bind(amount)
            .execute(&mut **tx)
            .await?;
    Ok(received.rows_affected() == 1)
}

/// The same whatever state the fund is in: money that two people decided to give it.
pub async fn take_over(tx: &mut Tx, id: &str, amount: Cents) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE match_funds SET received_cents = received_cents + $2 WHERE id = $1")
        .bind(id)
        .bind(amount)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Uses money of an active fund, when it has so much; guard and change in one statement.
pub async fn take(tx: &mut Tx, id: &str, amount: Cents) -> Result<bool, sqlx::Error> {
    let taken = sqlx::query(
        "UPDATE match_funds SET used_cents = used_cents + $2
         WHERE id = $1 AND state = 'active' AND used_cents + given_back_cents + $2 <= received_cents",
    )
    .bind(id)
    .bind(amount)
    .execute(&mut **tx)
    .await?;
    Ok(taken.rows_affected() == 1)
}

/// What was used is the fund's again.
pub async fn put_back(tx: &mut Tx, id: &str, amount: Cents) -> Result<bool, sqlx::Error> {
    let put = sqlx::query("UPDATE match_funds SET used_cents = used_cents - $2 WHERE id = $1 AND used_cents >= $2")
        .bind(id)
        .bind(amount)
        .execute(&mut **tx)
        .await?;
    Ok(put.rows_affected() == 1)
}

/// Sets money of an ended fund aside for its giver, when it has so much; below zero takes it back.
pub async fn give_back(tx: &mut Tx, id: &str, amount: Cents) -> Result<bool, sqlx::Error> {
    let given = sqlx::query(
        "UPDATE match_funds SET given_back_cents = given_back_cents + $2
         WHERE id = $1 AND state = 'ended' AND given_back_cents + $2 >= 0
             AND used_cents + given_back_cents + $2 <= received_cents",
    )
    .bind(id)
    .bind(amount)
    .execute(&mut **tx)
    .await?;
    Ok(given.rows_affected() == 1)
}

pub async fn insert_match(tx: &mut Tx, one: &Match) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO matches (id, fund_id, pledge_id, project_id, pledge_cents, amount_cents, returned_cents, state, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, 0, 'reserved', $7)",
    )
    .bind(&one.id)
    .bind(&one.fund_id)
    .bind(&one.pledge_id)
    .bind(&one.project_id)
    .bind(one.counted)
    .bind(one.amount)
    .bind(one.created_at)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub async fn match_by_id(conn: &mut Conn, id: &str) -> Result<Option<Match>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM matches WHERE id = $1").bind(id).fetch_optional(conn).await
}

/// Which of these pledges have reserved matches.
pub async fn reserved_among(conn: &mut Conn, pledge_ids: &[&str]) -> Result<Vec<(String,)>, sqlx::Error> {
    let before = "SELECT DISTINCT pledge_id FROM matches WHERE state = 'reserved' AND pledge_id IN";
    bulk::select(conn, before, pledge_ids.iter().copied()).await
}

/// The matches of a pledge, also those that are back in their fund; in the order of their funds.
pub async fn of_pledge(conn: &mut Conn, pledge_id: &str) -> Result<Vec<Match>, sqlx::Error> {
    sqlx::query_as(
        "SELECT m.* FROM matches m JOIN match_funds f ON f.id = m.fund_id WHERE m.pledge_id = $1
         ORDER BY f.created_at, f.id, m.id",
    )
    .bind(pledge_id)
    .fetch_all(conn)
    .await
}

/// The matches of a project in a state.
pub async fn of_project(conn: &mut Conn, project_id: &str, state: MatchState) -> Result<Vec<Match>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM matches WHERE project_id = $1 AND state = $2")
        .bind(project_id)
        .bind(state)
        .fetch_all(conn)
        .await
}

/// The reserved matches of a round's pledges.
pub async fn reserved_of_round(conn: &mut Conn, round_id: &str) -> Result<Vec<Match>, sqlx::Error> {
    sqlx::query_as(
        "SELECT m.* FROM matches m JOIN match_funds f ON f.id = m.fund_id WHERE f.round_id = $1 AND m.state = 'reserved'",
    )
    .bind(round_id)
    .fetch_all(conn)
    .await
}

/// What a fund has added to a project and is not back.
pub async fn added(conn: &mut Conn, fund_id: &str, project_id: &str) -> Result<Cents, sqlx::Error> {
    let (sum,): (Cents,) = sqlx::query_as(
        "SELECT CAST(COALESCE(SUM(amount_cents - returned_cents), 0) AS BIGINT) FROM matches
         WHERE fund_id = $1 AND project_id = $2 AND state <> 'returned'",
    )
    .bind(fund_id)
    .bind(project_id)
    .fetch_one(conn)
    .await?;
    Ok(sum)
}

/// What a fund has added to a pledge and to those that add to it, and is not back.
pub async fn added_with_raises(conn: &mut Conn, fund_id: &str, pledge_id: &str) -> Result<Cents, sqlx::Error> {
    let (sum,): (Cents,) = sqlx::query_as(
        "SELECT CAST(COALESCE(SUM(m.amount_cents - m.returned_cents), 0) AS BIGINT) FROM matches m
         JOIN pledges p ON p.id = m.pledge_id
         WHERE m.fund_id = $1 AND m.state <> 'returned' AND (p.id = $2 OR p.raises_id = $2)",
    )
    .bind(fund_id)
    .bind(pledge_id)
    .fetch_one(conn)
    .await?;
    Ok(sum)
}

/// Part or all of a match goes back; answers whether it was in this state and had so much.
pub async fn return_match(
    tx: &mut Tx,
    one: &Match,
    amount: Cents,
    ended_at: Option<Timestamp>,
) -> Result<bool, sqlx::Error> {
    if one.returned.0 + amount.0 > one.amount.0 {
        return Ok(false);
    }
    let is_all = one.returned.0 + amount.0 == one.amount.0;
    // the last of it goes back with the step that ends the match
    let returned = sqlx::query(
        "UPDATE matches SET returned_cents = returned_cents + $3, ended_at = COALESCE($4, ended_at)
         WHERE id = $1 AND state = $2 AND returned_cents = $5",
    )
    .bind(&one.id)
    .bind(one.state)
    .bind(if is_all { Cents::ZERO } else { amount })
    .bind(ended_at)
    .bind(one.returned)
    .execute(&mut **tx)
    .await?;
    Ok(returned.rows_affected() == 1 && (!is_all || step(tx, &one.id, one.state, MatchState::Returned).await?))
}

/// The project goes on: reserved → released.
pub async fn release_match(tx: &mut Tx, id: &str, now: Timestamp) -> Result<bool, sqlx::Error> {
    if !step(tx, id, MatchState::Reserved, MatchState::Released).await? {
        return Ok(false);
    }
    sqlx::query("UPDATE matches SET ended_at = $2 WHERE id = $1").bind(id).bind(now).execute(&mut **tx).await?;
    Ok(true)
}

/// Sums of matches: fund, project, reserved, released, returned, number of matches.
#[derive(Debug, Clone, FromRow)]
pub struct Sums {
    pub fund_id: String,
    pub project_id: String,
    #[sqlx(rename = "reserved_cents")]
    pub reserved: Cents,
    #[sqlx(rename = "released_cents")]
    pub released: Cents,
    #[sqlx(rename = "returned_cents")]
    pub returned: Cents,
    pub matches: i64,
}

/// The sums of each fund in each project; of one fund, or of all for an empty id.
pub async fn sums(conn: &mut Conn, fund_id: &str) -> Result<Vec<Sums>, sqlx::Error> {
    sqlx::query_as(
        "SELECT fund_id, project_id,
             CAST(SUM(CASE WHEN state = 'reserved' THEN amount_cents - returned_cents ELSE 0 END) AS BIGINT) AS reserved_cents,
             CAST(SUM(CASE WHEN state = 'released' THEN amount_cents - returned_cents ELSE 0 END) AS BIGINT) AS released_cents,
             CAST(SUM(returned_cents) AS BIGINT) AS returned_cents, COUNT(*) AS matches
         FROM matches WHERE ($1 = '' OR fund_id = $1) GROUP BY fund_id, project_id ORDER BY fund_id, project_id",
    )
    .bind(fund_id)
    .fetch_all(conn)
    .await
}

/// Reserved matches whose pledge is not held.
pub async fn without_pledge(conn: &mut Conn) -> Result<Vec<(String,)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT m.id FROM matches m JOIN pledges p ON p.id = m.pledge_id
         WHERE m.state = 'reserved' AND (p.state <> 'held' OR p.project_id <> m.project_id)",
    )
    .fetch_all(conn)
    .await
}

/// Funds that became active without the approval of a second person.
pub async fn undecided(conn: &mut Conn) -> Result<Vec<(String,)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id FROM match_funds WHERE activated_at IS NOT NULL AND id NOT IN
             (SELECT subject_id FROM proposals WHERE kind = 'match.activate' AND state = 'approved'
                  AND decided_by <> proposed_by)",
    )
    .fetch_all(conn)
    .await
}

pub async fn insert_give_back(tx: &mut Tx, one: &GiveBack) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO match_give_backs (id, fund_id, amount_cents, state, created_at) VALUES ($1, $2, $3, 'planned', $4)",
    )
    .bind(&one.id)
    .bind(&one.fund_id)
    .bind(one.amount)
    .bind(one.created_at)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub async fn give_back_by_id(conn: &mut Conn, id: &str) -> Result<Option<GiveBack>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM match_give_backs WHERE id = $1").bind(id).fetch_optional(conn).await
}

/// The give-backs of a fund, or of all for an empty id; the oldest first.
pub async fn give_backs(conn: &mut Conn, fund_id: &str) -> Result<Vec<GiveBack>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM match_give_backs WHERE ($1 = '' OR fund_id = $1) ORDER BY created_at, id")
        .bind(fund_id)
        .fetch_all(conn)
        .await
}

pub async fn move_give_back(
    tx: &mut Tx,
    id: &str,
    from: GiveBackState,
    to: GiveBackState,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    if !step(tx, id, from, to).await? {
        return Ok(false);
    }
    sqlx::query("UPDATE match_give_backs SET finished_at = $2 WHERE id = $1")
        .bind(id)
        .bind(now)
        .execute(&mut **tx)
        .await?;
    Ok(true)
}
