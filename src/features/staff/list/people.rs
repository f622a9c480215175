//! The people of the team; or whoever has exactly the address that was looked for. For admins.

use axum::extract::RawQuery;
use axum::http::StatusCode;

use crate::features::staff::list::{List, csv_of, page};
use crate::features::staff::people::Admin;
use crate::features::users::{StaffRole, User, actions as users, factor};
use crate::infra::db::Conn;
use crate::infra::error::Result;
use crate::infra::listing::{Cell, Column, Field, Found, Kind, Row, Wanted};
use crate::infra::web::{Answer, Ctx, Form};

pub struct People;

impl List for People {
    const KEY: &'static str = "users";
    const TITLE: &'static str = "people-title";
    const ORDER: (&'static str, bool) = ("email", false);
    const COLUMNS: &'static [Column] = &[
        Column::new("email", "users-email", Kind::Text),
        Column::new("name", "users-name", Kind::Text),
        Column::new("roles", "people-roles", Kind::Text),
        Column::new("passkeys", "passkeys-title", Kind::Number),
        Column::new("app", "app-title", Kind::Text),
    ];

    async fn fields(ctx: &Ctx, _conn: &mut Conn) -> Result<Vec<Field>> {
        let roles = StaffRole::ALL.iter().map(|role| (role.to_string(), ctx.t(format!("staff-role-{role}"))));
        Ok(vec![
            Field::search("q", "people-search", "people-search-hint"),
            Field::select("role", "people-roles", roles.collect()),
        ])
    }

    async fn lead(ctx: &Ctx, _conn: &mut Conn) -> Result<Vec<String>> {
        Ok(vec![ctx.t("people-lead")])
    }

    async fn found(ctx: &Ctx, conn: &mut Conn, wanted: &Wanted) -> Result<Found> {
        let found = match wanted.value("q").to_lowercase().as_str() {
            "" => users::staff(conn).await?,
            email => users::by_email(conn, email).await?.into_iter().collect(),
        };
        let mut rows = Vec::new();
        for user in found {
            let roles = users::roles(conn, &user.id).await?;
            if wanted.value("role").is_empty() || roles.iter().any(|role| role.as_str() == wanted.value("role")) {
                rows.push(row(ctx, conn, user, &roles).await?);
            }
        }
        Ok(Found::arranged(rows, Self::COLUMNS, wanted))
    }
}

async fn row(ctx: &Ctx, conn: &mut Conn, user: User, roles: &[StaffRole]) -> Result<Row> {
    let factors = factor::of_user(conn, &user.id).await?;
    let roles: Vec<String> = roles.iter().map(|role| ctx.t(format!("staff-role-{role}"))).collect();
    let url = ctx.path(&format!("/staff/users/{}", user.id));
    Ok(Row {
        id: user.id,
        cells: vec![
            Cell::Link { text: user.email, url },
            Cell::Text(user.name),
            Cell::Text(roles.join(", ")),
            Cell::Number(factors.passkeys),
            Cell::Text(ctx.t(if factors.app { "people-yes" } else { "people-no" })),
        ],
    })
}

pub async fn show(Admin { ctx, s, staff }: Admin, RawQuery(query): RawQuery) -> Answer {
    page::<People>(&ctx, &s, &staff, query.as_deref(), &Form::default(), StatusCode::OK).await
}

pub async fn file(Admin { ctx, s, staff }: Admin, RawQuery(query): RawQuery) -> Answer {
    csv_of::<People>(&ctx, &s, &staff, query.as_deref()).await
}
