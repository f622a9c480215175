//! From where what happens comes: the request, whose it is, with which right and from which network. It lies beside the task, so that
//! whoever writes an entry need not hand it through. A job has no origin: its entries name the part of the program.

use std::sync::{Arc, OnceLock};

use axum::extract::{FromRequestParts, Request, State};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::Response;

use crate::infra::history::{self, Action, Entry};
use crate::infra::web::client::{Client, shortened};
use crate::infra::{Services, random};

tokio::task_local! {
    static ORIGIN: Arc<Asker>;
}

/// From where something comes, to be taken along to where it is written down. Cheap to clone.
#[derive(Clone, Default)]
pub struct Origin(Option<Arc<Asker>>);

struct Asker {
    client: Client,
    /// Made when it is first asked for.
    request: OnceLock<String>,
    /// Told by the guard that let the person in.
    who: OnceLock<Who>,
}

/// The person of a request.
#[derive(Debug, Clone)]
pub struct Who {
    pub user_id: String,
    /// Staff roles with commas; empty for everybody else.
    pub roles: String,
    pub factor: &'static str,
}

/// What an entry says about its origin.
#[derive(Debug, Default)]
pub(super) struct Seen {
    pub role: String,
    pub factor: &'static str,
    pub network: String,
    pub device: String,
    pub request: String,
}

/// Layer around everything: gives each request its origin, and notes when somebody is refused a page of the team or of makers.
pub async fn layer(State(services): State<Services>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let client = match Client::from_request_parts(&mut parts, &services).await {
        Ok(client) => client,
        Err(never) => match never {},
    };
    let (path, method) = (parts.uri.path().to_owned(), parts.method.clone());
    let asker = Arc::new(Asker { client, request: OnceLock::new(), who: OnceLock::new() });
    let answered = async {
        let response = next.run(Request::from_parts(parts, body)).await;
        if response.status() == StatusCode::FORBIDDEN && is_watched(&path) {
            refused(&services, &path, &method).await;
        }
        response
    };
    ORIGIN.scope(asker, answered).await
}

/// Says whose request this is.
pub fn know(who: impl FnOnce() -> Who) {
    let _ = ORIGIN.try_with(|origin| {
        origin.who.get_or_init(who);
    });
}

/// Whether the person of this request has this role of the platform's team.
pub fn has_role(role: &str) -> bool {
    let who = ORIGIN.try_with(|origin| origin.who.get().map(|who| who.roles.clone()));
    who.ok().flatten().is_some_and(|roles| roles.split(',').any(|has| has == role))
}

/// The code of this request, by which its entries and its lines in the logs are found; a new one outside a request.
pub fn request_code() -> String {
    ORIGIN.try_with(|asker| asker.code()).unwrap_or_else(|_| code())
}

fn code() -> String {
    random::code(8)
}

impl Asker {
    fn code(&self) -> String {
        self.request.get_or_init(code).clone()
    }
}

impl Origin {
    /// That of the task that asks.
    pub fn here() -> Origin {
        Origin(ORIGIN.try_with(Arc::clone).ok())
    }

    /// What is known of what `actor` does there.
    pub(super) fn seen(&self, actor: &str) -> Seen {
        let Some(asker) = &self.0 else { return Seen::default() };
        let who = asker.who.get().filter(|who| who.user_id == actor);
        let role = who.map(|who| who.roles.clone()).unwrap_or_default();
        let network = &asker.client.network;
        Seen {
            network: if role.is_empty() { shortened(network) } else { network.clone() },
            role,
            factor: who.map(|who| who.factor).unwrap_or_default(),
            device: asker.client.device.clone(),
            request: asker.code(),
        }
    }
}

fn is_watched(path: &str) -> bool {
    path.split('/').nth(2).is_some_and(|part| part == "staff" || part == "studio")
}

/// Notes the refusal of somebody who is signed in. The answer does not depend on it.
async fn refused(services: &Services, path: &str, method: &Method) {
    let Ok(Some(who)) = ORIGIN.try_with(|origin| origin.who.get().cloned()) else { return };
    let path: String = path.chars().take(200).collect();
    let subject_id = history::mask::masked(&path);
    let noted = async {
        let mut tx = services.db.begin().await?;
        let (to, actor, reason) = ("403", who.user_id.as_str(), method.as_str());
        let entry = Entry { subject: "page", subject_id: &subject_id, from: "", to, actor, reason };
        history::note(&mut tx, services.clock.now(), Action::Refused, entry).await?;
        tx.commit_quietly().await
    };
    if let Err(error) = noted.await {
        tracing::error!(%error, user = who.user_id, path = %subject_id, "a refusal was not noted");
    }
}
