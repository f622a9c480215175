//! `drempel staff`: people of the platform's team. The first one can only be made here.

use clap::Subcommand;
use serde_json::json;

use crate::app::{dev, services};
use crate::features::users::StaffRole;
use crate::features::users::actions::{self, Enrolment};
use crate::infra::settings::Settings;
use crate::values::text::Email;

#[derive(Subcommand)]
pub enum Command {
    /// Make somebody staff or add roles, and print the link with which they connect an authenticator app.
    Add {
        /// The address this person signs in with.
        #[arg(value_parser = email)]
        email: Email,
        /// reviewer, expert, treasurer or admin; several separated by commas.
        #[arg(long = "role", required = true, value_delimiter = ',', value_parser = role)]
        roles: Vec<StaffRole>,
    },
}

fn email(text: &str) -> Result<Email, String> {
    Email::parse(text).ok_or_else(|| "not an e-mail address".to_owned())
}

fn role(text: &str) -> Result<StaffRole, String> {
    StaffRole::from_word(text.trim()).ok_or_else(|| {
        let known: Vec<_> = StaffRole::ALL.iter().map(|role| role.as_str()).collect();
        format!("expected one of {}", known.join(", "))
    })
}

/// Runs the command and prints what came of it.
///
/// # Errors
/// The database cannot be opened or written.
pub async fn run(settings: Settings, command: Command, as_json: bool) -> Result<(), Box<dyn std::error::Error>> {
    let Command::Add { email, roles } = command;
    let services = services::open(settings).await?;
    services.db.migrate().await?;
    dev::restore_clock(&services).await?;
    let mut tx = services.db.begin().await?;
    let enrolment = actions::add_staff(&mut tx, &email, &roles, "command line", services.clock.now()).await?;
    tx.commit().await?;
    let url = services.url(&format!("/{}/sign-in/enrol/{}", enrolment.user.language, enrolment.token));
    services.db.close().await;
    print!("{}", told(&enrolment, &url, as_json));
    Ok(())
}

fn told(enrolment: &Enrolment, url: &str, as_json: bool) -> String {
    let roles: Vec<_> = enrolment.roles.iter().map(|role| role.as_str()).collect();
    if as_json {
        let answer = json!({
            "id": enrolment.user.id,
            "email": enrolment.user.email,
            "roles": roles,
            "enrolment_url": url,
            "expires_at": enrolment.expires_at.to_string(),
        });
        return format!("{answer}\n");
    }
    format!(
        "{} is staff: {}.\nConnect an authenticator app with this link, once, before {}:\n{url}\n",
        enrolment.user.email,
        roles.join(", "),
        enrolment.expires_at,
    )
}
