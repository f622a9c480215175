//! SQL of plans and their parts.

use crate::features::payouts::plan::{NewPart, Part, Plan, PlanState};
use crate::infra::db::life_cycle::step;
use crate::infra::db::{Conn, Tx};
use crate::values::Timestamp;

pub async fn insert_plan(tx: &mut Tx, plan: &Plan) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO payout_plans (id, project_id, state, amount_cents, written_by, written_at)
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(&plan.id)
    .bind(&plan.project_id)
    .bind(plan.state)
    .bind(plan.amount)
    .bind(&plan.written_by)
    .bind(plan.written_at)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub async fn insert_part(tx: &mut Tx, plan_id: &str, position: i64, part: &NewPart) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO payout_parts (plan_id, position, label_nl, label_en, amount_cents, waits_for, day, report)
         VALUES ($1, $2, $3, $4, $5, $6, $7, '')",
    )
    .bind(plan_id)
    .bind(position)
    .bind(&part.label_nl)
    .bind(&part.label_en)
    .bind(part.amount)
    .bind(part.waits_for)
    .bind(&part.day)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub async fn plan(conn: &mut Conn, id: &str) -> Result<Option<Plan>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM payout_plans WHERE id = $1").bind(id).fetch_optional(conn).await
}

pub async fn open_plan(conn: &mut Conn, project_id: &str) -> Result<Option<Plan>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM payout_plans WHERE project_id = $1 AND state IN ('drafted', 'proposed')")
        .bind(project_id)
        .fetch_optional(conn)
        .await
}

pub async fn fixed_plan(conn: &mut Conn, project_id: &str) -> Result<Option<Plan>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM payout_plans WHERE project_id = $1 AND state = 'fixed'")
        .bind(project_id)
        .fetch_optional(conn)
        .await
}

/// The fixed plans of projects that are not over.
pub async fn fixed_plans(conn: &mut Conn) -> Result<Vec<Plan>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM payout_plans WHERE state = 'fixed' ORDER BY fixed_at, id").fetch_all(conn).await
}

pub async fn drafted_plans(conn: &mut Conn) -> Result<Vec<Plan>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM payout_plans WHERE state = 'drafted' ORDER BY written_at, id").fetch_all(conn).await
}

pub async fn parts(conn: &mut Conn, plan_id: &str) -> Result<Vec<Part>, sqlx::Error> {
    sqlx::query_as(
        "SELECT plan_id, position, label_nl, label_en, amount_cents, waits_for, day, reported_at, report, update_number,
             decision_id
         FROM payout_parts WHERE plan_id = $1 ORDER BY position",
    )
    .bind(plan_id)
    .fetch_all(conn)
    .await
}

/// Changes a plan's state; answers whether it was in the state it should come from.
pub async fn move_plan(
    tx: &mut Tx,
    id: &str,
    from: PlanState,
    to: PlanState,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    if !step(tx, id, from, to).await? {
        return Ok(false);
    }
    sqlx::query("UPDATE payout_plans SET fixed_at = CASE WHEN $2 = 'fixed' THEN $3 ELSE fixed_at END WHERE id = $1")
        .bind(id)
        .bind(to)
        .bind(now)
        .execute(&mut **tx)
        .await?;
    Ok(true)
}

pub async fn report_part(
    tx: &mut Tx,
    plan_id: &str,
    position: i64,
    (word, update_number): (&str, Option<i64>),
    by: &str,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE payout_parts SET report = $3, update_number = $4, reported_by = $5, reported_at = $6
         WHERE plan_id = $1 AND position = $2",
    )
    .bind(plan_id)
    .bind(position)
    .bind(word)
    .bind(update_number)
    .bind(by)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Notes the decision that was proposed for a part.
pub async fn give_part(tx: &mut Tx, plan_id: &str, position: i64, decision_id: &str) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE payout_parts SET decision_id = $3 WHERE plan_id = $1 AND position = $2")
        .bind(plan_id)
        .bind(position)
        .bind(decision_id)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// The label of the part a decision was proposed for: Dutch and English.
pub async fn label_of_decision(conn: &mut Conn, decision_id: &str) -> Result<Option<(String, String)>, sqlx::Error> {
    sqlx::query_as("SELECT label_nl, label_en FROM payout_parts WHERE decision_id = $1 ORDER BY plan_id DESC LIMIT 1")
        .bind(decision_id)
        .fetch_optional(conn)
        .await
}
